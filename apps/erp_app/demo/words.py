"""Names, places and numbers of which people and companies are made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from erp_core.parties.entities import TaxId, TaxIdKind


def _each(text: str, between: str | None = None) -> tuple[str, ...]:
    """Return what stands in *text*, between blanks or something else."""
    return tuple(" ".join(each.split()) for each in text.split(between))


FIRST: Final = _each(
    """Ana João Maria José Beatriz Antônio Luíza Francisco Helena Carlos Júlia Paulo Laura Pedro
    Sofia Lucas Alice Luís Valentina Marcos Conceição Davi Lívia Mateus Cecília Caio"""
)
LAST: Final = _each(
    """Silva Santos Oliveira Souza Lima Pereira Ferreira Costa Rodrigues Almeida Nascimento Araújo
    Ribeiro Gonçalves Carvalho Gomes Martins Rocha Barbosa Moreira Cardoso Teixeira Guimarães"""
)
SHOPS: Final = _each(
    """Padaria Empório Mercearia Cafeteria Restaurante Hotel Mercado Bistrô Confeitaria Pousada
    Lanchonete Cantina Quitanda Delicatessen"""
)
SUPPLIERS: Final = _each(
    """Torrefação Ervateira Apiário Moinho Laticínios Embalagens Distribuidora Cooperativa
    Fazenda"""
)
STREETS: Final = _each(
    """Rua das Flores, Avenida Brasil, Rua XV de Novembro, Rua São João, Avenida Getúlio Vargas,
    Rua da Conceição, Travessa do Comércio, Rua Sete de Setembro, Alameda dos Ipês""",
    ",",
)
DISTRICTS: Final = _each(
    "Centro, Jardim América, Vila Nova, Boa Vista, Santo Antônio, Água Verde", ","
)


@dataclass(frozen=True, slots=True)
class City:
    """A municipality, as tax documents name it."""

    name: str
    state: str
    postal: str  # how its postal codes begin
    ibge: str  # IBGE, tabela de códigos de municípios


CITIES: Final = (
    City("São Paulo", "SP", "01", "3550308"),
    City("Rio de Janeiro", "RJ", "20", "3304557"),
    City("Belo Horizonte", "MG", "30", "3106200"),
    City("Curitiba", "PR", "80", "4106902"),
    City("Porto Alegre", "RS", "90", "4314902"),
    City("Salvador", "BA", "40", "2927408"),
    City("Recife", "PE", "50", "2611606"),
    City("Fortaleza", "CE", "60", "2304400"),
    City("Brasília", "DF", "70", "5300108"),
    City("Florianópolis", "SC", "88", "4205407"),
)


@dataclass(frozen=True, slots=True)
class Abroad:
    """A customer in another country, with a VAT number whose check digits are right."""

    name: str
    tax_id: TaxId
    street: str
    city: str
    postal: str
    language: str


ABROAD: Final = (
    Abroad(
        "Teehaus Grünwald GmbH",
        TaxId("DE", TaxIdKind.VAT, "136695976"),
        "Königstraße",
        "Köln",
        "50667",
        "en",
    ),
    Abroad(
        "Épicerie du Marché SARL",
        TaxId("FR", TaxIdKind.VAT, "40303265045"),
        "Rue de la République",
        "Besançon",
        "25000",
        "fr",
    ),
    Abroad(
        "Mercearia do Chão, Lda.",
        TaxId("PT", TaxIdKind.VAT, "501964843"),
        "Rua do Açougue",
        "Évora",
        "7000-001",
        "pt-BR",
    ),
    Abroad(
        "Señor Té S.L.",
        TaxId("ES", TaxIdKind.VAT, "B58378431"),
        "Calle de la Peña",
        "A Coruña",
        "15001",
        "es",
    ),
)

# What is sold: its name, its unit's price, its group, and whether it is kept by lots.
GOODS: Final = (
    ("Chá verde", 19.90, "chá", True),
    ("Chá preto", 17.50, "chá", True),
    ("Erva-mate", 14.90, "chá", False),
    ("Camomila", 12.90, "chá", False),
    ("Café torrado", 34.90, "café", True),
    ("Café em grãos", 39.90, "café", False),
    ("Café descafeinado", 42.00, "café", False),
    ("Mel silvestre", 28.50, "mercearia", True),
    ("Açúcar demerara", 9.80, "mercearia", False),
    ("Geleia de maçã", 21.00, "mercearia", False),
    ("Biscoito de polvilho", 8.90, "mercearia", False),
    ("Chocolate 70 %", 24.90, "mercearia", False),
    ("Xícara de porcelana", 32.00, "louça", False),
    ("Bule de ferro", 149.00, "louça", False),
    ("Coador de pano", 11.50, "louça", False),
    ("Caneca esmaltada", 27.00, "louça", False),
)
SIZES: Final = ("100 g", "250 g", "500 g", "1 kg", "caixa com 12", "edição especial")
SERVICES: Final = (("Entrega expressa", 25), ("Degustação guiada", 180), ("Montagem de cesta", 15))
CARRIERS: Final = ("Correios", "Jadlog", "Transportadora São José")


def a_cnpj(chance: Random) -> TaxId:
    """Return a CNPJ that nobody need have, with its check digits."""
    body = f"{chance.randrange(10**8):08d}0001"
    return TaxId("BR", TaxIdKind.CNPJ, body + _check_digits(body, weights_to=9))


def a_cpf(chance: Random) -> TaxId:
    """Return a CPF that nobody need have, with its check digits."""
    body = f"{chance.randrange(10**8):08d}{chance.randrange(10)}"
    return TaxId("BR", TaxIdKind.CPF, body + _check_digits(body, weights_to=11))


def a_barcode(number: int) -> str:
    """Return the *number*-th EAN-13 of a range that begins as Brazil's do."""
    body = f"789{number:09d}"
    # GS1 General Specifications, section 7.9
    total = sum(int(each) * (3 if index % 2 else 1) for index, each in enumerate(body))
    return body + str(-total % 10)


def of(chance: Random, words: Sequence[str]) -> str:
    """Return one of *words*."""
    return words[chance.randrange(len(words))]


def _check_digits(body: str, weights_to: int) -> str:
    """Return two digits, modulo 11 with the weights 2, 3, ... from the right."""
    whole = body
    for _ in range(2):
        total = sum(
            int(each) * (2 + place % (weights_to - 1)) for place, each in enumerate(whole[::-1])
        )
        rest = total % 11
        whole += "0" if rest < 2 else str(11 - rest)  # noqa: PLR2004  # the rule of modulo 11
    return whole[len(body) :]

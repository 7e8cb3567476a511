"""Numbers by which authorities know a party: how they are spelt, and what makes one wrong."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.kernel.errors import InvariantError
from erp_core.parties.entities import VAT_COUNTRIES, TaxId, TaxIdKind
from erp_core.parties.entities.brazil import is_cnpj, is_cpf
from erp_core.testing.parties import VALID_VAT


@pytest.mark.parametrize(
    ("country", "kind", "written", "kept"),
    [
        ("BR", TaxIdKind.CPF, "111.444.777-35", "11144477735"),
        ("BR", TaxIdKind.CPF, "11144477735", "11144477735"),
        ("BR", TaxIdKind.CPF, "000.000.001-91", "00000000191"),
        ("BR", TaxIdKind.CNPJ, "11.222.333/0001-81", "11222333000181"),
        ("BR", TaxIdKind.CNPJ, "12.ABC.345/01DE-35", "12ABC34501DE35"),  # Receita's own example
        ("BR", TaxIdKind.CNPJ, "12abc34501de35", "12ABC34501DE35"),
        ("GR", TaxIdKind.VAT, "EL 094259216", "094259216"),
        ("EL", TaxIdKind.VAT, "094259216", "094259216"),
        ("NL", TaxIdKind.VAT, "NL004495445B01", "004495445B01"),
        ("FR", TaxIdKind.VAT, "FR 23 334 175 221", "23334175221"),
        ("ES", TaxIdKind.VAT, "ES-B64717838", "B64717838"),
        ("XI", TaxIdKind.VAT, "XI 980 7806 84", "980780684"),
        ("US", TaxIdKind.OTHER, "12-3456789", "123456789"),
        ("MX", TaxIdKind.OTHER, "GODE561231GR8", "GODE561231GR8"),
        ("DE", TaxIdKind.OTHER, "116/5732/0002", "11657320002"),
    ],
)
def test_a_tax_id_is_kept_in_one_spelling(country, kind, written, kept) -> None:
    tax_id = TaxId(country, kind, written)

    assert tax_id.number == kept
    assert TaxId(tax_id.country, kind, kept) == tax_id


def test_greece_is_gr_whatever_its_prefix() -> None:
    assert TaxId("EL", TaxIdKind.VAT, "094259216").country == "GR"


@pytest.mark.parametrize(
    ("country", "kind", "number", "code"),
    [
        ("BR", TaxIdKind.CPF, "111.444.777-36", "parties.tax_id.cpf"),
        ("BR", TaxIdKind.CPF, "111.111.111-11", "parties.tax_id.cpf"),
        ("BR", TaxIdKind.CPF, "1114447773", "parties.tax_id.cpf"),
        ("BR", TaxIdKind.CPF, "\u0661" * 11, "parties.tax_id.cpf"),
        ("BR", TaxIdKind.CNPJ, "11.222.333/0001-82", "parties.tax_id.cnpj"),
        ("BR", TaxIdKind.CNPJ, "00.000.000/0000-00", "parties.tax_id.cnpj"),
        ("BR", TaxIdKind.CNPJ, "12.ABC.345/01DE-3A", "parties.tax_id.cnpj"),
        ("BR", TaxIdKind.CNPJ, "", "parties.tax_id.cnpj"),
        ("PT", TaxIdKind.CPF, "111.444.777-35", "parties.tax_id.country"),
        ("GB", TaxIdKind.VAT, "980780684", "parties.tax_id.country"),
        ("DE", TaxIdKind.VAT, "13669597", "parties.tax_id.structure"),
        ("DE", TaxIdKind.VAT, "FR136695976", "parties.tax_id.structure"),
        ("ES", TaxIdKind.VAT, "123456789", "parties.tax_id.structure"),
        ("US", TaxIdKind.OTHER, "1", "parties.tax_id.number"),
        ("US", TaxIdKind.OTHER, "ABCDEF", "parties.tax_id.number"),
        ("US", TaxIdKind.OTHER, "1" * 33, "parties.tax_id.number"),
        ("US", TaxIdKind.OTHER, "1" * 65, "parties.tax_id.length"),
        ("us", TaxIdKind.OTHER, "123456789", "parties.country"),
        ("USA", TaxIdKind.OTHER, "123456789", "parties.country"),
    ],
)
def test_what_cannot_be_a_tax_id_is_refused_by_name(country, kind, number, code) -> None:
    with pytest.raises(InvariantError) as refusal:
        TaxId(country, kind, number)

    assert refusal.value.code == code
    assert refusal.value.field == ("country" if "country" in code else "number")


def test_every_member_state_has_a_structure_and_takes_its_prefix() -> None:
    assert len(VAT_COUNTRIES) == 28
    for country, number in VALID_VAT.items():
        prefix = "EL" if country == "GR" else country
        assert TaxId(country, TaxIdKind.VAT, prefix + number).number == number
        with pytest.raises(InvariantError):
            TaxId(country, TaxIdKind.VAT, number + "99999")


def test_a_number_is_found_whole_and_in_its_parts() -> None:
    cnpj = TaxId("BR", TaxIdKind.CNPJ, "12ABC34501DE35")
    cpf = TaxId("BR", TaxIdKind.CPF, "11144477735")
    vat = TaxId("DE", TaxIdKind.VAT, "136695976")

    assert cnpj.words == "12ABC34501DE35 12 ABC 345 01DE 35"
    assert cpf.words == "11144477735 111 444 777 35"
    assert vat.words == "136695976 DE136695976"
    assert str(vat) == "DE vat 136695976"


def _by_the_book(body: str, first: list[int], second: list[int]) -> str:
    """Append check digits as the authority's own sheet does: a weight beside each character."""
    for weights in (first, second):
        total = sum((ord(c) - 48) * w for c, w in zip(body, weights, strict=True))
        body += str(0 if total % 11 < 2 else 11 - total % 11)
    return body


@given(st.text("0123456789", min_size=9, max_size=9).filter(lambda body: len(set(body)) > 1))
def test_a_cpf_ends_in_its_two_check_digits_and_no_others(body: str) -> None:
    number = _by_the_book(body, [*range(10, 1, -1)], [*range(11, 1, -1)])
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)

    assert is_cpf(number)
    assert not is_cpf(wrong)


@given(st.text(string.digits + string.ascii_uppercase, min_size=12, max_size=12))
def test_a_cnpj_of_letters_or_digits_ends_in_its_two_check_digits(body: str) -> None:
    first = [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]
    number = _by_the_book(body, first, [6, *first])
    wrong = number[:-2] + f"{(int(number[-2:]) + 1) % 100:02d}"

    assert is_cnpj(number) or len(set(number)) == 1
    assert not is_cnpj(wrong)

"""Languages: which one a reader gets, and what is said in it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.kernel.translations import LOCALES, catalogue, known, negotiated, translate


@pytest.mark.parametrize(
    ("accepted", "own", "chosen"),
    [
        ("", None, "en"),
        ("", "fr", "fr"),
        ("", "tlh", "en"),
        ("pt", None, "pt-BR"),
        ("pt-PT", None, "pt-BR"),
        ("PT-br", None, "pt-BR"),
        ("en-US,en;q=0.9,pt;q=0.8", "pt-BR", "en"),
        ("es;q=0.5, fr;q=0.7", None, "fr"),
        ("es, fr", None, "es"),
        ("es;q=0.001, fr;q=0", None, "es"),
        ("de, nl;q=0.9", "es", "es"),
        ("*", "fr", "fr"),
        ("de, *;q=0.5", "pt-BR", "pt-BR"),
        ("pt;q=0, *", "pt-BR", "en"),
        ("fr;q=0", "fr", "fr"),
        ("en;q=0.2, *;q=0.3", "en", "pt-BR"),
        ("fr ; q=0.4 , es;q=0.3", None, "fr"),
        ("fr;q=2, es;q=0.1", None, "es"),
        ("fr;q=0.1234, es;q=0.1", None, "es"),
        ("fr;q=x", "es", "es"),
        ("\u0301, fr", None, "fr"),
        ("fr," * 200, "es", "es"),
    ],
)
def test_the_heaviest_language_that_is_spoken_wins(accepted: str, own, chosen: str) -> None:
    assert negotiated(accepted, own) == chosen


@given(st.text(max_size=60), st.none() | st.sampled_from(LOCALES))
def test_whatever_a_header_says_there_is_a_language(accepted: str, own: str | None) -> None:
    assert negotiated(accepted, own) in LOCALES


def test_a_language_is_known_in_any_of_its_forms() -> None:
    assert [known(tag) for tag in ("pt", "pt-PT", "FR-ca", "", "de")] == [
        "pt-BR",
        "pt-BR",
        "fr",
        None,
        None,
    ]


def test_placeholders_are_filled_from_the_details() -> None:
    details = {"most": Decimal("1E+1")}
    assert translate("body.depth", "fr", details) == "Le corps a plus de 10 niveaux."
    assert translate("body.depth", "fr-CA", details) == "Le corps a plus de 10 niveaux."


def test_english_is_what_the_code_itself_says() -> None:
    assert translate("not_found", "en", message="no warehouse 7") == "no warehouse 7"
    assert translate("not_found", "en") == catalogue("en")["errors"]["not_found"]


def test_what_cannot_be_said_falls_back_to_english_and_then_to_the_code() -> None:
    assert translate("body.depth", "es", message="too deep") == "too deep"
    assert translate("body.depth", "es") == "body.depth"
    assert translate("no.such", "es", message="in English") == "in English"
    assert translate("no.such", "es") == "no.such"


def test_a_section_is_a_catalogue_of_its_own() -> None:
    assert translate("404", "pt-BR", section="titles") == "Não encontrado"

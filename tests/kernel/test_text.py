"""Text as people search it."""

import pytest

from erp_core.kernel.errors import InvariantError
from erp_core.kernel.text import folded, require_text, words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("São João", "sao joao"),
        ("STRASSE Straße", "strasse strasse"),
        ("Łódź Ærø Œuvre", "lodz aero oeuvre"),
        ("İstanbul ılık", "istanbul ilik"),
        ("ＡＢＣ", "abc"),
        ("\N{NUMERO SIGN} 5", "no 5"),
    ],
)
def test_accents_and_case_do_not_matter(text: str, plain: str) -> None:
    assert folded(text) == plain


def test_words_are_few_and_short() -> None:
    assert words("Chá-verde, 250g", "CHÁ (a_b)") == {"cha", "verde", "250g", "a", "b"}
    assert len(words(" ".join(f"w{each}" for each in range(100)))) == 24
    assert words("x" * 100) == {"x" * 40}


@pytest.mark.parametrize("bad", ["", "   ", "x" * 11, "a\0b", "a\ud800b"])
def test_what_no_database_keeps_is_refused(bad: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        require_text(bad, "thing.name", shortest=1, longest=10, field="name")

    assert refusal.value.field == "name"


def test_what_fits_is_accepted() -> None:
    require_text("", "thing.note", longest=10)
    require_text("x" * 10, "thing.name", shortest=1, longest=10)

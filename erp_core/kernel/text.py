"""Text as people search it: without accents, without case, word by word."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from erp_core.kernel.errors import InvariantError, ensure

_WORD: Final = re.compile(r"[^\W_]+")
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_WORDS_MAX: Final = 24
_WORD_LENGTH_MAX: Final = 40

# Letters that have no accent to lose, and that people type plainly all the same.
_PLAIN: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i"}
)


def folded(text: str) -> str:
    """Return *text* without accents and case: what is equal here is equal to a searcher."""
    if text.isascii():  # which most codes and many names are
        return text.lower()
    # Folded again: a capital may only show when a sign comes apart, as the N of the numero sign.
    apart = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(each for each in apart if not unicodedata.combining(each)).translate(_PLAIN)


def words(*texts: str) -> frozenset[str]:
    """Return the folded words of *texts*, at most 24 of at most 40 characters each."""
    said = _WORD.findall(folded(" ".join(texts)))
    if len(said) <= _WORDS_MAX and len(max(said, key=len, default="")) <= _WORD_LENGTH_MAX:
        return frozenset(said)
    found = dict.fromkeys(word[:_WORD_LENGTH_MAX] for word in said)
    return frozenset(list(found)[:_WORDS_MAX])


def require_text(
    text: str, code: str, *, longest: int, shortest: int = 0, field: str = ""
) -> None:
    """Raise InvariantError unless *text*, stripped, fits and every database can hold it."""
    if not text and not shortest:
        return
    fits = len(text) <= longest and (shortest <= 0 or shortest <= len(text.strip()))
    if fits and not _UNSTORABLE.search(text):
        return  # what is wrong is only put into words where something is
    ensure(
        fits,
        code,
        f"it has {shortest} to {longest} characters"
        if shortest
        else f"at most {longest} characters",
        field=field,
        shortest=shortest,
        longest=longest,
    )
    raise InvariantError(
        "it holds a NUL or half of a surrogate pair, which cannot be stored",
        code="text.unstorable",
        field=field,
    )

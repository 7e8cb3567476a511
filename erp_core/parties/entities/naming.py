"""Names as lists are sorted by them, and words as things are found by them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from erp_core.kernel.text import folded, words

_WORD: Final = re.compile(r"[^\W_]+")
NAME_KEY_LENGTH_MAX: Final = 200  # a name may grow when it is folded: ligatures come apart


def name_key(name: str) -> str:
    """Return the words of *name* without accents and case: by this lists are sorted.

    Only letters, digits and single spaces, which every database puts in the same order.
    """
    return " ".join(_WORD.findall(folded(name)))[:NAME_KEY_LENGTH_MAX].rstrip()


def search_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the words by which something called all of *texts* is found."""
    return frozenset[str]().union(*(words(text) for text in texts))


def finds(wanted: frozenset[str], words_of_it: frozenset[str]) -> bool:
    """Say whether every word *wanted* begins one of the words of a thing."""
    return all(any(has.startswith(want) for has in words_of_it) for want in wanted)

"""Plain values: what a job is told, and what it says, in the words of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from erp_core.kernel.errors import ensure
from erp_core.kernel.text import require_text

# What JSON can hold and every database gives back as it was; a float is not among it.
Plain = None | bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]
PlainMap = Mapping[str, Plain]

NOTHING: Final[PlainMap] = MappingProxyType({})

PAYLOAD_BYTES_MAX: Final = 65_536
DEPTH_MAX: Final = 8

_NAME_LENGTH: Final = 200
_WHOLE_MAX: Final = 2**53  # beyond it a reader of JSON may round


def plain(value: PlainMap, place: str) -> PlainMap:
    """Return *value* so that nobody can change it any more.

    Raises:
        InvariantError: it holds what JSON cannot say exactly, or too much.
    """
    frozen = _frozen(value, place, DEPTH_MAX)
    ensure(isinstance(frozen, Mapping), "documents.job.plain", "not an object", field=place)
    size = len(json.dumps(thawed(frozen), ensure_ascii=False).encode())
    ensure(
        size <= PAYLOAD_BYTES_MAX,
        "documents.job.large",
        f"at most {PAYLOAD_BYTES_MAX} bytes of JSON: keep it elsewhere, and name the place",
        field=place,
    )
    return frozen if isinstance(frozen, Mapping) else NOTHING


def thawed(value: Plain) -> object:
    """Return *value* in dictionaries and lists, as ``json`` writes them."""
    if isinstance(value, Mapping):
        return {name: thawed(each) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [thawed(each) for each in value]
    return value


def _frozen(value: Plain, place: str, depth: int) -> Plain:
    ensure(depth > 0, "documents.job.deep", f"nested deeper than {DEPTH_MAX}", field=place)
    if isinstance(value, Mapping):
        named = {str(name): _frozen(each, place, depth - 1) for name, each in value.items()}
        for name in named:
            require_text(name, "documents.job.plain", longest=_NAME_LENGTH, field=place)
        return MappingProxyType(named)
    if isinstance(value, str):
        require_text(value, "documents.job.plain", longest=PAYLOAD_BYTES_MAX, field=place)
        return value
    if isinstance(value, list | tuple):
        return tuple(_frozen(each, place, depth - 1) for each in value)
    ensure(
        value is None or (isinstance(value, int) and abs(value) <= _WHOLE_MAX),
        "documents.job.plain",
        "only text, whole numbers, true, false, null, lists and objects of these",
        field=place,
    )
    return value

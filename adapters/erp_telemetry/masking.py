"""What must not be read in a log: secrets, and the numbers by which a person can be found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

MASK: Final = "***"

_SECRETS: Final = (
    r"(?:password|passwd|passphrase|secret|token|authorization|api[_-]?key|cookie|credentials?)"
)
_SECRET_NAME: Final = re.compile(_SECRETS, re.IGNORECASE)
_OPAQUE: Final = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}")
_OPAQUE_LENGTHS: Final = range(32, 37)  # with its hyphens, and without
_APART: Final = r"(?<![\w.-])"  # begins a word of its own: not inside an id or a longer number
_END: Final = r"(?![\w-])"

_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), MASK),  # a JSON Web Token
    (re.compile(r"(://[^\s:/@]*):[^\s@]+@"), rf"\1:{MASK}@"),  # a URL's password
    (
        re.compile(
            rf"([\"']?\b\w*{_SECRETS}\w*[\"']?\s*[=:]\s*)(?!{_SECRETS})"
            r"(?:\"[^\"]*\"|'[^']*'|[^\s\"',&;}]+)",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    # The local part of an address: its first letter is enough to recognise one's own.
    (re.compile(r"\b(\w)[\w.+%-]*@(?=[\w-]+\.[\w.-]+)"), rf"\1{MASK}@"),
    # CPF and CNPJ, the latter with letters since 2026 (IN RFB 2.229/2024).
    (re.compile(rf"{_APART}\d{{3}}\.?\d{{3}}\.?\d{{3}}-?\d{{2}}{_END}"), MASK),
    (
        re.compile(
            rf"{_APART}[0-9A-Z]{{2}}\.?[0-9A-Z]{{3}}\.?[0-9A-Z]{{3}}/[0-9A-Z]{{4}}-?\d{{2}}{_END}"
        ),
        MASK,
    ),
    (re.compile(rf"{_APART}\d{{14}}{_END}"), MASK),
)
_IBAN: Final = re.compile(
    rf"{_APART}[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]{{4}}){{2,7}} ?[A-Z0-9]{{0,3}}{_END}"
)
_CARD: Final = re.compile(rf"{_APART}\d(?:[ -]?\d){{12,18}}{_END}")
_IBAN_MODULUS: Final = 97  # ISO 13616-1:2020, by ISO 7064
_LENGTH_MAX: Final = 20_000  # of one value: beyond it a log is no place to keep it
_SHORT: Final = 100  # characters: what is longer is seldom said twice


def masked(text: str) -> str:
    """Return *text* without secrets and personal numbers."""
    length = len(text)
    if length in _OPAQUE_LENGTHS and _OPAQUE.fullmatch(text):
        return text
    return _known(text) if length <= _SHORT else _searched(text)


def _searched(text: str) -> str:
    if len(text) > _LENGTH_MAX:
        text = f"{text[:_LENGTH_MAX]}... ({len(text)} characters)"
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    text = _IBAN.sub(lambda found: MASK if _is_iban(found[0]) else found[0], text)
    return _CARD.sub(lambda found: MASK if _is_card(found[0]) else found[0], text)


# A program says the same few things all day; ten patterns would look for secrets in each of them.
_known: Final = lru_cache(1024)(_searched)


@lru_cache(256)
def _is_secret(name: str) -> bool:
    return _SECRET_NAME.search(name) is not None


def masked_value(name: str, value: Any) -> Any:
    """Return a field of a record as it may be written; by its name it may be secret entirely."""
    if value is None or value == "":
        return value
    if _is_secret(name):
        return MASK
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, int | float):
        return value
    return _masked_parts(name, value)


def _masked_parts(name: str, value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): masked_value(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked_value(name, each) for each in value]
    return masked(str(value))


def _is_iban(text: str) -> bool:
    plain = text.replace(" ", "")
    moved = plain[4:] + plain[:4]
    return int("".join(str(int(each, 36)) for each in moved)) % _IBAN_MODULUS == 1


def _is_card(text: str) -> bool:
    """Say whether the check digit is that of a card (ISO/IEC 7812-1, annex B)."""
    digits = [int(each) for each in reversed(text) if each.isdigit()]
    doubled = [sum(divmod(2 * each, 10)) for each in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0

"""What people read, in their language: catalogues in the package, and how a language is chosen.

A catalogue is a JSON object of sections (``titles``, ``errors``, ``fields``), each from a stable
code to a text with named placeholders: ``{"insufficient_stock": "{wanted} wanted, ..."}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Final

LOCALES: Final = ("en", "pt-BR", "es", "fr")
ENGLISH: Final = "en"  # the language of the code's own messages

Catalogue = Mapping[str, Mapping[str, str]]

_HEADER_LENGTH_MAX: Final = 500
_RANGE: Final = re.compile(
    r"(?P<tag>[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)"
    r"(?:[ \t]*;[ \t]*[qQ]=(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?",
    re.ASCII,
)

_OF_LANGUAGE: Final = {each.split("-")[0]: each for each in LOCALES}


@lru_cache(maxsize=len(LOCALES))
def catalogue(locale: str) -> Catalogue:
    """Return everything we can say in one of ``LOCALES``, read once from the package."""
    found = resources.files("erp_core.kernel").joinpath("catalogues", f"{locale}.json")
    read: dict[str, dict[str, str]] = json.loads(found.read_text(encoding="utf-8"))
    return read


def known(tag: str) -> str | None:
    """Return which of ``LOCALES`` serves a reader of *tag* (BCP 47); None if none does.

    A language is served in the one form we have: ``pt`` and ``pt-PT`` by ``pt-BR``.
    """
    return _OF_LANGUAGE.get(tag.split("-", maxsplit=1)[0].lower())


@lru_cache(maxsize=1024)  # browsers and programs send few different headers
def negotiated(accepted: str, fallback: str | None = None) -> str:
    """Choose one of ``LOCALES`` by an Accept-Language header (RFC 9110, section 12.5.4).

    The heaviest language that we speak wins; of equal ones that named first. Where there is none,
    or the header cannot be read, it is the *fallback* (the user's own) and then English.
    """
    own = known(fallback or "") or ENGLISH
    weights: dict[str, float] = {}
    anything = 0.0
    if len(accepted) > _HEADER_LENGTH_MAX:
        return own
    for each in accepted.split(","):
        found = _RANGE.fullmatch(each.strip())
        if found is None:
            continue
        weight = float(found["weight"] or 1)
        if found["tag"] == "*":
            anything = weight
        elif locale := known(found["tag"]):
            weights[locale] = max(weight, weights.get(locale, 0.0))
    candidates = dict.fromkeys((*weights, own, *LOCALES))
    best = max(candidates, key=lambda each: weights.get(each, anything))
    return best if weights.get(best, anything) > 0 else own


def translate(
    code: str,
    locale: str,
    details: Mapping[str, object] | None = None,
    *,
    section: str = "errors",
    message: str = "",
) -> str:
    """Say *code* in *locale*, its placeholders filled from *details*.

    *message* is what the code itself says in English, and knows best: it is used in English, and
    wherever the catalogue has no entry or *details* lack one of its placeholders. Without a
    message the English entry is used, and at the very last the code.
    """
    chosen = known(locale) or ENGLISH
    if chosen == ENGLISH and message:
        return message
    for each in (chosen,) if message else (chosen, ENGLISH):
        said = _filled(catalogue(each)[section].get(code), details or {})
        if said is not None:
            return said
    return message or code


def _filled(template: str | None, details: Mapping[str, object]) -> str | None:
    if template is None:
        return None
    try:
        return template.format_map({name: _shown(value) for name, value in details.items()})
    except KeyError:
        return None


def _shown(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)

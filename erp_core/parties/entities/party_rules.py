"""The limits a party keeps, apart from the party: each function states one family of rules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.text import require_text

NAME_LENGTH_MAX: Final = 200
NOTES_LENGTH_MAX: Final = 10_000
SITE_LENGTH_MAX: Final = 200
CODE_LENGTH_MAX: Final = 32
TAG_LENGTH_MAX: Final = 50

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,31}", re.ASCII)
_SITE: Final = re.compile(
    r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::[0-9]{1,5})?(?:[/?#]\S*)?", re.IGNORECASE
)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)  # RFC 5646
_FIELD_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_CUSTOM_FIELDS_MAX: Final = 100
_CUSTOM_VALUE_LENGTH_MAX: Final = 1000


def require_texts(*, name: str, trade_name: str, site: str, notes: str) -> None:
    """Raise InvariantError unless these are fit to be kept."""
    require_text(name, "parties.party.name", shortest=1, longest=NAME_LENGTH_MAX, field="name")
    require_text(
        trade_name, "parties.party.trade_name", longest=NAME_LENGTH_MAX, field="trade_name"
    )
    require_text(site, "parties.party.site", longest=SITE_LENGTH_MAX, field="site")
    ensure(
        not site or bool(_SITE.fullmatch(site)),
        "parties.party.site",
        "a site is an address such as https://example.com",
        field="site",
    )
    require_text(notes, "parties.party.notes", longest=NOTES_LENGTH_MAX, field="notes")


def require_spelling(given: str | None, code: str, field: str) -> None:
    """Raise InvariantError unless *given*, a party's code, is spelled like one."""
    ensure(
        given is None or bool(_CODE.fullmatch(given)),
        code,
        "a code has 1 to 32 capital letters, digits, dots, dashes or underscores",
        field=field,
    )


def require_few(items: Sequence[object], code: str, most: int, field: str) -> None:
    """Raise InvariantError if there are more than *most*."""
    if len(items) > most:
        raise InvariantError(f"at most {most} {field.replace('_', ' ')}", code=code, field=field)


def require_distinct(items: Sequence[object], code: str, field: str) -> None:
    """Raise InvariantError if one is there twice."""
    if len(set(items)) != len(items):
        named = field.replace("_", " ")
        raise InvariantError(f"each of the {named} is given once", code=code, field=field)


def require_tags(tags: Sequence[str]) -> None:
    """Raise InvariantError unless each tag is a short text."""
    for index, tag in enumerate(tags):
        require_text(
            tag,
            "parties.party.tag",
            shortest=1,
            longest=TAG_LENGTH_MAX,
            field=f"tags/{index}",
        )


def require_language(language: str | None) -> None:
    """Raise InvariantError unless *language* is spelled like a tag of BCP 47."""
    ensure(
        language is None or bool(_LANGUAGE.fullmatch(language)),
        "parties.party.language",
        "a language is a BCP 47 tag, such as pt-BR",
        field="language",
    )


def require_custom_fields(fields: Mapping[str, str]) -> None:
    """Raise InvariantError unless the custom fields are few, and named and filled sensibly."""
    ensure(
        len(fields) <= _CUSTOM_FIELDS_MAX,
        "parties.party.custom_fields.number",
        f"at most {_CUSTOM_FIELDS_MAX} custom fields",
        field="custom_fields",
    )
    for name, value in fields.items():
        ensure(
            bool(_FIELD_NAME.fullmatch(name)),
            "parties.party.custom_fields.name",
            f"{name!r} names no field: use 1 to 64 small letters, digits and underscores",
            field="custom_fields",
        )
        require_text(
            value,
            "parties.party.custom_fields.value",
            longest=_CUSTOM_VALUE_LENGTH_MAX,
            field=f"custom_fields/{name}",
        )

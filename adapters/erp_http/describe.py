"""How apispec describes our strict fields: each says itself what it accepts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from marshmallow import fields, missing

from erp_http.fields import Map, Strict


def described(converter: Any, field: fields.Field[Any], *, ret: dict[str, Any]) -> dict[str, Any]:
    """Return what JSON Schema says of *field*; called by apispec after its own functions."""
    if not isinstance(field, Strict):
        return {}
    ret.pop("default", None)
    found = field.json_schema()
    if isinstance(field, Map):
        found["additionalProperties"] = converter.field2property(field.inner)
    found.update({name: each for name, each in field.metadata.items() if name in found})
    if field.allow_none:
        _or_null(found)
    default = _default(field)
    return found if default is None else {**found, "default": default}


def _or_null(found: dict[str, Any]) -> None:
    if "type" in found:
        found["type"] = [found["type"], "null"]
    if "enum" in found:
        found["enum"] = [*found["enum"], None]
    if "oneOf" in found:
        found["oneOf"] = [*found["oneOf"], {"type": "null"}]


def _default(field: fields.Field[Any]) -> bool | int | str | None:
    """Return the value of a field that is left out, where that says anything."""
    value = field.load_default
    if value is missing or value in (None, "", ()):
        return None
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else None

"""What is wrong with a field: a text that knows its code, and so can be said in any language."""

from __future__ import annotations

from typing import Any, Self

from marshmallow import Schema, ValidationError


class Message(str):
    """An English sentence with a stable code, and what the same sentence names elsewhere."""

    __slots__ = ("code", "details")

    code: str
    details: dict[str, Any]

    def __new__(cls, text: str, *, code: str, **details: Any) -> Self:
        made = super().__new__(cls, text)
        made.code = code
        made.details = details
        return made


class Dto(Schema):
    """A marshmallow schema that names its own complaints as the strict fields do."""

    error_messages = {  # noqa: RUF012  # marshmallow's
        "unknown": Message("Unknown field.", code="unknown_field"),
        "type": Message("Not an object.", code="object"),
    }


def refused(name: str, text: str, *, code: str, **details: Any) -> ValidationError:
    """Make the error that says *text* of the field *name*."""
    return ValidationError({name: [Message(text, code=code, **details)]})

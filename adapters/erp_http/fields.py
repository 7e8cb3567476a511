"""The only fields a DTO may use: each accepts one spelling, and refuses the rest by name.

marshmallow's own are generous. Their Decimal takes floats and other scripts' digits, Integer takes
12.9, String takes the NUL that no PostgreSQL text can hold.

The names of ``default_error_messages`` are the codes a client sees; ``json_schema`` is what the
OpenAPI document says of a field.
"""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from marshmallow import ValidationError, fields

from erp_http.messages import Message

_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", re.ASCII)
_WHOLE: Final = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})",
    re.ASCII,
)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")

WHOLE_MAX: Final = 10**9 - 1
NAME_LENGTH: Final = 64  # of a member of a Map

Partial = str | None
Given = Mapping[str, Any] | None
Amount = tuple[Decimal, str | None]  # the currency is None where the company's is meant

# marshmallow's own names for what any field may complain of, and ours.
CODES: Final = {"null": "not_null", "validator_failed": "invalid_field", "invalid": "list"}
_DECIMAL_SCHEMA: Final = {
    "type": "string",
    "format": "decimal",
    "pattern": f"^{_DECIMAL.pattern}$",
    "examples": ["19.99"],
}


class Strict:
    """What each of our fields adds to marshmallow's: a code for every complaint, and a schema."""

    def make_error(self, key: str, **details: Any) -> ValidationError:
        # Typed by what it is mixed into: a marshmallow field, which has the texts.
        texts: dict[str, str] = getattr(self, "error_messages")  # noqa: B009  # see above
        text = texts[key].format(**details)
        return ValidationError([Message(text, code=CODES.get(key, key), **details)])

    @abstractmethod
    def json_schema(self) -> dict[str, Any]:
        """Describe what is accepted, as JSON Schema; null is not its business."""


class Nested(Strict, fields.Nested):
    """An object of another DTO."""

    def json_schema(self) -> dict[str, Any]:
        return {}  # apispec refers to the DTO's own schema


class Text(Strict, fields.Field[str]):
    """A string of at most *length* characters, each of which every database can hold."""

    default_error_messages = {
        "string": "Not a string.",
        "length": "Longer than {length} characters.",
        "unstorable": "Holds a NUL or half of a surrogate pair.",
    }

    def __init__(self, *, length: int = 200, **options: Any) -> None:
        super().__init__(**options)
        self.length = length

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("string")
        if len(value) > self.length:
            raise self.make_error("length", length=self.length)
        if _UNSTORABLE.search(value):
            raise self.make_error("unstorable")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.length}


class Table(Strict, fields.Field[bytes]):
    """A body that is a table: read as it comes, judged by who asked for it."""

    default_error_messages = {"table": "Not a table."}

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> bytes:
        if not isinstance(value, bytes):
            raise self.make_error("table")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string"}


class Image(Strict, fields.Field[bytes]):
    """A body that is a picture: read as it comes, judged by who asked for it."""

    default_error_messages = {"image": "Not a picture."}

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> bytes:
        if not isinstance(value, bytes):
            raise self.make_error("image")
        return value

    def json_schema(self) -> dict[str, Any]:
        return {}  # OpenAPI 3.1 says of binary content its type alone


class Choice(Strict, fields.Field[Any]):
    """One of a few words, which become the members of an enumeration."""

    default_error_messages = {"choice": "Not one of {choices}."}

    def __init__(self, kind: type[StrEnum], **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> StrEnum:
        if not isinstance(value, str) or value not in [each.value for each in self.kind]:
            raise self.make_error("choice", choices=", ".join(self.kind))
        return self.kind(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": [each.value for each in self.kind]}


class Choices(Choice):
    """Several of a few words, separated by commas: a filter in a query."""

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> Any:
        words = value.split(",") if isinstance(value, str) else [value]
        return tuple(super(Choices, self)._deserialize(each, attr, data) for each in words)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "items": super().json_schema(), "minItems": 1}


class Flag(Strict, fields.Field[bool]):
    """``true`` or ``false``; in a query, those words."""

    default_error_messages = {"flag": "Neither true nor false."}

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> bool:
        if isinstance(value, bool):
            return value
        if value in ("true", "false"):
            return value == "true"
        raise self.make_error("flag")

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Exact(Strict, fields.Field[Decimal]):
    """A decimal as a string, ``"19.99"``: a JSON number may have been rounded on its way."""

    default_error_messages = {
        "decimal_string": 'Not a string: send decimals as "19.99", since a JSON number may lose'
        " digits.",
        "decimal": 'Not a decimal such as "19.99".',
    }

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> Decimal:
        return self.decimal(value)

    def decimal(self, value: object) -> Decimal:
        if not isinstance(value, str):
            raise self.make_error("decimal_string")
        if not _DECIMAL.fullmatch(value):
            raise self.make_error("decimal")
        return Decimal(value)

    def json_schema(self) -> dict[str, Any]:
        return dict(_DECIMAL_SCHEMA)


class Price(Exact):
    """An amount: ``{"amount": "19.99", "currency": "BRL"}``, or ``"19.99"`` in the company's own.

    Loads an ``Amount``; the currency is None where none was given.
    """

    default_error_messages = {
        "amount": 'Not {{"amount": "19.99", "currency": "BRL"}} nor "19.99".',
        "currency": "Not a currency: three capital letters, such as BRL.",
    }

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> Any:
        if not isinstance(value, dict):
            return self.decimal(value), None
        if set(value) != {"amount", "currency"}:
            raise self.make_error("amount")
        currency = value["currency"]
        if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
            raise self.make_error("currency")
        return self.decimal(value["amount"]), currency

    def json_schema(self) -> dict[str, Any]:
        members = {
            "amount": dict(_DECIMAL_SCHEMA),
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$", "examples": ["BRL"]},
        }
        whole = {
            "type": "object",
            "properties": members,
            "required": sorted(members),
            "additionalProperties": False,
        }
        return {"oneOf": [dict(_DECIMAL_SCHEMA), whole]}


class Whole(Strict, fields.Field[int]):
    """An integer, as a JSON integer or, in a query, as its digits."""

    default_error_messages = {"whole": "Not a whole number of at most nine digits."}

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise self.make_error("whole")
        if isinstance(value, int) and abs(value) > WHOLE_MAX:  # before str(), which has a limit
            raise self.make_error("whole")
        if not _WHOLE.fullmatch(str(value)):
            raise self.make_error("whole")
        return int(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": -WHOLE_MAX, "maximum": WHOLE_MAX}


class Id(Strict, fields.Field[UUID]):
    """A UUID in its one canonical spelling."""

    default_error_messages = {"uuid": "Not a UUID in lower-case canonical form."}

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise self.make_error("uuid")
        return UUID(value)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "uuid", "pattern": f"^{_UUID.pattern}$"}


class Day(Strict, fields.Field[date]):
    """A date, ``"2026-11-23"`` (RFC 3339, full-date)."""

    default_error_messages = {"date": "Not a date such as 2026-11-23."}

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> date:
        if isinstance(value, str) and _DATE.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass  # the thirteenth month: refused below, as any other misspelling
        raise self.make_error("date")

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date", "examples": ["2026-11-23"]}


class Moment(Strict, fields.Field[datetime]):
    """RFC 3339, with a zone: ``"2026-11-23T17:45:00Z"``."""

    default_error_messages = {"moment": "Not a moment such as 2026-11-23T17:45:00Z."}

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> datetime:
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            try:
                return datetime.fromisoformat(value).astimezone(UTC)
            except (ValueError, OverflowError):
                pass  # the 25th hour: refused below, as any other misspelling
        raise self.make_error("moment")

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time", "examples": ["2026-11-23T17:45:00Z"]}


class Since(Moment):
    """A moment, or a date, which then begins at midnight, UTC: what comes from then on."""

    default_error_messages = {"date_or_moment": "Not a date such as 2026-11-23, nor a moment."}

    day_begins = timedelta(0)

    def _deserialize(self, value: object, attr: Partial, data: Given, **rest: Any) -> datetime:
        if not isinstance(value, str) or not _DATE.fullmatch(value):
            return super()._deserialize(value, attr, data, **rest)
        try:
            return datetime.fromisoformat(value).replace(tzinfo=UTC) + self.day_begins
        except (ValueError, OverflowError):
            raise self.make_error("date_or_moment") from None

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": f"^({_DATE.pattern}|{_MOMENT.pattern})$",
            "examples": ["2026-11-23", "2026-11-23T17:45:00Z"],
        }


class Until(Since):
    """A moment that is not included, or a date that is, to its last second."""

    day_begins = timedelta(days=1)


class List(Strict, fields.List[Any]):
    """A list of at most *most* things."""

    default_error_messages = {"invalid": "Not a list.", "items": "More than {most} items."}

    def __init__(self, inner: Any, *, most: int = 100, **options: Any) -> None:
        super().__init__(inner, **options)
        self.most = most

    def _deserialize(self, value: object, attr: Partial, data: Given, **more: Any) -> list[Any]:
        if isinstance(value, list) and len(value) > self.most:
            raise self.make_error("items", most=self.most)
        return super()._deserialize(value, attr, data, **more)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "array", "maxItems": self.most}  # apispec describes the items


class Map(Strict, fields.Field[dict[str, Any]]):
    """An object whose names are free and whose values are all of one field."""

    default_error_messages = {
        "object": "Not an object.",
        "most": "More than {most} members.",
    }

    def __init__(self, inner: fields.Field[Any], *, most: int = 50, **options: Any) -> None:
        super().__init__(**options)
        self.inner = inner
        self.most = most
        self._name = Text(length=NAME_LENGTH)

    def _deserialize(self, value: object, attr: Partial, data: Given, **_: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.make_error("object")
        if len(value) > self.most:
            raise self.make_error("most", most=self.most)
        found: dict[str, Any] = {}
        wrong: dict[str, Any] = {}
        for name, each in value.items():
            try:
                found[str(self._name.deserialize(name))] = self.inner.deserialize(each)
            except ValidationError as error:
                wrong[name] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return found

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "maxProperties": self.most,
            "propertyNames": {"maxLength": NAME_LENGTH},
        }  # apispec's part, the values, is added by erp_http.openapi

"""What goes over the wire, in both directions, and how a request becomes domain values."""

from __future__ import annotations

import base64
import binascii
import json
from abc import abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from marshmallow import ValidationError

from erp_core.kernel.context import Context
from erp_core.kernel.errors import MalformedError
from erp_core.kernel.money import Money, UnitPrice
from erp_core.kernel.page import PAGE_LIMIT_MAX, Cursor, Page, PageRequest
from erp_http.fields import Amount, Exact, List, Nested, Text, Whole
from erp_http.messages import Dto, Message, refused
from erp_http.straight import straight

T = TypeVar("T")


class RequestDto(Dto):
    """Validates the wire format; then ``make`` writes the conversion out, field by field.

    marshmallow refuses unknown fields by name. Business rules are the entities' own.
    """

    def read(
        self, ctx: Context, data: Mapping[str, Any], path: Mapping[str, Any], version: int | None
    ) -> Any:
        """Return what the request stands for.

        The path beats the body, so that nobody changes another thing than the URL names;
        *version* is the one If-Match named.

        Raises:
            ValidationError: fields are missing, unknown or misspelt.
            ErpError: the values break a rule of the business.
        """
        # The machinery is not started for nothing: most things are asked for by their path alone.
        given = self._load(data) if data or self.fields else {}
        return self.make(ctx, {**given, **path, "if_match": version})

    @cached_property
    def _load(self) -> Callable[[Mapping[str, Any]], Any]:
        return straight(self)

    @abstractmethod
    def make(self, ctx: Context, given: dict[str, Any]) -> Any:
        """Return the entity, command or query that *given*, all valid, stands for."""


class NothingDto(RequestDto):
    """A request whose path says it all: ``made`` makes the command of the id in it."""

    def __init__(self, made: Callable[[UUID, int | None], Any]) -> None:
        super().__init__()
        self._made = made

    def make(self, ctx: Context, given: dict[str, Any]) -> Any:
        return self._made(given["id"], given["if_match"])


class ListDto(RequestDto):
    """A question for a page of things; a subclass adds its filters."""

    sorts: ClassVar[tuple[str, ...]] = ("id",)

    limit = Whole(load_default=50, metadata={"minimum": 1, "maximum": PAGE_LIMIT_MAX})
    cursor = Text(load_default=None, length=1000, metadata={"description": "`next` of a page"})
    sort = Text(load_default="id", length=40, metadata={"description": "with - for descending"})
    include = Text(load_default="", length=40, metadata={"description": "`total`: count them"})

    def page(self, given: dict[str, Any]) -> PageRequest:
        """Return which page is asked for."""
        if given["include"] not in ("", "total"):
            raise refused("include", "Not `total`, which is all there is.", code="include")
        return PageRequest(
            limit=given["limit"],
            after=read_cursor(given["cursor"]),
            sort=given["sort"].removeprefix("-"),
            descending=given["sort"].startswith("-"),
            count=given["include"] == "total",
        )


class ResponseDto(Dto, Generic[T]):
    """What is shown of a result. The fields describe it, ``show`` writes it out.

    marshmallow's own dump is 25 times as slow; that both agree is a test's business.
    """

    @abstractmethod
    def show(self, thing: T) -> dict[str, Any]:
        """Return *thing* as JSON will say it."""


class MoneyDto(Dto):
    amount = Exact(required=True)
    currency = Text(required=True, length=3, metadata={"examples": ["BRL"]})


class PageDto(ResponseDto[Page[T]]):
    """A page of things that another DTO shows."""

    def __init__(self, item: ResponseDto[T]) -> None:
        super().__init__()
        self.item = item
        shown: dict[str, Any] = {
            "items": List(Nested(item), most=PAGE_LIMIT_MAX, required=True),
            "next": Text(length=1000, required=True, allow_none=True),
            "total": Whole(),
        }
        self.declared_fields = {**self.declared_fields, **shown}
        self.fields.update(shown)

    def show(self, thing: Page[T]) -> dict[str, Any]:
        shown = {
            "items": [self.item.show(each) for each in thing.items],
            "next": write_cursor(thing.next),
        }
        return shown if thing.total is None else shown | {"total": thing.total}


def unit_price(ctx: Context, given: Amount | None) -> UnitPrice | None:
    """Make a unit price of an amount; without a currency it is the company's own."""
    return None if given is None else UnitPrice(given[0], given[1] or ctx.currency)


def money(ctx: Context, given: Amount | None) -> Money | None:
    """Make money of an amount; without a currency it is the company's own."""
    return None if given is None else Money(given[0], given[1] or ctx.currency)


def needed(value: T | None) -> T:
    """Return a value that the DTO has required, so that it cannot be missing."""
    if value is None:
        raise ValidationError([Message("A required value is null.", code="not_null")])
    return value


def write_cursor(cursor: Cursor | None) -> str | None:
    """Make an opaque word of a place in a list."""
    if cursor is None:
        return None
    said = json.dumps([cursor.value, cursor.id.hex], separators=(",", ":"))
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def read_cursor(word: str | None) -> Cursor | None:
    """Return the place in a list that *word* stands for.

    Raises:
        MalformedError: no answer of ours held it.
    """
    if word is None:
        return None
    try:
        padded = word.encode("ascii") + b"=" * (-len(word) % 4)
        value, thing = json.loads(base64.b64decode(padded, b"-_", validate=True))
        if isinstance(value, str) and "\x00" not in value:
            value.encode()  # half a surrogate pair is no text
            return Cursor(value, UUID(hex=thing))
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        pass  # whatever is wrong with it, the caller is told the same below
    raise MalformedError(
        "this cursor is none of ours: take `next` of the page before, or begin without one",
        code="page.cursor",
        field="cursor",
    )

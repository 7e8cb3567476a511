"""Lists by key: a page says where it ended, and the next begins there. Never an offset."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, Generic, TypeVar
from uuid import UUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import MalformedError

T = TypeVar("T")

PAGE_LIMIT_MAX: Final = 200
EXPORT_LIMIT_MAX: Final = 5000  # at once, where a list is read to its end

Orderable = str | int | Decimal | date | datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after one item: the value it is sorted by, as text, and its id."""

    value: str  # empty where the list is in order of id
    id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """At most *limit* items that come after the place *after*, in the order of *sort*."""

    limit: int = 50
    after: Cursor | None = None
    sort: str = "id"  # a key of the list's own; ids are in order of creation
    descending: bool = False
    count: bool = False  # also count them all, which takes longer
    export: bool = False  # part of a list that is read to its end, in larger pages

    def __post_init__(self) -> None:
        most = EXPORT_LIMIT_MAX if self.export else PAGE_LIMIT_MAX
        if not 1 <= self.limit <= most:
            raise MalformedError(
                f"limit is from 1 to {PAGE_LIMIT_MAX}", code="page.limit", field="limit"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page; *next* is None on the last, *total* unless it was asked for."""

    items: tuple[T, ...]
    next: Cursor | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class SortKey(Generic[T]):
    """One order a list may be read in: its value in an item, and that value from a cursor."""

    of: Callable[[T], Orderable]
    read: Callable[[str], Orderable] = str

    def cursor(self, item: T, item_id: UUID) -> Cursor:
        """Return the place just after *item*."""
        value = self.of(item)
        return Cursor(value.isoformat() if isinstance(value, datetime) else str(value), item_id)


def moment(text: str) -> datetime:
    """Read a moment from a cursor; refuse what no cursor of ours says."""
    return _read(datetime.fromisoformat, text)


def day(text: str) -> date:
    """Read a date from a cursor; refuse what no cursor of ours says."""
    return _read(date.fromisoformat, text)


def number(text: str) -> Decimal:
    """Read a decimal from a cursor; refuse what no cursor of ours says."""
    return _read(Decimal, text)


def whole(text: str) -> int:
    """Read a whole number from a cursor; refuse what no cursor of ours says."""
    return _read(int, text)


def sort_key(keys: Mapping[str, SortKey[T]], request: PageRequest) -> SortKey[T] | None:
    """Return the key *request* sorts by, None for the order of ids.

    Raises:
        MalformedError: the list knows no such key.
    """
    if request.sort == "id":
        return None
    if request.sort not in keys:
        known = ", ".join(sorted([*keys, "id"]))
        raise MalformedError(
            f"cannot sort by {request.sort!r}; there are {known}",
            code="page.sort",
            field="sort",
            known=known,
        )
    return keys[request.sort]


def require_own_order(request: PageRequest) -> None:
    """Refuse any order but the list's own, which is the one it is made in.

    Raises:
        MalformedError: another order is asked for.
    """
    if request.sort != "id" or request.descending:
        raise MalformedError(
            "this list is read in its own order only: leave sort out",
            code="page.sort",
            field="sort",
            known="id",
        )


def _read(parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except (ValueError, InvalidOperation) as error:
        raise MalformedError(
            "this cursor belongs to another list: begin again without it",
            code="page.cursor",
            field="cursor",
        ) from error

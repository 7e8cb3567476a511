"""Pages of rows that know their own places."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from erp_core.kernel.page import Cursor, Page, PageRequest


class Placed(Protocol):
    """A row of a report."""

    @property
    def place(self) -> Any: ...

    @property
    def cursor(self) -> Cursor: ...


T = TypeVar("T", bound=Placed)


def placed(rows: Iterable[T], request: PageRequest, place_of: Callable[[Cursor], Any]) -> Page[T]:
    """Return the page of *rows*, in the order of their places."""
    found = sorted(rows, key=lambda row: row.place)
    total = len(found) if request.count else None
    if request.after is not None:
        after = place_of(request.after)
        found = [row for row in found if row.place > after]
    items = tuple(found[: request.limit])
    more = len(found) > request.limit
    return Page(items=items, next=items[-1].cursor if more else None, total=total)

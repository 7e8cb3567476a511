"""Pages by key, in any of a list's orders: the last row's key is where the next page begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select

from erp_core.kernel.context import Context
from erp_core.kernel.page import Page, PageRequest, SortKey, sort_key

T = TypeVar("T")


class Keyset:
    """The pages of one table: which columns its sort keys are. Made once, at module level."""

    def __init__(
        self,
        table: FromClause,
        columns: Mapping[str, ColumnElement[Any]],
        keys: Mapping[str, SortKey[Any]] | None = None,
    ) -> None:
        self._table = table
        self._columns = columns
        self._keys = keys or {}

    def page(  # the connection and the context are no parameters of the question
        self,
        connection: Connection,
        ctx: Context,
        request: PageRequest,
        wanted: Iterable[ColumnElement[bool]],
        read: Callable[[Any], T],
    ) -> Page[T]:
        """Return the page of the company's rows that meet every condition in *wanted*."""
        table, key = self._table, sort_key(self._keys, request)
        conditions = [table.c.company_id == ctx.company_id, *wanted]
        total = None
        if request.count:
            counted = select(func.count()).select_from(table).where(*conditions)
            total = connection.execute(counted).scalar_one()
        column = None if key is None else self._columns[request.sort]
        order = [table.c.id] if column is None else [column, table.c.id]
        query = select(table).where(*conditions, *self._after(request, column, key))
        query = query.order_by(*(each.desc() if request.descending else each for each in order))
        rows = connection.execute(query.limit(request.limit + 1)).all()
        items = tuple(read(row) for row in rows[: request.limit])
        if len(rows) <= request.limit:
            return Page(items=items, total=total)
        last = rows[request.limit - 1].id
        place = (key or _BY_ID).cursor(items[-1], last)
        return Page(items=items, next=place, total=total)

    def _after(
        self, request: PageRequest, column: ColumnElement[Any] | None, key: SortKey[Any] | None
    ) -> list[ColumnElement[bool]]:
        if request.after is None:
            return []
        by_id, down = self._table.c.id, request.descending
        beyond = by_id < request.after.id if down else by_id > request.after.id
        if column is None or key is None:
            return [beyond]
        value = key.read(request.after.value)
        # Spelt so that each database finds the place in an index: a row value, (a, b) > (x, y),
        # costs MariaDB a scan of all that comes before.
        if down:
            return [column <= value, or_(column < value, beyond)]
        return [column >= value, or_(column > value, beyond)]


_BY_ID: SortKey[Any] = SortKey(of=lambda _: "")


def starts_with(column: Any, prefix: str) -> list[ColumnElement[bool]]:
    """Return the conditions for a text column that begins with *prefix*: a range, no LIKE."""
    return [and_(column >= prefix, column < prefix + "\U0010ffff")]

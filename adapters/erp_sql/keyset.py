"""Pages by key, in any of a list's orders: the last row's key is where the next page begins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from erp_core.kernel.context import Context
from erp_core.kernel.page import Page, PageRequest, SortKey, sort_key
from erp_sql.prepared import Prepared

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
        self._whole: dict[tuple[str, bool, bool], Prepared] = {}  # of a list that is not filtered

    def page(  # the connection and the context are no parameters of the question
        self,
        connection: Connection,
        ctx: Context,
        request: PageRequest,
        wanted: Iterable[ColumnElement[bool]],
        read: Callable[[Any], T],
    ) -> Page[T]:
        """Return the page of the company's rows that meet every condition in *wanted*."""
        key, wanted = sort_key(self._keys, request), list(wanted)
        total = None
        if request.count:
            mine = self._table.c.company_id == ctx.company_id
            counted = select(func.count()).select_from(self._table).where(mine, *wanted)
            total = connection.execute(counted).scalar_one()
        rows = self._rows(connection, ctx, request, wanted)
        items = tuple(read(row) for row in rows[: request.limit])
        if len(rows) <= request.limit:
            return Page(items=items, total=total)
        last = rows[request.limit - 1].id
        place = (key or _BY_ID).cursor(items[-1], last)
        return Page(items=items, next=place, total=total)

    def _rows(
        self,
        connection: Connection,
        ctx: Context,
        request: PageRequest,
        wanted: list[ColumnElement[bool]],
    ) -> Sequence[Any]:
        """Return one row more than the page has, where there is one."""
        given = {"_company": ctx.company_id, "_most": request.limit + 1}
        if request.after is not None:
            given["_id"] = request.after.id
            if request.sort != "id":
                given["_value"] = self._keys[request.sort].read(request.after.value)
        if wanted:  # in more ways than could be kept
            return connection.execute(self._query(request).where(*wanted), given).all()
        shape = (request.sort, request.descending, request.after is not None)
        if shape not in self._whole:
            self._whole[shape] = Prepared(self._query(request))
        return self._whole[shape].rows(connection, given)

    def _query(self, request: PageRequest) -> Select[Any]:
        by_id = self._table.c.id
        column = None if request.sort == "id" else self._columns[request.sort]
        order = [by_id] if column is None else [column, by_id]
        query = select(self._table).where(self._table.c.company_id == bindparam("_company"))
        if request.after is not None:
            query = query.where(*self._after(column, request))
        query = query.order_by(*(each.desc() if request.descending else each for each in order))
        return query.limit(bindparam("_most"))

    def _after(
        self, column: ColumnElement[Any] | None, request: PageRequest
    ) -> list[ColumnElement[bool]]:
        by_id, down = self._table.c.id, request.descending
        place: BindParameter[Any] = bindparam("_id", type_=by_id.type)
        beyond = by_id < place if down else by_id > place
        if column is None:
            return [beyond]
        value: BindParameter[Any] = bindparam("_value", type_=column.type)
        # Spelt so that each database finds the place in an index: a row value, (a, b) > (x, y),
        # costs MariaDB a scan of all that comes before.
        if down:
            return [column <= value, or_(column < value, beyond)]
        return [column >= value, or_(column > value, beyond)]


_BY_ID: SortKey[Any] = SortKey(of=lambda _: "")


def starts_with(column: Any, prefix: str) -> list[ColumnElement[bool]]:
    """Return the conditions for a text column that begins with *prefix*: a range, no LIKE."""
    return [and_(column >= prefix, column < prefix + "\U0010ffff")]

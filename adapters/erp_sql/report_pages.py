"""A report's page: one statement, and one more where its rows are to be counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func, select

from erp_core.kernel.page import Cursor, Page, PageRequest


class Placed(Protocol):
    """A row that knows the place after it."""

    @property
    def cursor(self) -> Cursor: ...


T = TypeVar("T", bound=Placed)


@dataclass(frozen=True, slots=True)
class Report(Generic[T]):
    """A statement in its report's order, what lies beyond a place in it, and how rows are read.

    *finish* adds to the rows of a page, once they are chosen, what does not help to choose them.
    """

    statement: Select[Any]
    beyond: Callable[[Cursor], ColumnElement[bool]]
    read: Callable[[Any], T]
    finish: Callable[[Select[Any]], Select[Any]] = lambda chosen: chosen

    def page(
        self, connection: Connection, asked: Mapping[str, object], request: PageRequest
    ) -> Page[T]:
        """Return one page of the rows for what is *asked*."""
        total, statement = None, self.statement
        if request.count:
            counted = select(func.count()).select_from(statement.order_by(None).subquery())
            total = connection.execute(counted, asked).scalar_one()
        if request.after is not None:
            statement = statement.where(self.beyond(request.after))
        rows = connection.execute(self.finish(statement.limit(request.limit + 1)), asked).all()
        items = tuple(self.read(row) for row in rows[: request.limit])
        more = len(rows) > request.limit
        return Page(items=items, next=items[-1].cursor if more else None, total=total)

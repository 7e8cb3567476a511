"""Orders over one connection; however long, they take the same number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from sqlalchemy import ColumnElement, Connection
from sqlalchemy.exc import IntegrityError

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.kernel.quantity import ZERO
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import (
    ORDER_SORTS,
    Order,
    OrderId,
    OrderState,
    OrderSummary,
)
from erp_core.sales.ports import OrderQuery, OrderRepository
from erp_sql.dialects import is_foreign_key, violates
from erp_sql.keyset import Keyset, starts_with
from erp_sql.sales.documents import Documents
from erp_sql.sales.mappers import (
    order_progress,
    read_order,
    read_order_summary,
    write_order,
    write_order_lines,
)
from erp_sql.sales.models import OrderLineRow, OrderRow

_ORDERS: Final = Documents(
    OrderRow,
    OrderLineRow,
    "order",
    parent="order_id",
    progress=("issued", "shipped", "invoiced"),
)
_ORDER: Final = _ORDERS.table.c
_KEYSET: Final = Keyset(
    _ORDERS.table, {"date": _ORDER.day, "number": _ORDER.number_key}, ORDER_SORTS
)


class SqlOrders(OrderRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[OrderId, Order] = {}  # as they were, for the journal and the lines

    def add(self, ctx: Context, order: Order) -> Order:
        with _in_our_words(order):
            row, lines = (
                write_order(ctx.company_id, order),
                write_order_lines(ctx.company_id, order),
            )
            _ORDERS.add(self._connection, row, lines)
        return self._told(ctx, None, order)

    def get(self, ctx: Context, order_id: OrderId) -> Order:
        row = _ORDERS.head(self._connection, ctx, order_id)
        return self._read(ctx, order_id, row)

    def head(self, ctx: Context, order_id: OrderId) -> OrderSummary:
        return read_order_summary(_ORDERS.head(self._connection, ctx, order_id))

    def lock(self, ctx: Context, order_id: OrderId) -> Order:
        row = _ORDERS.lock(self._connection, ctx, order_id)
        return self._read(ctx, order_id, row)

    def save(self, ctx: Context, order: Order) -> Order:
        before = self._seen.get(order.id) or self.get(ctx, order.id)
        with _in_our_words(order):
            _ORDERS.save(self._connection, write_order(ctx.company_id, order))
            self._save_lines(ctx, before, order)
        return self._told(ctx, before, order)

    def delete(self, ctx: Context, order: Order) -> None:
        _ORDERS.delete(self._connection, ctx, order.id, order.version)
        self._journal.note_entity("sales.order", order, None)
        self._seen.pop(order.id, None)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        many = _ORDERS.reassign(self._connection, ctx, absorbed, survivor)
        if many:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            self._journal.note("sales.order", "many", before, after | {"count": str(many)})
        self._seen.clear()

    def page(self, ctx: Context, query: OrderQuery) -> Page[OrderSummary]:
        wanted: list[ColumnElement[bool]] = []
        if query.states:
            wanted.append(_ORDER.state.in_([each.value for each in query.states]))
        if query.party_id is not None:
            wanted.append(_ORDER.party_id == query.party_id)
        if query.quote_id is not None:
            wanted.append(_ORDER.quote_id == query.quote_id)
        if query.date_from is not None:
            wanted.append(_ORDER.day >= query.date_from)
        if query.date_to is not None:
            wanted.append(_ORDER.day <= query.date_to)
        if query.number:
            wanted += starts_with(_ORDER.number_key, query.number)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_order_summary)

    def _read(self, ctx: Context, order_id: OrderId, row: object) -> Order:
        found = read_order(row, _ORDERS.lines(self._connection, ctx, order_id))
        self._seen[order_id] = found
        return found

    def _save_lines(self, ctx: Context, before: Order, order: Order) -> None:
        if before.lines == order.lines:
            return
        if before.state is OrderState.DRAFT and not _only_issued(before, order):
            lines = write_order_lines(ctx.company_id, order)
            _ORDERS.replace_lines(self._connection, ctx, order.id, lines)
            return
        known = before.by_id
        changed = [
            order_progress(ctx.company_id, line) for line in order.lines if line != known[line.id]
        ]
        _ORDERS.move_on(self._connection, changed)

    def _told(self, ctx: Context, before: Order | None, order: Order) -> Order:
        self._outbox.append(ctx, order.events)
        self._journal.note_entity("sales.order", before, order)
        stored = order.stored(order.version + 1)
        self._seen[stored.id] = stored
        return stored


def _only_issued(before: Order, order: Order) -> bool:
    """Say whether the lines are as they were but for what left as the order was confirmed."""
    return before.lines == tuple(replace(line, issued=ZERO) for line in order.lines)


@contextmanager
def _in_our_words(order: Order) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError(
                "no such customer, product, tax class, warehouse or payment term"
            ) from error
        if violates(error, "number"):
            raise AlreadyExistsError(
                f"there is an order {order.number} already: change the mask of the numbers",
                code="sales.order.number_taken",
                field="number",
            ) from error
        raise AlreadyExistsError("an order, or a line, of this id exists", field="id") from error

"""Orders in a dictionary."""

from __future__ import annotations

from dataclasses import replace

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import ORDER_SORTS, Order, OrderId, OrderSummary
from erp_core.sales.ports import OrderQuery, OrderRepository
from erp_memory.pages import page_of
from erp_memory.sales.references import require_references
from erp_memory.tables import Tables


class MemoryOrders(OrderRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._tables = tables
        self._orders = tables.orders
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, order: Order) -> Order:
        if (ctx.company_id, order.id) in self._orders:
            raise AlreadyExistsError("an order, or a line, of this id exists", field="id")
        return self._write(ctx, None, order)

    def get(self, ctx: Context, order_id: OrderId) -> Order:
        order = self._orders.get((ctx.company_id, order_id))
        if order is None:
            raise NotFoundError(f"no order {order_id}", kind="order", id=order_id)
        return order

    def head(self, ctx: Context, order_id: OrderId) -> OrderSummary:
        return self.get(ctx, order_id).summary

    def lock(self, ctx: Context, order_id: OrderId) -> Order:
        return self.get(ctx, order_id)

    def save(self, ctx: Context, order: Order) -> Order:
        before = self.get(ctx, order.id)
        if before.version != order.version:
            raise StaleVersionError(f"order {order.id} has changed meanwhile")
        return self._write(ctx, before, order)

    def delete(self, ctx: Context, order: Order) -> None:
        if self.get(ctx, order.id).version != order.version:
            raise StaleVersionError(f"order {order.id} has changed meanwhile")
        del self._orders[ctx.company_id, order.id]
        self._journal.note_entity("sales.order", order, None)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        theirs = [each for each in self._of(ctx) if each.party_id == absorbed]
        for each in theirs:
            carried = replace(each, party_id=survivor, version=each.version + 1)
            self._orders[ctx.company_id, each.id] = carried
        if theirs:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            count = {"count": str(len(theirs))}
            self._journal.note("sales.order", "many", before, after | count)

    def page(self, ctx: Context, query: OrderQuery) -> Page[OrderSummary]:
        found = (
            each.summary
            for each in self._of(ctx)
            if (not query.states or each.state in query.states)
            and query.party_id in (None, each.party_id)
            and query.quote_id in (None, each.quote_id)
            and (query.date_from is None or each.on >= query.date_from)
            and (query.date_to is None or each.on <= query.date_to)
            and each.number.startswith(query.number)
        )
        return page_of(found, query.page, ORDER_SORTS)

    def _of(self, ctx: Context) -> list[Order]:
        return [each for (owner, _), each in self._orders.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Order | None, order: Order) -> Order:
        require_references(ctx, self._tables, order)
        if order.quote_id is not None and (ctx.company_id, order.quote_id) not in (
            self._tables.quotes
        ):
            raise NotFoundError("no such quote", field="quote_id")
        others = [each for each in self._of(ctx) if each.id != order.id]
        taken = {line.id for each in others for line in each.lines}
        if not taken.isdisjoint(order.by_id):
            raise AlreadyExistsError("an order, or a line, of this id exists", field="id")
        if order.number and order.number in {each.number for each in others}:
            raise AlreadyExistsError(
                f"there is an order {order.number} already: change the mask of the numbers",
                code="sales.order.number_taken",
                field="number",
            )
        self._outbox.append(ctx, order.events)
        self._journal.note_entity("sales.order", before, order)
        stored = order.stored(order.version + 1)
        self._orders[ctx.company_id, order.id] = stored
        return stored

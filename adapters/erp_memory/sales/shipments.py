"""Shipments in a dictionary."""

from __future__ import annotations

from dataclasses import replace

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import SHIPMENT_SORTS, Shipment, ShipmentId, ShipmentSummary
from erp_core.sales.ports import ShipmentQuery, ShipmentRepository
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryShipments(ShipmentRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._tables = tables
        self._shipments = tables.shipments
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, shipment: Shipment) -> Shipment:
        if (ctx.company_id, shipment.id) in self._shipments:
            raise AlreadyExistsError("a shipment, or a line, of this id exists", field="id")
        return self._write(ctx, None, shipment)

    def get(self, ctx: Context, shipment_id: ShipmentId) -> Shipment:
        shipment = self._shipments.get((ctx.company_id, shipment_id))
        if shipment is None:
            raise NotFoundError(f"no shipment {shipment_id}", kind="shipment", id=shipment_id)
        return shipment

    def head(self, ctx: Context, shipment_id: ShipmentId) -> ShipmentSummary:
        return self.get(ctx, shipment_id).summary

    def lock(self, ctx: Context, shipment_id: ShipmentId) -> Shipment:
        return self.get(ctx, shipment_id)

    def save(self, ctx: Context, shipment: Shipment) -> Shipment:
        before = self.get(ctx, shipment.id)
        if before.version != shipment.version:
            raise StaleVersionError(f"shipment {shipment.id} has changed meanwhile")
        return self._write(ctx, before, shipment)

    def delete(self, ctx: Context, shipment: Shipment) -> None:
        if self.get(ctx, shipment.id).version != shipment.version:
            raise StaleVersionError(f"shipment {shipment.id} has changed meanwhile")
        del self._shipments[ctx.company_id, shipment.id]
        self._journal.note_entity("sales.shipment", shipment, None)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        theirs = [each for each in self._of(ctx) if each.party_id == absorbed]
        for each in theirs:
            carried = replace(each, party_id=survivor, version=each.version + 1)
            self._shipments[ctx.company_id, each.id] = carried
        if theirs:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            count = {"count": str(len(theirs))}
            self._journal.note("sales.shipment", "many", before, after | count)

    def page(self, ctx: Context, query: ShipmentQuery) -> Page[ShipmentSummary]:
        found = (
            each.summary
            for each in self._of(ctx)
            if (not query.states or each.state in query.states)
            and query.order_id in (None, each.order_id)
            and query.party_id in (None, each.party_id)
            and query.warehouse_id in (None, each.warehouse_id)
            and (query.date_from is None or each.on >= query.date_from)
            and (query.date_to is None or each.on <= query.date_to)
            and each.number.startswith(query.number)
        )
        return page_of(found, query.page, SHIPMENT_SORTS)

    def _of(self, ctx: Context) -> list[Shipment]:
        return [each for (owner, _), each in self._shipments.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Shipment | None, shipment: Shipment) -> Shipment:
        self._require_references(ctx, shipment)
        others = [each for each in self._of(ctx) if each.id != shipment.id]
        taken = {line.id for each in others for line in each.lines}
        if not taken.isdisjoint(line.id for line in shipment.lines):
            raise AlreadyExistsError("a shipment, or a line, of this id exists", field="id")
        if shipment.number and shipment.number in {each.number for each in others}:
            raise AlreadyExistsError(
                f"there is a shipment {shipment.number} already: change the mask of the numbers",
                code="sales.shipment.number_taken",
                field="number",
            )
        self._outbox.append(ctx, shipment.events)
        self._journal.note_entity("sales.shipment", before, shipment)
        stored = shipment.stored(shipment.version + 1)
        self._shipments[ctx.company_id, shipment.id] = stored
        return stored

    def _require_references(self, ctx: Context, shipment: Shipment) -> None:
        company, tables = ctx.company_id, self._tables
        there = (company, shipment.order_id) in tables.orders
        there = there and (company, shipment.party_id) in tables.parties
        there = there and (company, shipment.warehouse_id) in tables.warehouses
        orders = (each for (owner, _), each in tables.orders.items() if owner == company)
        known = {line.id for each in orders for line in each.lines}
        for line in shipment.lines:
            there = there and line.order_line_id in known
            there = there and (company, line.product_id) in tables.products
        if not there:
            raise NotFoundError("no such order, line of it, customer or warehouse")

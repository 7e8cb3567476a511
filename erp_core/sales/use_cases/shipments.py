"""Sending goods out, noting that they arrived, bringing them back, and reading of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from erp_core.catalog.entities import LineId
from erp_core.identity.entities import Company, StockLeavesAt
from erp_core.inventory.entities import Posting, Reason
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartySnapshot
from erp_core.sales.entities import LotPart, Order, Shipment, ShipmentId, ShipmentSummary
from erp_core.sales.ports import SalesUnitOfWork, ShipmentQuery
from erp_core.sales.use_cases.dispatching import Passage, send_out, take_in
from erp_core.sales.use_cases.shipment_drafts import ShipmentCommand, shipped


@dataclass(frozen=True, kw_only=True)
class ValidateShipment(UseCase[SalesUnitOfWork, ShipmentCommand, Shipment]):
    """Settle a draft: it gets its number, the goods leave, and the order moves on.

    Where the order's goods leave as it is confirmed, or by the invoice, no stock moves.

    Raises:
        NotFoundError: no such shipment.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft, its order is not confirmed, or the customer is archived.
        InsufficientStockError: less is available of some lines.
        InvariantError: more of a line would be shipped than is left, or its stock cannot move.
    """

    permission = "sales.shipment.validate"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: ShipmentCommand) -> Shipment:
        order = uow.orders.lock(ctx, uow.shipments.head(ctx, command.id).order_id)
        shipment = uow.shipments.lock(ctx, command.id).expect(command.version)
        order = shipped(order, shipment.require_validatable().parts)
        party = uow.parties.get(ctx, order.party_id)
        party.require_active()
        company, now = uow.companies.get(ctx), self.clock.now(ctx)
        lots: Mapping[LineId, tuple[LotPart, ...]] = {}
        if order.stock_leaves_at is StockLeavesAt.SHIPMENT:
            departed = send_out(ctx, uow, _passage(ctx, shipment, order, company, now))
            order, lots = order.issue(departed.issued), departed.lots
        uow.orders.save(ctx, order)
        code = party.customer_code or ""
        number = uow.numbering.take(ctx, "sales.shipment", shipment.on, customer_code=code)
        customer = PartySnapshot.of(party)
        settled = shipment.validate(number=number, customer=customer, lots=lots, now=now)
        return uow.shipments.save(ctx, settled)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverShipmentCommand:
    id: ShipmentId
    version: int | None = None
    delivered_at: datetime | None = None  # aware; None: now


@dataclass(frozen=True, kw_only=True)
class DeliverShipment(UseCase[SalesUnitOfWork, DeliverShipmentCommand, Shipment]):
    """Note that the customer has the goods.

    Raises:
        NotFoundError: no such shipment.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not under way.
        InvariantError: the moment is before the goods left, or has not come.
    """

    permission = "sales.shipment.deliver"

    def execute(
        self, ctx: Context, uow: SalesUnitOfWork, command: DeliverShipmentCommand
    ) -> Shipment:
        shipment = uow.shipments.lock(ctx, command.id).expect(command.version)
        now = self.clock.now(ctx)
        return uow.shipments.save(ctx, shipment.deliver(command.delivered_at or now, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelShipmentCommand:
    id: ShipmentId
    version: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelShipment(UseCase[SalesUnitOfWork, CancelShipmentCommand, Shipment]):
    """Call a shipment off: its goods come back, and are kept for the order again.

    They come back at the cost they went out with; the order is where it was before.

    Raises:
        NotFoundError: no such shipment.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not under way.
        InvariantError: goods cannot come back: a product or a warehouse is archived, say.
    """

    permission = "sales.shipment.cancel"

    def execute(
        self, ctx: Context, uow: SalesUnitOfWork, command: CancelShipmentCommand
    ) -> Shipment:
        order = uow.orders.lock(ctx, uow.shipments.head(ctx, command.id).order_id)
        shipment = uow.shipments.lock(ctx, command.id).expect(command.version)
        company, now = uow.companies.get(ctx), self.clock.now(ctx)
        cancelled = shipment.cancel(command.reason, now)
        order = order.unship(shipment.parts)
        if order.stock_leaves_at is StockLeavesAt.SHIPMENT:
            take_in(ctx, uow, _passage(ctx, shipment, order, company, now))
            order = order.unissue(_issued_by(shipment, order))
        uow.orders.save(ctx, order)
        return uow.shipments.save(ctx, cancelled)


@dataclass(frozen=True, kw_only=True)
class GetShipment(UseCase[SalesUnitOfWork, ShipmentId, Shipment]):
    """Read one shipment with its lines.

    Raises:
        NotFoundError: no such shipment.
    """

    permission = "sales.shipment.read"
    read_only = True

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: ShipmentId) -> Shipment:
        return uow.shipments.get(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ListShipments(UseCase[SalesUnitOfWork, ShipmentQuery, Page[ShipmentSummary]]):
    """Read shipments a page at a time, without their lines.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "sales.shipment.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: SalesUnitOfWork, command: ShipmentQuery
    ) -> Page[ShipmentSummary]:
        return uow.shipments.page(ctx, command)


def _issued_by(shipment: Shipment, order: Order) -> Mapping[LineId, Quantity]:
    """Return how much of which line left by a shipment; of goods nobody counts, nothing did."""
    ordered = order.by_id
    issued = (
        (each.line_id, min(each.quantity, ordered[each.line_id].issued)) for each in shipment.parts
    )
    return {key: quantity for key, quantity in issued if quantity > ZERO}


def _passage(
    ctx: Context, shipment: Shipment, order: Order, company: Company, now: datetime
) -> Passage:
    posting = Posting(reason=Reason.SALE, at=now, by=ctx.principal.id, origin=shipment.origin)
    return Passage(shipment=shipment, order=order, posting=posting, today=company.day(now))

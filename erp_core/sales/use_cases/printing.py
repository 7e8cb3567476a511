"""Quotes, orders and delivery notes on paper."""

from __future__ import annotations

from erp_core.documents.entities import CANCELLED, PaperRequest, Printed
from erp_core.documents.ports import Press, kept_or_new, read_stationery
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartyId, PartySnapshot, PaymentTermId
from erp_core.sales.entities import (
    OrderId,
    OrderState,
    Papers,
    QuoteId,
    ShipmentId,
    ShipmentState,
    printed_order,
    printed_quote,
    printed_shipment,
)
from erp_core.sales.ports import SalesUnitOfWork


@dataclass(frozen=True, kw_only=True)
class PrintQuote(UseCase[SalesUnitOfWork, PaperRequest, Printed]):
    """Have a quote as PDF: once it is sent, the same file ever after.

    Raises:
        NotFoundError: no such quote.
        InvariantError: the company's template cannot be set.
        UnavailableError: no process is free to set it, or the file that was kept is gone.
    """

    permission = "sales.quote.read"
    read_only = True

    press: Press

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: PaperRequest) -> Printed:
        quote = uow.quotes.get(ctx, QuoteId(command.id))
        customer = quote.customer or _customer(ctx, uow, quote.party_id)
        stationery = read_stationery(ctx, uow, command, customer.language)
        place = stationery.place("sales.quote", quote.id, quote.number)

        def found() -> Papers:
            return Papers(customer=customer, payment_term=_term(ctx, uow, quote.payment_term_id))

        return kept_or_new(
            ctx, uow, stationery, place, lambda: printed_quote(quote, stationery, found())
        )

    def conclude(self, ctx: Context, result: Printed) -> Printed:
        return self.press.finish(ctx, result, self.unit_of_work)


@dataclass(frozen=True, kw_only=True)
class PrintOrder(UseCase[SalesUnitOfWork, PaperRequest, Printed]):
    """Have an order's confirmation as PDF: once it is confirmed, the same file ever after.

    Raises:
        NotFoundError: no such order.
        InvariantError: the company's template cannot be set.
        UnavailableError: no process is free to set it, or the file that was kept is gone.
    """

    permission = "sales.order.read"
    read_only = True

    press: Press

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: PaperRequest) -> Printed:
        order = uow.orders.get(ctx, OrderId(command.id))
        customer = order.customer or _customer(ctx, uow, order.party_id)
        stationery = read_stationery(ctx, uow, command, customer.language)
        edition = CANCELLED if order.state is OrderState.CANCELLED else ""
        place = stationery.place("sales.order", order.id, order.number, edition)

        def found() -> Papers:
            quote_id = order.quote_id
            return Papers(
                customer=customer,
                payment_term=_term(ctx, uow, order.payment_term_id),
                source="" if quote_id is None else uow.quotes.get(ctx, quote_id).number,
            )

        return kept_or_new(
            ctx, uow, stationery, place, lambda: printed_order(order, stationery, found())
        )

    def conclude(self, ctx: Context, result: Printed) -> Printed:
        return self.press.finish(ctx, result, self.unit_of_work)


@dataclass(frozen=True, kw_only=True)
class PrintShipment(UseCase[SalesUnitOfWork, PaperRequest, Printed]):
    """Have a delivery note as PDF: once it is validated, the same file ever after.

    Raises:
        NotFoundError: no such shipment.
        InvariantError: the company's template cannot be set.
        UnavailableError: no process is free to set it, or the file that was kept is gone.
    """

    permission = "sales.shipment.read"
    read_only = True

    press: Press

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: PaperRequest) -> Printed:
        shipment = uow.shipments.get(ctx, ShipmentId(command.id))
        customer = shipment.customer or _customer(ctx, uow, shipment.party_id)
        stationery = read_stationery(ctx, uow, command, customer.language)
        edition = CANCELLED if shipment.state is ShipmentState.CANCELLED else ""
        place = stationery.place("sales.shipment", shipment.id, shipment.number, edition)

        def found() -> Papers:
            order = uow.orders.get(ctx, shipment.order_id)
            return Papers(customer=customer, source=order.number)

        return kept_or_new(
            ctx, uow, stationery, place, lambda: printed_shipment(shipment, stationery, found())
        )

    def conclude(self, ctx: Context, result: Printed) -> Printed:
        return self.press.finish(ctx, result, self.unit_of_work)


def _customer(ctx: Context, uow: SalesUnitOfWork, party_id: PartyId) -> PartySnapshot:
    return PartySnapshot.of(uow.parties.get(ctx, party_id))


def _term(ctx: Context, uow: SalesUnitOfWork, term_id: PaymentTermId | None) -> str:
    return "" if term_id is None else uow.payment_terms.get(ctx, term_id).name

"""Settling orders, calling them off, and reading them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from erp_core.catalog.entities import LineId
from erp_core.identity.entities import StockLeavesAt
from erp_core.inventory.entities import Posting, Reason
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import PAGE_LIMIT_MAX, Page, PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartySnapshot
from erp_core.sales.entities import (
    CREDIT_OVERRIDE,
    Order,
    OrderId,
    OrderSummary,
    ShipmentSummary,
    require_credit,
)
from erp_core.sales.ports import OrderQuery, SalesUnitOfWork, ShipmentQuery
from erp_core.sales.use_cases.customers import hold_customer, require_same_party, save_customer
from erp_core.sales.use_cases.goods import bring_back, issue, release, reserve
from erp_core.sales.use_cases.order_drafts import OrderCommand, give_back, quote_of


@dataclass(frozen=True, kw_only=True)
class ConfirmOrder(UseCase[SalesUnitOfWork, OrderCommand, Order]):
    """Settle a draft: number, credit, goods. A prospect becomes a customer by it.

    Of each line what there is in its warehouse is reserved, first what expires first; where the
    company's goods leave at the order, all of it is issued. When they leave is settled by it, for
    this order: what the company chooses later is for later orders.

    Raises:
        NotFoundError: no such order.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft, or its customer is archived.
        CreditLimitExceededError: the customer would owe more than he may.
        InsufficientStockError: the goods leave now, and less is available of some lines.
        InvariantError: nothing is on it, or stock of a line cannot move.
    """

    permission = "sales.order.confirm"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: OrderCommand) -> Order:
        head = uow.orders.head(ctx, command.id)
        before, party = hold_customer(ctx, uow, head.party_id)
        order = uow.orders.lock(ctx, command.id).expect(command.version)
        require_same_party(order.party_id, party)
        order.require_confirmable()
        if party.credit_limit is not None and not ctx.principal.may(CREDIT_OVERRIDE):
            used = uow.credit.used(ctx, party.id, party.credit_limit.currency)
            require_credit(party, used, order.totals.total)
        company, now = uow.companies.get(ctx), self.clock.now(ctx)
        issued: Mapping[LineId, Quantity] = {}
        if company.settings.stock_leaves_at is StockLeavesAt.ORDER:
            posting = _posting(ctx, order, Reason.SALE, now)
            issued = issue(ctx, uow, order, posting, company.day(now))
        else:
            reserve(ctx, uow, order, company.day(now))
        party = save_customer(ctx, uow, before, party)
        code = party.customer_code or ""
        number = uow.numbering.take(ctx, "sales.order", order.on, customer_code=code)
        settled = order.confirm(
            number=number,
            customer=PartySnapshot.of(party),
            stock_leaves_at=company.settings.stock_leaves_at,
            now=now,
        )
        return uow.orders.save(ctx, settled.issue(issued))


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelOrderCommand:
    id: OrderId
    version: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CancelOrder(UseCase[SalesUnitOfWork, CancelOrderCommand, Order]):
    """Call a confirmed order off: what was kept for it is free, what left for it comes back.

    Raises:
        NotFoundError: no such order.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not confirmed, or some of it is shipped, invoiced, or gone by an
            invoice.
        InvariantError: goods cannot come back: a product or a warehouse is archived, say.
    """

    permission = "sales.order.cancel"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: CancelOrderCommand) -> Order:
        quote = quote_of(ctx, uow, command.id)
        order = uow.orders.lock(ctx, command.id).expect(command.version)
        now = self.clock.now(ctx)
        cancelled = order.cancel(command.reason, now)
        give_back(ctx, uow, quote, order)
        if order.stock_leaves_at is StockLeavesAt.ORDER:
            bring_back(ctx, uow, order, _posting(ctx, order, Reason.RETURN, now))
        else:
            release(ctx, uow, order)
        return uow.orders.save(ctx, cancelled)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFile:
    """An order and what was shipped of it; of more shipments than fit a page, the first."""

    order: Order
    shipments: tuple[ShipmentSummary, ...]


@dataclass(frozen=True, kw_only=True)
class GetOrder(UseCase[SalesUnitOfWork, OrderId, OrderFile]):
    """Read one order with its lines, and its shipments.

    Raises:
        NotFoundError: no such order.
    """

    permission = "sales.order.read"
    read_only = True

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: OrderId) -> OrderFile:
        order = uow.orders.get(ctx, command)
        query = ShipmentQuery(page=PageRequest(limit=PAGE_LIMIT_MAX), order_id=order.id)
        return OrderFile(order=order, shipments=uow.shipments.page(ctx, query).items)


@dataclass(frozen=True, kw_only=True)
class ListOrders(UseCase[SalesUnitOfWork, OrderQuery, Page[OrderSummary]]):
    """Read orders a page at a time, without their lines.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "sales.order.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: SalesUnitOfWork, command: OrderQuery
    ) -> Page[OrderSummary]:
        return uow.orders.page(ctx, command)


def _posting(ctx: Context, order: Order, reason: Reason, at: datetime) -> Posting:
    return Posting(reason=reason, at=at, by=ctx.principal.id, origin=order.origin)

"""Writing orders, while nothing is settled yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from erp_core.catalog.entities import (
    Discount,
    LineId,
    LineQuestion,
    PriceListId,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_core.sales.entities import Order, OrderChanges, OrderId, OrderLine, Part, Quote
from erp_core.sales.ports import SalesUnitOfWork
from erp_core.sales.use_cases.drafting import (
    DraftChanges,
    Ground,
    SoldLine,
    Written,
    hold_buyer,
    require_buyer,
    require_term,
    rest_of,
    rewritten,
    write,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOrderCommand:
    id: OrderId
    party_id: PartyId
    lines: tuple[SoldLine, ...] = ()
    on: date | None = None  # None: today, in the company's time zone
    currency: str = ""  # empty: the customer's, or the company's
    discount: Discount | None = None  # None: the customer's
    price_list_id: PriceListId | None = None
    payment_term_id: PaymentTermId | None = None  # None: the customer's
    reference: str = ""
    note: str = ""
    deliver_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class AddOrder(UseCase[SalesUnitOfWork, AddOrderCommand, Order]):
    """Write a new order, as a draft; what is left out of a line the catalogue says.

    Raises:
        AlreadyExistsError: its id, or that of a line, is taken.
        NotFoundError: no such customer, product, warehouse or the like, or a product has no price.
        TransitionError: the customer is archived.
        InvariantError: what would come of it is no order; a line is named by its place.
    """

    permission = "sales.order.add"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: AddOrderCommand) -> Order:
        party = hold_buyer(ctx, uow, command.party_id)
        require_term(ctx, uow, command.payment_term_id)
        ground = Ground(company=uow.companies.get(ctx), party=party)
        on = command.on or ground.company.day(self.clock.now(ctx))
        currency = command.currency or party.currency or ground.company.currency
        terms = ground.terms(currency, command.discount)
        question = LineQuestion(
            on=on,
            terms=terms,
            party_id=party.id,
            price_list_id=command.price_list_id,
            price_level=party.price_level,
        )
        written = write(ctx, uow, command.lines, question)
        order = Order(
            id=command.id,
            party_id=party.id,
            on=on,
            terms=terms,
            lines=_lines(written, {}),
            totals=written.document.totals,
            reference=command.reference,
            note=command.note,
            deliver_on=command.deliver_on,
            payment_term_id=command.payment_term_id or party.payment_term_id,
        )
        return uow.orders.add(ctx, order)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOrderCommand:
    id: OrderId
    version: int | None
    changes: DraftChanges


@dataclass(frozen=True, kw_only=True)
class ChangeOrder(UseCase[SalesUnitOfWork, ChangeOrderCommand, Order]):
    """Write a draft anew in part; lines are replaced as a whole.

    A line that keeps its id goes on being what was ordered of its quote, if it was.

    Raises:
        NotFoundError: no such order, customer, product, warehouse or the like.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft any more, or the customer is archived.
        InvariantError: what would come of it is no order; a line is named by its place.
    """

    permission = "sales.order.change"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: ChangeOrderCommand) -> Order:
        quote = quote_of(ctx, uow, command.id)
        before = uow.orders.lock(ctx, command.id).expect(command.version).require_draft()
        after = before.change(_changed(ctx, uow, before, command.changes))
        if quote is not None:
            uow.quotes.save(ctx, _reordered(quote, before, after))
        return uow.orders.save(ctx, after)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCommand:
    """Names an order, and the version of it that the caller has seen (None: any)."""

    id: OrderId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class DeleteOrder(UseCase[SalesUnitOfWork, OrderCommand, Order]):
    """Remove a draft for good; what it had ordered of a quote can be ordered again.

    Raises:
        NotFoundError: no such order.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft any more.
    """

    permission = "sales.order.delete"

    def execute(self, ctx: Context, uow: SalesUnitOfWork, command: OrderCommand) -> Order:
        quote = quote_of(ctx, uow, command.id)
        order = uow.orders.lock(ctx, command.id).expect(command.version).require_draft()
        give_back(ctx, uow, quote, order)
        uow.orders.delete(ctx, order)
        return order


def quote_of(ctx: Context, uow: SalesUnitOfWork, order_id: OrderId) -> Quote | None:
    """Return the quote an order was made of, locked: before the order is.

    Raises:
        NotFoundError: no such order.
    """
    quote_id = uow.orders.head(ctx, order_id).quote_id
    return None if quote_id is None else uow.quotes.lock(ctx, quote_id)


def give_back(ctx: Context, uow: SalesUnitOfWork, quote: Quote | None, order: Order) -> None:
    """Let what *order* took of its *quote* be ordered again."""
    if quote is None:
        return
    parts = _parts(_ordered(order.lines))
    if parts:
        uow.quotes.save(ctx, quote.unorder(parts))


def _changed(
    ctx: Context, uow: SalesUnitOfWork, before: Order, changes: DraftChanges
) -> OrderChanges:
    party_id = changes.get("party_id", before.party_id)
    currency = changes.get("currency", before.terms.currency)
    ensure(
        before.quote_id is None
        or (party_id, currency) == (before.party_id, before.terms.currency),
        "sales.order.of_quote",
        "it was ordered by a quote: its customer and its currency are the quote's",
        field="party_id" if party_id != before.party_id else "currency",
    )
    if "payment_term_id" in changes:
        require_term(ctx, uow, changes["payment_term_id"])
    find = require_buyer if party_id == before.party_id else hold_buyer
    party = find(ctx, uow, party_id)
    ground = Ground(company=uow.companies.get(ctx), party=party)
    written = rewritten(ctx, uow, ground, before, changes)
    after: OrderChanges = {
        **rest_of(changes),
        "party_id": party_id,
        "on": changes.get("on", before.on),
        "terms": written.terms,
        "lines": _lines(written, {line.id: line.quote_line_id for line in before.lines}),
        "totals": written.document.totals,
        "deliver_on": changes.get("until", before.deliver_on),
    }
    return after


def _lines(written: Written, quoted: dict[LineId, LineId | None]) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(
            priced=priced,
            goods=priced.line.id in written.goods,
            warehouse_id=written.warehouses[priced.line.id],
            quote_line_id=quoted.get(priced.line.id),
        )
        for priced in written.document.lines
    )


def _ordered(lines: Iterable[OrderLine]) -> dict[LineId, Quantity]:
    """Return how much is ordered of each line of the quote."""
    found: dict[LineId, Quantity] = {}
    for line in lines:
        if line.quote_line_id is not None and line.quantity > ZERO:
            found[line.quote_line_id] = found.get(line.quote_line_id, ZERO) + line.quantity
    return found


def _parts(quantities: dict[LineId, Quantity]) -> tuple[Part, ...]:
    return tuple(
        Part(line_id=line_id, quantity=quantity)
        for line_id, quantity in quantities.items()
        if quantity > ZERO
    )


def _reordered(quote: Quote, before: Order, after: Order) -> Quote:
    """Return the quote once an order made of it has changed."""
    old, new = _ordered(before.lines), _ordered(after.lines)
    fewer = _parts({key: old[key] - new.get(key, ZERO) for key in old})
    more = _parts({key: new[key] - old.get(key, ZERO) for key in new})
    if fewer:
        quote = quote.unorder(fewer)
    return quote.order(more) if more else quote

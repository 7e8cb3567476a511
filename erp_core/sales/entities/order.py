"""Orders: what a customer has bought, and how far that has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final, Self, TypedDict

from erp_core.catalog.entities import DocumentTerms, DocumentTotals, LineId, PricedDocument
from erp_core.identity.entities import StockLeavesAt
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.money import Money
from erp_core.kernel.page import SortKey, day
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.parties.entities import PartyId, PartySnapshot, PaymentTermId
from erp_core.sales.entities.events import OrderCancelled, OrderConfirmed
from erp_core.sales.entities.ids import OrderId, QuoteId
from erp_core.sales.entities.lines import (
    Invoiced,
    Part,
    each_part,
    require_items,
    require_texts,
    share,
)
from erp_core.sales.entities.order_line import OrderLine
from erp_core.sales.entities.order_states import OPEN_ORDERS, ORDER_LIFECYCLE, OrderState


class OrderChanges(TypedDict, total=False):
    """What of a draft may be changed; what is absent stays. Lines are replaced as a whole."""

    party_id: PartyId
    on: date
    terms: DocumentTerms
    lines: tuple[OrderLine, ...]
    totals: DocumentTotals
    reference: str
    note: str
    deliver_on: date | None
    payment_term_id: PaymentTermId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSummary:
    """An order without its lines, as lists show it."""

    id: OrderId
    version: int
    number: str
    party_id: PartyId
    quote_id: QuoteId | None
    state: OrderState
    invoiced: Invoiced
    on: date
    deliver_on: date | None
    reference: str
    totals: DocumentTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Aggregate):
    """What a customer has bought. Once confirmed, only its progress changes."""

    id: OrderId
    number: str = ""  # given when it is confirmed
    party_id: PartyId
    quote_id: QuoteId | None = None  # what it was made of
    on: date  # in the company's time zone
    terms: DocumentTerms
    lines: tuple[OrderLine, ...] = ()
    totals: DocumentTotals
    reference: str = ""  # what the customer calls it
    note: str = ""  # printed
    deliver_on: date | None = None  # when the customer wants the goods
    payment_term_id: PaymentTermId | None = None
    state: OrderState = OrderState.DRAFT
    customer: PartySnapshot | None = None  # as he was when it was confirmed
    stock_leaves_at: StockLeavesAt | None = None  # by the company's choice as it was confirmed
    confirmed_at: datetime | None = None  # aware, UTC
    cancelled_at: datetime | None = None  # aware, UTC
    reason: str = ""  # why it was cancelled

    def __post_init__(self) -> None:
        require_texts(reference=self.reference, note=self.note, reason=self.reason)
        ensure(
            self.deliver_on is None or self.on <= self.deliver_on,
            "sales.order.deliver_on",
            "nothing is delivered before it is ordered: choose a later day",
            field="deliver_on",
        )
        settled = self.state is not OrderState.DRAFT
        ensure(
            settled == bool(self.number)
            and settled == (self.customer is not None)
            and settled == (self.stock_leaves_at is not None)
            and settled == (self.confirmed_at is not None)
            and (self.state is OrderState.CANCELLED) == (self.cancelled_at is not None),
            "sales.order.settled",
            "confirming gives an order its number, customer and moment, and how its goods leave",
            field="state",
        )
        ensure(
            self.state in OPEN_ORDERS
            or all(each.shipped == each.invoiced == each.issued == ZERO for each in self.lines),
            "sales.order.progress",
            "only what is confirmed is issued, shipped and invoiced",
            field="lines",
        )

    @property
    def origin(self) -> str:
        """What the stock movements of this order name as their cause."""
        return f"sales.order:{self.id}"

    def origins(self) -> Mapping[LineId, str]:
        """Return what the reservations of each line are made for."""
        return {
            line.id: f"{self.origin}/{place}" for place, line in enumerate(self.lines, start=1)
        }

    @property
    def document(self) -> PricedDocument:
        """The lines with their amounts, and what they come to."""
        return PricedDocument(lines=tuple(each.priced for each in self.lines), totals=self.totals)

    @property
    def by_id(self) -> Mapping[LineId, OrderLine]:
        """The lines by their ids."""
        return {line.id: line for line in self.lines}

    @property
    def is_open(self) -> bool:
        """Whether it may be shipped and invoiced."""
        return self.state in OPEN_ORDERS

    @property
    def left_to_ship(self) -> tuple[Part, ...]:
        """What is left to ship, line by line."""
        left = ((line.id, line.left_to_ship) for line in self.lines)
        return tuple(Part(line_id=key, quantity=rest) for key, rest in left if rest > ZERO)

    @property
    def left_to_invoice(self) -> tuple[Part, ...]:
        """What is left to invoice, line by line."""
        left = ((line.id, line.left_to_invoice) for line in self.lines)
        return tuple(Part(line_id=key, quantity=rest) for key, rest in left if rest > ZERO)

    @property
    def to_invoice(self) -> Money:
        """What is agreed and not invoiced, taxes included: it uses the customer's credit."""
        nothing = Money.zero(self.terms.currency)
        if not self.is_open:
            return nothing
        items = (line for line in self.lines if line.line.kind.is_priced)
        open_amounts = (
            share(line.priced.total, line.left_to_invoice, line.line.quantity) for line in items
        )
        return sum(open_amounts, nothing)

    @property
    def invoiced(self) -> Invoiced:
        """How much of it is invoiced."""
        if all(line.invoiced == ZERO for line in self.lines):
            return Invoiced.NONE
        return Invoiced.PARTLY if self.left_to_invoice else Invoiced.FULLY

    @property
    def summary(self) -> OrderSummary:
        """The order without its lines."""
        return OrderSummary(
            id=self.id,
            version=self.version,
            number=self.number,
            party_id=self.party_id,
            quote_id=self.quote_id,
            state=self.state,
            invoiced=self.invoiced,
            on=self.on,
            deliver_on=self.deliver_on,
            reference=self.reference,
            totals=self.totals,
        )

    def require_draft(self) -> Self:
        """Return the order itself, if it may still be changed and deleted.

        Raises:
            TransitionError: it is settled.
        """
        if self.state is not OrderState.DRAFT:
            raise TransitionError(
                f"the order is {self.state}: only a draft is changed or deleted",
                code="sales.order.not_draft",
                state=self.state.value,
            )
        return self

    def change(self, changes: OrderChanges) -> Self:
        """Return the draft with *changes* made.

        Raises:
            TransitionError: it is no draft any more.
            InvariantError: what would come of it is no order.
        """
        return replace(self.require_draft(), **changes)

    def require_confirmable(self) -> None:
        """Raise where the order cannot be confirmed, whatever the customer and the stock.

        Raises:
            TransitionError: it is no draft.
            InvariantError: nothing is on it.
        """
        ORDER_LIFECYCLE.step(self.state, OrderState.CONFIRMED)
        if self.state is not OrderState.DRAFT:  # what is shipped leads back to confirmed as well
            raise TransitionError(
                f"the order is {self.state} already",
                source=self.state,
                target=OrderState.CONFIRMED,
            )
        require_items([line.priced for line in self.lines])

    def confirm(
        self,
        *,
        number: str,
        customer: PartySnapshot,
        stock_leaves_at: StockLeavesAt,
        now: datetime,
    ) -> Self:
        """Settle the order under its *number*; its goods leave as the company chose until now.

        Raises:
            TransitionError: it is no draft.
            InvariantError: nothing is on it.
        """
        self.require_confirmable()
        event = OrderConfirmed(
            occurred_at=now,
            order_id=self.id,
            number=number,
            party_id=self.party_id,
            total=self.totals.total.amount,
            currency=self.terms.currency,
        )
        return replace(
            self,
            state=ORDER_LIFECYCLE.step(self.state, OrderState.CONFIRMED),
            number=number,
            customer=customer,
            stock_leaves_at=stock_leaves_at,
            confirmed_at=now,
            events=(*self.events, event),
        )

    def cancel(self, reason: str, now: datetime) -> Self:
        """Call the order off; what was issued as it was confirmed is not issued any more.

        Raises:
            TransitionError: it is not confirmed, or some of it is shipped, invoiced, or gone by
                an invoice.
        """
        state = ORDER_LIFECYCLE.step(self.state, OrderState.CANCELLED)
        if self.invoiced is not Invoiced.NONE:
            raise TransitionError(
                "some of it is invoiced: give that back by a credit note first",
                code="sales.order.is_invoiced",
            )
        at_once = self.stock_leaves_at is StockLeavesAt.ORDER
        if not at_once and any(line.issued > ZERO for line in self.lines):
            raise TransitionError(
                "goods of it left by an invoice that was credited without them: invoice them"
                " again",
                code="sales.order.is_issued",
            )
        event = OrderCancelled(
            occurred_at=now, order_id=self.id, number=self.number, party_id=self.party_id
        )
        return replace(
            self,
            state=state,
            lines=tuple(replace(line, issued=ZERO) for line in self.lines),
            reason=reason,
            cancelled_at=now,
            events=(*self.events, event),
        )

    def issue(self, quantities: Mapping[LineId, Quantity]) -> Self:
        """Return the order with so much of its lines gone from the stock.

        Raises:
            TransitionError: it is not confirmed.
            NotFoundError: this order has no such line.
            InvariantError: more would be gone than was ordered, or what is no goods.
        """
        return self._counted(quantities, OrderLine.issue)

    def unissue(self, quantities: Mapping[LineId, Quantity]) -> Self:
        """Return the order with so much of its lines back in stock, to leave again.

        Raises:
            TransitionError: it is not confirmed.
            NotFoundError: this order has no such line.
            InvariantError: so much of a line did not leave.
        """
        return self._counted(quantities, OrderLine.unissue)

    def ship(self, parts: Sequence[Part]) -> Self:
        """Return the order with *parts* shipped.

        Raises:
            TransitionError: it is not confirmed.
            NotFoundError: a part is of no line of this order.
            InvariantError: more than is left would be shipped, or what is no goods.
        """
        return self._moved_on(each_part(self._open_lines(), parts, OrderLine.ship))

    def unship(self, parts: Sequence[Part]) -> Self:
        """Return the order with *parts* not shipped after all.

        Raises:
            TransitionError: it is not confirmed.
            NotFoundError: a part is of no line of this order.
            InvariantError: so much of a line was not shipped.
        """
        return self._moved_on(each_part(self._open_lines(), parts, OrderLine.unship))

    def bill(self, parts: Sequence[Part]) -> Self:
        """Return the order with *parts* invoiced.

        Raises:
            TransitionError: it is not confirmed.
            NotFoundError: a part is of no line of this order.
            InvariantError: more than is left would be invoiced.
        """
        return replace(self, lines=each_part(self._open_lines(), parts, OrderLine.bill))

    def unbill(self, parts: Sequence[Part]) -> Self:
        """Return the order with *parts* not invoiced after all.

        Raises:
            TransitionError: it is not confirmed.
            NotFoundError: a part is of no line of this order.
            InvariantError: so much of a line was not invoiced.
        """
        return replace(self, lines=each_part(self._open_lines(), parts, OrderLine.unbill))

    def require_open(self) -> None:
        """Raise TransitionError unless it may be shipped and invoiced."""
        if not self.is_open:
            raise TransitionError(
                f"the order is {self.state}: only what is confirmed is shipped and invoiced",
                code="sales.order.not_open",
                state=self.state.value,
            )

    def _open_lines(self) -> tuple[OrderLine, ...]:
        self.require_open()
        return self.lines

    def _counted(
        self,
        quantities: Mapping[LineId, Quantity],
        step: Callable[[OrderLine, Quantity], OrderLine],
    ) -> Self:
        if not quantities:
            return self
        parts = [Part(line_id=key, quantity=each) for key, each in quantities.items()]
        return replace(self, lines=each_part(self._open_lines(), parts, step))

    def _moved_on(self, lines: tuple[OrderLine, ...]) -> Self:
        """Return the order with these *lines*, in the state that they stand for."""
        state = OrderState.IN_SHIPMENT
        if all(line.shipped == ZERO for line in lines):
            state = OrderState.CONFIRMED
        elif all(line.left_to_ship == ZERO for line in lines):
            state = OrderState.SHIPPED
        return replace(self, lines=lines, state=ORDER_LIFECYCLE.step(self.state, state))


ORDER_SORTS: Final[Mapping[str, SortKey[OrderSummary]]] = {
    "date": SortKey(of=lambda order: order.on, read=day),
    "number": SortKey(of=lambda order: order.number),
}

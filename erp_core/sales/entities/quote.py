"""Quotes: what is offered to a customer, and what he makes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self, TypedDict

from erp_core.catalog.entities import DocumentTerms, DocumentTotals, LineId, PricedDocument
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.page import SortKey, day
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.parties.entities import PartyId, PartySnapshot, PaymentTermId
from erp_core.sales.entities.events import QuoteAccepted
from erp_core.sales.entities.ids import QuoteId
from erp_core.sales.entities.lines import Part, each_part, require_items, require_texts
from erp_core.sales.entities.quote_line import QuoteLine


class QuoteState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    INVOICED = "invoiced"


QUOTE_LIFECYCLE: Final = Lifecycle[QuoteState](
    {
        QuoteState.DRAFT: {QuoteState.SENT},
        QuoteState.SENT: {QuoteState.ACCEPTED, QuoteState.REFUSED, QuoteState.EXPIRED},
        QuoteState.ACCEPTED: {QuoteState.INVOICED},
        QuoteState.REFUSED: set(),
        QuoteState.EXPIRED: set(),
        QuoteState.INVOICED: {QuoteState.ACCEPTED},
    }
)
# A quote whose customer has said yes.
AGREED_QUOTES: Final = frozenset({QuoteState.ACCEPTED, QuoteState.INVOICED})


class QuoteChanges(TypedDict, total=False):
    """What of a draft may be changed; what is absent stays. Lines are replaced as a whole."""

    party_id: PartyId
    on: date
    valid_until: date | None
    terms: DocumentTerms
    lines: tuple[QuoteLine, ...]
    totals: DocumentTotals
    reference: str
    note: str
    payment_term_id: PaymentTermId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteSummary:
    """A quote without its lines, as lists show it."""

    id: QuoteId
    version: int
    number: str
    party_id: PartyId
    state: QuoteState
    on: date
    valid_until: date | None
    reference: str
    totals: DocumentTotals


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Aggregate):
    """What is offered to a customer. Once sent, only his answer and its progress change."""

    id: QuoteId
    number: str = ""  # given when it is sent
    party_id: PartyId
    on: date  # in the company's time zone
    valid_until: date | None = None  # that day included; None: until it is answered
    terms: DocumentTerms
    lines: tuple[QuoteLine, ...] = ()
    totals: DocumentTotals
    reference: str = ""  # what the customer calls it
    note: str = ""  # printed
    payment_term_id: PaymentTermId | None = None
    state: QuoteState = QuoteState.DRAFT
    customer: PartySnapshot | None = None  # as he was when it was sent
    sent_at: datetime | None = None  # aware, UTC
    answered_at: datetime | None = None  # aware, UTC; when it was accepted, refused or expired
    reason: str = ""  # why it was refused

    def __post_init__(self) -> None:
        require_texts(reference=self.reference, note=self.note, reason=self.reason)
        ensure(
            self.valid_until is None or self.on <= self.valid_until,
            "sales.quote.valid_until",
            "a quote is valid for a day at least: choose a later one",
            field="valid_until",
        )
        settled = self.state is not QuoteState.DRAFT
        answered = settled and self.state is not QuoteState.SENT
        ensure(
            settled == bool(self.number)
            and settled == (self.customer is not None)
            and settled == (self.sent_at is not None)
            and answered == (self.answered_at is not None),
            "sales.quote.settled",
            "sending gives a quote its number, its customer and its moment",
            field="state",
        )
        ensure(
            self.state in AGREED_QUOTES
            or all(each.ordered == ZERO == each.billed for each in self.lines),
            "sales.quote.progress",
            "only what was accepted is ordered and invoiced",
            field="lines",
        )

    @property
    def document(self) -> PricedDocument:
        """The lines with their amounts, and what they come to."""
        return PricedDocument(lines=tuple(each.priced for each in self.lines), totals=self.totals)

    @property
    def by_id(self) -> Mapping[LineId, QuoteLine]:
        """The lines by their ids."""
        return {line.id: line for line in self.lines}

    @property
    def left(self) -> tuple[Part, ...]:
        """What may still be ordered, or invoiced without an order, line by line."""
        left = ((line.id, line.left) for line in self.lines)
        return tuple(Part(line_id=key, quantity=rest) for key, rest in left if rest > ZERO)

    @property
    def summary(self) -> QuoteSummary:
        """The quote without its lines."""
        return QuoteSummary(
            id=self.id,
            version=self.version,
            number=self.number,
            party_id=self.party_id,
            state=self.state,
            on=self.on,
            valid_until=self.valid_until,
            reference=self.reference,
            totals=self.totals,
        )

    def require_draft(self) -> Self:
        """Return the quote itself, if it may still be changed and deleted.

        Raises:
            TransitionError: it was sent.
        """
        if self.state is not QuoteState.DRAFT:
            raise TransitionError(
                f"the quote is {self.state}: only a draft is changed or deleted",
                code="sales.quote.not_draft",
                state=self.state.value,
            )
        return self

    def change(self, changes: QuoteChanges) -> Self:
        """Return the draft with *changes* made.

        Raises:
            TransitionError: it is no draft any more.
            InvariantError: what would come of it is no quote.
        """
        return replace(self.require_draft(), **changes)

    def require_sendable(self) -> None:
        """Raise where the quote cannot be sent, whatever the customer.

        Raises:
            TransitionError: it is no draft.
            InvariantError: nothing is on it.
        """
        QUOTE_LIFECYCLE.step(self.state, QuoteState.SENT)
        require_items([line.priced for line in self.lines])

    def send(self, *, number: str, customer: PartySnapshot, now: datetime) -> Self:
        """Settle the quote under its *number*: from now on it is the customer's turn.

        Raises:
            TransitionError: it is no draft.
            InvariantError: nothing is on it.
        """
        self.require_sendable()
        state = QUOTE_LIFECYCLE.step(self.state, QuoteState.SENT)
        return replace(self, state=state, number=number, customer=customer, sent_at=now)

    def accept(self, *, today: date, now: datetime) -> Self:
        """Note that the customer said yes.

        Raises:
            TransitionError: it was not sent, or was answered before, or is valid no more.
        """
        state = QUOTE_LIFECYCLE.step(self.state, QuoteState.ACCEPTED)
        if self.state is not QuoteState.SENT:  # what is invoiced leads back to accepted as well
            raise TransitionError(
                f"the quote is {self.state} already", source=self.state, target=state
            )
        if self.is_over(today):
            raise TransitionError(
                f"it was valid until {self.valid_until}: make a new quote",
                code="sales.quote.is_over",
                valid_until=self.valid_until,
            )
        event = QuoteAccepted(
            occurred_at=now,
            quote_id=self.id,
            number=self.number,
            party_id=self.party_id,
            total=self.totals.total.amount,
            currency=self.terms.currency,
        )
        return replace(self, state=state, answered_at=now, events=(*self.events, event))

    def refuse(self, reason: str, now: datetime) -> Self:
        """Note that the customer said no.

        Raises:
            TransitionError: it was not sent, or was answered before.
        """
        state = QUOTE_LIFECYCLE.step(self.state, QuoteState.REFUSED)
        return replace(self, state=state, answered_at=now, reason=reason)

    def is_over(self, today: date) -> bool:
        """Say whether the last day on which it may be accepted has passed."""
        return self.valid_until is not None and self.valid_until < today

    def expire(self, *, today: date, now: datetime) -> Self:
        """Note that the customer said nothing in time.

        Raises:
            TransitionError: it was not sent, or was answered, or is still valid.
        """
        state = QUOTE_LIFECYCLE.step(self.state, QuoteState.EXPIRED)
        if not self.is_over(today):
            raise TransitionError("it is still valid", code="sales.quote.still_valid")
        return replace(self, state=state, answered_at=now)

    def order(self, parts: Sequence[Part]) -> Self:
        """Return the quote with *parts* ordered.

        Raises:
            TransitionError: it was not accepted.
            NotFoundError: a part is of no line of this quote.
            InvariantError: more than is left would be ordered.
        """
        return self._with(parts, QuoteLine.order)

    def unorder(self, parts: Sequence[Part]) -> Self:
        """Return the quote with *parts* not ordered after all.

        Raises:
            TransitionError: it was not accepted.
            NotFoundError: a part is of no line of this quote.
            InvariantError: so much of a line was not ordered, or it is invoiced.
        """
        return self._with(parts, QuoteLine.unorder)

    def bill(self, parts: Sequence[Part]) -> Self:
        """Return the quote with *parts* invoiced without an order.

        Raises:
            TransitionError: it was not accepted.
            NotFoundError: a part is of no line of this quote.
            InvariantError: more than is left would be invoiced.
        """
        return self._with(parts, QuoteLine.bill)

    def unbill(self, parts: Sequence[Part]) -> Self:
        """Return the quote with *parts* not invoiced after all.

        Raises:
            TransitionError: it was not accepted.
            NotFoundError: a part is of no line of this quote.
            InvariantError: so much of a line was not invoiced without an order.
        """
        return self._with(parts, QuoteLine.unbill)

    def bill_ordered(self, parts: Sequence[Part]) -> Self:
        """Return the quote with *parts* of what was ordered invoiced.

        Raises:
            TransitionError: it was not accepted.
            NotFoundError: a part is of no line of this quote.
            InvariantError: so much of a line is not ordered and left to invoice.
        """
        return self._with(parts, QuoteLine.bill_ordered)

    def unbill_ordered(self, parts: Sequence[Part]) -> Self:
        """Return the quote with *parts* of what was ordered not invoiced after all.

        Raises:
            TransitionError: it was not accepted.
            NotFoundError: a part is of no line of this quote.
            InvariantError: so much of what was ordered was not invoiced.
        """
        return self._with(parts, QuoteLine.unbill_ordered)

    def require_accepted(self) -> None:
        """Raise TransitionError unless the customer has said yes."""
        if self.state not in AGREED_QUOTES:
            raise TransitionError(
                f"the quote is {self.state}: only what was accepted is ordered and invoiced",
                code="sales.quote.not_accepted",
                state=self.state.value,
            )

    def _with(
        self, parts: Sequence[Part], step: Callable[[QuoteLine, Quantity], QuoteLine]
    ) -> Self:
        """Return the quote with *step* made on the lines of *parts*, and in the state they say."""
        self.require_accepted()
        lines = each_part(self.lines, parts, step)
        whole = all(line.invoiced == line.quantity for line in lines)
        state = QuoteState.INVOICED if whole else QuoteState.ACCEPTED
        if state is not self.state:
            state = QUOTE_LIFECYCLE.step(self.state, state)
        return replace(self, lines=lines, state=state)


QUOTE_SORTS: Final[Mapping[str, SortKey[QuoteSummary]]] = {
    "date": SortKey(of=lambda quote: quote.on, read=day),
    "number": SortKey(of=lambda quote: quote.number),
}

"""The invoice: lines and amounts, frozen once it is validated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime
from typing import Final, Self, TypedDict

from erp_core.catalog.entities import (
    DocumentTerms,
    DocumentTotals,
    LineId,
    PricedDocument,
    TaxTotal,
    require_lines,
    tax_totals,
)
from erp_core.invoicing.entities.balance import Balance, DueDate
from erp_core.invoicing.entities.events import InvoiceAbandoned, InvoicePaid, InvoiceValidated
from erp_core.invoicing.entities.invoice_line import InvoiceLine
from erp_core.invoicing.entities.receivable import Receivable
from erp_core.invoicing.entities.states import (
    INVOICE_LIFECYCLE,
    InvoiceId,
    InvoiceState,
    InvoiceType,
)
from erp_core.invoicing.entities.summary import InvoiceSummary, Links
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Event
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.text import require_text
from erp_core.parties.entities import PartyId, PartySnapshot, PaymentTermId

DEPOSITS_MAX: Final = 50
REFERENCE_LENGTH_MAX: Final = 100
NOTE_LENGTH_MAX: Final = 2000
REASON_LENGTH_MAX: Final = 500


class InvoiceChanges(TypedDict, total=False):
    """What of a draft may be changed, its lines apart; what is absent stays."""

    invoiced_on: date
    payment_term_id: PaymentTermId | None
    reference: str
    note: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Aggregate):
    """A claim on a customer; of type credit note, his claim on the company."""

    id: InvoiceId
    type: InvoiceType = InvoiceType.STANDARD
    state: InvoiceState = InvoiceState.DRAFT
    number: str = ""  # a draft has none
    party_id: PartyId
    party: PartySnapshot | None = None  # as it was at validation
    invoiced_on: date  # in the company's time zone
    terms: DocumentTerms
    payment_term_id: PaymentTermId | None = None  # None: due at once
    reference: str = ""  # what the customer calls his order
    note: str = ""  # printed
    reason: str = ""  # why it credits or replaces
    links: Links = field(default_factory=Links)
    reopens_order: bool = False  # of a credit note: what it credits may be billed again
    lines: tuple[InvoiceLine, ...] = ()
    totals: DocumentTotals
    balance: Balance
    credited: Money  # by validated credit notes, of the total
    validated_at: datetime | None = None  # aware, UTC
    abandoned_because: str = ""
    abandoned_at: datetime | None = None  # aware, UTC

    def __post_init__(self) -> None:
        require_lines([each.line for each in self.lines])
        self._require_texts()
        ensure(
            (self.state is InvoiceState.DRAFT) == (not self.number)
            and (self.state is InvoiceState.DRAFT) == (self.validated_at is None),
            "invoicing.invoice.number",
            "a draft has no number, and what is validated has one",
            field="number",
        )
        ensure(
            (self.type is InvoiceType.CREDIT_NOTE) == (self.links.credits_id is not None)
            and (self.type is InvoiceType.REPLACEMENT) == (self.links.replaces_id is not None),
            "invoicing.invoice.links",
            "a credit note says which invoice it credits, a replacement which it replaces, and "
            "no other does",
            field="type",
        )
        self._require_deposits()
        ensure(
            self.credited <= self.totals.total or not self.credited.amount,
            "invoicing.credit_note.total",
            f"the invoice comes to {self.totals.total}: no more than that is credited",
            field="lines",
            total=self.totals.total,
            credited=self.credited,
        )

    def _require_texts(self) -> None:
        require_text(
            self.reference,
            "invoicing.invoice.reference",
            longest=REFERENCE_LENGTH_MAX,
            field="reference",
        )
        require_text(self.note, "invoicing.invoice.note", longest=NOTE_LENGTH_MAX, field="note")
        for reason in (self.reason, self.abandoned_because):
            require_text(
                reason, "invoicing.invoice.reason", longest=REASON_LENGTH_MAX, field="reason"
            )

    def _require_deposits(self) -> None:
        deposits = self.links.deposit_ids
        ensure(
            not deposits or self.type.is_final,
            "invoicing.deposit.final",
            "deposits are deducted from standard invoices and replacements alone",
            field="deposit_ids",
        )
        ensure(
            len(deposits) <= DEPOSITS_MAX and len(set(deposits)) == len(deposits),
            "invoicing.deposit.many",
            f"at most {DEPOSITS_MAX} deposits, each of them once",
            field="deposit_ids",
        )

    @property
    def currency(self) -> str:
        """The currency of all its amounts (ISO 4217)."""
        return self.terms.currency

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """Every tax of the invoice, at each of its rates."""
        return tax_totals([each.priced for each in self.lines])

    @property
    def by_id(self) -> Mapping[LineId, InvoiceLine]:
        """The lines by their ids."""
        return {each.id: each for each in self.lines}

    @property
    def receivable(self) -> Receivable:
        """The invoice without its lines: what settles it works on that, once it is stored."""
        return Receivable(
            id=self.id,
            version=self.version,
            type=self.type,
            state=self.state,
            number=self.number,
            party_id=self.party_id,
            invoiced_on=self.invoiced_on,
            balance=self.balance,
        )

    def settled_as(self, receivable: Receivable) -> Self:
        """Return the invoice as the stored *receivable*, which is its own, says it is."""
        return replace(
            self,
            version=receivable.version,
            state=receivable.state,
            balance=receivable.balance,
        )

    @property
    def summary(self) -> InvoiceSummary:
        """The invoice without its lines, as lists show it."""
        return InvoiceSummary(
            id=self.id,
            version=self.version,
            type=self.type,
            state=self.state,
            number=self.number,
            party_id=self.party_id,
            invoiced_on=self.invoiced_on,
            reference=self.reference,
            totals=self.totals,
            settled=self.balance.settled,
            next_due_on=self.receivable.next_due_on,
            links=self.links,
        )

    def require_draft(self) -> Self:
        """Return it, if it is a draft.

        Raises:
            TransitionError: it is validated: corrections are new documents.
        """
        if self.state is not InvoiceState.DRAFT:
            raise TransitionError(
                f"it is {self.state}: only a draft can be changed or deleted",
                code="invoicing.invoice.frozen",
                state=self.state.value,
            )
        return self

    def change(self, changes: InvoiceChanges) -> Self:
        """Return the draft with *changes* made.

        Raises:
            TransitionError: it is no draft.
            InvariantError: what would come of it is no invoice.
        """
        self.require_draft()
        return replace(self, **changes)

    def with_deposits(self, deposit_ids: tuple[InvoiceId, ...]) -> Self:
        """Return the draft with these deposits to be deducted.

        Raises:
            TransitionError: it is no draft.
            InvariantError: too many of them, or it is no final invoice.
        """
        self.require_draft()
        return replace(self, links=replace(self.links, deposit_ids=deposit_ids))

    def with_lines(
        self, terms: DocumentTerms, lines: Sequence[InvoiceLine], totals: DocumentTotals
    ) -> Self:
        """Return the draft with other lines, priced under *terms*.

        Raises:
            TransitionError: it is no draft.
            InvariantError: too many lines, or one of them twice.
        """
        self.require_draft()
        return replace(
            self,
            terms=terms,
            lines=tuple(lines),
            totals=totals,
            balance=Balance.of(totals.payable),
            credited=Money.zero(terms.currency),
        )

    def with_issued(self, issued: Mapping[LineId, Quantity]) -> Self:
        """Return the invoice with so much of its lines counted as taken off the shelves."""
        if not issued:
            return self
        lines = tuple(replace(each, issued=issued.get(each.id, ZERO)) for each in self.lines)
        return replace(self, lines=lines)

    def require_issuable(self) -> Self:
        """Return it, if it is a draft that has something to say.

        Raises:
            TransitionError: it is no draft.
            InvariantError: it has no line, or the customer would be paid by it.
        """
        if self.state is not InvoiceState.DRAFT:  # of what is paid an arrow leads back, too
            raise TransitionError(
                f"{self.state} cannot become {InvoiceState.VALIDATED} again",
                source=self.state,
                target=InvoiceState.VALIDATED,
            )
        ensure(
            any(each.line.kind.is_priced for each in self.lines),
            "invoicing.invoice.empty",
            "an invoice has at least one line that is billed: add one",
            field="lines",
        )
        ensure(
            self.totals.total.amount >= 0 and self.totals.payable.amount >= 0,
            "invoicing.invoice.negative",
            f"it comes to {self.totals.total}: an invoice is zero or more; give back by a credit "
            "note",
            field="lines",
            total=self.totals.total,
        )
        return self

    def validate(
        self, number: str, party: PartySnapshot, due_dates: Sequence[DueDate], at: datetime
    ) -> Self:
        """Return the invoice with its number, for good; one that comes to nothing is paid.

        Raises:
            TransitionError: it is no draft.
            InvariantError: it has no line, or comes to less than nothing.
        """
        self.require_issuable()
        state = INVOICE_LIFECYCLE.step(self.state, InvoiceState.VALIDATED)
        told: tuple[Event, ...] = (
            InvoiceValidated(
                occurred_at=at,
                invoice_id=self.id,
                type=self.type.value,
                number=number,
                party_id=self.party_id,
                date=self.invoiced_on,
                total=self.totals.total.amount,
                currency=self.currency,
            ),
        )
        if not self.totals.payable.amount:
            state = INVOICE_LIFECYCLE.step(state, InvoiceState.PAID)
            told += (
                InvoicePaid(
                    occurred_at=at, invoice_id=self.id, number=number, party_id=self.party_id
                ),
            )
        return replace(
            self,
            state=state,
            number=number,
            party=party,
            balance=Balance.of(self.totals.payable, due_dates),
            validated_at=at,
            events=(*self.events, *told),
        )

    def abandon(self, reason: str, at: datetime) -> Self:
        """Return the invoice given up: nothing of it will be paid.

        Raises:
            TransitionError: it is not validated, or something of it is settled.
            InvariantError: no reason is given, or it is a credit note.
        """
        state = INVOICE_LIFECYCLE.step(self.state, InvoiceState.ABANDONED)
        ensure(
            not self.type.is_credit,
            "invoicing.credit_note.abandon",
            "a credit note is the customer's own: apply it, or refund it",
        )
        ensure(
            bool(reason.strip()),
            "invoicing.abandon.reason",
            "say why it will not be paid",
            field="reason",
        )
        if self.balance.settled.amount or self.credited.amount:
            raise TransitionError(
                f"{self.balance.settled} of it is settled: reverse that, or credit the rest",
                code="invoicing.invoice.settled",
                settled=f"{self.balance.settled.amount:f}",
            )
        given_up = InvoiceAbandoned(
            occurred_at=at,
            invoice_id=self.id,
            number=self.number,
            party_id=self.party_id,
            reason=reason,
        )
        return replace(
            self,
            state=state,
            abandoned_because=reason,
            abandoned_at=at,
            events=(*self.events, given_up),
        )

    def require_replaceable(self) -> Self:
        """Return it, if another may take its place.

        Raises:
            TransitionError: it is not validated, it bills nothing that was delivered, or
                something of it is settled or credited.
        """
        untouched = not self.balance.settled.amount and not self.credited.amount
        if self.state is not InvoiceState.VALIDATED or not self.type.is_final or not untouched:
            raise TransitionError(
                "only an invoice that is validated, and of which nothing is paid or credited, is "
                "replaced: credit this one instead",
                code="invoicing.replacement.invoice",
                state=self.state.value,
            )
        return self

    def priced(self) -> PricedDocument:
        """Return its lines and totals as one priced document."""
        return PricedDocument(lines=tuple(each.priced for each in self.lines), totals=self.totals)

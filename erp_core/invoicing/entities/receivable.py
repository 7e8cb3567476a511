"""An invoice without its lines: who owes what, and every step that settles it."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import date, datetime
from typing import Self
from uuid import UUID

from erp_core.invoicing.entities.balance import Balance
from erp_core.invoicing.entities.events import InvoicePaid, InvoiceReopened
from erp_core.invoicing.entities.settlement import Settlement, SettlementSource
from erp_core.invoicing.entities.states import (
    INVOICE_LIFECYCLE,
    InvoiceId,
    InvoiceState,
    InvoiceType,
)
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import InvariantError, TransitionError, ensure
from erp_core.kernel.money import Money, require_same_currency
from erp_core.parties.entities import PartyId


class ExceedsOpenError(InvariantError):
    """More was to be settled than is open. Read the invoice again, and settle no more than that.

    ``details`` name the invoice and its open amount.
    """

    default_code = "invoicing.exceeds_open"

    def __init__(self, owed: Receivable, wanted: Money) -> None:
        super().__init__(
            f"{wanted} to settle, and {owed.open_amount} of {owed.number} is open",
            field="amount",
            invoice_id=owed.id,
            number=owed.number,
            wanted=f"{wanted.amount:f}",
            open_amount=f"{owed.open_amount.amount:f}",
            currency=owed.currency,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Receivable(Aggregate):
    """What is owed on one validated invoice; of a credit note, what the company owes.

    It shares row and version with the invoice itself. Each step carries its settlement along until
    ``save`` writes both, so that no open amount changes without a reason.
    """

    id: InvoiceId
    type: InvoiceType
    state: InvoiceState
    number: str
    party_id: PartyId
    invoiced_on: date
    balance: Balance
    settlements: tuple[Settlement, ...] = field(default=(), compare=False)  # to be written

    def __post_init__(self) -> None:
        ensure(
            self.state is not InvoiceState.PAID or not self.balance.open_amount.amount,
            "invoicing.invoice.paid",
            f"{self.balance.open_amount} is open: it is not paid",
        )

    @property
    def currency(self) -> str:
        """The currency it is written in (ISO 4217)."""
        return self.balance.payable.currency

    @property
    def open_amount(self) -> Money:
        """What is open: nothing of a draft, and of what was abandoned."""
        if self.state is InvoiceState.VALIDATED:
            return self.balance.open_amount
        return Money.zero(self.currency)

    @property
    def next_due_on(self) -> date | None:
        """When what is open is due first; None where nothing is, or has no date."""
        return self.balance.next_due_on if self.state is InvoiceState.VALIDATED else None

    def is_overdue(self, today: date) -> bool:
        """Say whether something was due before *today*, and is open."""
        return self.next_due_on is not None and self.next_due_on < today

    def stored(self, version: int) -> Self:
        """As the store now holds it: events told, settlements written, version moved on."""
        return replace(self, version=version, events=(), settlements=())

    def settle(
        self, source: SettlementSource, source_id: UUID, amount: Money, on: date, at: datetime
    ) -> Self:
        """Return it with *amount* less open, and a settlement that says why.

        Raises:
            TransitionError: it is a draft, or was abandoned.
            ExceedsOpenError: less is open.
            InvariantError: nothing to settle, or another currency.
        """
        self._require_owed()
        require_same_currency(self.currency, amount.currency)
        settlement = Settlement(
            invoice_id=self.id,
            source=source,
            source_id=source_id,
            amount=amount,
            settled_on=on,
        )
        if amount > self.open_amount:
            raise ExceedsOpenError(self, amount)
        settlements = (*self.settlements, settlement)
        return replace(self._settled(amount, at), settlements=settlements)

    def unsettle(self, settlement: Settlement, at: datetime) -> Self:
        """Return it with what *settlement* settled open again.

        Raises:
            TransitionError: the settlement was reversed before, or what the deposit was paid is
                deducted from a final invoice.
            InvariantError: it is another invoice's.
        """
        ensure(
            settlement.invoice_id == self.id,
            "invoicing.settlement.other",
            "this settlement is another invoice's",
        )
        gone = settlement.reverse(at)
        if self.type is InvoiceType.DEPOSIT and self.balance.unused < gone.amount:
            raise TransitionError(
                f"{self.balance.used} of the deposit {self.number} is deducted from an invoice: "
                "take it back from there first (POST to the deposit's unapply)",
                code="invoicing.deposit.used",
                number=self.number,
                used=f"{self.balance.used.amount:f}",
            )
        return replace(self._unsettled(gone.amount, at), settlements=(*self.settlements, gone))

    @property
    def gives_as(self) -> SettlementSource | None:
        """What it is to the invoices that it pays; None: its kind pays none."""
        return _GIVING.get(self.type)

    def spare(self) -> Money:
        """Return what it may still give to invoices: of a credit note and a paid deposit alone."""
        if self.type is InvoiceType.CREDIT_NOTE:
            return self.open_amount
        if self.type is InvoiceType.DEPOSIT and self.state is InvoiceState.PAID:
            return self.balance.unused
        return Money.zero(self.currency)

    def apply(
        self, target: Receivable, amount: Money, on: date, at: datetime
    ) -> tuple[Self, Receivable]:
        """Return this credit note or deposit with *amount* given to *target*, and that one.

        Raises:
            TransitionError: one of them is a draft or abandoned, or the deposit is not paid.
            ExceedsOpenError: less is open of one of them.
            InvariantError: its kind gives nothing, or they differ in party or currency.
        """
        ensure(
            self.type in _GIVING and not target.type.is_credit and target.id != self.id,
            "invoicing.apply.kind",
            "a credit note or a paid deposit is applied to an invoice, and to nothing else",
            field="invoice_id",
        )
        ensure(
            self.party_id == target.party_id,
            "invoicing.apply.party",
            f"{self.number} and {target.number} are of two parties: merge them first, if they "
            "are one",
            field="invoice_id",
        )
        self._require_owed()
        if amount > self.spare():
            raise ExceedsOpenError(self, amount)
        settled = target.settle(_GIVING[self.type], self.id, amount, on, at)
        if self.type is InvoiceType.DEPOSIT:
            return replace(self, balance=self.balance.use(amount)), settled
        return self._settled(amount, at), settled

    def unapply(
        self, target: Receivable, given: Settlement, at: datetime
    ) -> tuple[Self, Receivable]:
        """Return this credit note or deposit with what it had *given* to *target*, and that one.

        Raises:
            TransitionError: it was taken back before, or what the *target*, a deposit, was paid
                is deducted from a final invoice.
            InvariantError: it is another's.
        """
        ensure(
            given.source is self.gives_as and given.source_id == self.id,
            "invoicing.settlement.other",
            "this settlement is another invoice's",
        )
        opened = target.unsettle(given, at)
        if self.type is InvoiceType.DEPOSIT:
            return replace(self, balance=self.balance.unuse(given.amount)), opened
        return self._unsettled(given.amount, at), opened

    def withdraw(self, amount: Money) -> Self:
        """Return the deposit with *amount* of it credited, so that no invoice can deduct it.

        Raises:
            InvariantError: so much of it was not paid, or is deducted already.
        """
        return replace(self, balance=self.balance.use(amount))

    def _settled(self, amount: Money, at: datetime) -> Self:
        balance = self.balance.settle(amount)
        if balance.open_amount.amount:
            return replace(self, balance=balance)
        state = INVOICE_LIFECYCLE.step(self.state, InvoiceState.PAID)
        paid = InvoicePaid(
            occurred_at=at, invoice_id=self.id, number=self.number, party_id=self.party_id
        )
        return replace(self, balance=balance, state=state, events=(*self.events, paid))

    def _unsettled(self, amount: Money, at: datetime) -> Self:
        balance = self.balance.unsettle(amount)
        if self.state is not InvoiceState.PAID:
            return replace(self, balance=balance)
        state = INVOICE_LIFECYCLE.step(self.state, InvoiceState.VALIDATED)
        reopened = InvoiceReopened(
            occurred_at=at, invoice_id=self.id, number=self.number, party_id=self.party_id
        )
        return replace(self, balance=balance, state=state, events=(*self.events, reopened))

    def _require_owed(self) -> None:
        if self.state not in (InvoiceState.VALIDATED, InvoiceState.PAID):
            raise TransitionError(
                f"it is {self.state}: only what is validated can be settled",
                code="invoicing.invoice.not_owed",
                state=self.state.value,
            )


_GIVING = {
    InvoiceType.CREDIT_NOTE: SettlementSource.CREDIT_NOTE,
    InvoiceType.DEPOSIT: SettlementSource.DEPOSIT,
}

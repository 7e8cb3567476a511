"""Money that moved, and what it was for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.invoicing.entities import Receivable, SettlementSource
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import InvariantError, TransitionError, ensure
from erp_core.kernel.money import Money
from erp_core.kernel.page import SortKey, day
from erp_core.kernel.text import require_text
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities.bank_account import BankAccountId
from erp_core.treasury.entities.events import PaymentRecorded, PaymentReversed

PaymentId = NewType("PaymentId", UUID)

PAYMENT_SERIES: Final = "treasury.payment"
METHOD_MAX: Final = 32
PAYMENT_REFERENCE_MAX: Final = 100
PAYMENT_NOTE_MAX: Final = 2000
REVERSAL_REASON_MAX: Final = 500

_METHOD: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)


class Direction(StrEnum):
    IN = "in"  # the party pays the company
    OUT = "out"  # the company pays the party


class PaymentState(StrEnum):
    RECORDED = "recorded"
    REVERSED = "reversed"


PAYMENT_LIFECYCLE: Final = Lifecycle[PaymentState](
    {
        PaymentState.RECORDED: {PaymentState.REVERSED},
        PaymentState.REVERSED: set(),
    }
)


class ExceedsUnallocatedError(InvariantError):
    """More was to be allocated than is left of the payment. Read it again, and take less.

    ``details`` name the payment and what is left of it.
    """

    default_code = "treasury.exceeds_unallocated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment(Aggregate):
    """Money that moved between the company and a party.

    What of it is allocated to which invoice is told by the settlements it has made.
    """

    id: PaymentId
    number: str = ""  # given as it is recorded; unique in the company
    state: PaymentState = PaymentState.RECORDED
    direction: Direction
    party_id: PartyId
    paid_on: date  # in the company's time zone
    method: str  # a word of the company's own: transfer, cash, card, pix
    amount: Money
    allocated: Money
    bank_account_id: BankAccountId | None = None
    reference: str = ""  # what the bank or the party calls it
    note: str = ""
    reconciled_at: datetime | None = None  # when a bank statement confirmed it
    reversed_at: datetime | None = None  # aware, UTC
    reversed_because: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", self.method.strip().lower())
        ensure(
            bool(_METHOD.fullmatch(self.method)),
            "treasury.payment.method",
            f"a method is a word of 1 to {METHOD_MAX} letters, digits, dashes and underscores: "
            "transfer, cash, card, pix",
            field="method",
            longest=METHOD_MAX,
        )
        ensure(
            self.amount.amount > 0,
            "treasury.payment.amount",
            "a payment is more than zero; the direction says who has paid",
            field="amount",
        )
        require_text(
            self.reference,
            "treasury.payment.reference",
            longest=PAYMENT_REFERENCE_MAX,
            field="reference",
        )
        require_text(self.note, "treasury.payment.note", longest=PAYMENT_NOTE_MAX, field="note")
        require_text(
            self.reversed_because,
            "treasury.payment.reason",
            longest=REVERSAL_REASON_MAX,
            field="reason",
        )
        self._require_sums()

    @property
    def currency(self) -> str:
        """The currency it moved in (ISO 4217)."""
        return self.amount.currency

    @property
    def unallocated(self) -> Money:
        """What is left of it, to the party's credit: nothing of what was reversed."""
        if self.state is PaymentState.REVERSED:
            return Money.zero(self.currency)
        return self.amount - self.allocated

    def require_dated(self, today: date) -> None:
        """Raise InvariantError where it would move after *today*, the company's.

        Who enters it may be a time zone ahead of the company: for him tomorrow has begun.
        """
        ensure(
            self.paid_on <= today + timedelta(days=1),
            "treasury.payment.future",
            "money that has moved has moved by today: record the payment when it has",
            field="date",
        )

    def require_standing(self) -> None:
        """Raise TransitionError where it was reversed, and stands for nothing."""
        if self.state is not PaymentState.RECORDED:
            raise TransitionError(
                "the payment was reversed: record it anew",
                code="treasury.payment.reversed",
                state=self.state.value,
            )

    def record(self, number: str, at: datetime) -> Self:
        """Return it under its number, and as news."""
        told = PaymentRecorded(
            occurred_at=at,
            payment_id=self.id,
            number=number,
            direction=self.direction.value,
            party_id=self.party_id,
            date=self.paid_on,
            amount=self.amount.amount,
            currency=self.currency,
        )
        return replace(self, number=number, events=(*self.events, told))

    def allocate(
        self, owed: Receivable, amount: Money, on: date, at: datetime
    ) -> tuple[Self, Receivable]:
        """Return it with *amount* allocated to *owed*, and that one settled by so much.

        Raises:
            TransitionError: it was reversed, or nothing is owed on a draft or what is abandoned.
            ExceedsOpenError: less is open.
            ExceedsUnallocatedError: less is left of the payment.
            InvariantError: they differ in party or currency, or this is no way to pay it.
        """
        self.require_standing()
        self._require_payable(owed)
        if amount > self.unallocated:
            raise ExceedsUnallocatedError(
                f"{amount} to allocate, and {self.unallocated} is left of {self.number}",
                field="amount",
                payment_id=self.id,
                wanted=f"{amount.amount:f}",
                unallocated=f"{self.unallocated.amount:f}",
                currency=self.currency,
            )
        settled = owed.settle(SettlementSource.PAYMENT, self.id, amount, on, at)
        return replace(self, allocated=self.allocated + amount), settled

    def reverse(self, reason: str, at: datetime) -> Self:
        """Return it as one that did not take place; what it had settled is to be opened again.

        Raises:
            TransitionError: it was reversed before, or a bank statement has confirmed it.
        """
        self.require_standing()
        if self.reconciled_at is not None:
            raise TransitionError(
                "a bank statement has confirmed it: take it out of the reconciliation first",
                code="treasury.payment.reconciled",
                reconciled_at=self.reconciled_at.isoformat(),
            )
        told = PaymentReversed(
            occurred_at=at,
            payment_id=self.id,
            number=self.number,
            direction=self.direction.value,
            party_id=self.party_id,
            amount=self.amount.amount,
            currency=self.currency,
            reason=reason,
        )
        return replace(
            self,
            state=PAYMENT_LIFECYCLE.step(self.state, PaymentState.REVERSED),
            allocated=Money.zero(self.currency),
            reversed_at=at,
            reversed_because=reason,
            events=(*self.events, told),
        )

    def _require_payable(self, owed: Receivable) -> None:
        ensure(
            owed.party_id == self.party_id,
            "treasury.allocation.party",
            f"{owed.number} is another party's: a payment settles what its own party owes",
            field="invoice_id",
        )
        ensure(
            owed.type.is_credit == (self.direction is Direction.OUT),
            "treasury.allocation.direction",
            "what comes in pays invoices, and what goes out refunds credit notes",
            field="invoice_id",
        )
        ensure(
            owed.currency == self.currency,
            "treasury.allocation.currency",
            f"{owed.number} is in {owed.currency}, and the payment in {self.currency}: record "
            f"what was paid in {owed.currency}",
            field="invoice_id",
            currency=owed.currency,
        )

    def _require_sums(self) -> None:
        zero, is_reversed = Money.zero(self.currency), self.state is PaymentState.REVERSED
        ensure(
            zero <= self.allocated <= self.amount and not (is_reversed and self.allocated != zero),
            "treasury.payment.allocated",
            "of a payment no more is allocated than it brought, and nothing of a reversed one",
            allocated=self.allocated,
            amount=self.amount,
        )
        ensure(
            is_reversed == (self.reversed_at is not None)
            and (bool(self.number) or not self.version),
            "treasury.payment.settled",
            "recording gives a payment its number, and reversing its moment",
        )


PAYMENT_SORTS: Final[Mapping[str, SortKey[Payment]]] = {
    "date": SortKey(of=lambda payment: payment.paid_on, read=day),
    "number": SortKey(of=lambda payment: payment.number),
}

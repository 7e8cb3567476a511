"""What an invoice comes to, when it is due, and how much of it is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Self

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDate:
    """One instalment: so much, until then."""

    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDueDate:
    """An instalment, with what is open of it."""

    due_on: date
    amount: Money
    open_amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is payable, in which instalments, and what of it is settled.

    Whatever settles an invoice pays what is due first.
    """

    payable: Money
    settled: Money
    due_dates: tuple[DueDate, ...] = ()  # in order of time; of a draft and a credit note none
    used: Money  # of a deposit: what final invoices have deducted

    def __post_init__(self) -> None:
        zero = Money.zero(self.payable.currency)
        ensure(
            zero <= self.settled <= self.payable or self.settled == zero,
            "invoicing.balance.settled",
            f"{self.payable} is payable: no more than that can be settled",
            settled=self.settled,
            payable=self.payable,
        )
        ensure(
            zero <= self.used <= self.settled,
            "invoicing.balance.used",
            f"{self.settled} of the deposit is paid: no more than that can be deducted",
            used=self.used,
            settled=self.settled,
        )
        due = sum((each.amount for each in self.due_dates), zero)
        ensure(
            not self.due_dates or due == self.payable,
            "invoicing.balance.due_dates",
            f"the instalments come to {due}, and not to {self.payable}",
            field="due_dates",
        )

    @classmethod
    def of(cls, payable: Money, due_dates: Sequence[DueDate] = ()) -> Self:
        """Return the balance of what nothing was paid of yet."""
        zero = Money.zero(payable.currency)
        in_time = sorted(due_dates, key=lambda each: each.due_on)
        return cls(payable=payable, settled=zero, used=zero, due_dates=tuple(in_time))

    @property
    def open_amount(self) -> Money:
        """What is payable and not settled."""
        return self.payable - self.settled

    @property
    def unused(self) -> Money:
        """What of a deposit was paid, and not deducted from any invoice."""
        return self.settled - self.used

    @property
    def open_due_dates(self) -> tuple[OpenDueDate, ...]:
        """The instalments, with what is open of each."""
        left, found = self.settled, []
        for each in self.due_dates:
            paid = min(left, each.amount)
            left -= paid
            found.append(
                OpenDueDate(due_on=each.due_on, amount=each.amount, open_amount=each.amount - paid)
            )
        return tuple(found)

    @property
    def next_due_on(self) -> date | None:
        """When the first instalment that is not wholly settled is due; None: none is open."""
        return next((each.due_on for each in self.open_due_dates if each.open_amount.amount), None)

    def settle(self, amount: Money) -> Self:
        """Return the balance with *amount* less open."""
        return replace(self, settled=self.settled + amount)

    def unsettle(self, amount: Money) -> Self:
        """Return the balance with *amount* open again."""
        return replace(self, settled=self.settled - amount)

    def use(self, amount: Money) -> Self:
        """Return the balance of a deposit of which *amount* more was deducted."""
        return replace(self, used=self.used + amount)

    def unuse(self, amount: Money) -> Self:
        """Return the balance of a deposit of which *amount* is free to be deducted again."""
        return replace(self, used=self.used - amount)

"""What a payment is for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from erp_core.invoicing.entities import InvoiceId, Receivable, Settlement
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import at, ensure
from erp_core.kernel.money import Money
from erp_core.treasury.entities.payment import Direction, Payment

ALLOCATIONS_AT_ONCE_MAX: Final = 200
ALLOCATIONS_MAX: Final = 1000  # of one payment that stand at one time


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRequest:
    """So much of a payment is for that invoice."""

    invoice_id: InvoiceId
    amount: Decimal  # major units
    currency: str = ""  # the payment's, which is the only one there can be


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocated:
    """A payment, and what it was allocated to, settled by so much."""

    payment: Payment
    receivables: tuple[Receivable, ...] = ()  # in the order of the allocations

    @property
    def settlements(self) -> tuple[Settlement, ...]:
        """What was settled, in the order of the allocations."""
        return tuple(one for each in self.receivables for one in each.settlements)

    def give(self, owed: Receivable, amount: Money, on: date, now: datetime) -> Allocated:
        """Return it with *amount* allocated to one more; raise as ``Payment.allocate`` does."""
        payment, settled = self.payment.allocate(owed, amount, on, now)
        return Allocated(payment=payment, receivables=(*self.receivables, settled))


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a payment is for: named invoices, what is due first, or nothing yet."""

    requests: tuple[AllocationRequest, ...] = ()
    oldest: bool = False  # what its party owes, what is due first first, as far as it goes

    def __post_init__(self) -> None:
        ensure(
            len(self.requests) <= ALLOCATIONS_AT_ONCE_MAX,
            "treasury.allocation.many",
            f"at most {ALLOCATIONS_AT_ONCE_MAX} invoices at once: allocate the rest afterwards",
            field="allocations",
            most=ALLOCATIONS_AT_ONCE_MAX,
        )
        ensure(
            not (self.oldest and self.requests),
            "treasury.allocation.both",
            "name the invoices, or have the oldest found: not both",
            field="allocate",
        )
        named: set[InvoiceId] = set()
        for index, each in enumerate(self.requests):
            ensure(
                each.invoice_id not in named,
                "treasury.allocation.twice",
                "this invoice is named twice: give one amount for it",
                field=f"allocations/{index}/invoice_id",
            )
            named.add(each.invoice_id)

    @property
    def invoice_ids(self) -> tuple[InvoiceId, ...]:
        """The invoices that are named."""
        return tuple(each.invoice_id for each in self.requests)

    def require_oldest_known(self, payment: Payment) -> None:
        """Raise InvariantError where what is due first is asked for, and nothing is ever due."""
        ensure(
            not self.oldest or payment.direction is Direction.IN,
            "treasury.allocation.oldest",
            "credit notes are never due: name those that are refunded",
            field="allocate",
        )

    def allocate(
        self, payment: Payment, owed: Sequence[Receivable], on: date, now: datetime
    ) -> Allocated:
        """Allocate *payment* to *owed*: what was named, in that order, or what was found oldest.

        Of the oldest, what has been settled meanwhile or is another party's now is passed over.

        Raises:
            ErpError: as ``Payment.allocate`` does, at the allocation that cannot be.
        """
        payment.require_standing()
        if self.oldest:
            return _spread(payment, owed, on, now)
        done = Allocated(payment=payment)
        for index, (one, amount) in enumerate(zip(owed, self._amounts(payment), strict=True)):
            with at(f"allocations/{index}"):
                done = done.give(one, amount, on, now)
        return done

    def _amounts(self, payment: Payment) -> tuple[Money, ...]:
        amounts = []
        for index, each in enumerate(self.requests):
            with at(f"allocations/{index}"):
                amounts.append(_amount(payment, each))
        total = sum(amounts, Money.zero(payment.currency))
        # Of one that stands already it is what is left that counts.
        ensure(
            bool(payment.number) or total <= payment.amount,
            "treasury.payment.allocations",
            f"the allocations come to {total}, and the payment to {payment.amount}",
            field="allocations",
            total=total,
            amount=payment.amount,
        )
        return tuple(amounts)


CREDIT: Final = Purpose()  # nothing yet: all of it is the party's credit


def require_room(allocations: Sequence[Settlement]) -> None:
    """Raise InvariantError where a payment would have more allocations than can be undone."""
    ensure(
        len(allocations) < ALLOCATIONS_MAX,
        "treasury.allocation.full",
        f"a payment has fewer than {ALLOCATIONS_MAX} allocations: record another one",
        field="allocations",
        most=ALLOCATIONS_MAX,
    )


def _spread(payment: Payment, owed: Sequence[Receivable], on: date, now: datetime) -> Allocated:
    done = Allocated(payment=payment)
    for each in owed:
        amount = min(done.payment.unallocated, each.open_amount)
        if amount.amount and each.party_id == payment.party_id:
            done = done.give(each, amount, on, now)
    return done


def _amount(payment: Payment, wanted: AllocationRequest) -> Money:
    currency = wanted.currency or payment.currency
    ensure(
        currency == payment.currency,
        "treasury.allocation.other_currency",
        f"the payment is in {payment.currency}: say what of it is for this invoice",
        field="amount",
        currency=payment.currency,
    )
    with at("amount"):
        amount = Money(wanted.amount, currency)
    ensure(
        amount.amount > 0,
        "treasury.allocation.amount",
        "give an amount greater than zero, or leave the invoice out",
        field="amount",
    )
    return amount

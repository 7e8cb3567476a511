"""Recording payments, allocating what is left of them, and taking them back."""

from __future__ import annotations

from datetime import date

from erp_core.invoicing.entities import Receivable, Settlement, SettlementSource
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, StaleVersionError
from erp_core.kernel.money import Money
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import (
    ALLOCATIONS_AT_ONCE_MAX,
    CREDIT,
    PAYMENT_SERIES,
    BankAccountId,
    Direction,
    Payment,
    PaymentId,
    Purpose,
    require_room,
)
from erp_core.treasury.ports import TreasuryUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSheet:
    """A payment, and what it settles."""

    payment: Payment
    allocations: tuple[Settlement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPaymentCommand:
    id: PaymentId
    party_id: PartyId
    direction: Direction
    amount: Money
    method: str
    paid_on: date | None = None  # None: today
    bank_account_id: BankAccountId | None = None
    reference: str = ""
    note: str = ""
    purpose: Purpose = CREDIT


@dataclass(frozen=True, kw_only=True)
class RecordPayment(UseCase[TreasuryUnitOfWork, RecordPaymentCommand, PaymentSheet]):
    """Record money that has moved, and allocate it; what is left is the party's credit.

    An archived party may pay what it owes, and be paid back. One that was merged into another
    may not: all that it owed is the survivor's.

    Raises:
        AlreadyExistsError: its id is taken.
        NotFoundError: no such party, bank account or invoice.
        TransitionError: the party was merged, or an invoice is a draft or abandoned.
        ExceedsOpenError: less is open of an invoice.
        InvariantError: the amounts, the currencies, the direction or the parties do not agree.
    """

    permission = "treasury.payment.record"

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: RecordPaymentCommand
    ) -> PaymentSheet:
        party = uow.parties.hold(ctx, command.party_id)
        party.require_unmerged()
        now = self.clock.now(ctx)
        today = uow.companies.get(ctx).day(now)
        payment = _blank(ctx, uow, command, today)
        owed = _lock_owed(ctx, uow, payment, command.purpose)
        done = command.purpose.allocate(payment, owed, payment.paid_on, now)
        if done.receivables:
            uow.receivables.save(ctx, done.receivables)
        number = uow.numbering.take(
            ctx, PAYMENT_SERIES, payment.paid_on, customer_code=party.customer_code or ""
        )
        recorded = uow.payments.add(ctx, done.payment.record(number, now))
        return PaymentSheet(payment=recorded, allocations=done.settlements)


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocatePaymentCommand:
    id: PaymentId
    version: int | None = None
    purpose: Purpose = CREDIT


@dataclass(frozen=True, kw_only=True)
class AllocatePayment(UseCase[TreasuryUnitOfWork, AllocatePaymentCommand, PaymentSheet]):
    """Allocate what is left of a payment to what its party owes.

    Raises:
        NotFoundError: no such payment or invoice.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it was reversed, or an invoice is a draft or abandoned.
        ExceedsOpenError: less is open of an invoice.
        ExceedsUnallocatedError: less is left of the payment.
        InvariantError: nothing is named or open, or the currencies or parties do not agree.
    """

    permission = "treasury.payment.allocate"

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: AllocatePaymentCommand
    ) -> PaymentSheet:
        now = self.clock.now(ctx)
        today = uow.companies.get(ctx).day(now)
        seen = uow.payments.get(ctx, command.id)
        owed = _lock_owed(ctx, uow, seen, command.purpose)
        payment = uow.payments.lock(ctx, command.id).expect(command.version)
        done = command.purpose.allocate(payment, owed, today, now)
        if not done.receivables:
            raise InvariantError(
                "nothing of it was allocated: name invoices of its party that are open",
                code="treasury.allocation.nothing",
                field="allocations",
            )
        uow.receivables.save(ctx, done.receivables)
        standing = uow.receivables.settled_by(ctx, SettlementSource.PAYMENT, payment.id)
        require_room(standing)
        return PaymentSheet(payment=uow.payments.save(ctx, done.payment), allocations=standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversePaymentCommand:
    id: PaymentId
    version: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ReversePayment(UseCase[TreasuryUnitOfWork, ReversePaymentCommand, PaymentSheet]):
    """Take a payment back that was recorded by mistake or bounced: what it paid is open again.

    Raises:
        NotFoundError: no such payment.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it was reversed before or is reconciled, or a deposit that it paid is
            deducted from an invoice.
    """

    permission = "treasury.payment.reverse"

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: ReversePaymentCommand
    ) -> PaymentSheet:
        now = self.clock.now(ctx)
        seen = uow.payments.get(ctx, command.id)
        settlements = uow.receivables.settled_by(ctx, SettlementSource.PAYMENT, seen.id)
        owed = {each.id: each for each in _lock(ctx, uow, settlements)}
        payment = uow.payments.lock(ctx, command.id).expect(command.version)
        if payment.version != seen.version:
            raise StaleVersionError("the payment was allocated to something else meanwhile")
        gone = payment.reverse(command.reason, now)
        for each in settlements:
            owed[each.invoice_id] = owed[each.invoice_id].unsettle(each, now)
        if owed:
            uow.receivables.save(ctx, list(owed.values()))
        return PaymentSheet(payment=uow.payments.save(ctx, gone), allocations=())


def _blank(
    ctx: Context, uow: TreasuryUnitOfWork, command: RecordPaymentCommand, today: date
) -> Payment:
    """Return the payment, allocated to nothing yet, once it could have been made."""
    payment = Payment(
        id=command.id,
        direction=command.direction,
        party_id=command.party_id,
        paid_on=command.paid_on or today,
        method=command.method,
        amount=command.amount,
        allocated=Money.zero(command.amount.currency),
        bank_account_id=command.bank_account_id,
        reference=command.reference,
        note=command.note,
    )
    payment.require_dated(today)
    if payment.bank_account_id is not None:
        uow.bank_accounts.get(ctx, payment.bank_account_id).require_takes(payment.amount)
    return payment


def _lock_owed(
    ctx: Context, uow: TreasuryUnitOfWork, payment: Payment, purpose: Purpose
) -> tuple[Receivable, ...]:
    """Return what *payment* is to be allocated to, locked, in the order of its allocations."""
    purpose.require_oldest_known(payment)
    ids = purpose.invoice_ids
    if purpose.oldest:
        oldest = uow.receivables.oldest(
            ctx, payment.party_id, payment.currency, ALLOCATIONS_AT_ONCE_MAX
        )
        ids = tuple(each.id for each in oldest)
    return uow.receivables.lock(ctx, ids) if ids else ()


def _lock(
    ctx: Context, uow: TreasuryUnitOfWork, settlements: tuple[Settlement, ...]
) -> tuple[Receivable, ...]:
    """Return what was settled, each once, locked."""
    ids = tuple(dict.fromkeys(each.invoice_id for each in settlements))
    return uow.receivables.lock(ctx, ids) if ids else ()

"""Reading payments, and what stands with a party."""

from __future__ import annotations

from typing import Final

from erp_core.invoicing.entities import SettlementSource
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import PartyBalance, Payment, PaymentId
from erp_core.treasury.ports import PaymentQuery, TreasuryUnitOfWork
from erp_core.treasury.use_cases.payments import PaymentSheet

DIFFERENCES_MAX: Final = 1000  # named at once; mend these, then look again


@dataclass(frozen=True, kw_only=True)
class GetPayment(UseCase[TreasuryUnitOfWork, PaymentId, PaymentSheet]):
    """Read one payment, with what it settles.

    Raises:
        NotFoundError: no such payment.
    """

    permission = "treasury.payment.read"
    read_only = True

    def execute(self, ctx: Context, uow: TreasuryUnitOfWork, command: PaymentId) -> PaymentSheet:
        payment = uow.payments.get(ctx, command)
        standing = uow.receivables.settled_by(ctx, SettlementSource.PAYMENT, command)
        return PaymentSheet(payment=payment, allocations=standing)


@dataclass(frozen=True, kw_only=True)
class ListPayments(UseCase[TreasuryUnitOfWork, PaymentQuery, Page[Payment]]):
    """Read payments a page at a time.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "treasury.payment.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: PaymentQuery
    ) -> Page[Payment]:
        return uow.payments.page(ctx, command)


@dataclass(frozen=True, kw_only=True)
class GetPartyBalance(UseCase[TreasuryUnitOfWork, PartyId, PartyBalance]):
    """Say what stands with a party in each currency, and how much of its credit limit is left.

    Raises:
        NotFoundError: no such party.
    """

    permission = "treasury.balance.read"
    read_only = True

    def execute(self, ctx: Context, uow: TreasuryUnitOfWork, command: PartyId) -> PartyBalance:
        party = uow.parties.get(ctx, command)
        today = uow.companies.get(ctx).day(self.clock.now(ctx))
        return PartyBalance.of(party, today, uow.balances.of(ctx, party.id, today))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentVerification:
    """Whether what is allocated of every payment is what it settles, and of which it is not."""

    differing: tuple[PaymentId, ...]

    @property
    def consistent(self) -> bool:
        return not self.differing


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyPaymentsQuery:
    """All payments of the company."""


@dataclass(frozen=True, kw_only=True)
class VerifyPayments(UseCase[TreasuryUnitOfWork, VerifyPaymentsQuery, PaymentVerification]):
    """Prove that what is allocated of every payment is what it settles; change none."""

    permission = "treasury.consistency.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: VerifyPaymentsQuery
    ) -> PaymentVerification:
        return PaymentVerification(differing=uow.payments.differences(ctx, DIFFERENCES_MAX))

"""What treasury asks of whoever keeps payments."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Protocol

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import (
    BankAccountId,
    Direction,
    Payment,
    PaymentId,
    PaymentState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentQuery:
    """Which payments: those that meet every condition that is given."""

    page: PageRequest
    states: tuple[PaymentState, ...] = ()  # none: all
    directions: tuple[Direction, ...] = ()
    party_id: PartyId | None = None
    bank_account_id: BankAccountId | None = None
    date_from: date | None = None
    date_to: date | None = None  # that day included
    unallocated: bool | None = None  # True: something is left of it
    number: str = ""  # how it begins


class PaymentRepository(Protocol):
    """Keeps payments. Proved by ``erp_core.testing.treasury.PaymentRepositoryContract``.

    What they have settled is kept by ``ReceivableRepository``.
    """

    @abstractmethod
    def add(self, ctx: Context, payment: Payment) -> Payment:
        """Store a payment that was recorded, with its events; return it at version 1.

        Raises:
            AlreadyExistsError: its id or its number is taken in this company.
            NotFoundError: this company lacks its party or its bank account.
        """

    @abstractmethod
    def get(self, ctx: Context, payment_id: PaymentId) -> Payment:
        """Return the payment.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def lock(self, ctx: Context, payment_id: PaymentId) -> Payment:
        """Return the payment, ours alone until the unit of work ends.

        Lock the invoices it is allocated to before it; numbers after it.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, payment: Payment) -> Payment:
        """Store a changed payment and its events; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``payment.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: PaymentQuery) -> Page[Payment]:
        """Return one page of the company's payments.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

    @abstractmethod
    def differences(self, ctx: Context, limit: int) -> tuple[PaymentId, ...]:
        """Return at most *limit* payments whose allocated amount is not what they settle, by id.

        A reversed one settles nothing. What is settled by a payment that is not there is named by
        the payment that is missing.
        """

    @abstractmethod
    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        """Let every payment of *absorbed* be one of *survivor*, one version on."""

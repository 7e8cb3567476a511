"""What invoicing asks of whoever keeps what is owed, and what settles it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from erp_core.invoicing.entities import InvoiceId, Receivable, Settlement, SettlementSource
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a party owes on invoices in one currency, and what it is owed on credit notes."""

    open_amount: Money
    overdue: Money  # of the open amount: what was due before the day that was asked about
    credit: Money  # of credit notes, not used


class ReceivableRepository(Protocol):
    """Keeps what is owed on invoices, without reading their lines.

    Proved by ``erp_core.testing.invoicing.ReceivableRepositoryContract``. A receivable is the
    invoice of the same id and version: ``InvoiceRepository`` stores it first.
    """

    @abstractmethod
    def lock(self, ctx: Context, invoice_ids: Sequence[InvoiceId]) -> tuple[Receivable, ...]:
        """Return the receivables in the order asked, ours alone until the unit of work ends.

        Whatever order is asked, one statement locks them in that of their ids; a second reads
        when they are due. Call it once in a unit of work, or ``InvoiceRepository.lock`` instead.

        Raises:
            NotFoundError: this company lacks one of them.
            ContentionError: one was not free in time.
        """

    @abstractmethod
    def oldest(
        self, ctx: Context, party_id: PartyId, currency: str, limit: int
    ) -> tuple[Receivable, ...]:
        """Return at most *limit* open invoices of a party, what is due first first; unlocked.

        Credit notes are not among them.
        """

    @abstractmethod
    def save(self, ctx: Context, receivables: Sequence[Receivable]) -> tuple[Receivable, ...]:
        """Store what changed, with the settlements carried along; one version on.

        Raises:
            StaleVersionError: the version of one is not the stored one.
        """

    @abstractmethod
    def settlements(self, ctx: Context, invoice_id: InvoiceId) -> tuple[Settlement, ...]:
        """Return what settled an invoice, at most 1,000, in order of id; the reversed too."""

    @abstractmethod
    def settled_by(
        self, ctx: Context, source: SettlementSource, source_id: UUID
    ) -> tuple[Settlement, ...]:
        """Return what a payment, a credit note or a deposit settles, at most 1,000, by id.

        What was reversed is left out.
        """

    @abstractmethod
    def owed(self, ctx: Context, party_id: PartyId, today: date) -> tuple[Owed, ...]:
        """Return what a party owes, one for each currency, in order of currency."""

    @abstractmethod
    def differences(self, ctx: Context, limit: int) -> tuple[InvoiceId, ...]:
        """Return at most *limit* invoices whose settled amount is not what settles them."""

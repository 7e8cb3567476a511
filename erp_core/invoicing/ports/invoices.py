"""What invoicing asks of whoever keeps invoices."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date
from typing import Protocol

from erp_core.invoicing.entities import (
    Invoice,
    InvoiceId,
    InvoiceState,
    InvoiceSummary,
    InvoiceType,
    Links,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import OrderId, QuoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceQuery:
    """Which invoices: those that meet every condition that is given.

    *due_before* and *is_open* speak of validated invoices alone; a credit note that is not used up
    is open too, and never due.
    """

    page: PageRequest
    states: tuple[InvoiceState, ...] = ()  # none: all
    types: tuple[InvoiceType, ...] = ()
    party_id: PartyId | None = None
    order_id: OrderId | None = None
    quote_id: QuoteId | None = None
    date_from: date | None = None
    date_to: date | None = None  # that day included
    due_before: date | None = None  # something is open that is due before that day
    is_open: bool | None = None
    number: str = ""  # how it begins


class InvoiceRepository(Protocol):
    """Keeps invoices. Proved by ``erp_core.testing.invoicing.InvoiceRepositoryContract``.

    Whatever the number of lines, each call takes the same number of round trips.
    """

    @abstractmethod
    def add(self, ctx: Context, invoice: Invoice) -> Invoice:
        """Store a new invoice; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id, or that of a line, is taken in this company.
            NotFoundError: this company lacks something it refers to.
        """

    @abstractmethod
    def get(self, ctx: Context, invoice_id: InvoiceId) -> Invoice:
        """Return the invoice.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def lock(self, ctx: Context, invoice_ids: Sequence[InvoiceId]) -> tuple[Invoice, ...]:
        """Return the invoices in the order asked, ours alone until the unit of work ends.

        Whatever order is asked, one statement locks them in that of their ids. Call this or
        ``ReceivableRepository.lock`` once in a unit of work: parties, quotes and orders before it,
        stock and numbers after.

        Raises:
            NotFoundError: this company lacks one of them.
            ContentionError: one was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, invoice: Invoice) -> Invoice:
        """Store a changed invoice; return it as stored, one version on.

        The lines of a draft are replaced as a whole; of others their progress alone is written.

        Raises:
            StaleVersionError: ``invoice.version`` is not the stored one.
            AlreadyExistsError: its number, or the id of a new line, is taken.
            NotFoundError: this company lacks something it refers to.
        """

    @abstractmethod
    def delete(self, ctx: Context, invoice: Invoice) -> None:
        """Delete a draft.

        Raises:
            StaleVersionError: ``invoice.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: InvoiceQuery) -> Page[InvoiceSummary]:
        """Return one page of the company's invoices, without their lines.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

    @abstractmethod
    def referring(self, ctx: Context, invoice_id: InvoiceId) -> tuple[InvoiceSummary, ...]:
        """Return the credit notes and replacements of an invoice, at most 1,000, in order of id.

        Drafts are among them.
        """

    @abstractmethod
    def deposits(self, ctx: Context, links: Links) -> tuple[InvoiceSummary, ...]:
        """Return the paid deposits of an order, or of a quote, at most 50, in order of id.

        Those of which everything was deducted are left out.
        """

    @abstractmethod
    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        """Let every invoice of *absorbed* be one of *survivor*, one version on."""

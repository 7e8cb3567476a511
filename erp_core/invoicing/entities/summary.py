"""An invoice as lists show it, and the papers it is linked with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Final

from erp_core.catalog.entities import DocumentTotals
from erp_core.invoicing.entities.states import InvoiceId, InvoiceState, InvoiceType
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import Money
from erp_core.kernel.page import SortKey, day
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import OrderId, QuoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The papers an invoice came from."""

    order_id: OrderId | None = None
    quote_id: QuoteId | None = None
    credits_id: InvoiceId | None = None  # of a credit note: the invoice it gives back of
    replaces_id: InvoiceId | None = None  # of a replacement: the invoice that was wrong
    deposit_ids: tuple[InvoiceId, ...] = ()  # what a final invoice deducts


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSummary:
    """An invoice without its lines, as lists show it."""

    id: InvoiceId
    version: int
    type: InvoiceType
    state: InvoiceState
    number: str
    party_id: PartyId
    invoiced_on: date
    reference: str
    totals: DocumentTotals
    settled: Money
    next_due_on: date | None  # when what is open is due first
    links: Links = field(default_factory=Links)

    @property
    def open_amount(self) -> Money:
        """What is payable and not settled; nothing of a draft, and of what was abandoned."""
        if self.state is InvoiceState.VALIDATED:
            return self.totals.payable - self.settled
        return Money.zero(self.settled.currency)

    @property
    def is_partly_paid(self) -> bool:
        """Say whether something of it is settled, and something open."""
        return self.state is InvoiceState.VALIDATED and self.settled.amount > 0

    def is_overdue(self, today: date) -> bool:
        """Say whether something was due before *today*, and is open."""
        return self.next_due_on is not None and self.next_due_on < today


INVOICE_SORTS: Final[Mapping[str, SortKey[InvoiceSummary]]] = {
    "date": SortKey(of=lambda invoice: invoice.invoiced_on, read=day),
    "number": SortKey(of=lambda invoice: invoice.number),
}

"""What invoicing asks of the outside."""

from erp_core.invoicing.ports.invoices import InvoiceQuery, InvoiceRepository
from erp_core.invoicing.ports.receivables import Owed, ReceivableRepository
from erp_core.invoicing.ports.recurring import (
    MadeQuery,
    RecurringInvoiceRepository,
    RecurringQuery,
)
from erp_core.invoicing.ports.unit_of_work import InvoicingUnitOfWork

__all__ = [
    "InvoiceQuery",
    "InvoiceRepository",
    "InvoicingUnitOfWork",
    "MadeQuery",
    "Owed",
    "ReceivableRepository",
    "RecurringInvoiceRepository",
    "RecurringQuery",
]

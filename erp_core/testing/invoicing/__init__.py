"""What every keeper of invoices must do."""

from erp_core.testing.invoicing.aged import ReceivableReportsContract
from erp_core.testing.invoicing.builders import (
    KEPT,
    TODAY,
    VAT,
    a_credit_note,
    a_full_invoice,
    a_heading,
    an_invoice,
    an_item,
    blank,
    of_lines,
    validated,
)
from erp_core.testing.invoicing.receivables import (
    ConcurrentReceivableContract,
    ReceivableRepositoryContract,
)
from erp_core.testing.invoicing.recurring import (
    RecurringInvoiceContract,
    a_full_recurring_invoice,
    a_recurring_invoice,
    a_recurring_line,
    monthly,
)
from erp_core.testing.invoicing.reports import SalesReportsContract
from erp_core.testing.invoicing.repository import InvoiceRepositoryContract

__all__ = [
    "KEPT",
    "TODAY",
    "VAT",
    "ConcurrentReceivableContract",
    "InvoiceRepositoryContract",
    "ReceivableReportsContract",
    "ReceivableRepositoryContract",
    "RecurringInvoiceContract",
    "SalesReportsContract",
    "a_credit_note",
    "a_full_invoice",
    "a_full_recurring_invoice",
    "a_heading",
    "a_recurring_invoice",
    "a_recurring_line",
    "an_invoice",
    "an_item",
    "blank",
    "monthly",
    "of_lines",
    "validated",
]

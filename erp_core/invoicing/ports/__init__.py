"""What invoicing asks of the outside."""

from erp_core.invoicing.ports.invoices import InvoiceQuery, InvoiceRepository
from erp_core.invoicing.ports.receivable_reports import (
    AgedBy,
    AgedQuery,
    AgedRow,
    ReceivableReports,
)
from erp_core.invoicing.ports.receivables import Owed, ReceivableRepository
from erp_core.invoicing.ports.recurring import (
    MadeQuery,
    RecurringInvoiceRepository,
    RecurringQuery,
)
from erp_core.invoicing.ports.report_rows import (
    Earned,
    ReportedDocument,
    ReportedParty,
    Sold,
)
from erp_core.invoicing.ports.sales_reports import (
    MarginBy,
    MarginQuery,
    MarginRow,
    SalesOfMonth,
    SalesOfProduct,
    SalesQuery,
    SalesReports,
    SalesToParty,
    TaxBy,
    TaxPlace,
    TaxQuery,
    TaxRow,
)
from erp_core.invoicing.ports.unit_of_work import InvoicingUnitOfWork

__all__ = [
    "AgedBy",
    "AgedQuery",
    "AgedRow",
    "Earned",
    "InvoiceQuery",
    "InvoiceRepository",
    "InvoicingUnitOfWork",
    "MadeQuery",
    "MarginBy",
    "MarginQuery",
    "MarginRow",
    "Owed",
    "ReceivableReports",
    "ReceivableRepository",
    "RecurringInvoiceRepository",
    "RecurringQuery",
    "ReportedDocument",
    "ReportedParty",
    "SalesOfMonth",
    "SalesOfProduct",
    "SalesQuery",
    "SalesReports",
    "SalesToParty",
    "Sold",
    "TaxBy",
    "TaxPlace",
    "TaxQuery",
    "TaxRow",
]

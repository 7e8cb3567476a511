"""Invoices and what settles them in dictionaries."""

from erp_memory.invoicing.invoices import MemoryInvoices
from erp_memory.invoicing.receivable_reports import MemoryReceivableReports
from erp_memory.invoicing.receivables import MemoryReceivables
from erp_memory.invoicing.recurring import MemoryRecurringInvoices
from erp_memory.invoicing.sales_reports import MemorySalesReports

__all__ = [
    "MemoryInvoices",
    "MemoryReceivableReports",
    "MemoryReceivables",
    "MemoryRecurringInvoices",
    "MemorySalesReports",
]

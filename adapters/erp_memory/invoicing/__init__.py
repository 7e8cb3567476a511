"""Invoices and what settles them in dictionaries."""

from erp_memory.invoicing.invoices import MemoryInvoices
from erp_memory.invoicing.receivables import MemoryReceivables

__all__ = ["MemoryInvoices", "MemoryReceivables"]

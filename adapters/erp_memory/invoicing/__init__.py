"""Invoices and what settles them in dictionaries."""

from erp_memory.invoicing.invoices import MemoryInvoices
from erp_memory.invoicing.receivables import MemoryReceivables
from erp_memory.invoicing.recurring import MemoryRecurringInvoices

__all__ = ["MemoryInvoices", "MemoryReceivables", "MemoryRecurringInvoices"]

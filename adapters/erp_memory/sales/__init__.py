"""Quotes, orders, shipments and credit in dictionaries."""

from erp_memory.sales.credit import MemoryCredit
from erp_memory.sales.orders import MemoryOrders
from erp_memory.sales.quotes import MemoryQuotes
from erp_memory.sales.shipments import MemoryShipments

__all__ = ["MemoryCredit", "MemoryOrders", "MemoryQuotes", "MemoryShipments"]

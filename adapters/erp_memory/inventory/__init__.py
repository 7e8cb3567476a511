"""Warehouses, stock, lots and stock counts in dictionaries."""

from erp_memory.inventory.counts import MemoryStockCounts
from erp_memory.inventory.lots import MemoryLots
from erp_memory.inventory.picking import MemoryPicking
from erp_memory.inventory.reports import MemoryStockReports
from erp_memory.inventory.stock import MemoryStock
from erp_memory.inventory.transfers import MemoryStockTransfers
from erp_memory.inventory.warehouses import MemoryWarehouses

__all__ = [
    "MemoryLots",
    "MemoryPicking",
    "MemoryStock",
    "MemoryStockCounts",
    "MemoryStockReports",
    "MemoryStockTransfers",
    "MemoryWarehouses",
]

"""Series and their counters in dictionaries."""

from erp_memory.documents.numbering import MemoryNumbering, MemoryNumberSeries

__all__ = ["MemoryNumberSeries", "MemoryNumbering"]

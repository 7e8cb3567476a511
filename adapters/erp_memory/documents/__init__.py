"""Series with their counters, jobs and schedules in dictionaries."""

from erp_memory.documents.jobs import MemoryJobs, MemorySchedules
from erp_memory.documents.numbering import MemoryNumbering, MemoryNumberSeries

__all__ = [
    "MemoryJobs",
    "MemoryNumberSeries",
    "MemoryNumbering",
    "MemorySchedules",
]

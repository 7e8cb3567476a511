"""Series with their counters, jobs, schedules and mails in dictionaries."""

from erp_memory.documents.jobs import MemoryJobs, MemorySchedules
from erp_memory.documents.mail import MemoryMailMessages
from erp_memory.documents.numbering import MemoryNumbering, MemoryNumberSeries

__all__ = [
    "MemoryJobs",
    "MemoryMailMessages",
    "MemoryNumberSeries",
    "MemoryNumbering",
    "MemorySchedules",
]

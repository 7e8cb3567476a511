"""Series with their counters, jobs, schedules and mails in dictionaries."""

from erp_memory.documents.jobs import MemoryJobs, MemorySchedules
from erp_memory.documents.mail import MemoryMailMessages, MemoryMailTemplates
from erp_memory.documents.numbering import MemoryNumbering, MemoryNumberLedger, MemoryNumberSeries
from erp_memory.documents.printing import (
    MemoryFiles,
    MemoryLetterheads,
    MemoryPrintouts,
    PlainPaper,
)

__all__ = [
    "MemoryFiles",
    "MemoryJobs",
    "MemoryLetterheads",
    "MemoryMailMessages",
    "MemoryMailTemplates",
    "MemoryNumberLedger",
    "MemoryNumberSeries",
    "MemoryNumbering",
    "MemoryPrintouts",
    "MemorySchedules",
    "PlainPaper",
]

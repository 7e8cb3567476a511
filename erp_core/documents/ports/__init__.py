"""What the documents area asks of the outside."""

from erp_core.documents.ports.jobs import (
    JobQuery,
    JobRepository,
    JobsUnitOfWork,
    Owned,
    ScheduleRepository,
    Tally,
    Wanted,
)
from erp_core.documents.ports.numbering import Numbering, NumberSeriesRepository
from erp_core.documents.ports.press import Press, PrintingUnitOfWork, kept_or_new, read_stationery
from erp_core.documents.ports.printing import (
    FileStore,
    LetterheadRepository,
    PdfRenderer,
    PrintoutRepository,
)
from erp_core.documents.ports.unit_of_work import DocumentsUnitOfWork

__all__ = [
    "DocumentsUnitOfWork",
    "FileStore",
    "JobQuery",
    "JobRepository",
    "JobsUnitOfWork",
    "LetterheadRepository",
    "NumberSeriesRepository",
    "Numbering",
    "Owned",
    "PdfRenderer",
    "Press",
    "PrintingUnitOfWork",
    "PrintoutRepository",
    "ScheduleRepository",
    "Tally",
    "Wanted",
    "kept_or_new",
    "read_stationery",
]

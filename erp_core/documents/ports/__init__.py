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
from erp_core.documents.ports.unit_of_work import DocumentsUnitOfWork

__all__ = [
    "DocumentsUnitOfWork",
    "JobQuery",
    "JobRepository",
    "JobsUnitOfWork",
    "NumberSeriesRepository",
    "Numbering",
    "Owned",
    "ScheduleRepository",
    "Tally",
    "Wanted",
]

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
from erp_core.documents.ports.mail import (
    SEND_MAIL,
    MailDeferredError,
    MailMessageRepository,
    MailQuery,
    MailRefusedError,
    MailSender,
    MailUnitOfWork,
    leave_mail,
    queue_mail,
)
from erp_core.documents.ports.numbering import Numbering, NumberSeriesRepository
from erp_core.documents.ports.unit_of_work import DocumentsUnitOfWork

__all__ = [
    "SEND_MAIL",
    "DocumentsUnitOfWork",
    "JobQuery",
    "JobRepository",
    "JobsUnitOfWork",
    "MailDeferredError",
    "MailMessageRepository",
    "MailQuery",
    "MailRefusedError",
    "MailSender",
    "MailUnitOfWork",
    "NumberSeriesRepository",
    "Numbering",
    "Owned",
    "ScheduleRepository",
    "Tally",
    "Wanted",
    "leave_mail",
    "queue_mail",
]

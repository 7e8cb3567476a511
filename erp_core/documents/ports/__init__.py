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
    MailTemplateRepository,
    MailUnitOfWork,
    give_mail_up,
    queue_mail,
    retry_mail,
    revive_mail,
)
from erp_core.documents.ports.numbering import Numbering, NumberLedger, NumberSeriesRepository
from erp_core.documents.ports.posting import (
    PostingUnitOfWork,
    found_logo,
    mail_stationery,
    post,
)
from erp_core.documents.ports.press import Press, PrintingUnitOfWork, kept_or_new, read_stationery
from erp_core.documents.ports.printing import (
    FileStore,
    LetterheadRepository,
    PdfRenderer,
    PrintoutRepository,
    broken_template,
)
from erp_core.documents.ports.unit_of_work import DocumentsUnitOfWork

__all__ = [
    "SEND_MAIL",
    "DocumentsUnitOfWork",
    "FileStore",
    "JobQuery",
    "JobRepository",
    "JobsUnitOfWork",
    "LetterheadRepository",
    "MailDeferredError",
    "MailMessageRepository",
    "MailQuery",
    "MailRefusedError",
    "MailSender",
    "MailTemplateRepository",
    "MailUnitOfWork",
    "NumberLedger",
    "NumberSeriesRepository",
    "Numbering",
    "Owned",
    "PdfRenderer",
    "PostingUnitOfWork",
    "Press",
    "PrintingUnitOfWork",
    "PrintoutRepository",
    "ScheduleRepository",
    "Tally",
    "Wanted",
    "broken_template",
    "found_logo",
    "give_mail_up",
    "kept_or_new",
    "mail_stationery",
    "post",
    "queue_mail",
    "read_stationery",
    "retry_mail",
    "revive_mail",
]

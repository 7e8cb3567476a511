"""What every giver of numbers, and every keeper of series, jobs and schedules, must do."""

from erp_core.testing.documents.builders import a_full_job, a_job, a_running_job
from erp_core.testing.documents.crowds import CrowdOfRunnersContract
from erp_core.testing.documents.jobs import JobRepositoryContract
from erp_core.testing.documents.mail import (
    MailMessageRepositoryContract,
    MailSenderContract,
    MailTemplateRepositoryContract,
    a_content,
    a_full_mail,
    a_mail,
)
from erp_core.testing.documents.number_ledger import NumberLedgerContract
from erp_core.testing.documents.number_series import NumberSeriesRepositoryContract
from erp_core.testing.documents.numbering import ConcurrentNumberingContract, NumberingContract
from erp_core.testing.documents.printing import (
    EVERY_CHANGE,
    PNG,
    FileStoreContract,
    LetterheadRepositoryContract,
    PdfRendererContract,
    PrintoutRepositoryContract,
    a_printed_document,
)
from erp_core.testing.documents.runners import RunnersJobContract
from erp_core.testing.documents.schedules import ScheduleRepositoryContract

__all__ = [
    "EVERY_CHANGE",
    "PNG",
    "ConcurrentNumberingContract",
    "CrowdOfRunnersContract",
    "FileStoreContract",
    "JobRepositoryContract",
    "LetterheadRepositoryContract",
    "MailMessageRepositoryContract",
    "MailSenderContract",
    "MailTemplateRepositoryContract",
    "NumberLedgerContract",
    "NumberSeriesRepositoryContract",
    "NumberingContract",
    "PdfRendererContract",
    "PrintoutRepositoryContract",
    "RunnersJobContract",
    "ScheduleRepositoryContract",
    "a_content",
    "a_full_job",
    "a_full_mail",
    "a_job",
    "a_mail",
    "a_printed_document",
    "a_running_job",
]

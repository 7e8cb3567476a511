"""What can be asked of what all documents have in common, and of the work done for them."""

from erp_core.documents.use_cases.files import TidiedFiles, TidyFiles, TidyFilesCommand
from erp_core.documents.use_cases.jobs import (
    CancelJob,
    GetJob,
    JobCommand,
    ListJobs,
    RetryJob,
    TidyHouse,
    TidyHouseCommand,
)
from erp_core.documents.use_cases.letterheads import (
    ChangeLetterhead,
    ChangeLetterheadCommand,
    GetLetterhead,
    SetLogo,
    SetLogoCommand,
)
from erp_core.documents.use_cases.mail import (
    GetMailContent,
    GetMailMessage,
    ListMailMessages,
    MailMessageCommand,
    NoteMailAttempt,
    NoteMailAttemptCommand,
    RetryMailMessage,
)
from erp_core.documents.use_cases.mail_templates import (
    GetMailTemplate,
    ListMailTemplates,
    MailTemplateCommand,
    MailTemplateQuery,
    PreviewMailTemplate,
    PreviewMailTemplateCommand,
    RewordMailTemplate,
    RewordMailTemplateCommand,
)
from erp_core.documents.use_cases.number_series import (
    ChangeNumberSeries,
    ChangeNumberSeriesCommand,
    GetNumberSeries,
    ListNumberSeries,
    NumberSeriesCommand,
    NumberSeriesQuery,
)
from erp_core.documents.use_cases.verifying import (
    DIFFERENCES_MAX,
    FILES_AT_ONCE_MAX,
    FileDifference,
    FileRule,
    FileVerification,
    NumberVerification,
    VerifyFiles,
    VerifyFilesQuery,
    VerifyNumbers,
    VerifyNumbersQuery,
)
from erp_core.kernel.dataclass import dataclass

__all__ = [
    "DIFFERENCES_MAX",
    "FILES_AT_ONCE_MAX",
    "CancelJob",
    "ChangeLetterhead",
    "ChangeLetterheadCommand",
    "ChangeNumberSeries",
    "ChangeNumberSeriesCommand",
    "DocumentsUseCases",
    "FileDifference",
    "FileRule",
    "FileVerification",
    "GetJob",
    "GetLetterhead",
    "GetMailContent",
    "GetMailMessage",
    "GetMailTemplate",
    "GetNumberSeries",
    "JobCommand",
    "ListJobs",
    "ListMailMessages",
    "ListMailTemplates",
    "ListNumberSeries",
    "MailMessageCommand",
    "MailTemplateCommand",
    "MailTemplateQuery",
    "NoteMailAttempt",
    "NoteMailAttemptCommand",
    "NumberSeriesCommand",
    "NumberSeriesQuery",
    "NumberVerification",
    "PreviewMailTemplate",
    "PreviewMailTemplateCommand",
    "RetryJob",
    "RetryMailMessage",
    "RewordMailTemplate",
    "RewordMailTemplateCommand",
    "SetLogo",
    "SetLogoCommand",
    "TidiedFiles",
    "TidyFiles",
    "TidyFilesCommand",
    "TidyHouse",
    "TidyHouseCommand",
    "VerifyFiles",
    "VerifyFilesQuery",
    "VerifyNumbers",
    "VerifyNumbersQuery",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentsUseCases:
    """All of the documents area, wired: what HTTP, the CLI and an embedding program call."""

    get_number_series: GetNumberSeries
    list_number_series: ListNumberSeries
    change_number_series: ChangeNumberSeries
    get_job: GetJob
    list_jobs: ListJobs
    cancel_job: CancelJob
    retry_job: RetryJob
    get_mail_message: GetMailMessage
    get_mail_content: GetMailContent
    list_mail_messages: ListMailMessages
    retry_mail_message: RetryMailMessage
    note_mail_attempt: NoteMailAttempt
    get_mail_template: GetMailTemplate
    list_mail_templates: ListMailTemplates
    reword_mail_template: RewordMailTemplate
    preview_mail_template: PreviewMailTemplate
    tidy_house: TidyHouse
    tidy_files: TidyFiles
    get_letterhead: GetLetterhead
    change_letterhead: ChangeLetterhead
    set_logo: SetLogo
    verify_numbers: VerifyNumbers
    verify_files: VerifyFiles

"""What can be asked of what all documents have in common, and of the work done for them."""

from dataclasses import dataclass

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
from erp_core.documents.use_cases.number_series import (
    ChangeNumberSeries,
    ChangeNumberSeriesCommand,
    GetNumberSeries,
    ListNumberSeries,
    NumberSeriesCommand,
    NumberSeriesQuery,
)

__all__ = [
    "CancelJob",
    "ChangeLetterhead",
    "ChangeLetterheadCommand",
    "ChangeNumberSeries",
    "ChangeNumberSeriesCommand",
    "DocumentsUseCases",
    "GetJob",
    "GetLetterhead",
    "GetNumberSeries",
    "JobCommand",
    "ListJobs",
    "ListNumberSeries",
    "NumberSeriesCommand",
    "NumberSeriesQuery",
    "RetryJob",
    "SetLogo",
    "SetLogoCommand",
    "TidyHouse",
    "TidyHouseCommand",
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
    tidy_house: TidyHouse
    get_letterhead: GetLetterhead
    change_letterhead: ChangeLetterhead
    set_logo: SetLogo

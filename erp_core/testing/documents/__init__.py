"""What every giver of numbers, and every keeper of series, jobs and schedules, must do."""

from erp_core.testing.documents.builders import a_full_job, a_job, a_running_job
from erp_core.testing.documents.crowds import CrowdOfRunnersContract
from erp_core.testing.documents.jobs import JobRepositoryContract
from erp_core.testing.documents.number_series import NumberSeriesRepositoryContract
from erp_core.testing.documents.numbering import (
    ConcurrentNumberingContract,
    NumberingContract,
)
from erp_core.testing.documents.runners import RunnersJobContract
from erp_core.testing.documents.schedules import ScheduleRepositoryContract

__all__ = [
    "ConcurrentNumberingContract",
    "CrowdOfRunnersContract",
    "JobRepositoryContract",
    "NumberSeriesRepositoryContract",
    "NumberingContract",
    "RunnersJobContract",
    "ScheduleRepositoryContract",
    "a_full_job",
    "a_job",
    "a_running_job",
]

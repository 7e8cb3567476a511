"""Numbers of documents and their series, jobs and schedules, wherever they are kept."""

from erp_core.testing.documents import (
    ConcurrentNumberingContract,
    CrowdOfRunnersContract,
    JobRepositoryContract,
    LetterheadRepositoryContract,
    MailMessageRepositoryContract,
    MailTemplateRepositoryContract,
    NumberingContract,
    NumberLedgerContract,
    NumberSeriesRepositoryContract,
    PrintoutRepositoryContract,
    RunnersJobContract,
    ScheduleRepositoryContract,
)
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestNumberSeriesInMemory(InMemory, NumberSeriesRepositoryContract): ...


class TestNumberSeries(InDatabase, NumberSeriesRepositoryContract): ...


class TestNumberingInMemory(InMemory, NumberingContract): ...


class TestNumbering(InDatabase, NumberingContract): ...


class TestConcurrentNumbering(OnServer, ConcurrentNumberingContract): ...


class TestNumberLedgerInMemory(InMemory, NumberLedgerContract): ...


class TestNumberLedger(InDatabase, NumberLedgerContract): ...


class TestJobsInMemory(InMemory, JobRepositoryContract): ...


class TestJobs(InDatabase, JobRepositoryContract): ...


class TestRunnersJobsInMemory(InMemory, RunnersJobContract): ...


class TestRunnersJobs(InDatabase, RunnersJobContract): ...


class TestCrowdOfRunners(OnServer, CrowdOfRunnersContract): ...


class TestSchedulesInMemory(InMemory, ScheduleRepositoryContract): ...


class TestSchedules(InDatabase, ScheduleRepositoryContract): ...


class TestLetterheadsInMemory(InMemory, LetterheadRepositoryContract): ...


class TestLetterheads(InDatabase, LetterheadRepositoryContract): ...


class TestPrintoutsInMemory(InMemory, PrintoutRepositoryContract): ...


class TestPrintouts(InDatabase, PrintoutRepositoryContract): ...


class TestMailMessagesInMemory(InMemory, MailMessageRepositoryContract): ...


class TestMailMessages(InDatabase, MailMessageRepositoryContract): ...


class TestMailTemplatesInMemory(InMemory, MailTemplateRepositoryContract): ...


class TestMailTemplates(InDatabase, MailTemplateRepositoryContract): ...

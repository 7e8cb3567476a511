"""The relay and the scheduler: who makes jobs, and that each is made once."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from erp_core.documents.entities import Daily, Every, Job, ScheduleName, new_job
from erp_core.documents.ports import JobQuery
from erp_core.identity.entities import Company
from erp_core.kernel.context import NO_COMPANY, CompanyId, Context
from erp_core.kernel.errors import UnavailableError
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import Message
from erp_core.testing import ACME, NOON, RIVAL, MovableClock, at_once, context
from erp_core.testing.documents import a_job
from erp_core.testing.kernel import KettleBoiled
from erp_memory.store import MemoryStore
from erp_workers import Counting, Recurring, Relay, Scheduler
from erp_workers.relay import Maker

PARIS = ZoneInfo("Europe/Paris")
ZONES = ((ACME, UTC), (RIVAL, PARIS))
COMPANIES = {ACME: ("JPY", "ja", "UTC"), RIVAL: ("EUR", "fr", "Europe/Paris")}


@dataclass
class Office:
    """A store in which events wait and jobs are made."""

    makers: dict[str, Maker] = field(default_factory=dict)
    timetable: tuple[Recurring, ...] = ()
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: MovableClock = field(default_factory=MovableClock)
    woken: int = 0
    asked: int = 0

    def __post_init__(self) -> None:
        self.relay = Relay(
            unit_of_work=self.store,
            clock=self.clock,
            makers=self.makers,
            chance=lambda: 0.5,
            woken=self._wake,
        )
        self.scheduler = self.a_scheduler()
        for company, (currency, locale, zone) in COMPANIES.items():
            ctx = context(company=company)
            with self.store(ctx) as uow:
                made = Company(
                    id=company, name="X", currency=currency, locale=locale, time_zone=zone
                )
                uow.companies.add(ctx, made)

    def a_scheduler(self) -> Scheduler:
        return Scheduler(
            unit_of_work=self.store,
            clock=self.clock,
            timetable=self.timetable,
            companies=self._companies,
            woken=self._wake,
        )

    def told(self, *events: KettleBoiled, company: CompanyId = ACME) -> None:
        ctx = context(company=company)
        with self.store(ctx) as uow:
            uow.outbox.append(ctx, events)

    def pending(self) -> int:
        with self.store(context(), read_only=True) as uow:
            return len(uow.outbox.pending(context(), 100))

    def jobs(self, company: CompanyId = ACME) -> tuple[Job, ...]:
        ctx = context(company=company)
        with self.store(ctx, read_only=True) as uow:
            return uow.jobs.page(ctx, JobQuery(page=PageRequest())).items

    def _wake(self) -> None:
        self.woken += 1

    def _companies(self, ctx: Context) -> tuple[tuple[CompanyId, object], ...]:
        self.asked += 1
        return ZONES


def pours(ctx: Context, message: Message, now: datetime) -> list[Job]:
    litres = int(message.payload["litres"])
    return [new_job(ctx, now, "documents.pour", {"cup": cup}) for cup in range(litres)]


def fails(ctx: Context, message: Message, now: datetime) -> list[Job]:
    raise ValueError(message.payload["litres"])


def boiled(litres: int = 2) -> KettleBoiled:
    return KettleBoiled(occurred_at=NOON, litres=litres)


def test_an_event_becomes_its_jobs_once_in_the_company_that_spoke() -> None:
    office = Office({KettleBoiled.name: pours})
    office.told(boiled(), boiled(1))
    office.told(boiled(1), company=RIVAL)

    assert [office.relay.step() for _ in range(2)] == [3, 0]
    assert [job.payload for job in office.jobs()] == [{"cup": 0}, {"cup": 1}, {"cup": 0}]
    (theirs,) = office.jobs(RIVAL)
    assert (theirs.origin.currency, theirs.origin.locale) == ("EUR", "fr")
    assert {(job.origin.currency, job.origin.locale) for job in office.jobs()} == {("JPY", "ja")}
    assert {job.origin.request_id for job in office.jobs()} == {"test"}
    assert {job.origin.by for job in office.jobs()} == {"tester"}
    assert (office.pending(), office.woken) == (0, 1)


def test_an_event_that_nobody_acts_upon_is_settled() -> None:
    office = Office()
    office.told(boiled())

    assert office.relay.step() == 1
    assert (office.pending(), office.woken) == (0, 0)


def test_an_event_whose_maker_fails_waits_alone_and_is_given_up_at_last() -> None:
    made: list[Message] = []

    def picky(ctx: Context, message: Message, now: datetime) -> list[Job]:
        made.append(message)
        return fails(ctx, message, now) if message.payload["litres"] == "7" else []

    office = Office({KettleBoiled.name: picky})
    office.told(boiled(7), boiled())
    assert office.relay.step() == 2
    assert office.pending() == 1
    assert office.relay.step() == 0  # its pause is not over
    for _ in range(12):
        office.clock.move(3600)
        office.relay.step()

    assert office.pending() == 0
    assert len([each for each in made if each.payload["litres"] == "7"]) == 8
    assert [each.attempts for each in made if each.payload["litres"] == "7"] == list(range(8))


def test_of_many_relays_one_makes_the_jobs() -> None:
    office = Office({KettleBoiled.name: pours})
    office.told(*[boiled(1) for _ in range(30)])
    at_once(*[office.relay.step] * 4)

    assert len(office.jobs()) == 30


HOURLY = Recurring(
    name=ScheduleName("documents.sweep"),
    rhythm=Every(interval=timedelta(hours=1)),
    kind="documents.sweep",
    payload={"deep": True},
    priority=9,
)
NIGHTLY = Recurring(
    name=ScheduleName("invoicing.remind"),
    rhythm=Daily(at=time(13, 30)),
    kind="invoicing.remind",
    each_company=True,
)


def test_the_house_has_its_job_made_once_in_each_period() -> None:
    office = Office(timetable=(HOURLY,))

    assert [office.scheduler.step() for _ in range(3)] == [1, 0, 0]
    office.clock.move(3599)
    assert office.scheduler.step() == 0
    office.clock.move(1)
    assert office.scheduler.step() == 1
    first, second = office.jobs(NO_COMPANY)
    assert (first.kind, first.payload, first.priority) == ("documents.sweep", {"deep": True}, 9)
    assert first.unique_key == "documents.sweep:2024-02-29T12:00:00Z"
    assert second.unique_key == "documents.sweep:2024-02-29T13:00:00Z"
    assert (office.woken, office.asked) == (2, 0)


def test_each_company_has_its_own_by_its_own_clocks() -> None:
    office = Office(timetable=(NIGHTLY,))
    for _ in range(9):
        office.scheduler.step()
    office.clock.move(1800)  # 12:30 UTC is 13:30 in Paris
    office.scheduler.step()
    assert [job.unique_key for job in office.jobs(RIVAL)] == [
        "invoicing.remind:2024-02-28",
        "invoicing.remind:2024-02-29",
    ]
    (ours,) = office.jobs(ACME)
    assert (ours.origin.currency, ours.origin.locale) == ("JPY", "ja")
    theirs = {(job.origin.currency, job.origin.locale) for job in office.jobs(RIVAL)}
    assert theirs == {("EUR", "fr")}
    office.clock.move(3600)
    office.scheduler.step()
    assert len(office.jobs(ACME)) == 2
    assert office.asked == 3  # not at every look at the clock


def test_a_period_that_passed_unseen_is_not_made_up_for() -> None:
    office = Office(timetable=(HOURLY,))
    office.scheduler.step()
    office.clock.move(10 * 3600)

    assert office.scheduler.step() == 1
    assert len(office.jobs(NO_COMPANY)) == 2


def test_however_many_programs_look_at_the_clock_a_period_is_made_once() -> None:
    office = Office(timetable=(HOURLY, NIGHTLY))
    schedulers = [office.a_scheduler() for _ in range(4)]
    made = at_once(*[partial(each.step) for each in schedulers])

    assert sum(made) == 3
    assert len(office.jobs(NO_COMPANY)) == 1


def test_a_program_that_starts_anew_makes_nothing_twice() -> None:
    office = Office(timetable=(HOURLY,))
    office.scheduler.step()

    assert office.a_scheduler().step() == 0
    assert len(office.jobs(NO_COMPANY)) == 1


def test_jobs_are_counted_for_whoever_looks_and_not_at_each_look() -> None:
    office = Office()
    counting = Counting(office.store, office.clock)
    nothing = dict.fromkeys(("dead", "failed", "queued", "running"), (0, 0.0))
    assert counting.found() == nothing
    with office.store(context()) as uow:
        uow.jobs.add(context(), [a_job(), a_job()])
    office.clock.move(4)
    assert counting.found() == nothing
    office.clock.move(56)
    assert counting.found() == nothing | {"queued": (2, 60.0)}
    office.clock.move(2)
    assert counting.found() == nothing | {"queued": (2, 62.0)}


def test_where_the_database_does_not_answer_nobody_knows_how_many_there_are(
    caplog: pytest.LogCaptureFixture,
) -> None:
    office, asked = Office(), []

    def store(ctx: Context, *, read_only: bool = False) -> Any:
        asked.append(ctx.deadline)
        if len(asked) == 1:
            raise UnavailableError("no answer")
        return office.store(ctx, read_only=read_only)

    counting = Counting(store, office.clock)
    assert (counting.found(), counting.found(), len(asked)) == (None, None, 1)
    assert asked[0] is not None
    assert [each.event for each in caplog.records] == ["jobs.uncounted"]
    office.clock.move(5)
    assert counting.found() is not None

"""What every keeper of jobs must do for those who make them and look at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from erp_core.documents.entities import Job, JobId, JobState, Problem
from erp_core.documents.ports import JobQuery, JobsUnitOfWork, Owned, Wanted
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import NOON, RIVAL, context, expect
from erp_core.testing.documents.builders import KIND, LEASE_ENDS, RUNNER, a_full_job, a_job

LATER = NOON + timedelta(hours=1)
PROBLEM = Problem(code="mail.silent", text="no answer")


def wanted(runner: str, limit: int) -> Wanted:
    """Say what a runner asks for at noon."""
    return Wanted(runner=runner, kinds=(KIND,), limit=limit, now=NOON, until=LEASE_ENDS)


class JobsContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[JobsUnitOfWork]

    def added(self, *jobs: Job) -> tuple[Job, ...]:
        with self.unit_of_work(context()) as uow:
            return uow.jobs.add(context(), jobs)

    def added_one(self, job: Job) -> Job:
        (stored,) = self.added(job)
        return stored

    def found(self, job_id: JobId) -> Job:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.jobs.get(context(), job_id)

    def claimed(self, runner: str = RUNNER, limit: int = 10, **other: object) -> tuple[Owned, ...]:
        asked: Wanted = replace(wanted(runner, limit), **other)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context()) as uow:
            return uow.jobs.claim(context(), asked)

    def ended(self, job: Job, state: JobState) -> Job:
        """Let a stored job come to an end at noon."""
        with self.unit_of_work(context()) as uow:
            running = job.claim(RUNNER, NOON, LEASE_ENDS)
            stored = uow.jobs.save(context(), running)
            ends = {
                JobState.DONE: stored.finish(NOON),
                JobState.DEAD: stored.fail(NOON, PROBLEM, None),
                JobState.CANCELLED: stored.request_cancel(NOON).put_back(NOON),
            }
            return uow.jobs.save(context(), ends[state])


class JobRepositoryContract(JobsContract):
    def test_every_field_survives_the_round_trip(self) -> None:
        job = a_full_job()
        assert self.added_one(job) == job.stored(1) == self.found(job.id)

    def test_a_change_survives_the_round_trip_and_is_noted(self) -> None:
        job = self.added_one(a_full_job())
        with self.unit_of_work(context()) as uow:
            held = uow.jobs.lock(context(), job.id)
            dead = replace(held, cancel_requested=False).fail(LATER, PROBLEM, None)
            saved = uow.jobs.save(context(), dead)
            (change,) = uow.journal.take()
        assert saved == dead.stored(2) == self.found(job.id)
        assert (change.kind, change.before, change.after) == (
            "documents.job",
            {"state": "running"},
            {"state": "dead"},
        )

    def test_another_company_has_no_such_job(self) -> None:
        job, rival = self.added_one(a_job()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.jobs.get(rival, job.id)
            with expect(NotFoundError):
                uow.jobs.lock(rival, job.id)
            with expect(NotFoundError):
                uow.jobs.save(rival, job)
            assert uow.jobs.page(rival, JobQuery(page=PageRequest())).items == ()

    def test_what_is_saved_twice_is_stale(self) -> None:
        job = self.added_one(a_job())
        with self.unit_of_work(context()) as uow:
            uow.jobs.save(context(), job.request_cancel(NOON))
            with expect(StaleVersionError):
                uow.jobs.save(context(), job.request_cancel(NOON))

    def test_an_id_is_taken_once(self) -> None:
        job = self.added_one(a_job())
        with expect(AlreadyExistsError):
            self.added(replace(a_job(), id=job.id))
        with expect(AlreadyExistsError):
            self.added(replace(a_job(), id=job.id, unique_key="k"))

    def test_of_one_key_one_job_is_made_in_each_company(self) -> None:
        first = self.added_one(replace(a_job(), unique_key="mail/7"))
        second, other = self.added(
            replace(a_job(), unique_key="mail/7"), replace(a_job(), unique_key="mail/8")
        )
        twin, same = self.added(
            replace(a_job(), unique_key="mail/9"), replace(a_job(), unique_key="mail/9")
        )
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            (theirs,) = uow.jobs.add(rival, [replace(a_job(), unique_key="mail/7")])
        assert second == first
        assert twin == same
        assert len({first.id, other.id, twin.id, theirs.id}) == 4

    def test_a_job_is_not_there_unless_its_cause_is(self) -> None:
        job = a_job()
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.jobs.add(context(), [job])
            raise NotFoundError("no tea")
        with expect(NotFoundError):
            self.found(job.id)

    def test_jobs_are_listed_by_state_and_kind_a_page_at_a_time(self) -> None:
        jobs = self.added(*[a_job() for _ in range(3)], a_job("documents.send_mail"))
        self.ended(jobs[1], JobState.DONE)

        def listed(query: JobQuery) -> tuple[JobId, ...]:
            with self.unit_of_work(context(), read_only=True) as uow:
                return tuple(each.id for each in uow.jobs.page(context(), query).items)

        page = PageRequest(limit=2)
        with self.unit_of_work(context(), read_only=True) as uow:
            first = uow.jobs.page(context(), JobQuery(page=page))
            rest = uow.jobs.page(context(), JobQuery(page=replace(page, after=first.next)))
            newest = uow.jobs.page(context(), JobQuery(page=replace(page, descending=True)))
            with expect(MalformedError):
                uow.jobs.page(context(), JobQuery(page=PageRequest(sort="kind")))
        ids = tuple(each.id for each in jobs)
        assert tuple(each.id for each in (*first.items, *rest.items)) == ids
        assert tuple(each.id for each in newest.items) == ids[:1:-1]
        assert listed(JobQuery(page=page, states=(JobState.DONE,))) == (ids[1],)
        assert listed(JobQuery(page=page, kind="documents.send_mail")) == (ids[3],)
        assert listed(JobQuery(page=page, states=(JobState.QUEUED, JobState.DEAD))) == ids[::2]

    def test_what_is_over_long_enough_is_dropped_a_few_at_a_time(self) -> None:
        jobs = self.added(*[a_job() for _ in range(5)])
        for job, state in zip(jobs, [JobState.DONE] * 3 + [JobState.DEAD], strict=False):
            self.ended(job, state)
        soon = NOON + timedelta(microseconds=1)

        def dropped(states: Sequence[JobState]) -> int:
            with self.unit_of_work(context()) as uow:
                assert uow.jobs.forget(context(), states, NOON, 2) == 0
                return uow.jobs.forget(context(), states, soon, 2)

        assert [dropped([JobState.DONE, JobState.CANCELLED]) for _ in range(3)] == [2, 1, 0]
        assert self.found(jobs[3].id).state is JobState.DEAD
        assert dropped([JobState.DEAD]) == 1
        assert self.found(jobs[4].id).state is JobState.QUEUED

    def test_the_house_counts_what_is_open_or_dead(self) -> None:
        early = replace(a_job(), created_at=NOON - timedelta(hours=2))
        jobs = self.added(a_job(), early, a_job(), a_job())
        self.ended(jobs[2], JobState.DEAD)
        self.ended(jobs[3], JobState.DONE)
        with self.unit_of_work(context(company=RIVAL), read_only=True) as uow:
            told = {each.state: each for each in uow.jobs.tally(context(company=RIVAL))}
        assert {state: each.count for state, each in told.items()} == {
            JobState.QUEUED: 2,
            JobState.DEAD: 1,
        }
        assert told[JobState.QUEUED].oldest_at == early.created_at

    def test_an_unknown_job_is_not_found(self) -> None:
        with expect(NotFoundError):
            self.found(JobId(new_id()))

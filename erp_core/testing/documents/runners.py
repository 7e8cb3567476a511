"""What every keeper of jobs must do for those who run them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from erp_core.documents.entities import URGENT, JobState, Progress
from erp_core.documents.ports import Owned
from erp_core.kernel.errors import StaleVersionError
from erp_core.testing import ACME, NOON, RIVAL, context, expect
from erp_core.testing.documents.builders import KIND, LEASE_ENDS, RUNNER, a_job
from erp_core.testing.documents.jobs import LATER, PROBLEM, JobsContract

OTHER = "host:2:b"


class RunnersJobContract(JobsContract):
    def due(self) -> bool:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.jobs.due(context(), NOON, (KIND,))

    def renewed(self, *held: Owned) -> tuple[Owned, ...]:
        with self.unit_of_work(context()) as uow:
            return uow.jobs.renew(context(), held, LATER)

    def test_what_is_claimed_is_running_and_nobody_elses(self) -> None:
        job = self.added_one(a_job())
        assert self.due()
        (held,) = self.claimed()
        assert held == Owned(company_id=ACME, job=self.found(job.id))
        assert (held.job.state, held.job.attempts, held.job.version) == (JobState.RUNNING, 1, 2)
        assert not self.due()
        assert self.claimed(OTHER) == ()

    def test_no_more_is_claimed_than_was_asked_for(self) -> None:
        self.added(*[a_job() for _ in range(3)])
        assert [len(self.claimed(limit=2)) for _ in range(3)] == [2, 1, 0]

    def test_only_kinds_that_are_asked_for_are_claimed(self) -> None:
        self.added(a_job("documents.send_mail"))
        assert not self.due()
        assert self.claimed() == ()
        assert len(self.claimed(kinds=("documents.send_mail", KIND))) == 1

    def test_a_runner_serves_every_company(self) -> None:
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            uow.jobs.add(rival, [a_job()])
        (held,) = self.claimed()
        assert held.company_id == RIVAL

    def test_what_is_not_yet_due_is_left_alone(self) -> None:
        self.added(replace(a_job(), next_attempt_at=NOON + timedelta(microseconds=1)))
        assert not self.due()
        assert self.claimed() == ()
        assert len(self.claimed(now=LATER)) == 1

    def test_the_urgent_comes_first_and_then_who_was_there_first(self) -> None:
        first, second = self.added_one(a_job()), self.added_one(a_job())
        urgent = self.added_one(replace(a_job(), priority=URGENT))
        turns = [held.job.id for _ in range(3) for held in self.claimed(limit=1)]
        assert turns == [urgent.id, first.id, second.id]

    def test_a_company_with_many_jobs_does_not_starve_another(self) -> None:
        self.added(*[a_job() for _ in range(200)])
        rival, soon = context(company=RIVAL), NOON + timedelta(seconds=3)
        with self.unit_of_work(rival) as uow:
            late = replace(a_job(), created_at=soon, turn_at=soon, next_attempt_at=soon)
            uow.jobs.add(rival, [late])
        owners = [each.company_id for each in self.claimed(now=soon, until=LATER)]
        assert len(owners) == 10
        assert RIVAL in owners

    def test_a_job_that_waits_to_be_tried_again_delays_no_other_of_its_company(self) -> None:
        self.added(replace(a_job(), turn_at=LATER, next_attempt_at=LATER))
        assert self.added_one(a_job()).turn_at == NOON

    def test_a_dead_runners_jobs_come_back_after_the_lease(self) -> None:
        self.added(a_job())
        self.claimed()
        assert self.claimed(OTHER, now=LEASE_ENDS - timedelta(microseconds=1)) == ()
        (held,) = self.claimed(OTHER, now=LEASE_ENDS, until=LATER)
        assert (held.job.attempts, held.job.state) == (2, JobState.RUNNING)
        assert held.job.lease is not None
        assert held.job.lease.runner == OTHER

    def test_a_job_that_outlives_none_of_its_runners_is_dead(self) -> None:
        job = self.added_one(replace(a_job(), attempts_max=1))
        self.claimed()
        (held,) = self.claimed(OTHER, now=LEASE_ENDS, until=LATER)
        assert held.job == self.found(job.id)
        assert held.job.state is JobState.DEAD
        assert held.job.problem is not None
        assert held.job.problem.code == "documents.job.lost"

    def test_a_renewed_lease_keeps_others_away(self) -> None:
        self.added(a_job())
        (held,) = self.claimed()
        (still,) = self.renewed(held)
        assert still.job.lease is not None
        assert still.job.lease.until == LATER
        assert self.claimed(OTHER, now=LEASE_ENDS) == ()

    def test_renewing_tells_what_was_lost_and_what_is_to_be_cancelled(self) -> None:
        kept, lost = self.added(a_job(), a_job())
        first, second = self.claimed()
        with self.unit_of_work(context()) as uow:
            wish = uow.jobs.lock(context(), kept.id).request_cancel(NOON)
            uow.jobs.save(context(), wish)
            uow.jobs.save(context(), uow.jobs.hold(context(), second).put_back(NOON))
        (still,) = self.renewed(first, second)
        assert (still.job.id, still.job.cancel_requested) == (kept.id, True)
        assert self.found(lost.id).lease is None
        assert self.renewed() == ()

    def test_an_attempt_ends_as_its_runner_says(self) -> None:
        self.added(*[a_job() for _ in range(4)])
        for held, state in zip(
            self.claimed(),
            (JobState.DONE, JobState.FAILED, JobState.DEAD, JobState.QUEUED),
            strict=True,
        ):
            with self.unit_of_work(context()) as uow:
                job = uow.jobs.hold(context(), held).advance(Progress(done=1, total=2))
                ends = {
                    JobState.DONE: job.finish(NOON, {"link": "/v1/files/7"}),
                    JobState.FAILED: job.fail(NOON, PROBLEM, 60),
                    JobState.DEAD: job.fail(NOON, PROBLEM, None),
                    JobState.QUEUED: job.put_back(NOON),
                }
                saved = uow.jobs.save(context(), ends[state])
            assert saved == self.found(held.job.id)
            assert saved.state is state

    def test_a_runner_that_overslept_changes_nothing(self) -> None:
        job = self.added_one(a_job())
        (slow,) = self.claimed()
        (quick,) = self.claimed(now=LEASE_ENDS, until=LATER)  # by the same runner, even
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.jobs.hold(context(), slow)
        assert self.renewed(slow) == ()
        with self.unit_of_work(context()) as uow:
            uow.jobs.save(context(), uow.jobs.hold(context(), quick).finish(LATER))
            with expect(StaleVersionError):
                uow.jobs.hold(context(), quick)
        assert self.found(job.id).state is JobState.DONE

    def test_whoever_holds_nothing_ends_nothing(self) -> None:
        job = self.added_one(a_job())
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.jobs.hold(context(), Owned(company_id=RIVAL, job=job.claim(RUNNER, NOON, LATER)))

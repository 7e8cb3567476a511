"""Many runners at once, where the store admits several writers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from erp_core.documents.entities import Job
from erp_core.testing import at_once, context
from erp_core.testing.documents.builders import a_job
from erp_core.testing.documents.jobs import JobsContract, wanted


class CrowdOfRunnersContract(JobsContract):
    def test_no_two_runners_get_the_same_job(self) -> None:
        jobs = self.added(*[a_job() for _ in range(60)])
        taken = at_once(*[partial(self.claimed, f"host:{each}", 10) for each in range(8)])
        ids = [held.job.id for each in taken for held in each]
        assert len(set(ids)) == len(ids)
        rest = [held.job.id for held in self.claimed("host:last", 60)]
        assert sorted([*ids, *rest]) == sorted(job.id for job in jobs)

    def test_a_runner_does_not_wait_for_another_that_claims(self) -> None:
        self.added(*[a_job() for _ in range(4)])
        with self.unit_of_work(context()) as uow:
            uow.jobs.claim(context(), wanted("host:1", 2))
            (others,) = at_once(partial(self.claimed, "host:2", 2))
        assert len(others) == 2

    def test_of_many_who_leave_the_same_job_one_makes_it(self) -> None:
        def leaves() -> Job:
            return self.added_one(replace(a_job(), unique_key="nightly/2024-02-29"))

        assert len({job.id for job in at_once(*[leaves] * 6)}) == 1

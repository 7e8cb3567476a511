"""A runner that is told to stop: what it has goes on, and what is left goes back."""

from erp_core.documents.entities import Job, JobState, PlainMap
from erp_core.kernel.context import Context
from erp_core.kernel.errors import OperationCancelledError
from erp_core.testing.documents import a_job
from erp_workers import Report
from tests.workers.benches import ONE, PATIENCE_SECONDS, Bench, Stubborn, soon


def test_a_runner_that_drains_claims_nothing_and_works_off_what_it_has() -> None:
    slow = Stubborn(heeds=False)
    bench = Bench(slow, limits=ONE)
    first, second, third = bench.left(a_job(), a_job(), a_job())
    bench.runner.step()
    bench.runner.drain()
    slow.let_go.set()
    bench.worked()

    assert bench.runner.give_back() == 0
    assert [bench.state(each) for each in (first, second)] == [JobState.DONE] * 2
    assert bench.state(third) is JobState.QUEUED


def test_what_cannot_be_worked_off_goes_back_as_if_it_had_not_been_claimed() -> None:
    slow = Stubborn()
    bench = Bench(slow, limits=ONE)
    jobs = bench.left(a_job(), a_job())
    bench.runner.step()
    assert slow.begun.wait(PATIENCE_SECONDS)
    bench.runner.give_back()

    assert [bench.state(each) for each in jobs] == [JobState.QUEUED] * 2
    assert [bench.found(each).attempts for each in jobs] == [0, 0]
    assert bench.runner.step() == 0


def test_a_handler_that_gives_up_by_itself_is_tried_again() -> None:
    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        raise OperationCancelledError("of something of its own")

    bench = Bench(do)
    (job,) = bench.left()
    bench.worked()
    assert bench.state(job) is JobState.FAILED


def test_even_a_deaf_handlers_job_goes_back() -> None:
    deaf = Stubborn(heeds=False)
    bench = Bench(deaf, limits=ONE)
    (job,) = bench.left()
    bench.runner.step()
    assert deaf.begun.wait(PATIENCE_SECONDS)

    assert bench.runner.give_back() == 1
    assert (bench.state(job), bench.found(job).attempts) == (JobState.QUEUED, 0)
    deaf.let_go.set()
    assert bench.runner.work_off(soon())
    assert bench.state(job) is JobState.QUEUED

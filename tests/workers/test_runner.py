"""A runner has jobs done, and stores how they end."""

import logging
from dataclasses import replace

import pytest

from erp_core.documents.entities import Job, JobState, Origin, PlainMap, Progress
from erp_core.kernel.context import Context
from erp_core.kernel.errors import (
    ContentionError,
    InvariantError,
    NotFoundError,
    UnavailableError,
)
from erp_core.testing import ACME, context
from erp_core.testing.documents import a_job
from erp_workers import Limits, Report
from tests.workers.benches import KIND, ONE, PATIENCE_SECONDS, Bench, Stubborn, soon


def test_a_job_is_done_in_the_context_of_whoever_left_it() -> None:
    seen: list[Context] = []

    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        seen.append(ctx)
        return {"link": f"/v1/files/{job.id}"}

    bench = Bench(do)
    origin = Origin(by="ana", request_id="r-7", trace_id="t-7", locale="fr", currency="EUR")
    (job,) = bench.left(replace(a_job(), origin=origin))
    bench.worked()
    (ctx,) = seen

    assert bench.found(job).result == {"link": f"/v1/files/{job}"}
    assert bench.tally.counted == [(KIND, "done")]
    assert (ctx.company_id, ctx.principal.id, ctx.request_id) == (ACME, "ana", "r-7")
    assert (ctx.trace_id, ctx.locale, ctx.currency) == ("t-7", "fr", "EUR")
    assert ctx.principal.may("documents.job.read")
    assert not ctx.principal.may("sales.order.add")
    assert 0 < ctx.remaining_seconds(100) <= 30


def test_where_nothing_is_due_nothing_is_taken() -> None:
    bench = Bench()
    assert bench.runner.step() == 0
    bench.left(a_job("documents.send_mail"))
    assert bench.runner.step() == 0


@pytest.mark.parametrize("error", [UnavailableError("down"), ContentionError("busy"), OSError()])
def test_what_may_be_otherwise_next_time_is_tried_again(error: Exception) -> None:
    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        if job.attempts < 3:
            raise error
        return {}

    bench = Bench(do)
    (job,) = bench.left()
    for _ in range(2):
        bench.worked()
        assert bench.state(job) is JobState.FAILED
        bench.wait(seconds=59)
        bench.worked()
        assert bench.state(job) is JobState.FAILED
        bench.wait(seconds=1)
    bench.worked()

    assert bench.state(job) is JobState.DONE
    assert bench.tally.counted == [(KIND, "failed"), (KIND, "failed"), (KIND, "done")]


@pytest.mark.parametrize("error", [InvariantError("no", code="x.y"), NotFoundError("gone")])
def test_what_is_refused_for_good_is_dead_at_once(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        raise error

    bench = Bench(do)
    (job,) = bench.left()
    bench.worked()
    dead = bench.found(job)

    assert dead.state is JobState.DEAD
    assert dead.problem is not None
    assert dead.problem.text == str(error)
    told = [each for each in caplog.records if getattr(each, "event", "") == "job.dead"]
    assert [each.levelno for each in told] == [logging.ERROR]


def test_whatever_a_handler_does_wrong_is_told_and_stops_no_other_job() -> None:
    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        if job.priority:
            raise ZeroDivisionError
        return {}

    bench = Bench(do, limits=ONE)
    bad, good = bench.left(a_job(), replace(a_job(), priority=0))
    for _ in range(2):
        bench.worked()
    problem = bench.found(bad).problem

    assert bench.state(good) is JobState.DONE
    assert problem is not None
    assert (problem.code, problem.text) == ("internal", "ZeroDivisionError")


def test_a_result_that_cannot_be_kept_is_the_jobs_problem() -> None:
    bench = Bench(lambda ctx, job, report: {"ratio": 0.5})  # type: ignore[dict-item]  # no plain value
    (job,) = bench.left()
    bench.worked()
    assert bench.state(job) is JobState.DEAD


def test_a_job_is_dead_when_its_attempts_are_used_up() -> None:
    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        raise UnavailableError("down")

    bench = Bench(do)
    (job,) = bench.left(replace(a_job(), attempts_max=2))
    for _ in range(3):
        bench.worked()
        bench.wait(minutes=1)

    assert (bench.state(job), bench.found(job).attempts) == (JobState.DEAD, 2)


def test_a_task_ends_at_its_deadline() -> None:
    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        while True:
            ctx.check()

    bench = Bench(do, timeout_seconds=0.05)
    (job,) = bench.left()
    bench.worked()
    problem = bench.found(job).problem

    assert bench.state(job) is JobState.FAILED
    assert problem is not None
    assert problem.code == "deadline_exceeded"


def test_no_more_is_claimed_than_the_pool_can_take() -> None:
    busy = Stubborn(heeds=False)
    bench = Bench(busy, limits=Limits(threads=2, waiting=1))
    jobs = bench.left(*[a_job() for _ in range(9)])

    assert [bench.runner.step() for _ in range(3)] == [3, 0, 0]
    running = [job for job in jobs if bench.state(job) is JobState.RUNNING]
    assert running == jobs[:3]
    busy.let_go.set()


def test_a_lease_is_renewed_while_the_job_runs_and_waits() -> None:
    busy = Stubborn(heeds=False)
    bench = Bench(busy, limits=ONE)
    jobs = bench.left(a_job(), a_job())
    bench.runner.step()
    other = bench.a_runner("host:2")
    for _ in range(20):
        bench.wait(seconds=3)
        bench.runner.step()
        assert other.step() == 0
    busy.let_go.set()
    bench.worked()

    assert [bench.state(job) for job in jobs] == [JobState.DONE] * 2
    assert [bench.found(job).attempts for job in jobs] == [1, 1]


def test_a_dead_runners_job_is_taken_over_and_it_cannot_overwrite_the_other() -> None:
    slow = Stubborn(heeds=False)
    bench = Bench(slow, limits=ONE)
    (job,) = bench.left()
    bench.runner.step()
    assert slow.begun.wait(PATIENCE_SECONDS)
    bench.wait(seconds=31)
    other = bench.a_runner("host:2")
    assert other.step() == 1
    slow.let_go.set()
    for runner in (bench.runner, other):
        assert runner.work_off(soon())

    assert (bench.state(job), bench.found(job).attempts) == (JobState.DONE, 2)
    assert sorted(bench.tally.counted) == [(KIND, "done"), (KIND, "lost")]


def test_whoever_lost_his_lease_is_told_to_stop() -> None:
    slow = Stubborn()
    bench = Bench(slow, limits=ONE)
    (job,) = bench.left()
    bench.runner.step()
    assert slow.begun.wait(PATIENCE_SECONDS)
    bench.wait(seconds=31)
    bench.worked()  # it renews too late, finds the job still its own, and lets it end

    assert bench.state(job) is JobState.FAILED
    assert bench.found(job).attempts == 1


def test_somebodys_wish_to_cancel_reaches_the_handler() -> None:
    slow = Stubborn()
    bench = Bench(slow)
    (job,) = bench.left()
    bench.runner.step()
    assert slow.begun.wait(PATIENCE_SECONDS)
    bench.cancel(job)
    bench.wait(seconds=3)
    bench.worked()

    assert bench.state(job) is JobState.CANCELLED
    assert bench.tally.counted == [(KIND, "cancelled")]


def test_progress_is_stored_as_the_job_goes_on() -> None:
    slow = Stubborn(heeds=False)

    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        report(3, 9)
        return slow(ctx, job, report)

    bench = Bench(do)
    (job,) = bench.left()
    bench.runner.step()
    assert slow.begun.wait(PATIENCE_SECONDS)
    bench.wait(seconds=3)
    bench.runner.step()
    halfway = bench.found(job)
    slow.let_go.set()
    bench.worked()

    assert (halfway.state, halfway.progress) == (JobState.RUNNING, Progress(done=3, total=9))
    assert bench.found(job).progress == Progress(done=9, total=9)


def test_a_handler_that_heeds_nothing_is_let_go_of_and_told_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    deaf = Stubborn(heeds=False)
    bench = Bench(deaf, limits=Limits(threads=1, waiting=0))
    (job,) = bench.left()
    bench.runner.step()
    assert deaf.begun.wait(PATIENCE_SECONDS)
    for _ in range(30):
        bench.wait(seconds=3)
        bench.runner.step()
    other = bench.a_runner("host:2")
    assert other.step() == 1
    deaf.let_go.set()
    for runner in (bench.runner, other):
        assert runner.work_off(soon())

    told = [each for each in caplog.records if getattr(each, "event", "") == "job.overdue"]
    assert len(told) == 1
    assert (bench.state(job), bench.found(job).attempts) == (JobState.DONE, 2)


def test_a_job_that_ended_by_being_claimed_is_told_of_and_not_run() -> None:
    bench = Bench(Stubborn())
    (job,) = bench.left(replace(a_job(), attempts_max=1))
    with bench.store(context()) as uow:
        now = bench.clock.now(context())
        uow.jobs.save(context(), uow.jobs.get(context(), job).claim("gone", now, now))
    bench.worked()

    assert bench.state(job) is JobState.DEAD
    assert bench.tally.counted == [(KIND, "dead")]


def test_log_lines_carry_the_request_of_the_cause(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bench = Bench()
    (job,) = bench.left(replace(a_job(), origin=Origin(by="ana", request_id="r-7")))
    bench.worked()

    told = [
        (each.event, each.request_id, each.user, each.job)  # type: ignore[attr-defined]  # extra
        for each in caplog.records
        if each.name == "erp.jobs"
    ]
    assert told == [
        ("job.started", "r-7", "ana", str(job)),
        ("job.done", "r-7", "ana", str(job)),
    ]


def test_an_end_that_cannot_be_stored_at_once_is_stored_a_little_later() -> None:
    bench = Bench()
    (job,) = bench.left()
    whole, refusals = bench.store, [2]

    class Shaky:
        def __call__(self, ctx, /, *, read_only=False):
            if ctx.company_id == ACME and refusals[0]:
                refusals[0] -= 1
                raise UnavailableError("down")
            return whole(ctx, read_only=read_only)

    bench.store = Shaky()  # type: ignore[assignment]  # which is a store in all but its class
    bench.runner = bench.a_runner("host:1")
    bench.store = whole
    bench.worked()

    assert (bench.state(job), refusals) == (JobState.DONE, [0])


def test_an_end_that_can_never_be_stored_leaves_the_job_to_the_lease() -> None:
    bench = Bench()
    (job,) = bench.left()
    whole = bench.store

    class Down:
        def __call__(self, ctx, /, *, read_only=False):
            if ctx.company_id == ACME:
                raise UnavailableError("down")
            return whole(ctx, read_only=read_only)

    bench.store = Down()  # type: ignore[assignment]  # which is a store in all but its class
    bench.runner = bench.a_runner("host:1")
    bench.store = whole
    bench.worked()
    assert bench.state(job) is JobState.RUNNING
    bench.wait(seconds=31)
    bench.runner = bench.a_runner("host:2")
    bench.worked()
    assert (bench.state(job), bench.found(job).attempts) == (JobState.DONE, 2)

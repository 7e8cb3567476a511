"""A runner at its bench: over memory, by a clock that is moved by hand."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from erp_core.documents.entities import Job, JobId, JobState, PlainMap
from erp_core.kernel.context import Context
from erp_core.kernel.retry import RetryPolicy
from erp_core.testing import MovableClock, context
from erp_core.testing.documents import a_job
from erp_memory.store import MemoryStore
from erp_workers import Limits, Report, Runner, Task

KIND = "documents.render_pdf"
PATIENCE_SECONDS = 20
ONE = Limits(threads=1, waiting=1)
STEADY = RetryPolicy(pauses_seconds=(60,), attempts_max=100)


@dataclass
class Tally:
    """Metrics that are remembered."""

    counted: list[tuple[str, str]] = field(default_factory=list)

    def count_job(self, kind: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.counted.append((kind, outcome))


@dataclass
class Bench:
    """A store, a clock, and a runner whose one kind of job *do* does."""

    do: Callable[[Context, Job, Report], PlainMap] = lambda ctx, job, report: {}
    limits: Limits = field(default_factory=Limits)
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: MovableClock = field(default_factory=MovableClock)
    tally: Tally = field(default_factory=Tally)
    timeout_seconds: float | None = None

    def __post_init__(self) -> None:
        self.runner = self.a_runner("host:1")

    def a_runner(self, name: str) -> Runner:
        task = Task(
            kind=KIND,
            do=self.do,
            grants=frozenset({"documents.*"}),
            retry=STEADY,
            timeout_seconds=self.timeout_seconds,
        )
        return Runner(
            name=name,
            unit_of_work=self.store,
            clock=self.clock,
            tasks=[task],
            limits=self.limits,
            metrics=self.tally,
            chance=lambda: 0.5,
        )

    def left(self, *jobs: Job) -> list[JobId]:
        """Leave jobs for later, one where none is given."""
        now = self.clock.now(context())
        made = [
            replace(each, created_at=now, turn_at=now, next_attempt_at=now)
            for each in jobs or (a_job(),)
        ]
        with self.store(context()) as uow:
            return [each.id for each in uow.jobs.add(context(), made)]

    def worked(self) -> None:
        """Let the runner look for work, and do what it finds."""
        self.runner.step()
        assert self.runner.work_off(time.monotonic() + PATIENCE_SECONDS)

    def found(self, job_id: JobId) -> Job:
        with self.store(context(), read_only=True) as uow:
            return uow.jobs.get(context(), job_id)

    def state(self, job_id: JobId) -> JobState:
        return self.found(job_id).state

    def wait(self, **span: float) -> None:
        self.clock.move(timedelta(**span).total_seconds())

    def cancel(self, job_id: JobId) -> None:
        with self.store(context()) as uow:
            job = uow.jobs.lock(context(), job_id).request_cancel(self.clock.now(context()))
            uow.jobs.save(context(), job)


class Stubborn:
    """A handler that works until it is let go, and heeds its context or does not."""

    def __init__(self, *, heeds: bool = True) -> None:
        self.begun = threading.Event()
        self.let_go = threading.Event()
        self.heeds = heeds

    def __call__(self, ctx: Context, job: Job, report: Report) -> PlainMap:
        self.begun.set()
        if self.heeds:
            ctx.cancellation.wait(PATIENCE_SECONDS)
            ctx.check()
        assert self.let_go.wait(PATIENCE_SECONDS)
        return {}


def soon() -> float:
    return time.monotonic() + PATIENCE_SECONDS

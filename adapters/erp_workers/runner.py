"""Claims jobs, has them done, keeps their leases, and stores how they end."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from erp_core.documents.entities import Job, JobState
from erp_core.documents.ports import JobsUnitOfWork, Owned, Wanted
from erp_core.kernel.context import Context
from erp_core.kernel.errors import ContentionError, StaleVersionError, UnavailableError
from erp_core.kernel.ports import Clock, UnitOfWorkFactory
from erp_workers.attempt import Attempt, Ending
from erp_workers.pool import Pool
from erp_workers.tasks import JobMetrics, Task, house_context

log: Final = logging.getLogger("erp.jobs")

_AT_ONCE: Final = 32  # claimed in one transaction, at most
_SETTLE_PAUSES: Final = (0.1, 0.5, 2.0, 5.0)  # seconds; after that the lease runs out
_OVERDUE: Final = timedelta(seconds=5)  # beyond its time a handler is given up
_CANCELLED_SECONDS: Final = 1.0  # for handlers that are told to stop
_EVENTS: Final[Mapping[JobState, str]] = {
    JobState.DONE: "job.done",
    JobState.FAILED: "job.failed",
    JobState.DEAD: "job.dead",
    JobState.CANCELLED: "job.cancelled",
    JobState.QUEUED: "job.put_back",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much at once, and for how long."""

    threads: int = 4
    waiting: int = 4  # claimed beyond what the threads do, so that none of them idles
    timeout_seconds: float = 30.0
    lease: timedelta = timedelta(seconds=30)

    @property
    def renewal(self) -> timedelta:
        """How often leases are renewed, and wishes to cancel are seen."""
        return self.lease / 10


class Runner:
    """Has jobs done by a pool, of whatever company. ``step`` is called again and again."""

    def __init__(  # noqa: PLR0913  # its ports, each by its name
        self,
        *,
        name: str,
        unit_of_work: UnitOfWorkFactory[JobsUnitOfWork],
        clock: Clock,
        tasks: Sequence[Task],
        limits: Limits,
        metrics: JobMetrics,
        chance: Callable[[], float],
    ) -> None:
        self._name = name
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._tasks = {each.kind: each for each in tasks}
        self._limits = limits
        self._metrics = metrics
        self._chance = chance
        self._lock = threading.Lock()
        self._held: set[Attempt] = set()
        self._renewed_at: datetime | None = None
        self._draining = False
        self._pool = Pool(self._work, threads=limits.threads, waiting=limits.waiting)

    def drain(self) -> None:
        """Claim nothing more."""
        self._draining = True

    def step(self) -> int:
        """Renew the leases that are due, and claim what the pool can take; say how much.

        Raises:
            ErpError: the store could not serve.
        """
        self._renew()
        return self._claim()

    def work_off(self, until: float) -> bool:
        """Wait until nothing is left of what was claimed, or a moment of ``time.monotonic``."""
        return self._pool.wait_idle(until)

    def give_back(self) -> int:
        """Stop what still runs, and queue again all that is not over; say how much that was."""
        self.drain()
        self._pool.withdraw()
        for attempt in self._attempts():
            attempt.stopping = True
            attempt.cancellation.cancel("the program is stopping")
        self._pool.wait_idle(time.monotonic() + _CANCELLED_SECONDS)
        self._pool.close()
        left = self._attempts()
        for attempt in left:
            self._settle(attempt, Job.put_back)
        return len(left)

    def _claim(self) -> int:
        room = min(self._pool.free, _AT_ONCE)
        if self._draining or room <= 0 or not self._tasks:
            return 0
        ctx, now = house_context(), self._clock.now(house_context())
        kinds = tuple(sorted(self._tasks))
        with self._unit_of_work(ctx, read_only=True) as uow:
            if not uow.jobs.due(ctx, now, kinds):
                return 0
        until = now + self._limits.lease
        wanted = Wanted(runner=self._name, kinds=kinds, limit=room, now=now, until=until)
        with self._unit_of_work(ctx) as uow:
            taken = uow.jobs.claim(ctx, wanted)
        for owned in taken:
            self._take_on(owned, until)
        return len(taken)

    def _take_on(self, owned: Owned, until: datetime) -> None:
        task = self._tasks[owned.job.kind]
        attempt = Attempt(
            owned=owned,
            task=task,
            chance=self._chance(),
            timeout_seconds=task.timeout_seconds or self._limits.timeout_seconds,
            until=until,
        )
        if owned.job.state is not JobState.RUNNING:  # it ended by being claimed
            self._tell(attempt, owned.job, 0.0)
            return
        with self._lock:
            self._held.add(attempt)
        self._pool.submit(attempt)

    def _work(self, attempt: Attempt) -> None:
        if attempt.over:
            return
        attempt.begun_at = self._clock.now(house_context())
        log.info("%s", attempt.job.kind, extra=attempt.told("job.started"))
        started = time.perf_counter()
        ending = attempt.run()
        self._settle(attempt, ending, time.perf_counter() - started)

    def _settle(self, attempt: Attempt, ending: Ending, seconds: float = 0.0) -> None:
        """Store how it ended; what cannot be stored is done again when the lease runs out."""
        try:
            stored = self._stored(attempt, ending)
        except StaleVersionError:
            log.warning("it is another's by now", extra=attempt.told("job.lost"))
            self._metrics.count_job(attempt.job.kind, "lost", seconds)
        except (ContentionError, UnavailableError) as error:
            log.exception("its end cannot be stored", extra=attempt.told("job.unsettled"))
            self._metrics.count_job(attempt.job.kind, error.code, seconds)
        else:
            self._tell(attempt, stored, seconds)
        finally:
            attempt.over = True
            with self._lock:
                self._held.discard(attempt)

    def _stored(self, attempt: Attempt, ending: Ending) -> Job:
        for pause in (*_SETTLE_PAUSES, None):
            ctx = self._context_of(attempt)
            try:
                with self._unit_of_work(ctx) as uow:
                    job = uow.jobs.hold(ctx, attempt.owned)
                    if attempt.progress is not None:
                        job = job.advance(attempt.progress)
                    return uow.jobs.save(ctx, ending(job, self._clock.now(ctx)))
            except (ContentionError, UnavailableError):
                if pause is None:
                    raise
                self._clock.sleep(ctx, pause)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _tell(self, attempt: Attempt, job: Job, seconds: float) -> None:
        told = attempt.told(_EVENTS[job.state], duration_ms=round(seconds * 1000, 3))
        if job.problem is not None and job.state is not JobState.QUEUED:
            told["code"] = job.problem.code
        level = logging.ERROR if job.state is JobState.DEAD else logging.INFO
        log.log(level, "%s: %s", job.kind, job.state.value, extra=told)
        outcome = "put_back" if job.state is JobState.QUEUED else job.state.value
        self._metrics.count_job(job.kind, outcome, seconds)

    def _renew(self) -> None:
        now = self._clock.now(house_context())
        since = None if self._renewed_at is None else now - self._renewed_at
        if since is not None and timedelta(0) <= since < self._limits.renewal:
            return
        self._renewed_at = now
        self._give_up_on(now)
        held = [each for each in self._attempts() if not each.overdue]
        if not held:
            return
        ctx, until = house_context(), now + self._limits.lease
        with self._unit_of_work(ctx) as uow:
            found = uow.jobs.renew(ctx, [each.owned for each in held], until)
            self._store_progress(ctx, uow, held, found)
        ours = {(each.company_id, each.job.id): each.job for each in found}
        for attempt in held:
            self._notice(attempt, ours.get((attempt.owned.company_id, attempt.job.id)), until)

    def _store_progress(
        self,
        ctx: Context,
        uow: JobsUnitOfWork,
        held: Sequence[Attempt],
        found: Sequence[Owned],
    ) -> None:
        ours = {(each.company_id, each.job.id): each for each in found}
        for attempt in held:
            owned = ours.get((attempt.owned.company_id, attempt.job.id))
            if owned is None or attempt.progress in (None, owned.job.progress):
                continue
            within = replace(ctx, company_id=owned.company_id)
            if attempt.progress is not None:
                job = uow.jobs.hold(ctx, owned).advance(attempt.progress)
                uow.jobs.save(within, job)

    def _notice(self, attempt: Attempt, job: Job | None, until: datetime) -> None:
        if attempt.over:  # it ended while we asked
            return
        if job is None:
            attempt.cancellation.cancel("the lease was lost")
            return
        attempt.until = until
        if job.cancel_requested:
            attempt.cancellation.cancel("somebody cancelled the job")

    def _give_up_on(self, now: datetime) -> None:
        """Let go of what heeds nothing any more, and of what was not renewed in time."""
        for attempt in self._attempts():
            if attempt.until <= now:
                attempt.cancellation.cancel("the lease ran out")
            allowed = timedelta(seconds=attempt.timeout_seconds) + _OVERDUE
            if attempt.begun_at is not None and now - attempt.begun_at > allowed:
                if not attempt.overdue:
                    log.error("it does not end", extra=attempt.told("job.overdue"))
                attempt.overdue = True
                attempt.cancellation.cancel("it has taken too long")

    def _attempts(self) -> list[Attempt]:
        with self._lock:
            return sorted(self._held, key=lambda each: (each.owned.company_id, each.job.id))

    def _context_of(self, attempt: Attempt) -> Context:
        origin = attempt.job.origin
        return replace(
            house_context(),
            company_id=attempt.owned.company_id,
            request_id=origin.request_id or str(attempt.job.id),
            trace_id=origin.trace_id,
        )

"""All of it together: started, told to drain, and ended in order."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

from erp_core.documents.ports import JobsUnitOfWork
from erp_core.kernel.ports import Clock, UnitOfWorkFactory
from erp_workers.beat import Beat
from erp_workers.runner import Runner
from erp_workers.tasks import JobMetrics, house_context

log: Final = logging.getLogger("erp.workers")

_POLL_SECONDS: Final = 0.5
_TALLY_SECONDS: Final = 15.0
_BEAT_ENDS_SECONDS: Final = 5.0


class Workers:
    """A runner with its beat, and a second beat for those who make jobs."""

    def __init__(
        self,
        runner: Runner,
        makers: Callable[[Callable[[], None]], list[Callable[[], int]]],
        tally: Callable[[], int],
    ) -> None:
        """Take the runner, what makes the steps of relay and scheduler, and who counts.

        *makers* is handed what wakes the runner.
        """
        self._runner = runner
        self._running = Beat("jobs-runner", [runner.step], seconds=_POLL_SECONDS)
        steps = [*makers(self._running.wake), tally]
        self._making = Beat("jobs-maker", steps, seconds=_POLL_SECONDS)

    def start(self) -> None:
        """Begin to look for work."""
        self._running.start()
        self._making.start()

    def wake(self) -> None:
        """Look for work at once: some has just been committed."""
        self._running.wake()

    def drain(self) -> None:
        """Take on nothing more; what was taken on goes on. Waits for nobody."""
        self._runner.drain()

    def finish(self, until: float) -> int:
        """Work off what was claimed until a moment of ``time.monotonic``; give back the rest.

        Leases are renewed meanwhile. Returns how many jobs went back.
        """
        self.drain()
        self._making.stop(_BEAT_ENDS_SECONDS)
        self._runner.work_off(until)
        self._running.stop(_BEAT_ENDS_SECONDS)
        self._runner.work_off(max(until, time.monotonic()))  # of what was just being claimed
        back = self._runner.give_back()
        log.info("stopped", extra={"event": "workers.stopped", "jobs_put_back": back})
        return back


class Counting:
    """Counts the jobs of the whole house now and then, for the metrics."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory[JobsUnitOfWork],
        clock: Clock,
        metrics: JobMetrics,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._metrics = metrics
        self._counted_at: float | None = None

    def step(self) -> int:
        """Count, if that was long ago; it is no work that another would follow."""
        ctx = house_context()
        now = self._clock.now(ctx)
        moment = now.timestamp()
        if self._counted_at is not None and moment - self._counted_at < _TALLY_SECONDS:
            return 0
        self._counted_at = moment
        with self._unit_of_work(ctx, read_only=True) as uow:
            found = uow.jobs.tally(ctx)
        self._metrics.show_jobs(
            {
                each.state.value: (each.count, (now - each.oldest_at).total_seconds())
                for each in found
            }
        )
        return 0

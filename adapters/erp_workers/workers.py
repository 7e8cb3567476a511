"""All of it together: started, told to drain, and ended in order."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from erp_core.documents.entities import OPEN, JobState
from erp_core.documents.ports import JobsUnitOfWork, Tally
from erp_core.kernel.context import Context
from erp_core.kernel.errors import ErpError
from erp_core.kernel.ports import Clock, UnitOfWorkFactory
from erp_workers.beat import Beat
from erp_workers.runner import Runner
from erp_workers.tasks import house_context

log: Final = logging.getLogger("erp.workers")

_POLL_SECONDS: Final = 0.5
_TALLY_SECONDS: Final = 1.0  # to count the jobs: whoever looks does not wait for a sick database
_TALLY_KEPT: Final = timedelta(seconds=5)
_COUNTED: Final = tuple(sorted({*OPEN, JobState.DEAD}))
_BEAT_ENDS_SECONDS: Final = 5.0


class Workers:
    """A runner with its beat, and a second beat for those who make jobs."""

    def __init__(
        self,
        runner: Runner,
        makers: Callable[[Callable[[], None]], list[Callable[[], int]]],
    ) -> None:
        """Take the runner, and what makes the steps of relay and scheduler.

        *makers* is handed what wakes the runner.
        """
        self._runner = runner
        self._running = Beat("jobs-runner", [runner.step], seconds=_POLL_SECONDS)
        steps = makers(self._running.wake)
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
    """Counts the jobs of the whole house for whoever looks: by one statement, and seldom."""

    def __init__(self, unit_of_work: UnitOfWorkFactory[JobsUnitOfWork], clock: Clock) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._lock = threading.Lock()  # who comes while it is counted hears of it
        self._counted: tuple[datetime, tuple[Tally, ...] | None] | None = None

    def found(self) -> dict[str, tuple[int, float]] | None:
        """Return how many jobs are in each state, and the age of the oldest in seconds.

        None where the database does not answer within a second: nobody knows then.
        """
        ctx = house_context().with_timeout(_TALLY_SECONDS)
        now = self._clock.now(ctx)
        with self._lock:
            if self._counted is None or now - self._counted[0] >= _TALLY_KEPT:
                self._counted = now, self._tally(ctx)
            tallies = self._counted[1]
        if tallies is None:
            return None
        known = {each.state: each for each in tallies}
        return {state.value: _of(known.get(state), now) for state in _COUNTED}

    def _tally(self, ctx: Context) -> tuple[Tally, ...] | None:
        try:
            with self._unit_of_work(ctx, read_only=True) as uow:
                return uow.jobs.tally(ctx)
        except ErpError as error:
            fields = {"event": "jobs.uncounted", "code": error.code}
            log.warning("the jobs were not counted", extra=fields)
            return None


def _of(tally: Tally | None, now: datetime) -> tuple[int, float]:
    return (0, 0.0) if tally is None else (tally.count, (now - tally.oldest_at).total_seconds())

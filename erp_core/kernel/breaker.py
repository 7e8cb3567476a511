"""A circuit breaker: whoever does not answer is left alone for a while, and then asked once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from erp_core.kernel.context import Context
from erp_core.kernel.errors import OperationCancelledError, UnavailableError
from erp_core.kernel.ports import Clock

FAILURES_MAX: Final = 5  # in a row
OPEN_SECONDS: Final = 30.0


class BreakerState(StrEnum):
    """Closed: it is asked. Open: it is not. Half open: one asks, and the others wait for that."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Breaker:
    """Stands before one thing outside. Any thread may ask; what it guards runs unlocked.

    *told* hears of every change, in the order of the changes, while the breaker is locked: it is
    short, and asks the breaker nothing that waits.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        failures_max: int = FAILURES_MAX,
        open_seconds: float = OPEN_SECONDS,
        told: Callable[[BreakerState], None] = lambda _: None,
    ) -> None:
        self._clock = clock
        self._failures_max = failures_max
        self._open = timedelta(seconds=open_seconds)
        self._told = told
        self._lock = threading.RLock()
        self._state = BreakerState.CLOSED
        self._failures = 0
        self._opened_at: datetime | None = None
        self._era = 0  # of the state: an answer that belongs to an older one says nothing any more

    @property
    def state(self) -> BreakerState:
        return self._state

    def check(self, ctx: Context) -> None:
        """Refuse as ``attempt`` would, but claim no trial: for what is prepared before one.

        Raises:
            UnavailableError: it is open, or somebody else is trying (``breaker.open``).
        """
        with self._lock:
            if self._state is not BreakerState.CLOSED and not self._may_try(ctx):
                raise _left_alone()

    @contextmanager
    def attempt(
        self, ctx: Context, *, answered_by: tuple[type[Exception], ...] = ()
    ) -> Iterator[None]:
        """Let the block try, unless the circuit is open; an exception of the block is a failure.

        An error of *answered_by* is an answer all the same: whoever refuses, lives. A caller who
        gave up says nothing of the other side, so the next one may try in his place.

        Raises:
            UnavailableError: it is open, or somebody else is trying (``breaker.open``).
        """
        era = self._admit(ctx)
        try:
            yield
        except OperationCancelledError:
            self._withdraw(era)
            raise
        except answered_by:
            self._succeed(era)
            raise
        except BaseException:
            self._fail(ctx, era)
            raise
        self._succeed(era)

    def _admit(self, ctx: Context) -> int:
        with self._lock:
            if self._may_try(ctx):
                self._become(BreakerState.HALF_OPEN)
            elif self._state is not BreakerState.CLOSED:
                raise _left_alone()
            return self._era

    def _may_try(self, ctx: Context) -> bool:
        return self._state is BreakerState.OPEN and self._rested(ctx)

    def _rested(self, ctx: Context) -> bool:
        return (
            self._opened_at is None or self._clock.now(ctx) - self._opened_at >= self._open
        )  # the clock's own moment: it was noted when the circuit opened

    def _succeed(self, era: int) -> None:
        with self._lock:
            if era != self._era:
                return
            self._failures = 0
            if self._state is BreakerState.HALF_OPEN:
                self._become(BreakerState.CLOSED)

    def _fail(self, ctx: Context, era: int) -> None:
        with self._lock:
            if era != self._era:
                return
            self._failures += 1
            if self._state is BreakerState.HALF_OPEN or self._failures >= self._failures_max:
                self._opened_at = self._clock.now(ctx)
                self._become(BreakerState.OPEN)

    def _withdraw(self, era: int) -> None:
        with self._lock:
            if era == self._era and self._state is BreakerState.HALF_OPEN:
                self._opened_at = None  # the trial is anybody's again, at once
                self._become(BreakerState.OPEN)

    def _become(self, state: BreakerState) -> None:
        self._state = state
        self._era += 1
        self._failures = 0
        self._told(state)


def _left_alone() -> UnavailableError:
    return UnavailableError(
        "it has failed several times in a row and is not asked for a while", code="breaker.open"
    )

"""A clock that is set to the days of a year that has passed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from erp_core.kernel.context import Context
from erp_core.kernel.ports import Clock

_OPENING: Final = time(13, tzinfo=UTC)  # the same day in every time zone that trades with us
_STEP: Final = timedelta(milliseconds=20)


class YearClock(Clock):
    """Shows a moment of the day it was set to, a little later each time it is asked."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def open(self, day: date) -> None:
        """Begin a day."""
        self._now = datetime.combine(day, _OPENING)

    def now(self, ctx: Context) -> datetime:
        self._now += _STEP
        return self._now

    def sleep(self, ctx: Context, seconds: float) -> None:
        ctx.cancellation.wait(ctx.remaining_seconds(seconds))
        ctx.check()

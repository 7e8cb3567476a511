"""A schedule: what is to be done again and again, once in each period."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final, NewType, Self

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import TransitionError, ensure

ScheduleName = NewType("ScheduleName", str)

_NAME: Final = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*){1,3}")
_NAME_LENGTH: Final = 64
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """At each full interval since 1970, in UTC: every hour is at the full hour."""

    interval: timedelta

    def __post_init__(self) -> None:
        ensure(
            timedelta(seconds=1) <= self.interval <= 366 * _DAY,
            "documents.schedule.interval",
            "an interval is from one second to a year",
            field="interval",
        )

    def period(self, now: datetime, zone: tzinfo) -> str:
        """Return the name of the period that *now* is in."""
        seconds = self.interval.total_seconds()
        begun = now.timestamp() // seconds * seconds
        return f"{datetime.fromtimestamp(begun, UTC):%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Once a day, from a time of the day on, by the clocks of the company's own zone.

    An hour that the summer time leaves out comes when it would have been; one that comes twice
    counts once, since the period is the day.
    """

    at: time

    def period(self, now: datetime, zone: tzinfo) -> str:
        """Return the name of the period that *now* is in: the day, from its hour on."""
        local = now.astimezone(zone).replace(tzinfo=None)
        day = local if local.time() >= self.at else local - _DAY
        return f"{day:%Y-%m-%d}"


Rhythm = Every | Daily


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule(Aggregate):
    """How far a schedule has come, for the whole house or for one company.

    Names of periods are in the order of time, so that comparing them is comparing moments. A
    period that passed while no program ran is not made up for: the next one is made.
    """

    name: ScheduleName
    last_period: str = ""  # none yet

    def __post_init__(self) -> None:
        ensure(
            len(self.name) <= _NAME_LENGTH and bool(_NAME.fullmatch(self.name)),
            "documents.schedule.name",
            f"{self.name!r} is no schedule's name: write area.deed",
            field="name",
        )

    def behind(self, period: str) -> bool:
        """Say whether *period* is yet to be made."""
        return self.last_period < period

    def advance(self, period: str) -> Self:
        """Return the schedule with *period* made.

        Raises:
            TransitionError: it was made before.
        """
        if not self.behind(period):
            raise TransitionError(
                f"{self.name} was made for {self.last_period}", code="documents.schedule.made"
            )
        return replace(self, last_period=period)

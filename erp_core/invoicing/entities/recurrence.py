"""When something comes again: dates counted from one anchor, so that they never drift."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure

INTERVAL_MAX: Final = 366

_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 9000  # INTERVAL_MAX years on there is still a calendar
_MONTHS: Final = 12  # of a year


class Frequency(StrEnum):
    """What an interval counts."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_DAYS: Final = {Frequency.DAY: 1, Frequency.WEEK: 7}
_IN_MONTHS: Final = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: _MONTHS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurrence:
    """Every so many days, weeks, months, quarters or years, from *start_on* on.

    The day of the month is the anchor's. A month that lacks it has its last day instead, and the
    next one has the anchor's again: the 31st of January, the 28th of February, the 31st of March.
    """

    frequency: Frequency
    interval: int = 1
    start_on: date

    def __post_init__(self) -> None:
        ensure(
            1 <= self.interval <= INTERVAL_MAX,
            "invoicing.recurrence.interval",
            f"an interval is from 1 to {INTERVAL_MAX}",
            field="interval",
            most=INTERVAL_MAX,
        )
        ensure(
            _FIRST_YEAR <= self.start_on.year <= _LAST_YEAR,
            "invoicing.recurrence.start",
            f"it starts between {_FIRST_YEAR} and {_LAST_YEAR}: check the year",
            field="start_on",
        )

    def on(self, index: int) -> date:
        """Return the date with this *index*; that of the start is 0."""
        steps = index * self.interval
        days = _DAYS.get(self.frequency)
        if days is not None:
            return self.start_on + timedelta(days=steps * days)
        return _months_after(self.start_on, steps * _IN_MONTHS[self.frequency])

    def index_from(self, day: date) -> int:
        """Return the index of the first date that is not before *day*."""
        if day <= self.start_on:
            return 0
        passed = (day - self.start_on).days
        days = _DAYS.get(self.frequency)
        if days is not None:
            return -(-passed // (days * self.interval))
        start = self.start_on
        months = (day.year - start.year) * _MONTHS + day.month - start.month
        index = months // (_IN_MONTHS[self.frequency] * self.interval)
        return index if self.on(index) >= day else index + 1


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))

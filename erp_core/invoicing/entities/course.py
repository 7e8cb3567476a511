"""How far something that comes again has come, and where it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final, Self

from erp_core.invoicing.entities.recurrence import Recurrence
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure

COUNT_MAX: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """The periods of a recurrence: those that were made, the next one, the last one."""

    recurrence: Recurrence
    position: int = 0  # the index of the next period
    ends_on: date | None = None  # no period begins after that day
    count: int | None = None  # so many in all; None: no matter how many
    made: int = 0
    last_period_on: date | None = None  # the latest that was made

    def __post_init__(self) -> None:
        ensure(
            self.count is None or max(1, self.made) <= self.count <= COUNT_MAX,
            "invoicing.recurring.count",
            f"so many invoices in all: from 1, or what is made already, to {COUNT_MAX}",
            field="count",
            made=self.made,
            most=COUNT_MAX,
        )
        ensure(
            self.count is None or self.ends_on is None,
            "invoicing.recurring.end",
            "it ends on a day or after so many invoices: say one of them",
            field="ends_on",
        )
        ensure(
            self.ends_on is None or self.recurrence.start_on <= self.ends_on,
            "invoicing.recurring.ends_on",
            "it ends before it starts: choose a later day",
            field="ends_on",
        )

    @property
    def next_on(self) -> date | None:
        """When the next period begins; None: all are over."""
        if self.count is not None and self.made >= self.count:
            return None
        following = self.recurrence.on(self.position)
        return following if self.ends_on is None or following <= self.ends_on else None

    @property
    def last_day(self) -> date:
        """The last day of the next period."""
        return self.recurrence.on(self.position + 1) - timedelta(days=1)

    def due(self, today: date, most: int) -> tuple[date, ...]:
        """Return the periods that have begun and were not made, the first *most* of them."""
        left = most if self.count is None else min(most, self.count - self.made)
        last = today if self.ends_on is None else min(today, self.ends_on)
        begun = (self.recurrence.on(self.position + step) for step in range(left))
        return tuple(each for each in begun if each <= last)

    def step(self) -> Self:
        """Return the course with the next period made."""
        return replace(
            self,
            position=self.position + 1,
            made=self.made + 1,
            last_period_on=self.recurrence.on(self.position),
        )

    def from_day(self, day: date) -> Self:
        """Return the course with all periods left out that begin before *day*."""
        return replace(self, position=max(self.position, self.recurrence.index_from(day)))

    def until(self, ends_on: date | None, count: int | None) -> Self:
        """Return the course with another end."""
        return replace(self, ends_on=ends_on, count=count)

    def anew(self, recurrence: Recurrence) -> Self:
        """Return the course with another recurrence, which begins after what was made.

        Raises:
            InvariantError: it would make a period again.
        """
        if recurrence == self.recurrence:
            return self
        ensure(
            self.last_period_on is None or self.last_period_on < recurrence.start_on,
            "invoicing.recurring.made",
            f"the period of {self.last_period_on} is made: start after it",
            field="start_on",
            last=self.last_period_on,
        )
        return replace(self, recurrence=recurrence, position=0)

"""Makes the jobs that come again and again, once in each period."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from erp_core.documents.entities import (
    USUAL,
    PlainMap,
    Rhythm,
    ScheduleName,
    new_job,
)
from erp_core.documents.ports import JobsUnitOfWork
from erp_core.kernel.context import NO_COMPANY, CompanyId, Context
from erp_core.kernel.ports import Clock, UnitOfWorkFactory
from erp_workers.tasks import company_context, house_context

log: Final = logging.getLogger("erp.scheduler")

# The companies there are, each with the zone of its clocks.
Companies = Callable[[Context], Sequence[tuple[CompanyId, tzinfo]]]

_KNOWN_FOR: Final = timedelta(minutes=5)  # a company that is new waits for its first job so long


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """A job that is made once in each period: for the whole house, or for each company."""

    name: ScheduleName
    rhythm: Rhythm
    kind: str
    each_company: bool = False
    payload: PlainMap = field(default_factory=dict)
    priority: int = USUAL


class Scheduler:
    """Looks at the clock. Any number of programs may: a period is made by one of them."""

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory[JobsUnitOfWork],
        clock: Clock,
        timetable: Sequence[Recurring],
        companies: Companies,
        woken: Callable[[], None] = lambda: None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._timetable = timetable
        self._ask_companies = companies
        self._woken = woken
        self._made: dict[tuple[CompanyId, ScheduleName], str] = {}  # what need not be asked again
        self._companies: Sequence[tuple[CompanyId, tzinfo]] = ()
        self._asked_at: datetime | None = None

    def step(self) -> int:
        """Make what is due; say how many jobs that were.

        Raises:
            ErpError: the store could not serve.
        """
        ctx = house_context()
        now = self._clock.now(ctx)
        made = 0
        for entry, company_id, zone in self._due_for(ctx, now):
            period, place = entry.rhythm.period(now, zone), (company_id, entry.name)
            if self._made.get(place, "") < period:
                made += self._make(ctx, company_id, entry, period)
                self._made[place] = period
        if made:
            self._woken()
        return made

    def _due_for(
        self, ctx: Context, now: datetime
    ) -> Iterator[tuple[Recurring, CompanyId, tzinfo]]:
        for entry in self._timetable:
            if not entry.each_company:
                yield entry, NO_COMPANY, UTC
                continue
            for company_id, zone in self._known(ctx, now):
                yield entry, company_id, zone

    def _known(self, ctx: Context, now: datetime) -> Sequence[tuple[CompanyId, tzinfo]]:
        if self._asked_at is None or now - self._asked_at >= _KNOWN_FOR:
            self._companies, self._asked_at = self._ask_companies(ctx), now
        return self._companies

    def _make(self, ctx: Context, company_id: CompanyId, entry: Recurring, period: str) -> int:
        ctx = replace(ctx, company_id=company_id)
        with self._unit_of_work(ctx) as uow:
            schedule = uow.schedules.lock(ctx, entry.name)
            if not schedule.behind(period):
                return 0
            ctx = company_context(ctx, uow, company_id)
            job = new_job(
                ctx,
                self._clock.now(ctx),
                entry.kind,
                entry.payload,
                priority=entry.priority,
                unique_key=f"{entry.name}:{period}",
            )
            uow.jobs.add(ctx, [job])
            uow.schedules.save(ctx, schedule.advance(period))
        told = {"event": "schedule.made", "company": str(ctx.company_id), "kind": entry.kind}
        log.info("%s for %s", entry.name, period, extra=told)
        return 1

"""Jobs and schedules in dictionaries. One writer at a time: nobody's lock is ever met."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from erp_core.documents.entities import (
    Job,
    JobId,
    JobState,
    Lease,
    Schedule,
    ScheduleName,
    in_turn,
)
from erp_core.documents.ports import (
    JobQuery,
    JobRepository,
    Owned,
    ScheduleRepository,
    Tally,
    Wanted,
)
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryJobs(JobRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._jobs = tables.jobs
        self._journal = journal

    def add(self, ctx: Context, jobs: Sequence[Job]) -> tuple[Job, ...]:
        return tuple(self._add(ctx, job) for job in jobs)

    def get(self, ctx: Context, job_id: JobId) -> Job:
        found = self._jobs.get((ctx.company_id, job_id))
        if found is None:
            raise NotFoundError(f"no job {job_id}", kind="job", id=job_id)
        return found

    def lock(self, ctx: Context, job_id: JobId) -> Job:
        return self.get(ctx, job_id)

    def save(self, ctx: Context, job: Job) -> Job:
        before = self.get(ctx, job.id)
        if before.version != job.version:
            raise StaleVersionError(f"job {job.id} has changed meanwhile")
        self._journal.note(
            "documents.job", str(job.id), {"state": before.state}, {"state": job.state}
        )
        return self._write(ctx.company_id, job)

    def page(self, ctx: Context, query: JobQuery) -> Page[Job]:
        found = (
            job
            for (owner, _), job in self._jobs.items()
            if owner == ctx.company_id
            and (not query.states or job.state in query.states)
            and query.kind in ("", job.kind)
        )
        return page_of(found, query.page)

    def due(self, ctx: Context, now: datetime, kinds: Sequence[str]) -> bool:
        return any(job.due(now) and job.kind in kinds for job in self._jobs.values())

    def claim(self, ctx: Context, wanted: Wanted) -> tuple[Owned, ...]:
        due = [
            (job.priority, job.turn_at, job.id, owner)
            for (owner, _), job in self._jobs.items()
            if job.due(wanted.now) and job.kind in wanted.kinds
        ]
        taken = []
        for _, _, key, owner in sorted(due)[: wanted.limit]:
            job = self._jobs[owner, key].claim(wanted.runner, wanted.now, wanted.until)
            taken.append(Owned(company_id=owner, job=self._write(owner, job)))
        return tuple(taken)

    def renew(self, ctx: Context, held: Sequence[Owned], until: datetime) -> tuple[Owned, ...]:
        ours = []
        for each in held:
            job = self._jobs.get((each.company_id, each.job.id))
            if job is not None and job.held_by(each.job) and job.lease is not None:
                job = replace(job, lease=Lease(runner=job.lease.runner, until=until))
                self._jobs[each.company_id, job.id] = job
                ours.append(Owned(company_id=each.company_id, job=job))
        return tuple(ours)

    def hold(self, ctx: Context, held: Owned) -> Job:
        job = self._jobs.get((held.company_id, held.job.id))
        if job is None or not job.held_by(held.job):
            raise StaleVersionError(f"job {held.job.id} is another's by now")
        return job

    def tally(self, ctx: Context) -> tuple[Tally, ...]:
        moments: dict[JobState, list[datetime]] = defaultdict(list)
        for job in self._jobs.values():
            if job.open or job.state is JobState.DEAD:
                moments[job.state].append(job.created_at)
        return tuple(
            Tally(state=state, count=len(made), oldest_at=min(made))
            for state, made in sorted(moments.items())
        )

    def forget(
        self, ctx: Context, states: Sequence[JobState], before: datetime, limit: int
    ) -> int:
        old = [
            place
            for place, job in self._jobs.items()
            if job.state in states and job.ended_at is not None and job.ended_at < before
        ]
        for place in old[:limit]:
            del self._jobs[place]
        return len(old[:limit])

    def _add(self, ctx: Context, job: Job) -> Job:
        if (ctx.company_id, job.id) in self._jobs:
            raise AlreadyExistsError("a job of this id exists", field="id")
        ours = [each for (owner, _), each in self._jobs.items() if owner == ctx.company_id]
        for each in ours:
            if job.unique_key is not None and each.unique_key == job.unique_key:
                return each
        turns = [
            each.turn_at
            for each in ours
            if each.due(job.created_at) and each.priority == job.priority
        ]
        (placed,) = in_turn([job], max(turns, default=None))
        self._journal.note("documents.job", str(job.id), {}, {"kind": job.kind})
        return self._write(ctx.company_id, placed)

    def _write(self, owner: CompanyId, job: Job) -> Job:
        stored = job.stored(job.version + 1)
        self._jobs[owner, job.id] = stored
        return stored


class MemorySchedules(ScheduleRepository):
    def __init__(self, tables: Tables) -> None:
        self._schedules = tables.schedules

    def lock(self, ctx: Context, name: ScheduleName) -> Schedule:
        made = Schedule(name=name, version=1)
        return self._schedules.setdefault((ctx.company_id, name), made)

    def save(self, ctx: Context, schedule: Schedule) -> Schedule:
        before = self._schedules.get((ctx.company_id, schedule.name))
        if before is None:
            raise NotFoundError(f"no schedule {schedule.name}")
        if before.version != schedule.version:
            raise StaleVersionError(f"schedule {schedule.name} has changed meanwhile")
        stored = schedule.stored(schedule.version + 1)
        self._schedules[ctx.company_id, schedule.name] = stored
        return stored

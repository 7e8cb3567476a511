"""Jobs over one connection: claimed by locks that others skip, settled while the claim stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, CursorResult
from sqlalchemy.exc import IntegrityError

from erp_core.documents.entities import Job, JobId, JobState, in_turn
from erp_core.documents.ports import JobQuery, JobRepository, Owned, Tally, Wanted
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_sql.documents import job_statements as statements
from erp_sql.documents.job_mappers import read_job, write_course, write_job
from erp_sql.documents.job_statements import TABLE


class SqlJobs(JobRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[tuple[CompanyId, JobId], JobState] = {}  # as it was, for the journal

    def add(self, ctx: Context, jobs: Sequence[Job]) -> tuple[Job, ...]:
        placed = self._placed(ctx, jobs)
        known = self._insert(ctx, placed)
        stored = []
        for job in placed:
            found = known.get(job.unique_key or "", job.stored(1))
            if found.id == job.id:
                self._journal.note("documents.job", str(job.id), {}, {"kind": job.kind})
            stored.append(found)
        return tuple(stored)

    def get(self, ctx: Context, job_id: JobId) -> Job:
        return self._get(ctx, job_id, locked=False)

    def lock(self, ctx: Context, job_id: JobId) -> Job:
        return self._get(ctx, job_id, locked=True)

    def save(self, ctx: Context, job: Job) -> Job:
        place = (ctx.company_id, job.id)
        before = self._seen.get(place) or self.get(ctx, job.id).state
        values = write_course(job) | _named(*place) | {"_version": job.version}
        result: CursorResult[Any] = self._connection.execute(statements.SAVE, values)
        if result.rowcount != 1:
            raise StaleVersionError(f"job {job.id} has changed meanwhile")
        self._journal.note("documents.job", str(job.id), {"state": before}, {"state": job.state})
        self._seen[place] = job.state
        return job.stored(job.version + 1)

    def page(self, ctx: Context, query: JobQuery) -> Page[Job]:
        wanted: list[ColumnElement[bool]] = []
        if query.states:
            wanted.append(TABLE.c.state.in_([each.value for each in query.states]))
        if query.kind:
            wanted.append(TABLE.c.kind == query.kind)
        return statements.KEYSET.page(self._connection, ctx, query.page, wanted, read_job)

    def due(self, ctx: Context, now: datetime, kinds: Sequence[str]) -> bool:
        asked = {"moment": now, "kinds": list(kinds)}
        return self._connection.execute(statements.DUE, asked).first() is not None

    def claim(self, ctx: Context, wanted: Wanted) -> tuple[Owned, ...]:
        asked = {"moment": wanted.now, "kinds": list(wanted.kinds), "most": wanted.limit}
        rows = self._connection.execute(statements.CLAIM, asked).all()
        taken = [
            (
                CompanyId(row.company_id),
                read_job(row).claim(wanted.runner, wanted.now, wanted.until),
            )
            for row in rows
        ]
        if taken:
            written = [write_course(job) | _named(owner, job.id) for owner, job in taken]
            self._connection.execute(statements.WRITE, written)
        return tuple(
            Owned(company_id=owner, job=job.stored(job.version + 1)) for owner, job in taken
        )

    def renew(self, ctx: Context, held: Sequence[Owned], until: datetime) -> tuple[Owned, ...]:
        runners = {each.job.lease.runner for each in held if each.job.lease is not None}
        found: list[Owned] = []
        for runner in sorted(runners):
            asked = {"runner": runner, "ids": [each.job.id for each in held]}
            self._connection.execute(statements.RENEW, asked | {"until": until})
            rows = self._connection.execute(statements.RENEWED, asked)
            found += [
                Owned(company_id=CompanyId(row.company_id), job=read_job(row)) for row in rows
            ]
        ours = {(each.company_id, each.job.id): each.job for each in held}
        return tuple(
            each
            for each in found
            if (each.company_id, each.job.id) in ours
            and each.job.held_by(ours[each.company_id, each.job.id])
        )

    def hold(self, ctx: Context, held: Owned) -> Job:
        asked = _named(held.company_id, held.job.id)
        row = self._connection.execute(statements.LOCK, asked).one_or_none()
        job = None if row is None else read_job(row)
        if job is None or not job.held_by(held.job):
            raise StaleVersionError(f"job {held.job.id} is another's by now")
        self._seen[held.company_id, job.id] = job.state
        return job

    def tally(self, ctx: Context) -> tuple[Tally, ...]:
        rows = self._connection.execute(statements.TALLY)
        return tuple(
            Tally(state=JobState(row.state), count=row.jobs, oldest_at=row.oldest) for row in rows
        )

    def forget(
        self, ctx: Context, states: Sequence[JobState], before: datetime, limit: int
    ) -> int:
        asked = {"states": [each.value for each in states], "moment": before, "most": limit}
        rows = self._connection.execute(statements.OLD, asked).all()
        if rows:
            gone = [_named(CompanyId(row.company_id), JobId(row.id)) for row in rows]
            self._connection.execute(statements.DROP, gone)
        return len(rows)

    def _get(self, ctx: Context, job_id: JobId, *, locked: bool) -> Job:
        statement = statements.LOCK if locked else statements.GET
        row = self._connection.execute(statement, _named(ctx.company_id, job_id)).one_or_none()
        if row is None:
            raise NotFoundError(f"no job {job_id}", kind="job", id=job_id)
        job = read_job(row)
        self._seen[ctx.company_id, job_id] = job.state
        return job

    def _placed(self, ctx: Context, jobs: Sequence[Job]) -> list[Job]:
        """Give each its turn: one question for each priority, of which there are few."""
        places: dict[JobId, Job] = {}
        for priority, same in groupby(sorted(jobs, key=_priority), _priority):
            alike = list(same)
            asked = {
                "company": ctx.company_id,
                "lane": priority,
                "moment": min(each.created_at for each in alike),
            }
            last = self._connection.execute(statements.LAST_TURN, asked).scalar()
            places |= {each.id: each for each in in_turn(alike, last)}
        return [places[each.id] for each in jobs]

    def _insert(self, ctx: Context, jobs: Sequence[Job]) -> dict[str, Job]:
        """Insert *jobs*; return whatever job has each of their keys."""
        plain = [write_job(ctx.company_id, each) for each in jobs if each.unique_key is None]
        keyed = [write_job(ctx.company_id, each) for each in jobs if each.unique_key is not None]
        if plain:
            try:
                self._connection.execute(statements.INSERT, plain)
            except IntegrityError as error:
                raise AlreadyExistsError("a job of this id exists", field="id") from error
        if not keyed:
            return {}
        statements.INSERT_KEYED(self._connection, keyed)
        keys = [row["unique_key"] for row in keyed]
        asked = {"company": ctx.company_id, "keys": keys}
        rows = self._connection.execute(statements.BY_KEY, asked)
        found = {row.unique_key: read_job(row) for row in rows}
        if set(found) != set(keys):
            raise AlreadyExistsError("a job of this id exists", field="id")
        return found


def _priority(job: Job) -> int:
    return job.priority


def _named(company_id: CompanyId, job_id: JobId) -> dict[str, Any]:
    return {"_company": company_id, "_id": job_id}

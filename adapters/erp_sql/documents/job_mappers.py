"""Jobs and schedules to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from typing import Any

from erp_core.documents.entities import (
    Job,
    JobId,
    JobState,
    Lease,
    Origin,
    Problem,
    Progress,
    Schedule,
    ScheduleName,
    thawed,
)
from erp_core.kernel.context import CompanyId


def write_job(company_id: CompanyId, job: Job) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": job.id,
        "kind": job.kind,
        "payload": thawed(job.payload),
        "priority": job.priority,
        "unique_key": job.unique_key,
        "made_by": job.origin.by,
        "request_id": job.origin.request_id,
        "trace_id": job.origin.trace_id,
        "locale": job.origin.locale,
        "currency": job.origin.currency,
        "attempts_max": job.attempts_max,
        "created_at": job.created_at,
        **write_course(job),
    }


def write_course(job: Job) -> dict[str, Any]:
    """Return what of a job changes in its life."""
    lease, problem = job.lease, job.problem
    return {
        "version": job.version + 1,
        "turn_at": job.turn_at,
        "next_attempt_at": job.next_attempt_at,
        "state": job.state.value,
        "attempts": job.attempts,
        "claimed_by": None if lease is None else lease.runner,
        "lease_until": None if lease is None else lease.until,
        "cancel_requested": job.cancel_requested,
        "progress_done": job.progress.done,
        "progress_total": job.progress.total,
        "result": thawed(job.result),
        "problem_code": None if problem is None else problem.code,
        "problem_text": None if problem is None else problem.text,
        "ended_at": job.ended_at,
        "lane": job.priority if job.open else None,
        "due_at": None if not job.open else job.next_attempt_at if lease is None else lease.until,
    }


def read_job(row: Any) -> Job:
    leased = row.claimed_by is not None
    failed = row.problem_code is not None
    return Job(
        id=JobId(row.id),
        version=row.version,
        kind=row.kind,
        payload=row.payload,
        priority=row.priority,
        unique_key=row.unique_key,
        origin=Origin(
            by=row.made_by,
            request_id=row.request_id,
            trace_id=row.trace_id,
            locale=row.locale,
            currency=row.currency,
        ),
        attempts_max=row.attempts_max,
        created_at=row.created_at,
        turn_at=row.turn_at,
        next_attempt_at=row.next_attempt_at,
        state=JobState(row.state),
        attempts=row.attempts,
        lease=Lease(runner=row.claimed_by, until=row.lease_until) if leased else None,
        cancel_requested=row.cancel_requested,
        progress=Progress(done=row.progress_done, total=row.progress_total),
        result=row.result,
        problem=Problem(code=row.problem_code, text=row.problem_text) if failed else None,
        ended_at=row.ended_at,
    )


def write_schedule(company_id: CompanyId, schedule: Schedule) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "name": schedule.name,
        "version": schedule.version + 1,
        "last_period": schedule.last_period,
    }


def read_schedule(row: Any) -> Schedule:
    return Schedule(name=ScheduleName(row.name), version=row.version, last_period=row.last_period)

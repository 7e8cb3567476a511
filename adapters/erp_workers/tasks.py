"""What a kind of job means: the handler that does it, and within which bounds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from erp_core.documents.entities import Job, PlainMap, Problem
from erp_core.documents.ports import JobsUnitOfWork
from erp_core.kernel.access import Principal
from erp_core.kernel.context import NO_COMPANY, CompanyId, Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.retry import RetryPolicy

Report = Callable[[int, int], None]  # so much done, of so much; costs nothing, so call it often

# Does the job, in the context of its company, and says what came of it: ``{"link": "/v1/..."}``.
# It may be called twice for one job and so looks, by the job's id, what is there already. What it
# waits for, it waits for by the context: there the deadline and the wish to stop arrive.
Handler = Callable[[Context, Job, Report], PlainMap]

USUAL_RETRY: Final = RetryPolicy.exponential(2, longest_seconds=600, attempts_max=100)
RUNNER: Final = "runner"

_HOUSE_SECONDS: Final = 10.0  # for what the workers themselves ask of the store


class LaterError(Exception):
    """Raised by a handler that knows itself when its job is to be tried again."""

    def __init__(
        self, problem: Problem, *, pause_seconds: float | None, counted: bool = True
    ) -> None:
        """Take the pause, None for never; what is not *counted* was no attempt at all."""
        super().__init__(problem.text)
        self.problem = problem
        self.pause_seconds = pause_seconds
        self.counted = counted

    def ending(self, job: Job, now: datetime) -> Job:
        """Return what that makes of the job."""
        if self.counted or self.pause_seconds is None:
            return job.fail(now, self.problem, self.pause_seconds)
        return job.put_back(now, self.pause_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One kind of job. How often it is tried is the job's own matter, unless this allows less."""

    kind: str
    do: Handler
    grants: frozenset[str]  # what the handler may do: no more than it needs, whoever asked for it
    retry: RetryPolicy = USUAL_RETRY
    timeout_seconds: float | None = None  # None: what is usual


class JobMetrics(Protocol):
    """Counts what becomes of jobs."""

    def count_job(self, kind: str, outcome: str, seconds: float) -> None:
        """Take note of one attempt."""


class NoMetrics(JobMetrics):
    """Counts nothing."""

    def count_job(self, kind: str, outcome: str, seconds: float) -> None:
        """Take no note."""


def house_context() -> Context:
    """Return the context of an errand of the workers' own, for the whole house."""
    principal = Principal(id=RUNNER)
    return Context(
        principal=principal, company_id=NO_COMPANY, request_id=str(new_id())
    ).with_timeout(_HOUSE_SECONDS)


def company_context(ctx: Context, uow: JobsUnitOfWork, company_id: CompanyId) -> Context:
    """Return *ctx* as one of that company: in its currency, and in the language of its house.

    Raises:
        NotFoundError: there is no such company.
    """
    ctx = replace(ctx, company_id=company_id)
    if company_id == NO_COMPANY:
        return ctx
    company = uow.companies.get(ctx)
    return replace(ctx, locale=company.locale, currency=company.currency)

"""One attempt at a job: its context, its end, and what that makes of the job."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from erp_core.documents.entities import Job, Problem, Progress, plain
from erp_core.documents.ports import Owned
from erp_core.kernel.access import Principal
from erp_core.kernel.cancellation import Cancellation
from erp_core.kernel.context import Context
from erp_core.kernel.errors import (
    ContentionError,
    DeadlineExceededError,
    ErpError,
    OperationCancelledError,
    StaleVersionError,
    TooManyAttemptsError,
    UnavailableError,
)
from erp_workers.tasks import RUNNER, LaterError, Task

log: Final = logging.getLogger("erp.jobs")

# What may be otherwise next time. All else that is raised on purpose is said for good.
_PASSING: Final = (
    ContentionError,
    DeadlineExceededError,
    OperationCancelledError,
    StaleVersionError,
    TooManyAttemptsError,
    UnavailableError,
)

Ending = Callable[[Job, datetime], Job]


@dataclass(slots=True, kw_only=True, eq=False)
class Attempt:
    """A job that a runner holds. The runner's beat and the thread that works both look at it."""

    owned: Owned
    task: Task
    chance: float  # for the jitter of the pause, should it fail
    timeout_seconds: float
    until: datetime  # when the lease runs out
    cancellation: Cancellation = field(default_factory=Cancellation)
    begun_at: datetime | None = None
    stopping: bool = False  # the program ends: the job is to go back
    over: bool = False  # it was settled, or is another's
    overdue: bool = False
    progress: Progress | None = None  # not yet stored

    @property
    def job(self) -> Job:
        return self.owned.job

    def report(self, done: int, total: int) -> None:
        """Take note of how far it has come; the beat stores it."""
        self.progress = Progress(done=done, total=total)

    def context(self) -> Context:
        """Return the context the handler works in; its time runs from now."""
        origin = self.job.origin
        ctx = Context(
            principal=Principal(id=origin.by or RUNNER, grants=self.task.grants),
            company_id=self.owned.company_id,
            request_id=origin.request_id or str(self.job.id),
            trace_id=origin.trace_id,
            locale=origin.locale,
            currency=origin.currency,
            cancellation=self.cancellation,
        )
        return ctx.with_timeout(self.timeout_seconds)

    def run(self) -> Ending:
        """Do the job, and say how it ended: as a change of whatever is stored by then."""
        ctx = self.context()
        try:
            ctx.check()
            result = plain(self.task.do(ctx, self.job, self.report), "result")
        except LaterError as later:
            return later.ending
        except OperationCancelledError as error:
            return Job.put_back if self.stopping else self._failed(error.code, str(error))
        except _PASSING as error:
            return self._failed(error.code, str(error))
        except ErpError as error:
            return self._dead(error.code, str(error))
        except Exception as error:  # whatever a handler does wrong is told in the job
            log.exception("a handler failed", extra=self.told("job.handler_failed"))
            return self._failed("internal", type(error).__name__)
        return lambda job, now: job.finish(now, result)

    def told(self, event: str, **more: object) -> dict[str, object]:
        """Return what a line of the log says of it; the request is that of the cause."""
        origin = self.job.origin
        return {
            "event": event,
            "request_id": origin.request_id,
            "trace_id": origin.trace_id,
            "company": str(self.owned.company_id),
            "user": origin.by,
            "job": str(self.job.id),
            "kind": self.job.kind,
            "attempts": self.job.attempts,
            **more,
        }

    def _failed(self, code: str, text: str) -> Ending:
        pause = self.task.retry.pause_seconds(self.job.attempts, self.chance)
        return lambda job, now: job.fail(now, Problem.of(code, text), pause)

    def _dead(self, code: str, text: str) -> Ending:
        return lambda job, now: job.fail(now, Problem.of(code, text), None)

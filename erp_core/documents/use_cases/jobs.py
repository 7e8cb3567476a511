"""What is done with jobs by those who look after them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from erp_core.documents.entities import Job, JobId, JobState, MailState
from erp_core.documents.ports import (
    SEND_MAIL,
    JobQuery,
    JobsUnitOfWork,
    MailUnitOfWork,
    give_mail_up,
    revive_mail,
)
from erp_core.kernel.context import NO_COMPANY, Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import PermissionDeniedError
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase

_KEYS_KEPT: Final = timedelta(days=1)
_DONE_KEPT: Final = timedelta(days=7)
_DEAD_KEPT: Final = timedelta(days=90)
_SAID_KEPT: Final = timedelta(days=90)
_UNSENT_KEPT: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobCommand:
    """Which job, and at which version if that matters."""

    id: JobId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetJob(UseCase[JobsUnitOfWork, JobCommand, Job]):
    """Read how a job is getting on.

    Raises:
        NotFoundError: this company has none.
    """

    permission = "documents.job.read"
    read_only = True

    def execute(self, ctx: Context, uow: JobsUnitOfWork, command: JobCommand) -> Job:
        return uow.jobs.get(ctx, command.id)


@dataclass(frozen=True, kw_only=True)
class ListJobs(UseCase[JobsUnitOfWork, JobQuery, Page[Job]]):
    """Read the company's jobs, a page at a time.

    Raises:
        MalformedError: another order is asked for, or a cursor of another list.
    """

    permission = "documents.job.read"
    read_only = True

    def execute(self, ctx: Context, uow: JobsUnitOfWork, command: JobQuery) -> Page[Job]:
        return uow.jobs.page(ctx, command)


@dataclass(frozen=True, kw_only=True)
class CancelJob(UseCase[MailUnitOfWork, JobCommand, Job]):
    """Give a job up: at once, or, while it runs, as soon as its runner notices.

    The mail that it was to send is dead then, and can be queued again by hand.

    Raises:
        NotFoundError: this company has none.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is over.
    """

    permission = "documents.job.cancel"

    def execute(self, ctx: Context, uow: MailUnitOfWork, command: JobCommand) -> Job:
        now = self.clock.now(ctx)
        seen = uow.jobs.get(ctx, command.id).expect(command.version)
        if seen.kind == SEND_MAIL:
            give_mail_up(ctx, uow, now, seen)
        job = uow.jobs.lock(ctx, command.id).expect(command.version)
        return uow.jobs.save(ctx, job.request_cancel(now))


@dataclass(frozen=True, kw_only=True)
class RetryJob(UseCase[MailUnitOfWork, JobCommand, Job]):
    """Queue a dead job again, with all its attempts before it; and the mail that it was to send.

    Raises:
        NotFoundError: this company has none, or what its mail said is kept no more.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not dead; or its mail was sent, or is sent by another job.
    """

    permission = "documents.job.retry"

    def execute(self, ctx: Context, uow: MailUnitOfWork, command: JobCommand) -> Job:
        now = self.clock.now(ctx)
        seen = uow.jobs.get(ctx, command.id).expect(command.version)
        if seen.kind == SEND_MAIL:
            revive_mail(ctx, uow, now, seen)
        job = uow.jobs.lock(ctx, command.id).expect(command.version)
        return uow.jobs.save(ctx, job.retry(now))


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyHouseCommand:
    limit: int = 1000  # of each kind, so that no run holds the database for long


@dataclass(frozen=True, kw_only=True)
class TidyHouse(UseCase[MailUnitOfWork, TidyHouseCommand, int]):
    """Drop what nobody needs any more; say the most that was dropped of one kind.

    Answers under an Idempotency-Key are kept for a day, jobs that are done or cancelled for a
    week, dead ones and events that could not be delivered for 90 days; so is what sent mails say,
    and for a year what dead ones say, who may be tried again until then. For a scheduler.

    Raises:
        PermissionDeniedError: the context is a company's.
    """

    permission = "documents.house.tidy"

    def execute(self, ctx: Context, uow: MailUnitOfWork, command: TidyHouseCommand) -> int:
        if ctx.company_id != NO_COMPANY:
            raise PermissionDeniedError(
                "this is done for the whole house, and by no company", code="documents.house_only"
            )
        now, limit = self.clock.now(ctx), command.limit
        over = (JobState.DONE, JobState.CANCELLED)
        return max(
            uow.idempotency.forget(ctx, now - _KEYS_KEPT, limit),
            uow.jobs.forget(ctx, over, now - _DONE_KEPT, limit),
            uow.jobs.forget(ctx, (JobState.DEAD,), now - _DEAD_KEPT, limit),
            uow.outbox.forget(ctx, now - _DEAD_KEPT, limit),
            uow.mail_messages.forget(ctx, (MailState.SENT,), now - _SAID_KEPT, limit),
            uow.mail_messages.forget(ctx, (MailState.DEAD,), now - _UNSENT_KEPT, limit),
        )

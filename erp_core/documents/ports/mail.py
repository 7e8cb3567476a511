"""What documents ask of whoever keeps mails, and of whoever sends them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final, Protocol
from uuid import UUID

from erp_core.documents.entities import (
    Job,
    JobState,
    MailContent,
    MailKind,
    MailMessage,
    MailMessageId,
    MailState,
    MailTemplate,
    Problem,
    new_job,
)
from erp_core.documents.ports.jobs import JobsUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, TransitionError, UnavailableError
from erp_core.kernel.page import Page, PageRequest

SEND_MAIL: Final = "documents.send_mail"  # the kind of job

# The mail itself counts what the server was asked; a job also begins where a process died.
_JOB_ATTEMPTS: Final = 100


class MailRefusedError(InvariantError):
    """The server will never take this mail; the message is in its words."""

    default_code: ClassVar[str] = "documents.mail.refused"


class MailDeferredError(UnavailableError):
    """The server did not take it, or did not say that it did. Send it again later."""

    default_code: ClassVar[str] = "documents.mail.deferred"


@dataclass(frozen=True, slots=True, kw_only=True)
class MailQuery:
    """Which mails: in one of the states, about one document; all where nothing is said."""

    page: PageRequest
    states: tuple[MailState, ...] = ()
    cause_kind: str = ""
    cause_id: UUID | None = None


class MailMessageRepository(Protocol):
    """Keeps mails. Proved by ``erp_core.testing.documents.MailMessageRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, message: MailMessage, content: MailContent) -> MailMessage:
        """Store a new mail of the company; it is there if this commits.

        Raises:
            AlreadyExistsError: its id is taken.
        """

    @abstractmethod
    def get(self, ctx: Context, message_id: MailMessageId) -> MailMessage:
        """Return the mail.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def content(self, ctx: Context, message_id: MailMessageId) -> MailContent:
        """Return what the mail says.

        Raises:
            NotFoundError: this company has none, or it was forgotten (``documents.mail.forgotten``
                where the mail itself is there).
        """

    @abstractmethod
    def lock(self, ctx: Context, message_id: MailMessageId) -> MailMessage:
        """Return the mail, which until the end of the unit of work nobody else changes.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, message: MailMessage) -> MailMessage:
        """Store what came of a mail; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``message.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: MailQuery) -> Page[MailMessage]:
        """Return one page of the company's mails, in order of id, either way.

        Raises:
            MalformedError: another order is asked for, or a cursor of another list.
        """

    @abstractmethod
    def forget(
        self, ctx: Context, states: Sequence[MailState], before: datetime, limit: int
    ) -> int:
        """Drop what at most *limit* mails in such states, made before a moment, say; count them.

        Of the whole house, whatever ``ctx.company_id``. That they were sent, and to whom, stays.
        """


class MailTemplateRepository(Protocol):
    """Keeps what companies have changed of the house's templates.

    Proved by ``erp_core.testing.documents.MailTemplateRepositoryContract``.
    """

    @abstractmethod
    def get(self, ctx: Context, kind: MailKind, locale: str) -> MailTemplate:
        """Return the company's, or the house's at version 0 where it has changed nothing."""

    @abstractmethod
    def all(self, ctx: Context) -> tuple[MailTemplate, ...]:
        """Return every template there is, in the order of ``MAIL_TEMPLATES``."""

    @abstractmethod
    def save(self, ctx: Context, template: MailTemplate) -> MailTemplate:
        """Store a changed one; return it as stored, one version on.

        Raises:
            StaleVersionError: ``template.version`` is not the stored one.
        """


class MailSender(Protocol):
    """Hands mails to a server. Proved by ``erp_core.testing.documents.MailSenderContract``."""

    @abstractmethod
    def send(self, ctx: Context, message: MailMessage, content: MailContent) -> None:
        """Send the mail to all its recipients, or to none; 30 s at most.

        Where the answer was lost, the mail may have gone: it is deferred, and sent again under
        the same Message-ID.

        Raises:
            MailRefusedError: the server will never take it (5xx of RFC 5321).
            MailDeferredError: not now (4xx), or nobody answered.
            OperationCancelledError: the caller gave up.
        """


class MailUnitOfWork(JobsUnitOfWork, Protocol):
    """The transaction as those see it who send mails."""

    @property
    @abstractmethod
    def mail_messages(self) -> MailMessageRepository: ...

    @property
    @abstractmethod
    def mail_templates(self) -> MailTemplateRepository: ...


def queue_mail(
    ctx: Context, uow: MailUnitOfWork, now: datetime, message: MailMessage, content: MailContent
) -> MailMessage:
    """Store a mail with the job that sends it, in the transaction of its cause.

    Raises:
        AlreadyExistsError: its id is taken.
    """
    stored = uow.mail_messages.add(ctx, message, content)
    uow.jobs.add(ctx, [_sending(ctx, now, stored)])
    return stored


def retry_mail(
    ctx: Context, uow: MailUnitOfWork, now: datetime, message: MailMessage
) -> MailMessage:
    """Queue a locked mail that is dead again, and with it the one job that sends it.

    That is the job that died of it. Where it is gone, or has not ended yet, another is left for
    the next round, in which the earlier one sends nothing.

    Raises:
        NotFoundError: what it said is kept no more.
        TransitionError: it is not dead.
    """
    uow.mail_messages.content(ctx, message.id)  # without which there is nothing to send
    queued = message.retry(now)
    wanted = _sending(ctx, now, queued)
    (found,) = uow.jobs.add(ctx, [wanted])
    if found.state is JobState.DEAD:
        uow.jobs.save(ctx, uow.jobs.lock(ctx, found.id).retry(now))
    elif found.id != wanted.id:
        queued = queued.for_another_job()
        uow.jobs.add(ctx, [_sending(ctx, now, queued)])
    return uow.mail_messages.save(ctx, queued)


def revive_mail(ctx: Context, uow: MailUnitOfWork, now: datetime, job: Job) -> None:
    """Queue the mail of a dead job again, where it died with it; the job is still to be queued.

    The mail is locked before its job, here as everywhere.

    Raises:
        NotFoundError: the company has no such mail, or what it said is kept no more.
        TransitionError: it was sent, or another job sends it (``documents.mail.another_job``).
    """
    message = _lock_mail_of(ctx, uow, job)
    if message.round != job.payload["round"]:
        raise TransitionError(
            f"another job sends the mail {message.id}",
            code="documents.mail.another_job",
            mail_message=message.id,
        )
    if not message.open:
        uow.mail_messages.content(ctx, message.id)
        uow.mail_messages.save(ctx, message.retry(now))


def give_mail_up(ctx: Context, uow: MailUnitOfWork, now: datetime, job: Job) -> None:
    """Let a mail be dead whose job is given up; the job is still to be cancelled.

    The mail is locked before its job, here as everywhere. A job that runs may have sent it by
    now, and will say so.

    Raises:
        NotFoundError: the company has no such mail.
    """
    message = _lock_mail_of(ctx, uow, job)
    if message.open and message.round == job.payload["round"]:
        given_up = Problem.of(
            "documents.mail.cancelled", "the job that was to send it was cancelled"
        )
        uow.mail_messages.save(ctx, message.failed(now, given_up, None))


def _lock_mail_of(ctx: Context, uow: MailUnitOfWork, job: Job) -> MailMessage:
    return uow.mail_messages.lock(ctx, MailMessageId(UUID(str(job.payload["mail_message"]))))


def _sending(ctx: Context, now: datetime, message: MailMessage) -> Job:
    """Return the job that sends a stored mail in this round."""
    return new_job(
        ctx,
        now,
        SEND_MAIL,
        {"mail_message": str(message.id), "round": message.round},
        unique_key=f"mail/{message.id}/{message.round}",
        attempts_max=_JOB_ATTEMPTS,
    )

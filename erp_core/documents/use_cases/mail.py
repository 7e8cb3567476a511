"""What is asked about mails, and what is noted of them by those who send them."""

from __future__ import annotations

from erp_core.documents.entities import (
    MailContent,
    MailMessage,
    MailMessageId,
    MailState,
    Problem,
    logo_of,
    with_logo,
)
from erp_core.documents.ports import (
    FileStore,
    MailQuery,
    MailUnitOfWork,
    found_logo,
    retry_mail,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMessageCommand:
    """Which mail, and at which version if that matters."""

    id: MailMessageId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetMailMessage(UseCase[MailUnitOfWork, MailMessageCommand, MailMessage]):
    """Read what became of a mail.

    Raises:
        NotFoundError: this company has none.
    """

    permission = "documents.mail_message.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: MailUnitOfWork, command: MailMessageCommand
    ) -> MailMessage:
        return uow.mail_messages.get(ctx, command.id)


@dataclass(frozen=True, kw_only=True)
class GetMailContent(UseCase[MailUnitOfWork, MailMessageCommand, MailContent]):
    """Read what a mail says, with the logo that it shows.

    Where the logo cannot be had, the company's name stands in its place.

    Raises:
        NotFoundError: this company has none.
    """

    permission = "documents.mail_message.read"
    read_only = True

    files: FileStore

    def execute(
        self, ctx: Context, uow: MailUnitOfWork, command: MailMessageCommand
    ) -> MailContent:
        return uow.mail_messages.content(ctx, command.id)

    def conclude(self, ctx: Context, result: MailContent) -> MailContent:
        return with_logo(result, found_logo(ctx, self.files, logo_of(result.html)))


@dataclass(frozen=True, kw_only=True)
class ListMailMessages(UseCase[MailUnitOfWork, MailQuery, Page[MailMessage]]):
    """Read the company's mails, a page at a time.

    Raises:
        MalformedError: another order is asked for, or a cursor of another list.
    """

    permission = "documents.mail_message.read"
    read_only = True

    def execute(self, ctx: Context, uow: MailUnitOfWork, command: MailQuery) -> Page[MailMessage]:
        return uow.mail_messages.page(ctx, command)


@dataclass(frozen=True, kw_only=True)
class RetryMailMessage(UseCase[MailUnitOfWork, MailMessageCommand, MailMessage]):
    """Queue a dead mail again, with all its attempts before it, and the job that sends it.

    Raises:
        NotFoundError: this company has none, or what it said is kept no more.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not dead.
    """

    permission = "documents.mail_message.retry"

    def execute(
        self, ctx: Context, uow: MailUnitOfWork, command: MailMessageCommand
    ) -> MailMessage:
        message = uow.mail_messages.lock(ctx, command.id).expect(command.version)
        return retry_mail(ctx, uow, self.clock.now(ctx), message)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMailAttemptCommand:
    """How an attempt ended: without a problem the server took the mail."""

    id: MailMessageId
    problem: Problem | None = None
    pause_seconds: float | None = None  # until the next attempt; None: there is none


@dataclass(frozen=True, kw_only=True)
class NoteMailAttempt(UseCase[MailUnitOfWork, NoteMailAttemptCommand, MailMessage]):
    """Note what came of an attempt to send a mail. What was sent meanwhile stays so.

    Raises:
        NotFoundError: this company has none.
    """

    permission = "documents.mail_message.send"

    def execute(
        self, ctx: Context, uow: MailUnitOfWork, command: NoteMailAttemptCommand
    ) -> MailMessage:
        now = self.clock.now(ctx)
        message = uow.mail_messages.lock(ctx, command.id)
        took = command.problem is None
        if took and message.state is not MailState.SENT:  # also one that was given up meanwhile
            return uow.mail_messages.save(ctx, message.sent(now))
        if command.problem is None or not message.open:  # who overslept his lease adds nothing
            return message
        tried = message.failed(now, command.problem, command.pause_seconds)
        return uow.mail_messages.save(ctx, tried)

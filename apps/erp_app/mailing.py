"""Mails on their way out: a job for each, and a breaker before the server."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol
from uuid import UUID

from erp_app.errors import SettingsError
from erp_app.settings import Settings
from erp_core.documents.entities import (
    MAIL_RETRY,
    NOTHING,
    Job,
    MailMessage,
    MailMessageId,
    PlainMap,
    Problem,
)
from erp_core.documents.ports import (
    SEND_MAIL,
    MailDeferredError,
    MailRefusedError,
    MailSender,
)
from erp_core.documents.use_cases import (
    DocumentsUseCases,
    MailMessageCommand,
    NoteMailAttemptCommand,
)
from erp_core.kernel.breaker import Breaker, BreakerState
from erp_core.kernel.cancellation import Cancellation
from erp_core.kernel.context import Context
from erp_core.kernel.errors import DeadlineExceededError, UnavailableError
from erp_core.kernel.ports import Clock
from erp_smtp import SmtpSender, SmtpServer
from erp_workers import LaterError, Report, Task

log: Final = logging.getLogger("erp.mail")

_ASK_AGAIN_SECONDS: Final = 10.0  # while the breaker is open
_NOTE_SECONDS: Final = 10.0  # to write down what the server said, whoever gave up meanwhile
_LEVELS: Final = {BreakerState.OPEN: logging.ERROR}
_EVENTS: Final = {
    BreakerState.OPEN: "mail.breaker_opened",
    BreakerState.HALF_OPEN: "mail.breaker_half_open",
    BreakerState.CLOSED: "mail.breaker_closed",
}
_NUMBERS: Final = {BreakerState.CLOSED: 0, BreakerState.HALF_OPEN: 1, BreakerState.OPEN: 2}


class MailMetrics(Protocol):
    """Counts what becomes of mails."""

    def count_mail(self, outcome: str) -> None:
        """Take note of one attempt."""

    def watch(self, name: str, meaning: str, read: Callable[[], float]) -> None:
        """Show what *read* returns whenever somebody looks."""


class Mailing:
    """Sends what waits to be sent. No transaction is open while the server is talked to."""

    def __init__(
        self,
        sender: MailSender | None,
        clock: Clock,
        metrics: MailMetrics,
        chance: Callable[[], float] = random.random,
    ) -> None:
        """Take who sends: where that is nobody, mails are kept until there is somebody."""
        self._sender = sender
        self._metrics = metrics
        self._chance = chance
        self._breaker = Breaker(clock, told=_tell)
        metrics.watch(
            "erp_mail_breaker",
            "The breaker before the mail server: 0 closed, 1 half open, 2 open.",
            lambda: _NUMBERS[self._breaker.state],
        )

    @classmethod
    def of(cls, settings: Settings, clock: Clock, metrics: MailMetrics) -> Mailing:
        """Return the mailing that the operator has set.

        Raises:
            SettingsError: there is a server, and no address to send from.
        """
        if not settings.smtp_url:
            return cls(None, clock, metrics)
        if not settings.mail_from:
            raise SettingsError(
                "ERP_MAIL_FROM: with ERP_SMTP_URL it is needed; set the address mails are from"
            )
        server = SmtpServer.read(settings.smtp_url)
        return cls(SmtpSender(server, sender=settings.mail_from, clock=clock), clock, metrics)

    def check(self, ctx: Context) -> str:
        """Say how the sending of mails is doing; the program serves all the same."""
        if self._sender is None:
            return "no mail server is set"
        return f"the breaker is {self._breaker.state.value.replace('_', ' ')}"

    def tasks(self, documents: DocumentsUseCases) -> tuple[Task, ...]:
        """Return the task that sends a mail; nobody takes such jobs where there is no server."""
        if self._sender is None:
            return ()
        sender = self._sender
        grants = {documents.get_mail_content.permission, documents.note_mail_attempt.permission}

        def do(ctx: Context, job: Job, report: Report) -> PlainMap:
            return self._do(ctx, job, documents, sender)

        return (Task(kind=SEND_MAIL, do=do, grants=frozenset(grants)),)

    def _do(
        self, ctx: Context, job: Job, documents: DocumentsUseCases, sender: MailSender
    ) -> PlainMap:
        asked = MailMessageCommand(id=MailMessageId(UUID(str(job.payload["mail_message"]))))
        message = documents.get_mail_message(ctx, asked)
        if not message.open or message.round != job.payload["round"]:
            return NOTHING  # this job has been done before, or another one does it
        content = documents.get_mail_content(ctx, asked)
        try:
            with self._breaker.attempt(ctx, answered_by=(MailRefusedError,)):
                sender.send(ctx, message, content)
        except MailRefusedError as error:
            problem = Problem.of(error.code, str(error))
            self._note(ctx, documents, message, "refused", problem, None)
            raise LaterError(problem, pause_seconds=None) from error
        except (MailDeferredError, DeadlineExceededError) as error:
            problem = Problem.of(MailDeferredError.default_code, str(error))
            pause = MAIL_RETRY.pause_seconds(message.tries + 1, self._chance())
            self._note(ctx, documents, message, "deferred", problem, pause)
            raise LaterError(problem, pause_seconds=pause) from error
        except UnavailableError as error:  # the breaker is open: nobody was asked
            problem = Problem.of(error.code, str(error))
            pause = _ASK_AGAIN_SECONDS * (1 + self._chance())
            raise LaterError(problem, pause_seconds=pause, counted=False) from error
        self._note(ctx, documents, message, "sent", None, None)
        return {"link": f"/v1/mail-messages/{message.id}"}

    def _note(  # noqa: PLR0913, PLR0917  # what is noted, and by whom
        self,
        ctx: Context,
        documents: DocumentsUseCases,
        message: MailMessage,
        outcome: str,
        problem: Problem | None,
        pause_seconds: float | None,
    ) -> None:
        self._metrics.count_mail(outcome)
        patient = replace(ctx, cancellation=Cancellation(), deadline=None)
        documents.note_mail_attempt(
            patient.with_timeout(_NOTE_SECONDS),
            NoteMailAttemptCommand(id=message.id, problem=problem, pause_seconds=pause_seconds),
        )


def _tell(state: BreakerState) -> None:
    log.log(
        _LEVELS.get(state, logging.INFO),
        "the breaker before the mail server is %s",
        state.value.replace("_", " "),
        extra={"event": _EVENTS[state]},
    )

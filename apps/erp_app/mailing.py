"""Mails on their way out: a job for each, and a breaker before the server."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol
from uuid import UUID

from erp_app.posting import Papers
from erp_app.settings import Settings
from erp_core.documents.entities import (
    MAIL_RETRY,
    NOTHING,
    Job,
    MailContent,
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
from erp_core.erp import Erp
from erp_core.kernel.breaker import Breaker, BreakerState
from erp_core.kernel.cancellation import Cancellation
from erp_core.kernel.context import Context
from erp_core.kernel.errors import (
    DeadlineExceededError,
    ErpError,
    InvariantError,
    NotFoundError,
    UnavailableError,
)
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
_TOLD: Final = {"sent": "mail.sent", "deferred": "mail.failed", "refused": "mail.dead"}
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
        *,
        instead: str = "no mail server is set",
    ) -> None:
        """Take who sends; where that is nobody, *instead* says why, and mails are kept."""
        self._sender = sender
        self._instead = instead
        self._metrics = metrics
        self._chance = chance
        self._breaker = Breaker(clock, told=_tell)
        if sender is not None:
            metrics.watch(
                "erp_mail_breaker",
                "The breaker before the mail server: 0 closed, 1 half open, 2 open.",
                lambda: _NUMBERS[self._breaker.state],
            )

    @classmethod
    def of(cls, settings: Settings, clock: Clock, metrics: MailMetrics) -> Mailing:
        """Return the mailing that the operator has set."""
        if not settings.smtp_url:
            return cls(None, clock, metrics)
        server = SmtpServer.read(settings.smtp_url)
        if not settings.workers:
            return cls(None, clock, metrics, instead="mails are sent by another process")
        return cls(SmtpSender(server, sender=settings.mail_from, clock=clock), clock, metrics)

    def check(self, ctx: Context) -> str:
        """Say how the sending of mails is doing; the program serves all the same."""
        if self._sender is None:
            return self._instead
        return f"the breaker is {self._breaker.state.value.replace('_', ' ')}"

    def tasks(self, erp: Erp) -> tuple[Task, ...]:
        """Return the task that sends a mail; nobody takes such jobs where there is no server."""
        if self._sender is None:
            return ()
        sender, papers = self._sender, Papers(erp)
        needed = (erp.documents.get_mail_content, erp.documents.note_mail_attempt)
        grants = {each.permission for each in needed} | papers.grants

        def do(ctx: Context, job: Job, report: Report) -> PlainMap:
            return self._do(ctx, job, erp.documents, papers, sender)

        return (Task(kind=SEND_MAIL, do=do, grants=frozenset(grants)),)

    def _do(  # what it needs, each by its name
        self,
        ctx: Context,
        job: Job,
        documents: DocumentsUseCases,
        papers: Papers,
        sender: MailSender,
    ) -> PlainMap:
        asked = MailMessageCommand(id=MailMessageId(UUID(str(job.payload["mail_message"]))))
        message = documents.get_mail_message(ctx, asked)
        if not message.open or message.round != job.payload["round"]:
            return NOTHING  # this job has been done before, or another one does it
        try:
            self._breaker.check(ctx)  # no paper is set for a server that is not asked
            content = self._set(ctx, documents, message, papers)
            with self._breaker.attempt(ctx, answered_by=(MailRefusedError,)):
                sender.send(ctx, message, content)
        except MailRefusedError as error:
            raise self._refused(ctx, documents, message, error) from error
        except (MailDeferredError, DeadlineExceededError) as error:
            raise self._deferred(ctx, documents, message, error) from error
        except UnavailableError as error:  # the breaker is open: nobody was asked
            problem = Problem.of(error.code, str(error))
            pause = _ASK_AGAIN_SECONDS * (1 + self._chance())
            raise LaterError(problem, pause_seconds=pause, counted=False) from error
        self._note(ctx, documents, message, "sent", None, None)
        return {"link": f"/v1/mail-messages/{message.id}"}

    def _set(
        self, ctx: Context, documents: DocumentsUseCases, message: MailMessage, papers: Papers
    ) -> MailContent:
        """Return what the mail says, its paper set: made now, or fetched where it was before.

        No transaction is open meanwhile, and the breaker is not asked: the server has no part.
        """
        content = documents.get_mail_content(ctx, MailMessageCommand(id=message.id))
        if content.paper is None:
            return content
        try:
            return papers.attached(ctx, message.id, content, content.paper)
        except (DeadlineExceededError, UnavailableError) as error:
            raise self._deferred(ctx, documents, message, error, code=error.code) from error
        except (InvariantError, NotFoundError) as error:  # a template of theirs, too many pages
            raise self._refused(ctx, documents, message, error) from error

    def _refused(
        self, ctx: Context, documents: DocumentsUseCases, message: MailMessage, error: ErpError
    ) -> LaterError:
        """Note that it will never go so; return what ends the job."""
        problem = Problem.of(error.code, str(error))
        self._note(ctx, documents, message, "refused", problem, None)
        return LaterError(problem, pause_seconds=None)

    def _deferred(  # what is noted, and by whom
        self,
        ctx: Context,
        documents: DocumentsUseCases,
        message: MailMessage,
        error: ErpError,
        code: str = MailDeferredError.default_code,
    ) -> LaterError:
        """Note that it did not go now; return what has the job tried again."""
        problem = Problem.of(code, str(error))
        pause = MAIL_RETRY.pause_seconds(message.tries + 1, self._chance())
        self._note(ctx, documents, message, "deferred", problem, pause)
        return LaterError(problem, pause_seconds=pause)

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
        over = problem is not None and pause_seconds is None
        log.log(
            logging.ERROR if over else logging.INFO,
            "a mail was %s",
            outcome,
            extra={
                "event": "mail.dead" if over else _TOLD[outcome],
                "request_id": ctx.request_id,
                "company": str(ctx.company_id),
                "mail": str(message.id),
                "tries": message.tries + 1,
                "code": "" if problem is None else problem.code,
            },
        )
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

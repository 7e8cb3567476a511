"""An e-mail: to whom and about what, what it says, and how often it was tried to be sent."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.documents.entities.jobs import Problem
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle, new_id
from erp_core.kernel.errors import TransitionError, at, ensure
from erp_core.kernel.retry import RetryPolicy
from erp_core.kernel.text import require_text

MailMessageId = NewType("MailMessageId", UUID)

ADDRESS_LENGTH: Final = 254  # RFC 5321, 4.5.3.1.3: a path of 256 less its angle brackets
RECIPIENTS_MAX: Final = 50  # to, cc and bcc together
SUBJECT_LENGTH: Final = 200
TEXT_LENGTH: Final = 100_000
ATTACHMENTS_MAX: Final = 20
ATTACHMENT_NAME_LENGTH: Final = 150
MAIL_BYTES_MAX: Final = 10 * 1024 * 1024  # text, HTML and attachments together
ATTEMPTS_KEPT: Final = 40
MAIL_RETRY: Final = RetryPolicy(pauses_seconds=(10, 60, 300, 1800, 7200), attempts_max=8)

_LOCAL_LENGTH: Final = 64  # RFC 5321, 4.5.3.1.1
_LOCAL: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# The dot-atom of RFC 5322, 3.2.3; what it would quote is a typing error wherever it is met.
_ADDRESS: Final = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})+", re.ASCII)
_CONTENT_TYPE: Final = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,99}", re.ASCII)
_KIND: Final = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")
_KIND_LENGTH: Final = 64
_MESSAGE_ID_LENGTH: Final = 300
_UNFIT: Final = re.compile(r'[/\\"\x00-\x1f\x7f\x85\u2028\u2029]+')  # for the name of a file
_LINE: Final = re.compile(r"[^\x00-\x1f\x7f\x85\u2028\u2029]*")  # nothing that ends a header


class MailState(StrEnum):
    """Failed: it will be tried again. Dead: only a person can have it tried again."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DEAD = "dead"


MAIL_LIFECYCLE: Final = Lifecycle(
    {
        MailState.QUEUED: {MailState.SENT, MailState.FAILED, MailState.DEAD},
        MailState.FAILED: {MailState.SENT, MailState.FAILED, MailState.DEAD},
        MailState.SENT: set(),
        MailState.DEAD: {
            MailState.QUEUED,
            MailState.SENT,
        },  # it went after all
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAttachment:
    """A file that goes with a mail."""

    name: str
    content_type: str  # "application/pdf"
    data: bytes
    content_id: str = ""  # RFC 2392: the HTML shows it; empty: it lies beside the mail

    def __post_init__(self) -> None:
        _require_line(self.name, "documents.mail.name", "name", longest=ATTACHMENT_NAME_LENGTH)
        ensure(
            not set(self.name) & set('/\\"'),
            "documents.mail.attachment_name",
            "a file's name has neither a slash nor a quotation mark",
            field="name",
        )
        ensure(
            bool(_CONTENT_TYPE.fullmatch(self.content_type)),
            "documents.mail.content_type",
            "a content type is written such as application/pdf",
            field="content_type",
        )
        ensure(
            not self.content_id or bool(_ADDRESS.fullmatch(self.content_id)),
            "documents.mail.content_id",
            "what names a part of a mail is written such as 7@example.com",
            field="content_id",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailCause:
    """The document that a mail is about."""

    kind: str  # "invoicing.invoice"
    id: UUID

    def __post_init__(self) -> None:
        ensure(
            len(self.kind) <= _KIND_LENGTH and bool(_KIND.fullmatch(self.kind)),
            "documents.mail.cause",
            f"{self.kind!r} is no kind of document: write area.thing, such as invoicing.invoice",
            field="kind",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPaper:
    """A document that goes with a mail as PDF: it is set, or fetched, when the mail is sent."""

    document: MailCause
    locale: str  # one of those we speak
    currency: str = ""  # of a statement, as the days of it are
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailContent:
    """What a mail says. It never changes, and lists of mails do without it."""

    text: str
    html: str = ""
    attachments: tuple[MailAttachment, ...] = ()
    paper: MailPaper | None = None

    def with_paper(self, name: str, pdf: bytes) -> Self:
        """Return what goes over the wire: the paper is one of the attachments.

        Raises:
            InvariantError: it is too large for a mail.
        """
        attached = MailAttachment(
            name=f"{_UNFIT.sub('-', name)[: ATTACHMENT_NAME_LENGTH - 4]}.pdf",
            content_type="application/pdf",
            data=pdf,
        )
        return replace(self, attachments=(*self.attachments, attached), paper=None)

    def __post_init__(self) -> None:
        require_text(
            self.text, "documents.mail.text", shortest=1, longest=TEXT_LENGTH, field="text"
        )
        require_text(self.html, "documents.mail.html", longest=2 * TEXT_LENGTH, field="html")
        ensure(
            len(self.attachments) <= ATTACHMENTS_MAX,
            "documents.mail.attachments",
            f"at most {ATTACHMENTS_MAX} attachments",
            field="attachments",
            longest=ATTACHMENTS_MAX,
        )
        size = len(self.text.encode()) + len(self.html.encode())
        size += sum(len(each.data) for each in self.attachments)
        ensure(
            size <= MAIL_BYTES_MAX,
            "documents.mail.large",
            f"text and attachments have at most {MAIL_BYTES_MAX} bytes: send a link instead",
            field="attachments",
            longest=MAIL_BYTES_MAX,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailAttempt:
    """One attempt to send: when it ended, and what went wrong in the server's words."""

    at: datetime
    problem: Problem | None = None  # None: the server took it


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMessage(Aggregate):
    """A mail of one company, written in the transaction of its cause; what it says lies apart."""

    id: MailMessageId
    message_id: str  # RFC 5322, 3.6.4; the same at every attempt, so that a double is known
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    reply_to: str = ""
    subject: str
    locale: str = "en"  # BCP 47
    cause: MailCause | None = None
    created_at: datetime
    state: MailState = MailState.QUEUED
    round: int = 1  # one more each time another job is to send it
    tries: int = 0  # since it was queued
    attempts: tuple[MailAttempt, ...] = ()  # the last ones of all rounds
    next_attempt_at: datetime | None  # None: it is over

    def __post_init__(self) -> None:
        for name, listed in (("to", self.to), ("cc", self.cc), ("bcc", self.bcc)):
            for index, address in enumerate(listed):
                with at(f"{name}/{index}"):
                    require_address(address)
        if self.reply_to:
            with at("reply_to"):
                require_address(self.reply_to)
        ensure(
            len(self.to) > 0 and len(self.recipients) <= RECIPIENTS_MAX,
            "documents.mail.recipients",
            f"a mail goes to somebody, and to at most {RECIPIENTS_MAX}",
            field="to",
            longest=RECIPIENTS_MAX,
        )
        _require_line(self.subject, "documents.mail.subject", "subject", longest=SUBJECT_LENGTH)
        _require_line(
            self.message_id, "documents.mail.message_id", "message_id", longest=_MESSAGE_ID_LENGTH
        )
        ensure(
            (self.next_attempt_at is None) == (self.state in (MailState.SENT, MailState.DEAD)),
            "documents.mail.next_attempt_at",
            "a mail that waits says until when",
            field="next_attempt_at",
        )

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return everybody it goes to, each once."""
        return tuple(dict.fromkeys(chain(self.to, self.cc, self.bcc)))

    @property
    def open(self) -> bool:
        """Whether it is still to be sent."""
        return self.next_attempt_at is not None

    def sent(self, now: datetime) -> Self:
        """Return the mail as the server has taken it.

        Raises:
            TransitionError: it has been sent before.
        """
        return self._tried(MailState.SENT, MailAttempt(at=now), None)

    def failed(self, now: datetime, problem: Problem, pause_seconds: float | None) -> Self:
        """Return the mail to be tried again after the pause, or dead where there is none.

        Raises:
            TransitionError: it is over.
        """
        state = MailState.DEAD if pause_seconds is None else MailState.FAILED
        again = None if pause_seconds is None else now + timedelta(seconds=pause_seconds)
        return self._tried(state, MailAttempt(at=now, problem=problem), again)

    def retry(self, now: datetime) -> Self:
        """Return a dead mail queued again, with all its attempts before it.

        Raises:
            TransitionError: it is not dead.
        """
        if self.state is not MailState.DEAD:
            raise TransitionError(
                "only a dead mail is queued again", source=self.state, target=MailState.QUEUED
            )
        return replace(self, state=MailState.QUEUED, tries=0, next_attempt_at=now)

    def for_another_job(self) -> Self:
        """Return the mail in its next round: whatever job had it before sends it no more."""
        return replace(self, round=self.round + 1)

    def _tried(self, state: MailState, attempt: MailAttempt, again: datetime | None) -> Self:
        return replace(
            self,
            state=MAIL_LIFECYCLE.step(self.state, state),
            tries=self.tries + 1,
            attempts=(*self.attempts, attempt)[-ATTEMPTS_KEPT:],
            next_attempt_at=again,
        )


def new_mail(  # noqa: PLR0913  # what a mail's envelope says, each by its name
    now: datetime,
    *,
    key: MailMessageId | None = None,
    to: tuple[str, ...],
    subject: str,
    cc: tuple[str, ...] = (),
    bcc: tuple[str, ...] = (),
    reply_to: str = "",
    locale: str = "en",
    cause: MailCause | None = None,
) -> MailMessage:
    """Return a mail to be sent; its Message-ID is that of the address for answers, where it is.

    Raises:
        InvariantError: an address or the subject is none.
    """
    key = key or MailMessageId(new_id())
    domain = reply_to.rpartition("@")[2] or "mail.invalid"  # RFC 2606: nobody else's
    return MailMessage(
        id=key,
        message_id=f"<{key}@{domain}>",
        to=to,
        cc=cc,
        bcc=bcc,
        reply_to=reply_to,
        subject=subject,
        locale=locale,
        cause=cause,
        created_at=now,
        next_attempt_at=now,
    )


def is_address(address: str) -> bool:
    """Say whether it is an address that every mail server takes."""
    return (
        len(address) <= ADDRESS_LENGTH
        and bool(_ADDRESS.fullmatch(address))
        and len(address.partition("@")[0]) <= _LOCAL_LENGTH
    )


def require_address(address: str) -> None:
    """Raise InvariantError unless it is an address that every mail server takes."""
    ensure(
        is_address(address),
        "documents.mail.address",
        "this is no e-mail address: write one such as name@example.com, without accents",
    )


def _require_line(text: str, code: str, place: str, *, longest: int) -> None:
    require_text(text, code, shortest=1, longest=longest, field=place)
    ensure(
        text != "" and bool(_LINE.fullmatch(text)),
        "documents.mail.line",
        "this is one line, without control characters",
        field=place,
    )

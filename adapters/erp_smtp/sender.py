"""Hands one mail to one server, in one conversation that ends in time."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from typing import Final

from erp_core.documents.entities import MailContent, MailMessage
from erp_core.documents.ports import MailDeferredError, MailRefusedError, MailSender
from erp_core.kernel.context import Context
from erp_core.kernel.ports import Clock
from erp_smtp.server import SmtpServer
from erp_smtp.wire import wire_format

CONNECT_SECONDS: Final = 10.0
SECONDS: Final = 30.0  # in all

_OK: Final = range(200, 300)
_PERMANENT: Final = range(500, 600)
_WORDS_MAX: Final = 900
_GOODBYE_SECONDS: Final = 2.0


# Both are told the host, whose name TLS verifies, and connect when they are asked to: so whoever
# cuts a conversation off knows it from the beginning.
class _Plain(smtplib.SMTP):
    def __init__(self, host: str, *, timeout: float) -> None:
        super().__init__(timeout=timeout)
        self._host = host


class _Tls(smtplib.SMTP_SSL):
    def __init__(self, host: str, *, timeout: float, context: ssl.SSLContext) -> None:
        super().__init__(timeout=timeout, context=context)
        self._host = host


class SmtpSender(MailSender):
    """Opens a connection for each mail: servers close those that idle, and mails are few."""

    def __init__(
        self,
        server: SmtpServer,
        *,
        sender: str,
        clock: Clock,
        tls: ssl.SSLContext | None = None,
        seconds: float = SECONDS,
    ) -> None:
        """Take the server and the address mails are from; *tls* None: the system's own CAs."""
        self._server = server
        self._sender = sender
        self._clock = clock
        self._tls = tls or ssl.create_default_context()
        self._seconds = seconds

    def send(self, ctx: Context, message: MailMessage, content: MailContent) -> None:
        ctx.check()
        wire = wire_format(message, content, sender=self._sender, now=self._clock.now(ctx))
        within = ctx.with_timeout(self._seconds)
        try:
            with self._connected(within) as smtp:
                self._greet(smtp)
                _hand_over(smtp, parseaddr(self._sender)[1], message.recipients, wire)
        except smtplib.SMTPResponseException as error:  # of the greeting, TLS or the login
            raise _deferred(_said(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            if ctx.cancellation.cancelled:
                ctx.check()
            raise _deferred(_reason(error)) from error

    def greet(self, ctx: Context) -> None:
        """Connect, say who we are, and sign in, as for a mail; send none.

        Raises:
            MailDeferredError: the server is out of reach or will not have us; in its words.
        """
        within = ctx.with_timeout(self._seconds)
        try:
            with self._connected(within) as smtp:
                self._greet(smtp)
        except smtplib.SMTPResponseException as error:
            raise _deferred(_said(error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise _deferred(_reason(error)) from error

    @contextmanager
    def _connected(self, ctx: Context) -> Iterator[smtplib.SMTP]:
        """Connect; the conversation is cut off at the deadline, and when the caller gives up."""
        limit = ctx.remaining_seconds(CONNECT_SECONDS)
        host, port = self._server.host, self._server.port
        smtp = (
            _Tls(host, timeout=limit, context=self._tls)
            if self._server.tls
            else _Plain(host, timeout=limit)
        )
        watch = threading.Timer(ctx.remaining_seconds(self._seconds), lambda: _cut(smtp))
        watch.daemon = True
        watch.start()
        try:
            with ctx.cancellation.on_cancel(lambda: _cut(smtp)):
                code, words = smtp.connect(host, port)
                if code not in _OK:
                    raise smtplib.SMTPConnectError(code, words)
                if smtp.sock is not None:
                    smtp.sock.settimeout(ctx.remaining_seconds(self._seconds) or 0.001)
                yield smtp
        finally:
            watch.cancel()
            smtp.close()

    def _greet(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if not self._server.tls and smtp.has_extn("starttls"):
            smtp.starttls(context=self._tls)
            smtp.ehlo()
        elif not self._server.tls and self._server.user and not self._server.is_here:
            raise smtplib.SMTPNotSupportedError(
                "the server offers no STARTTLS, and a password is not sent in the clear"
            )
        if self._server.user:
            smtp.login(self._server.user, self._server.password)


def _hand_over(smtp: smtplib.SMTP, sender: str, recipients: tuple[str, ...], wire: bytes) -> None:
    """Send to all of them or to none: no data follows where one recipient was not accepted."""
    _require(smtp.mail(sender, [f"size={len(wire)}"] if smtp.has_extn("size") else []))
    answers = [(each, *smtp.rcpt(each)) for each in recipients]
    for wanted in (_PERMANENT, range(600)):
        for address, code, words in answers:
            if code in wanted and code not in _OK:
                _require((code, words), of=f"{address}: ")
    try:
        _require(smtp.data(wire))
    except smtplib.SMTPDataError as error:  # it did not even want to begin
        _require((error.smtp_code, error.smtp_error))
    with suppress(smtplib.SMTPException, OSError):  # it has the mail, whatever becomes of the rest
        if smtp.sock is not None:
            smtp.sock.settimeout(_GOODBYE_SECONDS)
        smtp.quit()


def _require(answer: tuple[int, bytes | str], of: str = "") -> None:
    code, words = answer
    if code in _OK:
        return
    said = of + _said(code, words)
    raise MailRefusedError(said) if code in _PERMANENT else _deferred(said)


def _deferred(words: str) -> MailDeferredError:
    return MailDeferredError(words[:_WORDS_MAX])


def _said(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:_WORDS_MAX]


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _cut(smtp: smtplib.SMTP) -> None:
    sock: socket.socket | None = smtp.sock
    if sock is not None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

"""A mail server that does what a test tells it."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HANG_SECONDS = 2.5
OK = "250 taken"
HANG = "hang"  # says nothing for longer than anybody waits here
DROP = "drop"  # takes the mail, and goes away before it says so


@dataclass
class Post:
    """What was taken, in order; *answers* says what is answered to which attempt of a mail."""

    answer: str = OK
    taken: list[tuple[Message, set[str]]] = field(default_factory=list)
    plan: dict[str, list[str]] = field(default_factory=dict)  # by the subject
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content)
        with self.lock:
            planned = self.plan.get(str(mail["Subject"]), [])
            answer = planned.pop(0) if planned else self.answer
            if answer in (OK, DROP):
                self.taken.append((mail, set(envelope.rcpt_tos)))
        if answer == HANG:
            await asyncio.sleep(HANG_SECONDS)
            return "451 too late"
        if answer == DROP:
            transport: Any = server.transport
            transport.abort()
        return answer

    @property
    def ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail, _ in self.taken]


@contextmanager
def a_server(post: Post, port: int = 0, **options: Any) -> Iterator[Controller]:
    """Let a server run on a free port of this machine, or on that *port*: it knows which."""
    controller = _OnAnyPort(post, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield controller
    finally:
        if controller.loop.is_running():
            controller.stop()


@contextmanager
def a_silent_server() -> Iterator[int]:
    """Let something on a free port take connections, and never say a word."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield silent.getsockname()[1]


class _OnAnyPort(Controller):
    def _trigger_server(self) -> None:
        """Find out which port it has got before it is asked whether it answers."""
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

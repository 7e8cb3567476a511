"""The sender, held to its contract, and what only SMTP can get wrong."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from erp_core.documents.ports import MailDeferredError, MailRefusedError
from erp_core.testing import NOON, MovableClock, context
from erp_core.testing.documents import MailSenderContract, a_content, a_full_mail, a_mail
from erp_smtp import SmtpSender, SmtpServer, wire_format
from tests.mail.server import DROP, Post, a_server, a_silent_server


def a_sender(port: int, seconds: float = 20, **more: str) -> SmtpSender:
    server = SmtpServer(host="127.0.0.1", port=port, **more)
    return SmtpSender(
        server, sender="Shop <shop@example.org>", clock=MovableClock(), seconds=seconds
    )


class TestSmtpSender(MailSenderContract):
    @pytest.fixture(autouse=True)
    def _server(self) -> Iterator[None]:
        self.post = Post()
        with ExitStack() as self.stack:
            self.controller = self.stack.enter_context(a_server(self.post))
            self.sender = a_sender(self.controller.port)
            yield

    def answer(self, code: int, words: str) -> None:
        self.post.answer = f"{code} {words}"

    def vanish(self) -> None:
        self.stack.close()

    def taken(self) -> list[tuple[str, set[str]]]:
        return [(str(mail["Message-ID"]), to) for mail, to in self.post.taken]

    def test_an_answer_that_is_lost_defers_under_the_same_message_id(self) -> None:
        mail = a_mail()
        self.post.answer = DROP
        with pytest.raises(MailDeferredError):
            self.sender.send(context(), mail, a_content())
        self.post.answer = "250 taken"
        self.sender.send(context(), mail, a_content())
        assert self.post.ids == [mail.message_id] * 2

    def test_it_arrives_as_it_was_written_and_blind_copies_stay_blind(self) -> None:
        mail = a_full_mail()
        self.sender.send(context(), mail, a_content())
        ((found, _),) = self.post.taken
        text, pdf = found.get_payload()
        plain, page = text.get_payload()
        assert plain.get_payload(decode=True).decode().splitlines() == ["Olá 🍵", ".", "lá"]
        assert page.get_content_type() == "multipart/related"
        html, dot = page.get_payload()
        assert html.get_content_type() == "text/html"
        assert (dot["Content-ID"], dot.get_content_disposition()) == ("<7@x.example>", "inline")
        assert (dot.get_content_type(), dot.get_payload(decode=True)) == ("image/png", b"\x89PNG")
        assert pdf.get_payload(decode=True) == b"\x00\xff%PDF"
        assert pdf.get_filename() == "chá.pdf"
        assert "b@example.com" not in found.as_string()
        assert found["Content-Language"] == "pt-BR"


def test_a_silent_server_is_left_in_time() -> None:
    with a_silent_server() as port:
        sender = a_sender(port, seconds=0.1)
        with pytest.raises(MailDeferredError):
            sender.send(context(), a_mail(), a_content())


def test_a_password_is_not_sent_in_the_clear_to_another_machine() -> None:
    server = SmtpServer.read("smtp://ana:p%40ss@mail.example.com")
    assert (server.port, server.user, server.password) == (587, "ana", "p@ss")
    assert not server.is_here
    assert SmtpServer.read("smtps://mail.example.com").port == 465
    assert "p@ss" not in repr(server)
    with pytest.raises(ValueError, match="smtp://"):
        SmtpServer.read("http://mail.example.com")


def test_the_refused_and_the_deferred_are_told_apart() -> None:
    assert not issubclass(MailRefusedError, MailDeferredError)
    wire = wire_format(a_mail(), a_content(), sender="shop@example.org", now=NOON)
    assert b"\r\nBcc" not in wire

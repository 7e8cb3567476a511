"""Mails on their way: none lost, none tried while the breaker is open, by a clock of our own."""

import logging
import time
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from erp_app.mailing import Mailing
from erp_core.documents.entities import MailContent, MailMessage, MailMessageId, MailState
from erp_core.documents.ports import (
    MailDeferredError,
    MailRefusedError,
    MailSender,
    queue_mail,
)
from erp_core.documents.use_cases import MailMessageCommand
from erp_core.erp import ErpUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.errors import InvariantError
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import NOON, MovableClock, context
from erp_core.testing.documents import a_content, a_mail
from erp_memory.store import MemoryStore
from erp_telemetry import Metrics
from erp_workers import Limits, NoMetrics, Runner
from tests.wiring import an_erp

READER = context("documents.*")


@dataclass
class Sender:
    """Raises what it is told, and else sends."""

    fault: Exception | None = None
    asked: int = 0
    sent: list[str] = field(default_factory=list)

    def send(self, ctx: Context, message: MailMessage, content: MailContent) -> None:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        self.sent.append(message.message_id)


class House:
    def __init__(
        self,
        sender: MailSender | None = None,
        store: UnitOfWorkFactory[ErpUnitOfWork] | None = None,
    ) -> None:
        self.clock, self.store, self.sender = MovableClock(), store or MemoryStore(), Sender()
        self.metrics = Metrics()
        self.mailing = Mailing(sender or self.sender, self.clock, self.metrics, chance=lambda: 0.5)
        self.erp = an_erp(self.store, clock=self.clock)
        self.runner = Runner(
            name="host:1",
            unit_of_work=self.store,
            clock=self.clock,
            tasks=self.mailing.tasks(self.erp),
            limits=Limits(threads=1, waiting=1),
            metrics=NoMetrics(),
            chance=lambda: 0.5,
        )

    def queued(self, mail: MailMessage | None = None) -> MailMessageId:
        now = self.clock.now(context())
        with self.store(context()) as uow:
            return queue_mail(context(), uow, now, mail or a_mail(), a_content()).id

    def found(self, mail: MailMessageId) -> MailMessage:
        return self.erp.documents.get_mail_message(READER, MailMessageCommand(id=mail))

    def worked(self, **span: float) -> None:
        self.clock.move(timedelta(**span).total_seconds())
        while self.runner.step():
            assert self.runner.work_off(time.monotonic() + 20)


def test_a_mail_is_sent_once_and_says_so() -> None:
    house = House()
    mail = house.queued()
    house.worked()
    house.worked(hours=3)
    assert house.found(mail).state is MailState.SENT
    assert house.sender.sent == [house.found(mail).message_id]


def test_what_is_refused_is_dead_at_once_in_the_servers_words_and_may_be_tried_again() -> None:
    house = House()
    mail = house.queued()
    house.sender.fault = MailRefusedError("550 no such tea")
    house.worked()
    dead = house.found(mail)
    assert (dead.state, len(dead.attempts)) == (MailState.DEAD, 1)
    assert dead.attempts[0].problem is not None
    assert dead.attempts[0].problem.text == "550 no such tea"

    house.sender.fault = None
    house.erp.documents.retry_mail_message(READER, MailMessageCommand(id=mail))
    house.worked()
    assert house.found(mail).state is MailState.SENT


def test_what_is_deferred_is_tried_eight_times_with_the_pauses_of_mails() -> None:
    house = House()
    mail = house.queued()
    house.sender.fault = MailDeferredError("451 late")
    house.worked()
    for tries, pause in enumerate([10, 60, 300, 1800, 7200, 7200, 7200], start=1):
        house.worked(seconds=pause - 1)
        assert (house.found(mail).state, house.found(mail).tries) == (MailState.FAILED, tries)
        house.worked(seconds=1)
    dead = house.found(mail)
    assert (dead.state, dead.tries) == (MailState.DEAD, 8)


def test_while_the_breaker_is_open_nothing_is_tried_and_nothing_is_lost(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    house = House()
    mails = [house.queued() for _ in range(8)]
    house.sender.fault = MailDeferredError("gone")
    house.worked()
    assert house.sender.asked == 5
    assert house.mailing.check(context()) == "the breaker is open"
    assert b"erp_mail_breaker 2.0" in house.metrics.render()[0]
    assert sum(house.found(each).tries for each in mails) == 5

    house.worked(seconds=29)
    assert house.sender.asked == 5
    house.sender.fault = None
    for _ in range(6):
        house.worked(seconds=20)
    assert {house.found(each).state for each in mails} == {MailState.SENT}
    assert len(set(house.sender.sent)) == len(house.sender.sent) == 8
    told = [each.event for each in caplog.records if "breaker" in getattr(each, "event", "")]
    assert told == ["mail.breaker_opened", "mail.breaker_half_open", "mail.breaker_closed"]


@pytest.mark.parametrize(
    "bad", ["a@b.example\r\nBcc: x@y.example", "a b@c.example", "a@b", "@", ""]
)
def test_no_address_carries_another_header(bad: str) -> None:
    with pytest.raises(InvariantError):
        MailMessage(
            id=a_mail().id,
            message_id="<1@x.example>",
            to=(bad,),
            subject="tea",
            created_at=NOON,
            next_attempt_at=NOON,
        )

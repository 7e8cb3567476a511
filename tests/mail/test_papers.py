"""Mails that bring papers: made once, not while somebody waits, and told of when they fail."""

import logging
import time
from dataclasses import dataclass
from datetime import date

import pytest

from erp_app.mailing import Mailing
from erp_app.trade import trade
from erp_core.documents.entities import (
    Job,
    JobState,
    MailMessage,
    MailMessageId,
    MailState,
    PrintedDocument,
)
from erp_core.documents.ports import (
    JobQuery,
    MailDeferredError,
    MailRefusedError,
    MailSender,
)
from erp_core.documents.use_cases import (
    MailMessageCommand,
    SetLogoCommand,
    TidyFilesCommand,
    TidyHouseCommand,
)
from erp_core.kernel.context import NO_COMPANY, Context
from erp_core.kernel.errors import InvariantError, NotFoundError, UnavailableError
from erp_core.kernel.page import PageRequest
from erp_core.testing import MovableClock, context, expect
from erp_core.testing.documents import PNG
from erp_core.treasury.use_cases import SendStatementCommand, StatementRequest
from erp_memory.documents import MemoryFiles, PlainPaper
from erp_memory.store import MemoryStore
from erp_telemetry import Metrics
from erp_workers import Limits, NoMetrics, Relay, Runner
from tests.invoicing.standing import Standing
from tests.mail.desks import KEEPER, Desk, a_desk
from tests.mail.test_mailing import Sender

READER = context("documents.*")


@dataclass
class Papery(PlainPaper):
    """Sets what it is handed, unless it is to fail."""

    fault: Exception | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def render(self, ctx: Context, document: PrintedDocument) -> bytes:
        if self.fault is not None:
            raise self.fault
        return super().render(ctx, document)


class Keeping(Sender):
    """Keeps what it was handed."""

    def __init__(self) -> None:
        super().__init__()
        self.handed: list[tuple[str, bytes]] = []

    def send(self, ctx, message, content) -> None:
        super().send(ctx, message, content)
        beside = (each for each in content.attachments if not each.content_id)
        self.handed += [(each.name, each.data) for each in beside]


class PostOffice:
    """A desk, with all that the program does by itself behind it."""

    def __init__(self, sender: MailSender | None = None) -> None:
        self.clock, self.store = MovableClock(), MemoryStore()
        self.paper, self.files, self.sender = Papery(), MemoryFiles(self.clock), Keeping()
        self.desk: Desk = a_desk(
            self.store, clock=self.clock, renderer=self.paper, files=self.files
        )
        erp = self.desk.office.shop.erp
        mailing = Mailing(sender or self.sender, self.clock, Metrics(), chance=lambda: 0.5)
        self.trade = trade(erp)
        self.runner = Runner(
            name="host:1",
            unit_of_work=self.store,
            clock=self.clock,
            tasks=(*self.trade.tasks, *mailing.tasks(erp)),
            limits=Limits(threads=1, waiting=31),
            metrics=NoMetrics(),
            chance=lambda: 0.5,
        )
        self.relay = Relay(
            unit_of_work=self.store,
            clock=self.clock,
            makers=self.trade.makers,
            chance=lambda: 0.5,
        )

    def works(self, seconds: float = 0) -> None:
        self.clock.move(seconds)
        while self.relay.step() or self.runner.step():
            assert self.runner.work_off(time.monotonic() + 20)

    def mail(self) -> MailMessage:
        (found,) = self.desk.mails()
        return found

    def found(self, mail: MailMessageId) -> MailMessage:
        return self.desk.office.shop.erp.documents.get_mail_message(
            READER, MailMessageCommand(id=mail)
        )

    def jobs(self, kind: str) -> list[Job]:
        with self.store(READER, read_only=True) as uow:
            query = JobQuery(page=PageRequest(limit=200), kind=kind)
            return list(uow.jobs.page(READER, query).items)


@pytest.fixture
def house() -> PostOffice:
    return PostOffice()


def test_a_mail_brings_the_very_bytes_that_are_kept(house: PostOffice) -> None:
    invoice = house.desk.office.issued()
    house.desk.send(invoice)
    assert house.paper.rendered == []  # nothing is set while somebody waits for an answer
    house.works()
    house.desk.send(invoice, to=("b@buyer.example",))
    house.works()
    assert len(house.paper.rendered) == 1
    (first, second) = house.sender.handed
    assert first == second
    assert first[0] == f"{invoice.number}.pdf"
    assert first[1].startswith(b"%PDF")


def test_a_statement_is_of_the_days_that_were_asked_for(house: PostOffice) -> None:
    house.desk.office.issued()
    request = StatementRequest(party_id=house.desk.office.shop.buyer.id, currency="EUR")
    command = SendStatementCommand(statement=request)
    house.desk.office.shop.erp.treasury.send_statement(context("treasury.*"), command)
    asked = house.clock.now(READER).date()
    house.works(seconds=3 * 86_400)
    assert house.paper.rendered[0].dated == asked
    assert house.mail().state is MailState.SENT


def test_a_statement_is_the_same_bytes_however_often_its_mail_is_tried(
    house: PostOffice,
) -> None:
    house.desk.office.issued()
    request = StatementRequest(party_id=house.desk.office.shop.buyer.id, currency="EUR")
    command = SendStatementCommand(statement=request)
    use = house.desk.office.shop.erp.treasury
    first = use.send_statement(context("treasury.*"), command)
    house.sender.fault = MailRefusedError("550 full")
    house.works()
    house.desk.office.issued()  # on a day of the statement, and after it was made
    house.sender.fault = None
    house.desk.office.shop.erp.documents.retry_mail_message(
        READER, MailMessageCommand(id=first.id)
    )
    house.works()
    again = SendStatementCommand(statement=request)
    second = use.send_statement(context("treasury.*"), again)
    house.works()
    assert {house.found(each.id).state for each in (first, second)} == {MailState.SENT}
    assert [len(each.lines.rows) for each in house.paper.rendered] == [2, 3]
    assert len({content for _, content in house.sender.handed}) == 2


def test_a_paper_that_is_long_in_coming_is_waited_for_and_spares_the_breaker(
    house: PostOffice,
) -> None:
    for _ in range(6):  # more than the breaker would bear
        house.desk.send(house.desk.office.issued())
    house.paper.fault = UnavailableError("too many wait", code="pdf.busy")
    house.works()
    assert {each.state for each in house.desk.mails()} == {MailState.FAILED}
    assert house.sender.asked == 0
    house.paper.fault = None
    house.works(seconds=20)
    assert {each.state for each in house.desk.mails()} == {MailState.SENT}


def test_no_paper_is_set_for_a_server_that_is_not_asked(house: PostOffice) -> None:
    house.sender.fault = MailDeferredError("gone")
    for _ in range(8):
        house.desk.send(house.desk.office.issued())
    house.works()
    for _ in range(3):
        house.works(seconds=9)
    assert len(house.paper.rendered) == house.sender.asked == 5
    house.sender.fault = None
    for _ in range(6):
        house.works(seconds=20)
    assert {each.state for each in house.desk.mails()} == {MailState.SENT}


def test_a_template_that_cannot_be_set_is_told_and_the_mail_may_be_tried_again(
    house: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    house.desk.send(house.desk.office.issued())
    house.paper.fault = InvariantError("line 3", code="documents.template.broken")
    house.works()
    dead = house.mail()
    assert dead.state is MailState.DEAD
    assert dead.attempts[0].problem is not None
    assert dead.attempts[0].problem.code == "documents.template.broken"
    assert "mail.dead" in {getattr(each, "event", "") for each in caplog.records}


def test_what_becomes_of_a_mail_is_a_line_of_the_log(
    house: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    mail = house.desk.send(house.desk.office.issued())
    house.sender.fault = MailDeferredError("451 late")
    house.works()
    house.sender.fault = None
    house.works(seconds=20)
    told = [each for each in caplog.records if getattr(each, "mail", "") == str(mail.id)]
    assert [each.event for each in told] == ["mail.failed", "mail.sent"]
    assert [each.tries for each in told] == [1, 2]
    assert {each.code for each in told} == {"documents.mail.deferred", ""}


def test_a_recurring_invoice_that_is_to_be_sent_is_sent_once(house: PostOffice) -> None:
    standing = Standing(house.desk.office, house.clock)
    standing.add(sends=True, start_on=date(2024, 2, 1))
    standing.add(start_on=date(2024, 2, 1))  # which nobody asked to send
    standing.run()
    house.works()
    (job,) = house.jobs("invoicing.send_invoice")
    assert (job.state, job.result["link"]) == (
        JobState.DONE,
        f"/v1/mail-messages/{house.mail().id}",
    )
    assert house.mail().state is MailState.SENT
    assert len(house.sender.handed) == 1


def test_a_job_that_is_begun_twice_queues_one_mail(house: PostOffice) -> None:
    Standing(house.desk.office, house.clock).add(sends=True, start_on=date(2024, 2, 1))
    Standing(house.desk.office, house.clock).run()
    house.relay.step()
    (job,) = house.jobs("invoicing.send_invoice")
    (task,) = (each for each in house.trade.tasks if each.kind == job.kind)
    ctx = context(*task.grants)
    for _ in range(2):  # as after a process that died before it could say that it was done
        task.do(ctx, job, lambda done, total: None)
    house.works()
    assert house.mail().state is MailState.SENT


def test_a_recurring_invoice_that_nobody_can_be_sent_waits_for_an_address(
    house: PostOffice,
) -> None:
    house.desk.office.shop.has_party(emails=())
    Standing(house.desk.office, house.clock).add(sends=True, start_on=date(2024, 2, 1))
    Standing(house.desk.office, house.clock).run()
    house.works()
    (job,) = house.jobs("invoicing.send_invoice")
    assert job.state is JobState.DEAD
    assert job.problem is not None
    assert job.problem.code == "documents.mail.no_address"
    house.desk.office.shop.has_party(emails=("shop@buyer.example",))
    with house.store(READER) as uow:
        uow.jobs.save(READER, uow.jobs.lock(READER, job.id).retry(house.clock.now(READER)))
    house.works()
    assert house.mail().state is MailState.SENT


def test_files_that_nothing_names_are_dropped_and_all_others_stay(house: PostOffice) -> None:
    invoice = house.desk.office.issued()
    house.desk.send(invoice)
    house.works()
    documents = house.desk.office.shop.erp.documents
    for image in (PNG + b"old", PNG):
        documents.set_logo(KEEPER, SetLogoCommand(version=None, image=image))
    logo = documents.get_letterhead(KEEPER, None).logo
    nobodys = house.files.put(READER, b"made by two at once")
    assert documents.tidy_files(KEEPER, TidyFilesCommand()).gone == ()  # they are all new
    house.clock.move(2 * 86_400)
    fresh = house.files.put(READER, b"just put, and not yet noted")
    gone: list[str] = []
    after: str | None = ""
    while after is not None:
        looked = documents.tidy_files(KEEPER, TidyFilesCommand(after=after, limit=2))
        gone, after = [*gone, *looked.gone], looked.after
    assert len(gone) == 2
    assert nobodys in gone
    assert all(house.files.exists(READER, each) for each in (logo, fresh))
    house.desk.send(invoice, to=("b@buyer.example",))
    house.works()
    assert len(house.sender.handed) == 2


def test_what_a_sent_mail_says_is_forgotten_after_ninety_days(house: PostOffice) -> None:
    mail = house.desk.send(house.desk.office.issued())
    house.works()
    documents = house.desk.office.shop.erp.documents
    tidy = context("documents.*", company=NO_COMPANY)
    house.clock.move(89 * 86_400)
    documents.tidy_house(tidy, TidyHouseCommand())
    assert house.desk.content(mail).text
    house.clock.move(2 * 86_400)
    documents.tidy_house(tidy, TidyHouseCommand())
    with expect(NotFoundError, "documents.mail.forgotten"):
        house.desk.content(mail)
    assert house.mail().state is MailState.SENT


def test_a_mail_whose_words_are_kept_no_more_is_not_tried_again(house: PostOffice) -> None:
    mail = house.desk.send(house.desk.office.issued())
    house.paper.fault = InvariantError("line 3", code="documents.template.broken")
    house.works()
    documents = house.desk.office.shop.erp.documents
    house.clock.move(366 * 86_400)
    tidy = context("documents.*", company=NO_COMPANY)
    assert documents.tidy_house(tidy, TidyHouseCommand()) == 1
    with expect(NotFoundError, "documents.mail.forgotten"):
        documents.retry_mail_message(READER, MailMessageCommand(id=mail.id))

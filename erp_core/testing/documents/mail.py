"""What every keeper and every sender of mails must do."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from datetime import date, timedelta

from erp_core.documents.entities import (
    MAIL_TEMPLATES,
    MailAttachment,
    MailAttempt,
    MailCause,
    MailContent,
    MailKind,
    MailMessage,
    MailMessageId,
    MailPaper,
    MailState,
    MailWords,
    Problem,
    new_mail,
)
from erp_core.documents.ports import (
    MailDeferredError,
    MailQuery,
    MailRefusedError,
    MailSender,
    MailUnitOfWork,
    queue_mail,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import NOON, RIVAL, context, expect

REFUSED = Problem(code="documents.mail.refused", text="550 não existe")


def a_mail() -> MailMessage:
    """Make a mail as it is queued."""
    return new_mail(NOON, to=("ana@example.com",), subject="Chá 🍵")


def a_content() -> MailContent:
    """Make what a mail says, of which no field is left at its default."""
    pdf = MailAttachment(name="chá.pdf", content_type="application/pdf", data=b"\x00\xff%PDF")
    dot = MailAttachment(
        name="dot.png", content_type="image/png", data=b"\x89PNG", content_id="7@x.example"
    )
    return MailContent(text="Olá 🍵\n.\nlá", html="<p>Olá</p>", attachments=(pdf, dot))


def a_paper() -> MailPaper:
    """Make a paper of which no field is left at its default."""
    return MailPaper(
        document=MailCause(kind="treasury.statement", id=new_id()),
        locale="pt-BR",
        currency="BRL",
        since=date(2026, 1, 1),
        until=date(2026, 11, 23),
    )


def a_full_mail() -> MailMessage:
    """Make a mail of which no field is left at its default."""
    return replace(
        new_mail(
            NOON,
            to=("ana@example.com", "eva@example.com"),
            cc=("c@example.com",),
            bcc=("b@example.com",),
            reply_to="shop@example.org",
            subject="Chá 🍵",
            locale="pt-BR",
            cause=MailCause(kind="invoicing.invoice", id=new_id()),
        ),
        state=MailState.FAILED,
        round=2,
        tries=1,
        attempts=(MailAttempt(at=NOON, problem=REFUSED), MailAttempt(at=NOON)),
        next_attempt_at=NOON + timedelta(microseconds=1),
    )


class MailMessageRepositoryContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[MailUnitOfWork]

    def added(self, message: MailMessage) -> MailMessage:
        with self.unit_of_work(context()) as uow:
            return uow.mail_messages.add(context(), message, a_content())

    def found(self, message_id: MailMessageId) -> MailMessage:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.mail_messages.get(context(), message_id)

    def test_every_field_survives_the_round_trip(self) -> None:
        for mail in (a_mail(), a_full_mail()):
            assert self.added(mail) == mail.stored(1) == self.found(mail.id)
            with self.unit_of_work(context(), read_only=True) as uow:
                assert uow.mail_messages.content(context(), mail.id) == a_content()

    def test_the_paper_that_goes_with_it_survives_the_round_trip(self) -> None:
        invoice = MailPaper(document=MailCause(kind="invoicing.invoice", id=new_id()), locale="en")
        for paper in (a_paper(), invoice):
            mail, content = a_mail(), replace(a_content(), paper=paper)
            with self.unit_of_work(context()) as uow:
                uow.mail_messages.add(context(), mail, content)
            with self.unit_of_work(context(), read_only=True) as uow:
                assert uow.mail_messages.content(context(), mail.id) == content

    def test_what_old_mails_say_is_forgotten_and_they_are_not(self) -> None:
        old, late = a_mail(), replace(a_mail(), created_at=NOON + timedelta(days=1))
        rival = context(company=RIVAL)
        with self.unit_of_work(context()) as uow:
            for mail in (old, late, a_mail()):
                uow.mail_messages.add(context(), mail, a_content())
            for mail in (old, late):
                uow.mail_messages.save(context(), mail.stored(1).sent(NOON))
        with self.unit_of_work(rival) as uow:  # for the whole house, whoever asks
            before, sent = NOON + timedelta(seconds=1), (MailState.SENT,)
            assert uow.mail_messages.forget(rival, sent, NOON, 10) == 0
            assert uow.mail_messages.forget(rival, sent, before, 10) == 1
            assert uow.mail_messages.forget(rival, sent, before, 10) == 0
            assert uow.mail_messages.forget(rival, (MailState.QUEUED,), before, 0) == 0
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.mail_messages.get(context(), old.id).state is MailState.SENT
            with expect(NotFoundError, "documents.mail.forgotten"):
                uow.mail_messages.content(context(), old.id)
            assert uow.mail_messages.content(context(), late.id) == a_content()

    def test_a_change_survives_and_is_noted(self) -> None:
        mail = self.added(a_full_mail())
        with self.unit_of_work(context()) as uow:
            dead = uow.mail_messages.lock(context(), mail.id).failed(NOON, REFUSED, None)
            saved = uow.mail_messages.save(context(), dead)
            (change,) = uow.journal.take()
            with expect(StaleVersionError):
                uow.mail_messages.save(context(), dead)
        assert saved == dead.stored(2) == self.found(mail.id)
        assert (change.before, change.after) == ({"state": "failed"}, {"state": "dead"})

    def test_another_company_has_no_such_mail(self) -> None:
        mail, rival = self.added(a_mail()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            mails = uow.mail_messages
            for ask in (mails.get, mails.lock, mails.content):
                with expect(NotFoundError):
                    ask(rival, mail.id)
            with expect(NotFoundError):
                mails.save(rival, mail)
            assert mails.page(rival, MailQuery(page=PageRequest())).items == ()

    def test_an_id_is_taken_once(self) -> None:
        mail = self.added(a_mail())
        with expect(AlreadyExistsError):
            self.added(mail)

    def test_a_mail_and_its_job_are_not_there_unless_their_cause_is(self) -> None:
        mail = a_mail()
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            queue_mail(context(), uow, NOON, mail, a_content())
            raise NotFoundError("no tea")
        with expect(NotFoundError):
            self.found(mail.id)
        with self.unit_of_work(context()) as uow:
            assert not uow.jobs.due(context(), NOON, ["documents.send_mail"])
            queue_mail(context(), uow, NOON, mail, a_content())
            assert uow.jobs.due(context(), NOON, ["documents.send_mail"])

    def test_mails_are_listed_by_state_and_document_a_page_at_a_time(self) -> None:
        mails = [self.added(each) for each in (a_mail(), a_full_mail(), a_mail())]
        cause = mails[1].cause or MailCause(kind="x.y", id=new_id())
        page = PageRequest(limit=2)
        with self.unit_of_work(context(), read_only=True) as uow:
            first = uow.mail_messages.page(context(), MailQuery(page=page))
            after = replace(page, after=first.next)
            rest = uow.mail_messages.page(context(), MailQuery(page=after))
            assert [*first.items, *rest.items] == mails
            for query in (
                MailQuery(page=page, states=(MailState.FAILED,)),
                MailQuery(page=page, cause_id=cause.id),
                MailQuery(page=page, cause_kind=cause.kind),
            ):
                assert uow.mail_messages.page(context(), query).items == (mails[1],)
            other = MailQuery(page=page, cause_kind="sales.order", cause_id=cause.id)
            assert uow.mail_messages.page(context(), other).items == ()


class MailTemplateRepositoryContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[MailUnitOfWork]

    def test_a_company_that_changed_nothing_has_the_houses(self) -> None:
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.mail_templates.all(context()) == MAIL_TEMPLATES
            found = uow.mail_templates.get(context(), MailKind.INVOICE, "pt-BR")
        assert (found.version, found.own) == (0, None)

    def test_its_own_words_survive_the_round_trip_and_so_does_their_going(self) -> None:
        words = MailWords("Fatura {{number}} 🍵", "á" * 20_000, "é" * 60_000)
        with self.unit_of_work(context()) as uow:
            given = uow.mail_templates.get(context(), MailKind.INVOICE, "pt-BR").reword(words)
            stored = uow.mail_templates.save(context(), given)
        with self.unit_of_work(context()) as uow:
            assert stored == given.stored(1)
            assert uow.mail_templates.get(context(), MailKind.INVOICE, "pt-BR") == stored
            assert stored in uow.mail_templates.all(context())
            assert uow.mail_templates.get(context(), MailKind.INVOICE, "en").own is None
            assert uow.mail_templates.get(context(), MailKind.ORDER, "pt-BR").own is None
            again = uow.mail_templates.save(context(), stored.reword(None))
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.mail_templates.get(context(), MailKind.INVOICE, "pt-BR") == again
        assert (again.version, again.own) == (2, None)

    def test_a_change_is_noted(self) -> None:
        words = MailWords("a", "b", "")
        with self.unit_of_work(context()) as uow:
            given = uow.mail_templates.get(context(), MailKind.QUOTE, "fr")
            uow.mail_templates.save(context(), given.reword(words))
            (change,) = uow.journal.take()
        assert (change.kind, change.id) == ("documents.mail_template", "quote/fr")

    def test_a_stale_one_is_refused(self) -> None:
        words = MailWords("a", "b", "")
        with self.unit_of_work(context()) as uow:
            given = uow.mail_templates.get(context(), MailKind.QUOTE, "fr")
            first = uow.mail_templates.save(context(), given.reword(words))
            uow.mail_templates.save(context(), first.reword(None))
        for seen in (given, first):
            with expect(StaleVersionError), self.unit_of_work(context()) as uow:
                uow.mail_templates.save(context(), seen.reword(words))

    def test_another_companys_is_not_ours(self) -> None:
        rival, words = context(company=RIVAL), MailWords("a", "b", "")
        with self.unit_of_work(rival) as uow:
            given = uow.mail_templates.get(rival, MailKind.QUOTE, "fr")
            uow.mail_templates.save(rival, given.reword(words))
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.mail_templates.get(context(), MailKind.QUOTE, "fr").version == 0
            assert uow.mail_templates.all(context()) == MAIL_TEMPLATES


class MailSenderContract:
    """Set ``sender`` before each test, and write what the server is to do and has got."""

    sender: MailSender

    @abstractmethod
    def answer(self, code: int, words: str) -> None:
        """Let the server answer all that it is handed from now on so."""

    @abstractmethod
    def vanish(self) -> None:
        """Let the server be gone."""

    @abstractmethod
    def taken(self) -> list[tuple[str, set[str]]]:
        """Return the Message-ID and the recipients of each mail that the server took."""

    def test_a_mail_reaches_all_its_recipients_once(self) -> None:
        mail = a_full_mail()
        self.sender.send(context(), mail, a_content())
        assert self.taken() == [(mail.message_id, set(mail.recipients))]

    def test_what_is_refused_for_good_says_why(self) -> None:
        self.answer(550, "no such tea")
        with expect(MailRefusedError) as caught:
            self.sender.send(context(), a_mail(), a_content())
        assert "550 no such tea" in str(caught[0])

    def test_what_is_put_off_says_why(self) -> None:
        self.answer(451, "tea is late")
        with expect(MailDeferredError) as caught:
            self.sender.send(context(), a_mail(), a_content())
        assert "451 tea is late" in str(caught[0])

    def test_a_server_that_is_gone_defers(self) -> None:
        self.vanish()
        with expect(MailDeferredError):
            self.sender.send(context(), a_mail(), a_content())

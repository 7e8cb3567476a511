"""Documents by mail: to whom, in which words, and which of them are never sent."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from erp_core.documents.entities import MailCause, MailState, MailWish, MailWords
from erp_core.documents.use_cases import MailTemplateCommand, RewordMailTemplateCommand
from erp_core.invoicing.use_cases import SendInvoiceCommand
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.parties.entities import DocumentKind
from erp_core.sales.entities import QuoteState, ShipmentId
from erp_core.sales.use_cases import (
    AddShipmentCommand,
    QuoteCommand,
    SendOrderCommand,
    SendQuoteCommand,
    SendShipmentCommand,
    ShipmentCommand,
)
from erp_core.testing import RIVAL, context, expect
from erp_core.treasury.use_cases import SendStatementCommand, StatementRequest
from tests.invoicing.offices import CLERK
from tests.mail.desks import KEEPER, Desk, a_contact, a_desk
from tests.sales.shops import SELLER

TREASURER = context("treasury.*")


@pytest.fixture
def desk() -> Desk:
    return a_desk()


def test_an_invoice_goes_to_the_contacts_for_invoices_before_the_partys_own_address(
    desk: Desk,
) -> None:
    invoice = desk.office.issued()
    assert desk.send(invoice).to == ("shop@buyer.example",)
    desk.office.shop.has_party(
        contacts=(
            a_contact("buys@buyer.example", DocumentKind.ORDER),
            a_contact("pays@buyer.example", DocumentKind.INVOICE, DocumentKind.ORDER),
        )
    )
    assert desk.send(invoice).to == ("pays@buyer.example",)
    assert desk.send(invoice, to=("boss@buyer.example",), cc=("me@example.org",)).recipients == (
        "boss@buyer.example",
        "me@example.org",
    )


def test_an_address_no_server_would_take_is_passed_over_and_a_spoken_one_is_refused(
    desk: Desk,
) -> None:
    desk.office.shop.has_party(emails=("joão@padaria.example", "joao@padaria.example"))
    invoice = desk.office.issued()
    assert desk.send(invoice).to == ("joao@padaria.example",)
    with expect(InvariantError, "documents.mail.address") as caught:
        desk.send(invoice, to=("joão@padaria.example",))
    assert caught[0].field == "to/0"


def test_without_an_address_nothing_is_queued_and_it_is_said_what_to_do(desk: Desk) -> None:
    desk.office.shop.has_party(emails=())
    invoice = desk.office.issued()
    with expect(InvariantError, "documents.mail.no_address") as caught:
        desk.send(invoice)
    assert caught[0].field == "to"
    assert "`to`" in str(caught[0])
    assert desk.mails() == []


def test_a_mail_says_what_it_is_about_in_the_readers_language(desk: Desk) -> None:
    desk.office.shop.has_party(language="pt-PT", name="Padaria São João")
    desk.letterhead(email="vendas@example.org", footer="Capital social R$ 1")
    invoice = desk.office.issued(reference="PO-7")
    mail = desk.send(invoice, message="Olá!\nAté já.")
    said = desk.content(mail)
    assert (mail.locale, mail.reply_to) == ("pt-BR", "vendas@example.org")
    assert mail.subject == f"Fatura {invoice.number} - Acme"
    assert mail.cause == MailCause(kind="invoicing.invoice", id=invoice.id)
    for text in ("Olá, Padaria São João,", "Olá!\nAté já.", "Sua referência: PO-7", "Vencimento:"):
        assert text in said.text
    assert "Olá!<br>\nAté já." in said.html
    assert "Capital social R$ 1" in said.html
    assert said.paper is not None
    assert (said.paper.document, said.paper.locale) == (mail.cause, "pt-BR")
    assert desk.send(invoice, locale="fr").subject == f"Facture {invoice.number} - Acme"


def test_what_was_settled_in_a_language_is_sent_in_it(desk: Desk) -> None:
    desk.office.shop.has_party(language="es")
    invoice = desk.office.issued()
    desk.office.shop.has_party(language="fr")
    assert desk.send(invoice).locale == "es"


def test_a_company_sends_its_own_words(desk: Desk) -> None:
    own = MailWords("Nota {{number}}", "{{total}}{{#due_date}} até {{due_date}}{{/due_date}}", "")
    template = MailTemplateCommand(kind="invoice", locale="en")
    command = RewordMailTemplateCommand(template=template, own=own)
    desk.office.shop.erp.documents.reword_mail_template(KEEPER, command)
    invoice = desk.office.issued()
    mail = desk.send(invoice)
    assert mail.subject == f"Nota {invoice.number}"
    assert desk.content(mail).text.startswith("€100.00 até ")
    assert desk.content(mail).html == ""


def test_a_draft_is_not_sent_and_neither_is_what_was_abandoned(desk: Desk) -> None:
    draft, gone = desk.office.draft(), desk.office.issued()
    desk.office.abandon(gone)
    for each in (draft, gone):
        with expect(TransitionError, "documents.mail.unsettled"):
            desk.send(each)
    assert desk.mails() == []


def test_what_is_paid_is_sent_and_says_nothing_of_a_due_date(desk: Desk) -> None:
    invoice = desk.office.issued()
    desk.office.pay(invoice)
    assert "Due date" not in desk.content(desk.send(invoice)).text


def test_a_credit_note_has_words_of_its_own(desk: Desk) -> None:
    note = desk.office.credit(desk.office.issued())
    mail = desk.send(note)
    assert mail.subject == f"Credit note {note.number} - Acme"
    assert "credited to your account" in desk.content(mail).text


def test_only_what_is_open_is_reminded_of(desk: Desk) -> None:
    invoice = desk.office.issued()
    desk.office.pay(invoice, 40)
    mail = desk.remind(invoice)
    assert mail.subject.startswith("Reminder: Invoice")
    assert "Still open: €60.00" in desk.content(mail).text
    desk.office.pay(invoice)
    for each in (invoice, desk.office.draft(), desk.office.credit(desk.office.issued())):
        with expect(TransitionError, "invoicing.invoice.nothing_open"):
            desk.remind(each)


def test_a_reminder_goes_to_who_receives_reminders_else_invoices(desk: Desk) -> None:
    invoice = desk.office.issued()
    pays = a_contact("pays@buyer.example", DocumentKind.INVOICE)
    desk.office.shop.has_party(contacts=(pays,))
    assert desk.remind(invoice).to == ("pays@buyer.example",)
    late = a_contact("late@buyer.example", DocumentKind.REMINDER)
    desk.office.shop.has_party(contacts=(pays, late))
    assert desk.remind(invoice).to == ("late@buyer.example",)


def test_the_same_mail_is_queued_once(desk: Desk) -> None:
    invoice, wish = desk.office.issued(), MailWish()
    command = SendInvoiceCommand(id=invoice.id, mail=wish)
    desk.office.use.send_invoice(CLERK, command)
    with expect(AlreadyExistsError):
        desk.office.use.send_invoice(CLERK, command)
    (mail,) = desk.mails()
    assert (mail.id, mail.state) == (wish.mail_id, MailState.QUEUED)


def test_nobody_sends_what_he_may_not_or_has_not_seen(desk: Desk) -> None:
    invoice = desk.office.issued()
    command = SendInvoiceCommand(id=invoice.id)
    with expect(PermissionDeniedError):
        desk.office.use.send_invoice(context("invoicing.invoice.read"), command)
    with expect(NotFoundError):
        rival = context("invoicing.*", company=RIVAL)
        desk.office.use.send_invoice(rival, command)
    with expect(PreconditionFailedError):
        desk.office.use.send_invoice(CLERK, replace(command, version=1))


def test_a_quote_is_settled_by_being_sent_and_mailed_where_that_is_asked_for(desk: Desk) -> None:
    shop = desk.office.shop
    quote = shop.quote(shop.line(None, 1, description="tea", unit_price=Decimal(10)))
    with expect(TransitionError, "transition"):
        shop.erp.sales.accept_quote(SELLER, QuoteCommand(id=quote.id))
    sent = shop.erp.sales.send_quote(SELLER, SendQuoteCommand(id=quote.id))
    assert (sent.state, desk.mails()) == (QuoteState.SENT, [])
    with expect(TransitionError):
        shop.erp.sales.send_quote(SELLER, SendQuoteCommand(id=quote.id))
    again = SendQuoteCommand(id=quote.id, mail=MailWish())
    assert shop.erp.sales.send_quote(SELLER, again) == sent
    (mail,) = desk.mails()
    assert (mail.subject, mail.to) == (f"Quote {sent.number} - Acme", ("shop@buyer.example",))


def test_a_quote_stays_a_draft_where_nobody_knows_where_to_send_it(desk: Desk) -> None:
    shop = desk.office.shop
    shop.has_party(emails=())
    quote = shop.quote(shop.line(None, 1, description="tea", unit_price=Decimal(10)))
    with expect(InvariantError, "documents.mail.no_address"):
        command = SendQuoteCommand(id=quote.id, mail=MailWish())
        shop.erp.sales.send_quote(SELLER, command)
    assert shop.erp.sales.get_quote(SELLER, quote.id).state is QuoteState.DRAFT
    with expect(InvariantError):
        MailWish(message="x" * 2001)


def test_an_order_and_its_shipment_are_sent_once_they_are_settled(desk: Desk) -> None:
    shop = desk.office.shop
    order = shop.order(shop.line(shop.product(9), 2))
    with expect(TransitionError, "documents.mail.unsettled"):
        shop.erp.sales.send_order(SELLER, SendOrderCommand(id=order.id))
    confirmed = shop.confirm(order)
    mail = shop.erp.sales.send_order(SELLER, SendOrderCommand(id=order.id))
    assert mail.subject == f"Order confirmation {confirmed.number} - Acme"
    draft = AddShipmentCommand(id=ShipmentId(new_id()), order_id=order.id, warehouse_id=shop.where)
    shipment = shop.erp.sales.add_shipment(CLERK, draft)
    command = SendShipmentCommand(id=shipment.id)
    with expect(TransitionError, "documents.mail.unsettled"):
        shop.erp.sales.send_shipment(CLERK, command)
    shop.erp.sales.validate_shipment(CLERK, ShipmentCommand(id=shipment.id))
    said = desk.content(shop.erp.sales.send_shipment(CLERK, command))
    assert f"Order: {confirmed.number}" in said.text
    assert "on their way" in said.text


def test_a_statement_says_which_days_it_is_of_and_what_is_owed(desk: Desk) -> None:
    invoice = desk.office.issued()
    shop = desk.office.shop
    statement = StatementRequest(party_id=shop.buyer.id, currency="EUR")
    use = shop.erp.treasury.send_statement
    mail = use(TREASURER, SendStatementCommand(statement=statement))
    said = desk.content(mail)
    assert mail.cause == MailCause(kind="treasury.statement", id=shop.buyer.id)
    assert "Balance: €100.00" in said.text
    assert said.paper is not None
    assert said.paper.until == invoice.invoiced_on
    assert said.paper.currency == "EUR"
    turned = replace(statement, since=invoice.invoiced_on + timedelta(days=1))
    with expect(InvariantError, "treasury.statement.period"):
        use(TREASURER, SendStatementCommand(statement=turned))

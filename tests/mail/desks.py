"""A desk at which documents are sent: an office whose mails can be read."""

from __future__ import annotations

from dataclasses import dataclass

from erp_core.documents.entities import MailContent, MailMessage, MailMessageId, MailWish
from erp_core.documents.ports import MailQuery
from erp_core.documents.use_cases import ChangeLetterheadCommand, MailMessageCommand
from erp_core.invoicing.entities import Invoice
from erp_core.invoicing.use_cases import SendInvoiceCommand
from erp_core.kernel.page import PageRequest
from erp_core.parties.entities import Contact, DocumentKind
from erp_core.testing import context
from tests.invoicing.offices import CLERK, Office, an_office

KEEPER = context("documents.*")


@dataclass
class Desk:
    """Its buyer has an address, unless a test says otherwise."""

    office: Office

    def send(self, invoice: Invoice, **wish: object) -> MailMessage:
        command = SendInvoiceCommand(id=invoice.id, mail=MailWish(**wish))
        return self.office.use.send_invoice(CLERK, command)

    def remind(self, invoice: Invoice, **wish: object) -> MailMessage:
        command = SendInvoiceCommand(id=invoice.id, mail=MailWish(**wish))
        return self.office.use.remind_of_invoice(CLERK, command)

    def content(self, mail: MailMessage | MailMessageId) -> MailContent:
        key = mail.id if isinstance(mail, MailMessage) else mail
        use = self.office.shop.erp.documents.get_mail_content
        return use(KEEPER, MailMessageCommand(id=key))

    def letterhead(self, **changes: object) -> None:
        command = ChangeLetterheadCommand(version=None, changes=changes)
        self.office.shop.erp.documents.change_letterhead(KEEPER, command)

    def mails(self) -> list[MailMessage]:
        store = self.office.shop.store
        with store(CLERK, read_only=True) as uow:
            query = MailQuery(page=PageRequest(limit=200))
            return list(uow.mail_messages.page(CLERK, query).items)


def a_contact(email: str, *documents: DocumentKind) -> Contact:
    return Contact(name="Eva", emails=(email,), documents=documents)


def a_desk(store: object = None, **ports: object) -> Desk:
    office = an_office(store, **ports)
    office.shop.has_party(emails=("shop@buyer.example",))
    return Desk(office)

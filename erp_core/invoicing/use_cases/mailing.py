"""Sending invoices and credit notes by mail, and reminding of them."""

from __future__ import annotations

from dataclasses import field

from erp_core.documents.entities import MailMessage, MailWish
from erp_core.documents.ports import mail_stationery, post
from erp_core.invoicing.entities import (
    InvoiceId,
    mailed_invoice,
    reminded_invoice,
)
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class SendInvoiceCommand:
    id: InvoiceId
    version: int | None = None  # that the caller has seen; None: any
    mail: MailWish = field(default_factory=MailWish)


@dataclass(frozen=True, kw_only=True)
class SendInvoice(UseCase[InvoicingUnitOfWork, SendInvoiceCommand, MailMessage]):
    """Queue a mail that brings an invoice, or a credit note, to the customer; as PDF.

    Raises:
        NotFoundError: no such invoice.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is a draft, or was abandoned.
        AlreadyExistsError: this very mail was queued before.
        InvariantError: nobody knows where to, or a template or an address cannot be used.
    """

    permission = "invoicing.invoice.send"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: SendInvoiceCommand
    ) -> MailMessage:
        invoice = uow.invoices.get(ctx, command.id).expect(command.version)
        party = uow.parties.get(ctx, invoice.party_id)
        paper = mail_stationery(ctx, uow, command.mail, party, invoice.party)
        matter = mailed_invoice(invoice, paper.wording)
        return post(ctx, uow, self.clock.now(ctx), command.mail, matter, paper, party)


@dataclass(frozen=True, kw_only=True)
class RemindOfInvoice(UseCase[InvoicingUnitOfWork, SendInvoiceCommand, MailMessage]):
    """Queue a mail that reminds the customer of an invoice which is still open; as PDF too.

    Raises:
        NotFoundError: no such invoice.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: nothing of it is open, or it is a credit note.
        InvariantError: nobody knows where to, or a template or an address cannot be used.
    """

    permission = "invoicing.invoice.remind"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: SendInvoiceCommand
    ) -> MailMessage:
        invoice = uow.invoices.get(ctx, command.id).expect(command.version)
        party = uow.parties.get(ctx, invoice.party_id)
        paper = mail_stationery(ctx, uow, command.mail, party, invoice.party)
        now = self.clock.now(ctx)
        matter = reminded_invoice(invoice, paper.wording, paper.company.day(now))
        return post(ctx, uow, now, command.mail, matter, paper, party)

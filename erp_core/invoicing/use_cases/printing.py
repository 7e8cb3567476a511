"""Invoices and credit notes on paper."""

from __future__ import annotations

from erp_core.documents.entities import CANCELLED, PaperRequest, Printed
from erp_core.documents.ports import Press, kept_or_new, read_stationery
from erp_core.invoicing.entities import (
    Invoice,
    InvoiceId,
    InvoicePapers,
    InvoiceState,
    SettlementSource,
    printed_invoice,
)
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import Money
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartySnapshot


@dataclass(frozen=True, kw_only=True)
class PrintInvoice(UseCase[InvoicingUnitOfWork, PaperRequest, Printed]):
    """Have an invoice or a credit note as PDF: once it is validated, the same file ever after.

    Raises:
        NotFoundError: no such invoice.
        InvariantError: the company's template cannot be set.
        UnavailableError: no process is free to set it, or the file that was kept is gone.
    """

    permission = "invoicing.invoice.read"
    read_only = True

    press: Press

    def execute(self, ctx: Context, uow: InvoicingUnitOfWork, command: PaperRequest) -> Printed:
        invoice = uow.invoices.get(ctx, InvoiceId(command.id))
        customer = invoice.party or PartySnapshot.of(uow.parties.get(ctx, invoice.party_id))
        stationery = read_stationery(ctx, uow, command, customer.language)
        edition = CANCELLED if invoice.state is InvoiceState.ABANDONED else ""
        series = invoice.type.document_type
        place = stationery.place(series, invoice.id, invoice.number, edition)
        return kept_or_new(
            ctx,
            uow,
            stationery,
            place,
            lambda: printed_invoice(invoice, stationery, _papers(ctx, uow, invoice, customer)),
        )

    def conclude(self, ctx: Context, result: Printed) -> Printed:
        return self.press.finish(ctx, result, self.unit_of_work)


def _papers(
    ctx: Context, uow: InvoicingUnitOfWork, invoice: Invoice, customer: PartySnapshot
) -> InvoicePapers:
    links, term_id = invoice.links, invoice.payment_term_id
    return InvoicePapers(
        customer=customer,
        payment_term="" if term_id is None else uow.payment_terms.get(ctx, term_id).name,
        order="" if links.order_id is None else uow.orders.get(ctx, links.order_id).number,
        quote="" if links.quote_id is None else uow.quotes.get(ctx, links.quote_id).number,
        credits=_number(ctx, uow, links.credits_id),
        replaces=_number(ctx, uow, links.replaces_id),
        deposits=_deposits(ctx, uow, invoice),
    )


def _number(ctx: Context, uow: InvoicingUnitOfWork, invoice_id: InvoiceId | None) -> str:
    return "" if invoice_id is None else uow.invoices.get(ctx, invoice_id).number


def _deposits(
    ctx: Context, uow: InvoicingUnitOfWork, invoice: Invoice
) -> tuple[tuple[str, Money], ...]:
    """Return number and amount of the deposits that were deducted at validation."""
    if not invoice.links.deposit_ids:
        return ()
    settled = uow.receivables.settlements(ctx, invoice.id)
    return tuple(
        (_number(ctx, uow, InvoiceId(each.source_id)), each.amount)
        for each in settled
        if each.source is SettlementSource.DEPOSIT and each.reversed_at is None
    )

"""What stands on invoices and credit notes when they are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from erp_core.documents.entities import (
    Column,
    DocumentType,
    PaymentCode,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    Stationery,
    Wording,
)
from erp_core.invoicing.entities.balance import OpenDueDate
from erp_core.invoicing.entities.invoice import Invoice
from erp_core.invoicing.entities.states import InvoiceState, InvoiceType
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartySnapshot
from erp_core.sales.entities import (
    discount_of,
    facts_of,
    line_table,
    tax_tables,
    totals_of,
)

INVOICE_TITLES: Final = {
    InvoiceType.STANDARD: "title_invoice",
    InvoiceType.CREDIT_NOTE: "title_credit_note",
    InvoiceType.DEPOSIT: "title_deposit",
    InvoiceType.REPLACEMENT: "title_replacement",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePapers:
    """Words that only the stores know, and that an invoice shows."""

    customer: PartySnapshot
    payment_term: str = ""
    order: str = ""  # numbers of what it was made of, or stands for
    quote: str = ""
    credits: str = ""
    replaces: str = ""
    deposits: tuple[tuple[str, Money], ...] = ()  # number and amount of each that it deducts


def printed_invoice(
    invoice: Invoice, stationery: Stationery, papers: InvoicePapers
) -> PrintedDocument:
    """Return what stands on an invoice: as it was validated, whatever was paid of it since."""
    wording, customer = stationery.wording, papers.customer
    due = _instalments(invoice, papers)
    deducted = [(wording("deposit", number=each), amount) for each, amount in papers.deposits]
    return PrintedDocument(
        document_type=DocumentType(invoice.type.document_type),
        language=wording.locale,
        style=stationery.style,
        dated=invoice.invoiced_on,
        title=wording(INVOICE_TITLES[invoice.type]),
        number=invoice.number,
        watermark=_mark(invoice, wording),
        sender=stationery.sender,
        receivers=(stationery.receiver("invoice_to", customer, customer.billing_address),),
        facts=facts_of(
            wording,
            ("date", wording.formats.day(invoice.invoiced_on)),
            ("due_on", wording.formats.day(due[0].due_on) if len(due) == 1 else ""),
            ("reference", invoice.reference),
            ("from_order", papers.order),
            ("from_quote", papers.quote),
            ("credits", papers.credits),
            ("replaces", papers.replaces),
            ("payment_terms", papers.payment_term),
            ("discount", discount_of(invoice.terms, wording)),
        ),
        lines=line_table([each.priced for each in invoice.lines], wording),
        tables=(*tax_tables(invoice.taxes, wording), *_schedule(due, wording)),
        totals=totals_of(invoice.totals, wording, deducted),
        notes=facts_of(wording, ("reason", invoice.reason), ("note", invoice.note)),
        codes=_codes(invoice, due, stationery),
        footer=stationery.letterhead.footer,
        page=stationery.page,
    )


def _mark(invoice: Invoice, wording: Wording) -> str:
    marks = {InvoiceState.DRAFT: "draft", InvoiceState.ABANDONED: "cancelled"}
    code = marks.get(invoice.state)
    return "" if code is None else wording(code)


def _instalments(invoice: Invoice, papers: InvoicePapers) -> tuple[OpenDueDate, ...]:
    """Return what was due when, at validation: deposits had paid the first of it by then."""
    zero = Money.zero(invoice.currency)
    deposits = sum((amount for _, amount in papers.deposits), zero)
    balance = replace(invoice.balance, settled=deposits, used=zero)
    return tuple(each for each in balance.open_due_dates if each.open_amount.amount)


def _schedule(due: Sequence[OpenDueDate], wording: Wording) -> tuple[PrintedTable, ...]:
    """Return the instalments as a table, where there are several."""
    if len(due) < 2:  # noqa: PLR2004  # one stands among the facts
        return ()
    columns = (
        Column(heading=wording("due_on"), share=50),
        Column(heading=wording("amount"), share=50, number=True),
    )
    rows = tuple(
        PrintedRow(
            cells=(
                wording.formats.day(each.due_on),
                wording.formats.amount(each.open_amount),
            )
        )
        for each in due
    )
    return (PrintedTable(title=wording("instalments"), columns=columns, rows=rows),)


def _codes(
    invoice: Invoice, due: Sequence[OpenDueDate], stationery: Stationery
) -> tuple[PaymentCode, ...]:
    """Return the code by which what is due first is paid."""
    owed = invoice.number and not invoice.type.is_credit
    if not (owed and due) or invoice.state is InvoiceState.ABANDONED:
        return ()
    return stationery.codes(due[0].open_amount, due[0].due_on, invoice.number)

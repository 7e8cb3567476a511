"""What mails about invoices and credit notes say of them."""

from __future__ import annotations

from datetime import date
from typing import Final

from erp_core.documents.entities import (
    MailCause,
    MailKind,
    MailMatter,
    MailPaper,
    Wording,
    require_settled,
)
from erp_core.invoicing.entities.invoice import Invoice
from erp_core.invoicing.entities.papers import INVOICE_TITLES
from erp_core.invoicing.entities.states import InvoiceState
from erp_core.kernel.errors import TransitionError
from erp_core.parties.entities import DocumentKind
from erp_core.sales.entities import facts_of

INVOICE_CAUSE: Final = "invoicing.invoice"
_SENT: Final = frozenset({InvoiceState.VALIDATED, InvoiceState.PAID})


def mailed_invoice(invoice: Invoice, wording: Wording) -> MailMatter:
    """Return the matter of a mail that brings an invoice, or a credit note.

    Raises:
        TransitionError: it is a draft, or was abandoned.
    """
    require_settled(invoice.state, settled=invoice.state in _SENT)
    due, open_amount = _owed(invoice, wording)
    kind = MailKind.CREDIT_NOTE if invoice.type.is_credit else MailKind.INVOICE
    values = _values(invoice, wording)
    if kind is MailKind.INVOICE:
        values |= {"due_date": due, "open_amount": open_amount}
    return _matter(invoice, wording, kind, (DocumentKind.INVOICE,), values)


def reminded_invoice(invoice: Invoice, wording: Wording, today: date) -> MailMatter:
    """Return the matter of a mail that reminds of an invoice which is still open.

    Raises:
        TransitionError: nothing of it is open, or it is a credit note.
    """
    if invoice.type.is_credit or not invoice.receivable.open_amount.amount:
        raise TransitionError(
            "nothing of it is to be paid: there is nothing to remind of",
            code="invoicing.invoice.nothing_open",
            state=invoice.state.value,
        )
    due, open_amount = _owed(invoice, wording)
    due_on = invoice.receivable.next_due_on
    late = 0 if due_on is None else max(0, (today - due_on).days)
    values = _values(invoice, wording)
    values |= {"due_date": due, "open_amount": open_amount, "days_overdue": str(late or "")}
    receives = (DocumentKind.REMINDER, DocumentKind.INVOICE)
    return _matter(invoice, wording, MailKind.REMINDER, receives, values)


def _owed(invoice: Invoice, wording: Wording) -> tuple[str, str]:
    """Return when something is due next, and how much is open: as it stands now."""
    owed = invoice.receivable
    due_on = None if invoice.type.is_credit else owed.next_due_on
    written = wording.formats.money(owed.open_amount) if owed.open_amount.amount else ""
    return "" if due_on is None else wording.formats.day(due_on), written


def _values(invoice: Invoice, wording: Wording) -> dict[str, str]:
    return {
        "date": wording.formats.day(invoice.invoiced_on),
        "number": invoice.number,
        "reference": invoice.reference,
        "total": wording.formats.money(invoice.totals.payable),
    }


def _matter(
    invoice: Invoice,
    wording: Wording,
    kind: MailKind,
    receives: tuple[DocumentKind, ...],
    values: dict[str, str],
) -> MailMatter:
    open_amount = values.get("open_amount", "")
    return MailMatter(
        kind=kind,
        receives=receives,
        paper=MailPaper(
            document=MailCause(kind=INVOICE_CAUSE, id=invoice.id), locale=wording.locale
        ),
        title=wording(INVOICE_TITLES[invoice.type]),
        facts=facts_of(
            wording,
            ("number", values["number"]),
            ("date", values["date"]),
            ("reference", values["reference"]),
            ("due_on", values.get("due_date", "")),
            ("total", values["total"]),
            ("open_amount", "" if open_amount == values["total"] else open_amount),
        ),
        values=values,
    )

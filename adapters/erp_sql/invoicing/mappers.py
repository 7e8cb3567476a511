"""Invoices to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from erp_core.catalog.entities import LineId
from erp_core.inventory.entities import WarehouseId
from erp_core.invoicing.entities import (
    Balance,
    DueDate,
    Invoice,
    InvoiceId,
    InvoiceLine,
    InvoiceState,
    InvoiceSummary,
    InvoiceType,
    Links,
    Receivable,
    Settlement,
    SettlementId,
    SettlementSource,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_core.sales.entities import OrderId, QuoteId
from erp_sql.catalog.document_mappers import (
    read_line,
    read_terms,
    read_totals,
    write_line,
    write_terms,
    write_totals,
)
from erp_sql.parties.snapshots import read_snapshot, write_snapshot

PROGRESS = ("issued", "credited")  # what of a line still changes once it is validated


def write_invoice(company_id: CompanyId, invoice: Invoice) -> dict[str, Any]:
    return (
        {
            "company_id": company_id,
            "id": invoice.id,
            "version": invoice.version + 1,
            "type": invoice.type.value,
            "state": invoice.state.value,
            "number": invoice.number or None,
            "number_key": invoice.number,
            "party_id": invoice.party_id,
            "customer": write_snapshot(invoice.party),
            "day": invoice.invoiced_on,
            "payment_term_id": invoice.payment_term_id,
            "reference": invoice.reference,
            "note": invoice.note,
            "reason": invoice.reason,
            "reopens_order": invoice.reopens_order,
            "credited": invoice.credited.amount,
            "settled": invoice.balance.settled.amount,
            "used": invoice.balance.used.amount,
            "next_due_on": invoice.receivable.next_due_on,
            "validated_at": invoice.validated_at,
            "abandoned_because": invoice.abandoned_because,
            "abandoned_at": invoice.abandoned_at,
        }
        | _write_links(invoice.links)
        | write_terms(invoice.terms)
        | write_totals(invoice.totals)
    )


def read_invoice(row: Any, lines: Iterable[Any], due_dates: Iterable[Any]) -> Invoice:
    return Invoice(
        id=InvoiceId(row.id),
        version=row.version,
        type=InvoiceType(row.type),
        state=InvoiceState(row.state),
        number=row.number_key,
        party_id=PartyId(row.party_id),
        party=read_snapshot(row.customer),
        invoiced_on=row.day,
        terms=read_terms(row),
        payment_term_id=_or_none(row.payment_term_id, PaymentTermId),
        reference=row.reference,
        note=row.note,
        reason=row.reason,
        links=_read_links(row),
        reopens_order=row.reopens_order,
        lines=tuple(_read_line(each, row.currency) for each in lines),
        totals=read_totals(row),
        balance=_read_balance(row, due_dates),
        credited=Money(row.credited, row.currency),
        validated_at=row.validated_at,
        abandoned_because=row.abandoned_because,
        abandoned_at=row.abandoned_at,
    )


def read_summary(row: Any) -> InvoiceSummary:
    return InvoiceSummary(
        id=InvoiceId(row.id),
        version=row.version,
        type=InvoiceType(row.type),
        state=InvoiceState(row.state),
        number=row.number_key,
        party_id=PartyId(row.party_id),
        invoiced_on=row.day,
        reference=row.reference,
        totals=read_totals(row),
        settled=Money(row.settled, row.currency),
        next_due_on=row.next_due_on,
        links=_read_links(row),
    )


def write_receivable(company_id: CompanyId, owed: Receivable) -> dict[str, Any]:
    """Return what of the head a settlement changes, and what says which head it is."""
    return {
        "_company": company_id,
        "_id": owed.id,
        "_version": owed.version,
        "version": owed.version + 1,
        "state": owed.state.value,
        "settled": owed.balance.settled.amount,
        "used": owed.balance.used.amount,
        "next_due_on": owed.next_due_on,
    }


def read_receivable(row: Any, due_dates: Iterable[Any]) -> Receivable:
    return Receivable(
        id=InvoiceId(row.id),
        version=row.version,
        type=InvoiceType(row.type),
        state=InvoiceState(row.state),
        number=row.number_key,
        party_id=PartyId(row.party_id),
        invoiced_on=row.day,
        balance=_read_balance(row, due_dates),
    )


def write_lines(company_id: CompanyId, invoice: Invoice) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            "invoice_id": invoice.id,
            "order_line_id": line.order_line_id,
            "quote_line_id": line.quote_line_id,
            "invoice_line_id": line.invoice_line_id,
            "goods": line.goods,
            "warehouse_id": line.warehouse_id,
            "returns_stock": line.returns_stock,
            "issued": line.issued.value,
            "credited": line.credited.value,
        }
        | write_line(position, line.priced)
        for position, line in enumerate(invoice.lines)
    ]


def write_progress(company_id: CompanyId, line: InvoiceLine) -> dict[str, Any]:
    return {
        "_company": company_id,
        "_id": line.id,
        "issued": line.issued.value,
        "credited": line.credited.value,
    }


def _read_line(row: Any, currency: str) -> InvoiceLine:
    return InvoiceLine(
        priced=read_line(row, currency),
        order_line_id=_or_none(row.order_line_id, LineId),
        quote_line_id=_or_none(row.quote_line_id, LineId),
        invoice_line_id=_or_none(row.invoice_line_id, LineId),
        goods=row.goods,
        warehouse_id=_or_none(row.warehouse_id, WarehouseId),
        returns_stock=row.returns_stock,
        issued=Quantity(row.issued),
        credited=Quantity(row.credited),
    )


def write_due_dates(company_id: CompanyId, invoice: Invoice) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            "invoice_id": invoice.id,
            "position": position,
            "due_on": each.due_on,
            "amount": each.amount.amount,
        }
        for position, each in enumerate(invoice.balance.due_dates)
    ]


def write_taxes(company_id: CompanyId, invoice: Invoice) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            "invoice_id": invoice.id,
            "position": position,
            "name": each.name,
            "rate": each.rate.percent,
            "withheld": each.withheld,
            "base": each.base.amount,
            "amount": each.amount.amount,
        }
        for position, each in enumerate(invoice.taxes)
    ]


def write_settlement(company_id: CompanyId, settlement: Settlement) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": settlement.id,
        "invoice_id": settlement.invoice_id,
        "source": settlement.source.value,
        "source_id": settlement.source_id,
        "amount": settlement.amount.amount,
        "currency": settlement.amount.currency,
        "settled_on": settlement.settled_on,
        "reversed_at": settlement.reversed_at,
    }


def read_settlement(row: Any) -> Settlement:
    return Settlement(
        id=SettlementId(row.id),
        invoice_id=InvoiceId(row.invoice_id),
        source=SettlementSource(row.source),
        source_id=row.source_id,
        amount=Money(row.amount, row.currency),
        settled_on=row.settled_on,
        reversed_at=row.reversed_at,
    )


def _write_links(links: Links) -> dict[str, Any]:
    return {
        "order_id": links.order_id,
        "quote_id": links.quote_id,
        "credits_id": links.credits_id,
        "replaces_id": links.replaces_id,
        "deposit_ids": [str(each) for each in links.deposit_ids],
    }


def _read_links(row: Any) -> Links:
    return Links(
        order_id=_or_none(row.order_id, OrderId),
        quote_id=_or_none(row.quote_id, QuoteId),
        credits_id=_or_none(row.credits_id, InvoiceId),
        replaces_id=_or_none(row.replaces_id, InvoiceId),
        deposit_ids=tuple(InvoiceId(UUID(each)) for each in row.deposit_ids),
    )


def _read_balance(row: Any, due_dates: Iterable[Any]) -> Balance:
    payable: Decimal = row.total - row.withheld + row.cash_rounding
    return Balance(
        payable=Money(payable, row.currency),
        settled=Money(row.settled, row.currency),
        used=Money(row.used, row.currency),
        due_dates=tuple(
            DueDate(due_on=each.due_on, amount=Money(each.amount, row.currency))
            for each in due_dates
        ),
    )


def _or_none(value: UUID | None, kind: Any) -> Any:
    return None if value is None else kind(value)

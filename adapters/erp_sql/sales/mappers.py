"""Quotes and orders to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from erp_core.catalog.entities import LineId
from erp_core.identity.entities import StockLeavesAt
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.context import CompanyId
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_core.sales.entities import (
    Invoiced,
    Order,
    OrderId,
    OrderLine,
    OrderState,
    OrderSummary,
    Quote,
    QuoteId,
    QuoteLine,
    QuoteState,
    QuoteSummary,
)
from erp_sql.catalog.document_mappers import (
    read_line,
    read_terms,
    read_totals,
    write_line,
    write_terms,
    write_totals,
)
from erp_sql.parties.snapshots import read_snapshot, write_snapshot


def write_quote(company_id: CompanyId, quote: Quote) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": quote.id,
        "version": quote.version + 1,
        "number": quote.number or None,
        "number_key": quote.number,
        "party_id": quote.party_id,
        "day": quote.on,
        "valid_until": quote.valid_until,
        **write_terms(quote.terms),
        **write_totals(quote.totals),
        "reference": quote.reference,
        "note": quote.note,
        "payment_term_id": quote.payment_term_id,
        "state": quote.state.value,
        "customer": write_snapshot(quote.customer),
        "sent_at": quote.sent_at,
        "answered_at": quote.answered_at,
        "reason": quote.reason,
    }


def read_quote(row: Any, lines: Iterable[Any]) -> Quote:
    return Quote(
        id=QuoteId(row.id),
        version=row.version,
        number=row.number_key,
        party_id=PartyId(row.party_id),
        on=row.day,
        valid_until=row.valid_until,
        terms=read_terms(row),
        lines=tuple(_read_quote_line(line, row.currency) for line in lines),
        totals=read_totals(row),
        reference=row.reference,
        note=row.note,
        payment_term_id=_term(row.payment_term_id),
        state=QuoteState(row.state),
        customer=read_snapshot(row.customer),
        sent_at=row.sent_at,
        answered_at=row.answered_at,
        reason=row.reason,
    )


def read_quote_summary(row: Any) -> QuoteSummary:
    return QuoteSummary(
        id=QuoteId(row.id),
        version=row.version,
        number=row.number_key,
        party_id=PartyId(row.party_id),
        state=QuoteState(row.state),
        on=row.day,
        valid_until=row.valid_until,
        reference=row.reference,
        totals=read_totals(row),
    )


def write_quote_lines(company_id: CompanyId, quote: Quote) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            **write_line(position, line.priced),
            "quote_id": quote.id,
            "goods": line.goods,
            "warehouse_id": line.warehouse_id,
            "ordered": line.ordered.value,
            "billed": line.billed.value,
            "order_billed": line.order_billed.value,
        }
        for position, line in enumerate(quote.lines)
    ]


def quote_progress(company_id: CompanyId, line: QuoteLine) -> dict[str, Any]:
    return {
        "_company": company_id,
        "_id": line.id,
        "ordered": line.ordered.value,
        "billed": line.billed.value,
        "order_billed": line.order_billed.value,
    }


def _read_quote_line(row: Any, currency: str) -> QuoteLine:
    return QuoteLine(
        priced=read_line(row, currency),
        goods=row.goods,
        warehouse_id=_warehouse(row.warehouse_id),
        ordered=Quantity(row.ordered),
        billed=Quantity(row.billed),
        order_billed=Quantity(row.order_billed),
    )


def write_order(company_id: CompanyId, order: Order) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": order.id,
        "version": order.version + 1,
        "number": order.number or None,
        "number_key": order.number,
        "party_id": order.party_id,
        "quote_id": order.quote_id,
        "day": order.on,
        "deliver_on": order.deliver_on,
        **write_terms(order.terms),
        **write_totals(order.totals),
        "reference": order.reference,
        "note": order.note,
        "payment_term_id": order.payment_term_id,
        "state": order.state.value,
        "invoiced": order.invoiced.value,
        "to_invoice": order.to_invoice.amount,
        "customer": write_snapshot(order.customer),
        "stock_leaves_at": order.stock_leaves_at and order.stock_leaves_at.value,
        "confirmed_at": order.confirmed_at,
        "cancelled_at": order.cancelled_at,
        "reason": order.reason,
    }


def read_order(row: Any, lines: Iterable[Any]) -> Order:
    return Order(
        id=OrderId(row.id),
        version=row.version,
        number=row.number_key,
        party_id=PartyId(row.party_id),
        quote_id=_quote(row.quote_id),
        on=row.day,
        terms=read_terms(row),
        lines=tuple(_read_order_line(line, row.currency) for line in lines),
        totals=read_totals(row),
        reference=row.reference,
        note=row.note,
        deliver_on=row.deliver_on,
        payment_term_id=_term(row.payment_term_id),
        state=OrderState(row.state),
        customer=read_snapshot(row.customer),
        stock_leaves_at=row.stock_leaves_at and StockLeavesAt(row.stock_leaves_at),
        confirmed_at=row.confirmed_at,
        cancelled_at=row.cancelled_at,
        reason=row.reason,
    )


def read_order_summary(row: Any) -> OrderSummary:
    return OrderSummary(
        id=OrderId(row.id),
        version=row.version,
        number=row.number_key,
        party_id=PartyId(row.party_id),
        quote_id=_quote(row.quote_id),
        state=OrderState(row.state),
        invoiced=Invoiced(row.invoiced),
        on=row.day,
        deliver_on=row.deliver_on,
        reference=row.reference,
        totals=read_totals(row),
    )


def write_order_lines(company_id: CompanyId, order: Order) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            **write_line(position, line.priced),
            "order_id": order.id,
            "goods": line.goods,
            "warehouse_id": line.warehouse_id,
            "quote_line_id": line.quote_line_id,
            "issued": line.issued.value,
            "shipped": line.shipped.value,
            "invoiced": line.invoiced.value,
        }
        for position, line in enumerate(order.lines)
    ]


def order_progress(company_id: CompanyId, line: OrderLine) -> dict[str, Any]:
    return {
        "_company": company_id,
        "_id": line.id,
        "issued": line.issued.value,
        "shipped": line.shipped.value,
        "invoiced": line.invoiced.value,
    }


def _read_order_line(row: Any, currency: str) -> OrderLine:
    return OrderLine(
        priced=read_line(row, currency),
        goods=row.goods,
        warehouse_id=_warehouse(row.warehouse_id),
        quote_line_id=None if row.quote_line_id is None else LineId(row.quote_line_id),
        issued=Quantity(row.issued),
        shipped=Quantity(row.shipped),
        invoiced=Quantity(row.invoiced),
    )


def _term(value: Any) -> PaymentTermId | None:
    return None if value is None else PaymentTermId(value)


def _quote(value: Any) -> QuoteId | None:
    return None if value is None else QuoteId(value)


def _warehouse(value: Any) -> WarehouseId | None:
    return None if value is None else WarehouseId(value)

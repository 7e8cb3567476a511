"""Questions about what was sold, each one statement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from erp_core.catalog.entities import LineId
from erp_core.invoicing.ports import (
    Earned,
    MarginBy,
    MarginQuery,
    MarginRow,
    SalesOfMonth,
    SalesOfProduct,
    SalesQuery,
    SalesReports,
    SalesToParty,
    Sold,
    TaxBy,
    TaxPlace,
    TaxQuery,
    TaxRow,
)
from erp_core.invoicing.ports.report_rows import dated_place, in_currency
from erp_core.invoicing.ports.sales_reports import month_place, tax_place
from erp_core.kernel.context import Context
from erp_core.kernel.money import Rate, minor_digits
from erp_core.kernel.page import Cursor, Page
from erp_sql.invoicing import sales_statements as said
from erp_sql.invoicing.report_parts import (
    INVOICE,
    LINE,
    beyond_rank,
    lexically,
    read_document,
    read_party,
    read_product,
)
from erp_sql.report_pages import Report


class SqlSalesReports(SalesReports):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_month(self, ctx: Context, query: SalesQuery) -> Page[SalesOfMonth]:
        rows = said.by_month(said.Narrow.of(query))
        columns = (rows.c.year, rows.c.month, rows.c.currency)

        def beyond(place: Cursor) -> ColumnElement[bool]:
            month, currency = month_place(place)
            values = (month.year, month.month, currency)
            return lexically(*zip(columns, values, strict=True))

        report = Report(select(rows).order_by(*columns), beyond, _read_month)
        return report.page(self._connection, _asked(ctx, query), query.page)

    def by_customer(self, ctx: Context, query: SalesQuery) -> Page[SalesToParty]:
        rows = said.by_customer(said.Narrow.of(query))
        report = Report(
            select(rows).order_by(rows.c.currency, rows.c.net.desc(), rows.c.party_id),
            lambda place: beyond_rank(rows, rows.c.net, rows.c.party_id, place),
            lambda row: SalesToParty(party=read_party(row), sold=_sold(row)),
            said.with_party,
        )
        return report.page(self._connection, _asked(ctx, query), query.page)

    def by_product(self, ctx: Context, query: SalesQuery) -> Page[SalesOfProduct]:
        rows = said.by_product(said.Narrow.of(query))
        report = Report(
            select(rows).order_by(rows.c.currency, rows.c.net.desc(), rows.c.key),
            lambda place: beyond_rank(rows, rows.c.net, rows.c.key, place),
            _read_product,
            said.with_product,
        )
        return report.page(self._connection, _asked(ctx, query), query.page)

    def margins(self, ctx: Context, query: MarginQuery) -> Page[MarginRow]:
        narrow, by = said.Narrow.of(query), query.by
        if by is MarginBy.DOCUMENT:
            chosen = said.sold_documents(narrow)
            report = Report(chosen, _beyond_document, _read_document, said.with_earned)
        elif by is MarginBy.LINE:
            report = Report(said.sold_lines(narrow), _beyond_line, _read_line, said.with_names)
        else:
            report = _ranked_margins(narrow, by)
        return report.page(self._connection, _asked(ctx, query), query.page)

    def taxes(self, ctx: Context, query: TaxQuery) -> Page[TaxRow]:
        rows = said.taxes(said.Narrow.of(query), query.by)
        columns = [rows.c[each] for each in said.TAX_KEY]

        def beyond(place: Cursor) -> ColumnElement[bool]:
            month, currency, name, rate, withheld, deposit = tax_place(place)
            flags = (int(withheld), int(deposit))
            values = (month.year, month.month, currency, name, rate, *flags)
            return lexically(*zip(columns, values, strict=True))

        def read(row: Any) -> TaxRow:
            return _read_tax(row, query.by)

        report = Report(select(rows).order_by(*columns), beyond, read)
        return report.page(self._connection, _asked(ctx, query), query.page)


def _asked(ctx: Context, query: SalesQuery) -> dict[str, object]:
    return {
        "company": ctx.company_id,
        "date_from": query.date_from,
        "date_to": query.date_to,
        "party": query.party_id,
        "wanted_currency": query.currency,
    }


def _ranked_margins(narrow: said.Narrow, by: MarginBy) -> Report[MarginRow]:
    rows = said.margins(narrow, by)
    of_product = by is MarginBy.PRODUCT
    return Report(
        select(rows).order_by(rows.c.currency, rows.c.net.desc(), rows.c.key),
        lambda place: beyond_rank(rows, rows.c.net, rows.c.key, place),
        _read_product_margin if of_product else _read_party_margin,
        said.with_product if of_product else said.with_party,
    )


def _beyond_document(place: Cursor) -> ColumnElement[bool]:
    on, document_id, _ = dated_place(place)
    # The day alone first: so it is a range of an index.
    return and_(INVOICE.c.day >= on, or_(INVOICE.c.day > on, INVOICE.c.id > document_id))


def _beyond_line(place: Cursor) -> ColumnElement[bool]:
    on, document_id, line_id = dated_place(place)
    later = lexically((INVOICE.c.id, document_id), (LINE.c.id, line_id))
    return and_(INVOICE.c.day >= on, or_(INVOICE.c.day > on, later))


def _sold(row: Any) -> Sold:
    return Sold.of(row.currency, row.documents, row.net, row.total)


def _read_month(row: Any) -> SalesOfMonth:
    return SalesOfMonth(month=date(int(row.year), int(row.month), 1), sold=_sold(row))


def _read_product(row: Any) -> SalesOfProduct:
    product = read_product(row)
    return SalesOfProduct(
        product=product, quantity=None if product is None else row.quantity, sold=_sold(row)
    )


def _earned(row: Any) -> Earned:
    cost = Decimal(int(row.cost)).scaleb(-minor_digits(row.currency))
    return Earned.of(row.currency, row.net, row.without_cost, cost)


def _read_document(row: Any) -> MarginRow:
    return MarginRow(earned=_earned(row), document=read_document(row), party=read_party(row))


def _read_line(row: Any) -> MarginRow:
    return MarginRow(
        earned=_earned(row),
        document=read_document(row),
        line_id=LineId(row.line_id),
        description=row.description,
        product=read_product(row),
        party=read_party(row),
    )


def _read_product_margin(row: Any) -> MarginRow:
    return MarginRow(earned=_earned(row), product=read_product(row))


def _read_party_margin(row: Any) -> MarginRow:
    return MarginRow(earned=_earned(row), party=read_party(row))


def _read_tax(row: Any, by: TaxBy) -> TaxRow:
    by_month = by is TaxBy.MONTH
    return TaxRow(
        tax=TaxPlace(
            month=date(int(row.year), int(row.month), 1) if by_month else None,
            currency=row.currency,
            name=row.name,
            rate=Rate(row.rate),
            withheld=bool(row.withheld),
            deposit=bool(row.deposit),
        ),
        documents=row.documents,
        base=in_currency(row.base, row.currency),
        amount=in_currency(row.amount, row.currency),
    )

"""The statements about what was sold, each built once for every set of filters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self, cast

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Table,
    and_,
    bindparam,
    case,
    extract,
    func,
    literal,
    select,
)

from erp_core.catalog.entities import LineKind
from erp_core.invoicing.ports import MarginBy, SalesQuery, TaxBy
from erp_sql.invoicing.models import TaxRow
from erp_sql.invoicing.report_parts import (
    COMPANY,
    COUNTS,
    CREDITED_DEPOSIT,
    INVOICE,
    IS_DEPOSIT,
    ITS_ITEMS,
    LINE,
    NO_ID,
    NOTHING,
    OF_CREDITED_DEPOSIT,
    PARTY,
    PRODUCT,
    named_party,
    named_product,
    signed,
    summed,
)
from erp_sql.minor_units import minor_units

_TAX: Final = cast("Table", TaxRow.__table__)
_YEAR: Final = extract("year", INVOICE.c.day)
_MONTH: Final = extract("month", INVOICE.c.day)
_PARTY_NAMED: Final = (PARTY.c.code.label("party_code"), PARTY.c.name.label("party_name"))
_PRODUCT_NAMED: Final = (PRODUCT.c.sku, PRODUCT.c.name.label("product_name"))


@dataclass(frozen=True, slots=True)
class Narrow:
    """Which filters are set, besides the period."""

    party: bool
    currency: bool

    @classmethod
    def of(cls, query: SalesQuery) -> Self:
        return cls(query.party_id is not None, bool(query.currency))

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.party:
            found.append(INVOICE.c.party_id == bindparam("party"))
        if self.currency:
            found.append(INVOICE.c.currency == bindparam("wanted_currency"))
        return found


@cache
def by_month(narrow: Narrow) -> Subquery:
    """Sum the documents by month and currency."""
    return (
        _of_heads(narrow, _YEAR.label("year"), _MONTH.label("month"))
        .group_by(_YEAR, _MONTH, INVOICE.c.currency)
        .subquery("months")
    )


@cache
def by_customer(narrow: Narrow) -> Subquery:
    """Sum the documents by party and currency."""
    return (
        _of_heads(narrow, INVOICE.c.party_id)
        .group_by(INVOICE.c.party_id, INVOICE.c.currency)
        .subquery("parties")
    )


@cache
def by_product(narrow: Narrow) -> Subquery:
    """Sum the items by product and currency."""
    grouped = (
        select(
            LINE.c.product_id,
            INVOICE.c.currency,
            func.count(INVOICE.c.id.distinct()).label("documents"),
            summed(signed(INVOICE, LINE.c.quantity)).label("quantity"),
            summed(signed(INVOICE, LINE.c.net)).label("net"),
            summed(signed(INVOICE, LINE.c.total)).label("total"),
        )
        .select_from(_SOLD_ITEMS)
        .where(COUNTS, ~IS_DEPOSIT, *narrow.conditions)
        .group_by(LINE.c.product_id, INVOICE.c.currency)
        .subquery("grouped")
    )
    return _keyed(grouped, grouped.c.product_id)


@cache
def margins(narrow: Narrow, by: MarginBy) -> Subquery:
    """Sum what the items of each product or customer brought in, and what they cost."""
    column = LINE.c.product_id if by is MarginBy.PRODUCT else INVOICE.c.party_id
    grouped = (
        select(column, INVOICE.c.currency, *_earned(INVOICE, added=True))
        .select_from(_SOLD_ITEMS)
        .where(COUNTS, ~IS_DEPOSIT, *narrow.conditions)
        .group_by(column, INVOICE.c.currency)
        .subquery("grouped")
    )
    return _keyed(grouped, grouped.c[column.name])


@cache
def sold_documents(narrow: Narrow) -> Select[Any]:
    """Choose documents by day, by nothing but themselves: so no engine sorts."""
    return (
        select(*_HEAD)
        .select_from(_SOLD)
        .where(COUNTS, ~IS_DEPOSIT, *narrow.conditions)
        .order_by(INVOICE.c.day, INVOICE.c.id)
    )


@cache
def sold_lines(narrow: Narrow) -> Select[Any]:
    """Choose the items of documents, by the day of the document."""
    return (
        select(
            *_HEAD,
            LINE.c.id.label("line_id"),
            LINE.c.product_id,
            LINE.c.description,
            *_earned(INVOICE, added=False),
        )
        .select_from(_SOLD_ITEMS)
        .where(COUNTS, ~IS_DEPOSIT, *narrow.conditions)
        .order_by(INVOICE.c.day, INVOICE.c.id, LINE.c.id)
    )


@cache
def taxes(narrow: Narrow, by: TaxBy) -> Subquery:
    """Sum the taxes, those of deposits by themselves."""
    when = (_YEAR, _MONTH) if by is TaxBy.MONTH else ()
    deposit = case((IS_DEPOSIT, 1), else_=0)
    withheld = case((_TAX.c.withheld.is_(True), 1), else_=0)
    year, month = when or (literal(1), literal(1))
    chosen = (
        select(
            year.label("year"),
            month.label("month"),
            INVOICE.c.currency,
            INVOICE.c.type,
            _TAX.c.name,
            _TAX.c.rate,
            withheld.label("withheld"),
            deposit.label("deposit"),
            _TAX.c.base,
            _TAX.c.amount,
        )
        .select_from(
            _SOLD.join(
                _TAX,
                and_(_TAX.c.company_id == INVOICE.c.company_id, _TAX.c.invoice_id == INVOICE.c.id),
            )
        )
        .where(COUNTS, *narrow.conditions)
        .subquery("chosen")
    )
    key = [chosen.c[each] for each in TAX_KEY]
    return (
        select(
            *key,
            func.count().label("documents"),
            summed(signed(chosen, chosen.c.base)).label("base"),
            summed(signed(chosen, chosen.c.amount)).label("amount"),
        )
        .group_by(*key)
        .subquery("taxes")
    )


TAX_KEY: Final = ("year", "month", "currency", "name", "rate", "withheld", "deposit")


def with_party(chosen: Select[Any]) -> Select[Any]:
    """Add to the rows of a ranking what their parties are called."""
    rows = chosen.subquery()
    return (
        select(rows, *_PARTY_NAMED)
        .join_from(rows, PARTY, named_party(rows))
        .order_by(rows.c.currency, rows.c.net.desc(), rows.c.party_id)
    )


def with_product(chosen: Select[Any]) -> Select[Any]:
    """Add to the rows of a ranking what their products are called."""
    rows = chosen.subquery()
    return (
        select(rows, *_PRODUCT_NAMED)
        .join_from(rows, PRODUCT, named_product(rows), isouter=True)
        .order_by(rows.c.currency, rows.c.net.desc(), rows.c.key)
    )


def with_earned(chosen: Select[Any]) -> Select[Any]:
    """Add to a page of documents what was earned on each, and whose they are."""
    head = chosen.subquery("head")
    items = and_(
        LINE.c.company_id == COMPANY,
        LINE.c.invoice_id == head.c.invoice_id,
        LINE.c.kind == LineKind.ITEM.value,
    )
    return (
        select(*head.c, *_PARTY_NAMED, *_earned(head, added=True))
        .select_from(head.join(PARTY, named_party(head)).join(LINE, items))
        .group_by(*head.c, PARTY.c.code, PARTY.c.name)
        .order_by(head.c.day, head.c.invoice_id)
    )


def with_names(chosen: Select[Any]) -> Select[Any]:
    """Add to a page of lines whose they are, and of which product."""
    rows = chosen.subquery()
    return (
        select(rows, *_PARTY_NAMED, *_PRODUCT_NAMED)
        .select_from(rows.join(PARTY, named_party(rows)).outerjoin(PRODUCT, named_product(rows)))
        .order_by(rows.c.day, rows.c.invoice_id, rows.c.line_id)
    )


_SOLD: Final = INVOICE.outerjoin(CREDITED_DEPOSIT, OF_CREDITED_DEPOSIT)
_SOLD_ITEMS: Final = _SOLD.join(LINE, ITS_ITEMS)
_HEAD: Final = (
    INVOICE.c.id.label("invoice_id"),
    INVOICE.c.type,
    INVOICE.c.number_key,
    INVOICE.c.day,
    INVOICE.c.party_id,
    INVOICE.c.currency,
)


def _of_heads(narrow: Narrow, *keys: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            *keys,
            INVOICE.c.currency,
            func.count().label("documents"),
            summed(signed(INVOICE, INVOICE.c.net)).label("net"),
            summed(signed(INVOICE, INVOICE.c.total)).label("total"),
        )
        .select_from(_SOLD)
        .where(COUNTS, ~IS_DEPOSIT, *narrow.conditions)
    )


def _keyed(grouped: Subquery, column: ColumnElement[Any]) -> Subquery:
    """Give every row a key to be ranked by, that of no product too."""
    return select(grouped, func.coalesce(column, NO_ID).label("key")).subquery("keyed")


def _earned(head: FromClause, *, added: bool) -> tuple[ColumnElement[Any], ...]:
    """Return the net, that of lines without a cost, and the cost in whole minor units."""
    known = LINE.c.cost_currency == head.c.currency
    net = signed(head, LINE.c.net)
    without = case((known, NOTHING), else_=net)
    units = minor_units(LINE.c.quantity, LINE.c.unit_cost, head.c.currency)
    cost = case((known, signed(head, units)), else_=0)
    if added:
        return (
            summed(net).label("net"),
            summed(without).label("without_cost"),
            func.sum(cost).label("cost"),
        )
    return (net.label("net"), without.label("without_cost"), cost.label("cost"))

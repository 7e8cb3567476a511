"""What every report about invoices is made of: which documents count, and with which sign."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    FromClause,
    Subquery,
    Table,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
)

from erp_core.catalog.entities import LineKind, ProductId
from erp_core.inventory.ports import ReportedProduct
from erp_core.invoicing.entities import InvoiceId, InvoiceState, InvoiceType
from erp_core.invoicing.ports import ReportedDocument, ReportedParty
from erp_core.invoicing.ports.report_rows import NOBODY, ranking_place
from erp_core.kernel.page import Cursor
from erp_core.parties.entities import PartyId
from erp_sql.catalog.models import ProductRow
from erp_sql.invoicing.models import InvoiceLineRow, InvoiceRow
from erp_sql.parties.models import PartyRow
from erp_sql.types import ExactSum

INVOICE: Final = cast("Table", InvoiceRow.__table__)
LINE: Final = cast("Table", InvoiceLineRow.__table__)
PARTY: Final = cast("Table", PartyRow.__table__)
PRODUCT: Final = cast("Table", ProductRow.__table__)
COMPANY: Final[BindParameter[Any]] = bindparam("company")
NOTHING: Final[ColumnElement[Decimal]] = literal(Decimal(0), ExactSum())
NO_ID: Final[ColumnElement[UUID]] = literal(NOBODY, Uuid())

# Only a credit note refers to what it credits: whether that is a deposit, few rows tell.
CREDITED_DEPOSIT: Final = INVOICE.alias("credited_deposit")
OF_CREDITED_DEPOSIT: Final = and_(
    CREDITED_DEPOSIT.c.company_id == INVOICE.c.company_id,
    CREDITED_DEPOSIT.c.id == INVOICE.c.credits_id,
    CREDITED_DEPOSIT.c.type == InvoiceType.DEPOSIT.value,
)
IS_DEPOSIT: Final = or_(
    INVOICE.c.type == InvoiceType.DEPOSIT.value, CREDITED_DEPOSIT.c.id.is_not(None)
)
COUNTS: Final = and_(
    INVOICE.c.company_id == COMPANY,
    INVOICE.c.state.in_([InvoiceState.VALIDATED.value, InvoiceState.PAID.value]),
    INVOICE.c.day >= bindparam("date_from", type_=Date()),
    INVOICE.c.day <= bindparam("date_to", type_=Date()),
)
ITS_ITEMS: Final = and_(
    LINE.c.company_id == INVOICE.c.company_id,
    LINE.c.invoice_id == INVOICE.c.id,
    LINE.c.kind == LineKind.ITEM.value,
)


def signed(head: FromClause, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Count what a credit note says below zero."""
    return case((head.c.type == InvoiceType.CREDIT_NOTE.value, -column), else_=column)


def summed(column: ColumnElement[Any]) -> ColumnElement[Decimal]:
    """Add up exactly."""
    return func.sum(column, type_=ExactSum())


def lexically(*compared: tuple[ColumnElement[Any], object]) -> ColumnElement[bool]:
    """Say that a row comes after another, whose values stand beside the columns."""
    (column, value), *rest = compared
    if not rest:
        return column > value
    return or_(column > value, and_(column == value, lexically(*rest)))


def named_party(rows: FromClause) -> ColumnElement[bool]:
    """Join the party of *rows*."""
    return and_(PARTY.c.company_id == COMPANY, PARTY.c.id == rows.c.party_id)


def named_product(rows: FromClause) -> ColumnElement[bool]:
    """Join the product of *rows*, if they have one."""
    return and_(PRODUCT.c.company_id == COMPANY, PRODUCT.c.id == rows.c.product_id)


def beyond_rank(
    rows: Subquery, value: ColumnElement[Decimal], key: ColumnElement[UUID], place: Cursor
) -> ColumnElement[bool]:
    """Say what comes after *place*: currencies by their code, then the largest first."""
    currency, below, row_id = ranking_place(place)
    reached = literal(-below, ExactSum())
    same = and_(value == reached, key > row_id)
    return or_(
        rows.c.currency > currency,
        and_(rows.c.currency == currency, or_(value < reached, same)),
    )


def read_party(row: Any) -> ReportedParty:
    return ReportedParty(id=PartyId(row.party_id), code=row.party_code, name=row.party_name)


def read_product(row: Any) -> ReportedProduct | None:
    if row.sku is None:
        return None
    return ReportedProduct(id=ProductId(row.product_id), sku=row.sku, name=row.product_name)


def read_document(row: Any) -> ReportedDocument:
    return ReportedDocument(
        id=InvoiceId(row.invoice_id),
        type=InvoiceType(row.type),
        number=row.number_key,
        on=row.day,
    )

"""The statements of invoices and of what settles them, built once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    Table,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)

from erp_core.invoicing.entities import (
    InvoiceId,
    InvoiceState,
    InvoiceType,
    SettlementSource,
)
from erp_core.kernel.context import Context
from erp_core.kernel.errors import NotFoundError
from erp_sql.dialects import Upsert
from erp_sql.invoicing.mappers import PROGRESS
from erp_sql.invoicing.models import (
    DueDateRow,
    InvoiceLineRow,
    InvoiceRow,
    SettlementRow,
    TaxRow,
)
from erp_sql.prepared import Prepared
from erp_sql.sales.documents import Documents

INVOICES: Final = Documents(
    InvoiceRow, InvoiceLineRow, "invoice", parent="invoice_id", progress=PROGRESS
)
_INVOICE: Final = INVOICES.table
_LINE: Final = cast("Table", InvoiceLineRow.__table__)
_DUE: Final = cast("Table", DueDateRow.__table__)
_TAX: Final = cast("Table", TaxRow.__table__)
_SETTLEMENT: Final = cast("Table", SettlementRow.__table__)
_OURS: Final = _INVOICE.c.company_id == bindparam("company")
_OWED: Final = _INVOICE.c.state == InvoiceState.VALIDATED.value
_NOTHING: Final = Decimal(0)
_CREDIT: Final = InvoiceType.CREDIT_NOTE.value

_LOCK: Final = Prepared(
    select(_INVOICE)
    .where(_OURS, _INVOICE.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_INVOICE.c.id)
    .with_for_update()
)
LINES: Final = Prepared(
    select(_LINE)
    .where(
        _LINE.c.company_id == bindparam("company"),
        _LINE.c.invoice_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(_LINE.c.invoice_id, _LINE.c.position)
)
DUE_DATES: Final = Prepared(
    select(_DUE)
    .where(
        _DUE.c.company_id == bindparam("company"),
        _DUE.c.invoice_id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(_DUE.c.invoice_id, _DUE.c.position)
)
ADD_DUE_DATES: Final = Prepared(insert(_DUE))
ADD_TAXES: Final = Prepared(insert(_TAX))
REFERRING: Final = Prepared(
    select(_INVOICE)
    .where(
        _OURS,
        or_(
            _INVOICE.c.credits_id == bindparam("invoice"),
            _INVOICE.c.replaces_id == bindparam("invoice"),
        ),
    )
    .order_by(_INVOICE.c.id)
    .limit(bindparam("most"))
)


def _deposits_of(column: str) -> Prepared:
    return Prepared(
        select(_INVOICE)
        .where(
            _OURS,
            _INVOICE.c[column] == bindparam("paper"),
            _INVOICE.c.type == InvoiceType.DEPOSIT.value,
            _INVOICE.c.state == InvoiceState.PAID.value,
            _INVOICE.c.used < _INVOICE.c.settled,
        )
        .order_by(_INVOICE.c.id)
        .limit(bindparam("most"))
    )


DEPOSITS_OF_ORDER: Final = _deposits_of("order_id")
DEPOSITS_OF_QUOTE: Final = _deposits_of("quote_id")

SETTLE: Final = Prepared(
    update(_INVOICE)
    .where(
        _INVOICE.c.company_id == bindparam("_company"),
        _INVOICE.c.id == bindparam("_id"),
        _INVOICE.c.version == bindparam("_version"),
    )
    .values(
        {each: bindparam(each) for each in ("version", "state", "settled", "used", "next_due_on")}
    )
)
# Of a settlement nothing changes but that it may be reversed.
SETTLEMENTS_IN: Final = Upsert(_SETTLEMENT, ["reversed_at"])
SETTLEMENTS: Final = Prepared(
    select(_SETTLEMENT)
    .where(
        _SETTLEMENT.c.company_id == bindparam("company"),
        _SETTLEMENT.c.invoice_id == bindparam("invoice"),
    )
    .order_by(_SETTLEMENT.c.id)
    .limit(bindparam("most"))
)
SETTLED_BY: Final = Prepared(
    select(_SETTLEMENT)
    .where(
        _SETTLEMENT.c.company_id == bindparam("company"),
        _SETTLEMENT.c.source_id == bindparam("source_id"),
        _SETTLEMENT.c.source == bindparam("source"),
        _SETTLEMENT.c.reversed_at.is_(None),
    )
    .order_by(_SETTLEMENT.c.id)
    .limit(bindparam("most"))
)
OLDEST: Final = Prepared(
    select(_INVOICE)
    .where(
        _OURS,
        _OWED,
        _INVOICE.c.party_id == bindparam("party"),
        _INVOICE.c.currency == bindparam("currency"),
        _INVOICE.c.type != _CREDIT,
    )
    .order_by(_INVOICE.c.next_due_on, _INVOICE.c.id)
    .limit(bindparam("most"))
)
_OPEN: Final = (
    _INVOICE.c.total - _INVOICE.c.withheld + _INVOICE.c.cash_rounding - _INVOICE.c.settled
)
_LATE_DATES: Final = (
    select(_DUE.c.invoice_id, func.sum(_DUE.c.amount).label("due"))
    .join(
        _INVOICE,
        and_(_INVOICE.c.company_id == _DUE.c.company_id, _INVOICE.c.id == _DUE.c.invoice_id),
    )
    .where(
        _DUE.c.company_id == bindparam("company"),
        _DUE.c.due_on < bindparam("today"),
        _INVOICE.c.party_id == bindparam("party"),
        _OWED,
    )
    .group_by(_DUE.c.invoice_id)
    .subquery("late")
)
# What was due before today, less what is settled: settling pays what is due first.
_OVERDUE: Final = case(
    (_LATE_DATES.c.due > _INVOICE.c.settled, _LATE_DATES.c.due - _INVOICE.c.settled),
    else_=_NOTHING,
)
OWED: Final = (
    select(
        _INVOICE.c.currency,
        func.sum(case((_INVOICE.c.type != _CREDIT, _OPEN), else_=_NOTHING)).label("open_amount"),
        func.sum(case((_INVOICE.c.type != _CREDIT, _OVERDUE), else_=_NOTHING)).label("overdue"),
        func.sum(case((_INVOICE.c.type == _CREDIT, _OPEN), else_=_NOTHING)).label("credit"),
    )
    .outerjoin(_LATE_DATES, _LATE_DATES.c.invoice_id == _INVOICE.c.id)
    .where(_OURS, _OWED, _INVOICE.c.party_id == bindparam("party"))
    .group_by(_INVOICE.c.currency)
    .order_by(_INVOICE.c.currency)
)

_PARTS: Final = union_all(
    select(_SETTLEMENT.c.invoice_id.label("id"), _SETTLEMENT.c.amount.label("amount")).where(
        _SETTLEMENT.c.company_id == bindparam("company"), _SETTLEMENT.c.reversed_at.is_(None)
    ),
    # A credit note is settled by what it settles.
    select(_SETTLEMENT.c.source_id, _SETTLEMENT.c.amount).where(
        _SETTLEMENT.c.company_id == bindparam("company"),
        _SETTLEMENT.c.reversed_at.is_(None),
        _SETTLEMENT.c.source == SettlementSource.CREDIT_NOTE.value,
    ),
).subquery("parts")
_SUMS: Final = (
    select(_PARTS.c.id, func.sum(_PARTS.c.amount).label("sum"))
    .group_by(_PARTS.c.id)
    .subquery("sums")
)
DIFFERENCES: Final = (
    select(_INVOICE.c.id)
    .outerjoin(_SUMS, _SUMS.c.id == _INVOICE.c.id)
    .where(_OURS, _INVOICE.c.settled != func.coalesce(_SUMS.c.sum, 0))
    .order_by(_INVOICE.c.id)
    .limit(bindparam("most"))
)


def lock(connection: Connection, ctx: Context, invoice_ids: Sequence[InvoiceId]) -> Sequence[Any]:
    """Return the heads of invoices, locked in the order of their ids by one statement.

    Raises:
        NotFoundError: this company lacks one of them.
    """
    wanted = set(invoice_ids)
    rows = _LOCK.rows(connection, {"company": ctx.company_id, "ids": sorted(wanted)})
    missing = wanted - {row.id for row in rows}
    if missing:
        first = min(missing)
        raise NotFoundError(f"no invoice {first}", kind="invoice", id=first)
    return rows


def grouped(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    """Return *rows* by the invoice they are of."""
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.invoice_id, []).append(row)
    return found

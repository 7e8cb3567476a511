"""Who owes how much since when, in one statement.

What is settled stands beside every invoice, so the past is the present without what has happened
since: the nearer the day, the less there is to read.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Date,
    Join,
    Select,
    Subquery,
    Table,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    union_all,
)

from erp_core.invoicing.entities import InvoiceState, InvoiceType, SettlementSource
from erp_core.invoicing.ports import AgedBy, AgedQuery, AgedRow, ReceivableReports
from erp_core.invoicing.ports.receivable_reports import AGES
from erp_core.kernel.context import Context
from erp_core.kernel.page import Page
from erp_sql.invoicing.models import DueDateRow, SettlementRow
from erp_sql.invoicing.report_parts import (
    COMPANY,
    INVOICE,
    NO_ID,
    NOTHING,
    PARTY,
    beyond_rank,
    named_party,
    read_party,
    summed,
)
from erp_sql.report_pages import Report
from erp_sql.types import UtcDateTime

_DUE: Final = cast("Table", DueDateRow.__table__)
_SETTLEMENT: Final = cast("Table", SettlementRow.__table__)
_NOTE: Final = INVOICE.alias("note")
_AT: Final = bindparam("at", type_=Date())
_UNTIL: Final = bindparam("until", type_=UtcDateTime())
_LATE: Final = tuple(bindparam(f"before_{days}", type_=Date()) for days in AGES)

_HEAD: Final = INVOICE.alias("head")
_STANDS: Final = _SETTLEMENT.c.reversed_at.is_(None)
_THEN: Final = _SETTLEMENT.c.settled_on <= _AT
_SINCE: Final = and_(_STANDS, _SETTLEMENT.c.settled_on > _AT)
_REVERSED: Final = and_(_SETTLEMENT.c.reversed_at >= _UNTIL, _THEN)
_GIVEN: Final = _SETTLEMENT.c.source == SettlementSource.CREDIT_NOTE.value
# A settlement by a credit note that was validated later counts no more than the note itself.
_LATER_NOTE: Final = and_(
    _NOTE.c.company_id == COMPANY,
    _NOTE.c.id == _SETTLEMENT.c.source_id,
    _NOTE.c.validated_at >= _UNTIL,
    _GIVEN,
)


def _moved(
    key: ColumnElement[UUID], amount: ColumnElement[Any], *wanted: ColumnElement[bool]
) -> Select[Any]:
    """Say by how much less, or more, was settled of what was validated by then."""
    its_head = and_(
        _HEAD.c.company_id == COMPANY, _HEAD.c.id == key, _HEAD.c.validated_at < _UNTIL
    )
    return (
        select(key.label("id"), amount.label("amount"))
        .join_from(_SETTLEMENT, _HEAD, its_head)
        .where(_SETTLEMENT.c.company_id == COMPANY, *wanted)
    )


def _since() -> CTE:
    """Return what is to be added to what is settled now, to know what was settled then."""
    paid, note = _SETTLEMENT.c.invoice_id, _SETTLEMENT.c.source_id
    less, more = -_SETTLEMENT.c.amount, _SETTLEMENT.c.amount
    moved = union_all(
        _moved(paid, less, _SINCE),
        _moved(paid, less, _STANDS, _THEN).join(_NOTE, _LATER_NOTE),
        _moved(paid, more, _REVERSED).outerjoin(_NOTE, _LATER_NOTE).where(_NOTE.c.id.is_(None)),
        # A credit note is settled by what it settles.
        _moved(note, less, _SINCE, _GIVEN),
        _moved(note, more, _REVERSED, _GIVEN),
    ).subquery("moved")
    amount = summed(moved.c.amount).label("amount")
    return select(moved.c.id, amount).group_by(moved.c.id).cte("since")


def _owed(narrow: tuple[bool, bool]) -> Subquery:
    """Return what was owed then: what is now, what was paid since, what was given up since."""
    since = _since()
    settled = INVOICE.c.settled + func.coalesce(since.c.amount, NOTHING)
    payable = INVOICE.c.total - INVOICE.c.withheld + INVOICE.c.cash_rounding
    by_party, by_currency = narrow
    wanted: list[ColumnElement[bool]] = [
        INVOICE.c.company_id == COMPANY,
        INVOICE.c.validated_at < _UNTIL,
    ]
    if by_party:
        wanted.append(INVOICE.c.party_id == bindparam("party"))
    if by_currency:
        wanted.append(INVOICE.c.currency == bindparam("wanted_currency"))

    def those(source: Join, *state: ColumnElement[bool]) -> Select[Any]:
        return (
            select(
                INVOICE.c.id,
                INVOICE.c.party_id,
                INVOICE.c.currency,
                INVOICE.c.type,
                settled.label("settled"),
                (payable - settled).label("open"),
            )
            .select_from(source)
            .where(*wanted, *state)
        )

    known = INVOICE.outerjoin(since, since.c.id == INVOICE.c.id)
    changed = INVOICE.join(since, since.c.id == INVOICE.c.id)
    return union_all(
        those(known, INVOICE.c.state == InvoiceState.VALIDATED.value),
        those(changed, INVOICE.c.state == InvoiceState.PAID.value),
        those(
            known,
            INVOICE.c.state == InvoiceState.ABANDONED.value,
            INVOICE.c.abandoned_at >= _UNTIL,
        ),
    ).subquery("owed")


@cache
def _aged(narrow: tuple[bool, bool], by: AgedBy) -> Subquery:
    """Sum what was open and how late it was. Whatever settles pays what is due first."""
    owed = _owed(narrow)
    due = [
        summed(case((_DUE.c.due_on < before, _DUE.c.amount), else_=NOTHING)).label(f"due_{days}")
        for days, before in zip(AGES, _LATE, strict=True)
    ]
    one = (
        select(owed, *due)
        .select_from(
            owed.outerjoin(
                _DUE, and_(_DUE.c.company_id == COMPANY, _DUE.c.invoice_id == owed.c.id)
            )
        )
        .group_by(*owed.c)
        .subquery("one")
    )
    is_credit = one.c.type == InvoiceType.CREDIT_NOTE.value
    late = [
        summed(
            case(
                (one.c[f"due_{days}"] > one.c.settled, one.c[f"due_{days}"] - one.c.settled),
                else_=NOTHING,
            )
        ).label(f"late_{days}")
        for days in AGES
    ]
    key = one.c.party_id if by is AgedBy.PARTY else NO_ID
    columns = [one.c.party_id, one.c.currency] if by is AgedBy.PARTY else [one.c.currency]
    open_amount = summed(case((is_credit, NOTHING), else_=one.c.open))
    credit = summed(case((is_credit, one.c.open), else_=NOTHING))
    return (
        select(
            key.label("party_id"),
            one.c.currency,
            open_amount.label("open"),
            credit.label("credit"),
            *late,
        )
        .group_by(*columns)
        .having(or_(open_amount != NOTHING, credit != NOTHING))
        .subquery("aged")
    )


class SqlReceivableReports(ReceivableReports):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def aged(self, ctx: Context, query: AgedQuery) -> Page[AgedRow]:
        rows = _aged((query.party_id is not None, bool(query.currency)), query.by)
        report = Report(
            select(rows).order_by(rows.c.currency, rows.c.open.desc(), rows.c.party_id),
            lambda place: beyond_rank(rows, rows.c.open, rows.c.party_id, place),
            _read,
            _with_party,
        )
        asked = {
            "company": ctx.company_id,
            "at": query.at,
            "until": query.until,
            "party": query.party_id,
            "wanted_currency": query.currency,
        } | {f"before_{days}": query.at - timedelta(days=days) for days in AGES}
        return report.page(self._connection, asked, query.page)


def _with_party(chosen: Select[Any]) -> Select[Any]:
    rows = chosen.subquery()
    return (
        select(rows, PARTY.c.code.label("party_code"), PARTY.c.name.label("party_name"))
        .select_from(rows.outerjoin(PARTY, named_party(rows)))
        .order_by(rows.c.currency, rows.c.open.desc(), rows.c.party_id)
    )


def _read(row: Any) -> AgedRow:
    late = tuple(getattr(row, f"late_{days}") for days in AGES)
    party = None if row.party_name is None else read_party(row)
    return AgedRow.of(party, row.currency, (row.open, *late), row.credit)

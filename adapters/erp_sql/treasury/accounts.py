"""The account of a party: one statement for what was, one for what moved it since."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, cast

from sqlalchemy import (
    Connection,
    Date,
    Integer,
    Table,
    bindparam,
    case,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)

from erp_core.invoicing.entities import InvoiceState, SettlementSource
from erp_core.kernel.context import Context
from erp_core.kernel.money import Money
from erp_core.treasury.entities import Direction, EntryKind, PaymentState, StatementEntry
from erp_core.treasury.ports import AccountQuery, PartyAccounts
from erp_sql.invoicing.models import InvoiceRow, SettlementRow
from erp_sql.treasury.models import PaymentRow
from erp_sql.types import ExactDecimal

_INVOICE: Final = cast("Table", InvoiceRow.__table__).c
_SETTLEMENT: Final = cast("Table", SettlementRow.__table__).c
_PAYMENT: Final = cast("Table", PaymentRow.__table__).c
_COUNTS: Final = [InvoiceState.VALIDATED.value, InvoiceState.PAID.value]
_PAYABLE: Final = type_coerce(
    _INVOICE.total - _INVOICE.withheld + _INVOICE.cash_rounding, ExactDecimal()
)
_OURS: Final = (
    _INVOICE.company_id == bindparam("company"),
    _INVOICE.party_id == bindparam("party"),
    _INVOICE.currency == bindparam("currency"),
    _INVOICE.state.in_(_COUNTS),
)
_ALL: Final = union_all(
    select(
        _INVOICE.day,
        _INVOICE.type.label("kind"),
        _INVOICE.number,
        _INVOICE.reference,
        _PAYABLE.label("amount"),
    ).where(*_OURS),
    select(
        _SETTLEMENT.settled_on,
        literal(EntryKind.DEDUCTED.value),
        _INVOICE.number,
        literal(""),
        _SETTLEMENT.amount,
    ).where(
        *_OURS,
        _SETTLEMENT.company_id == _INVOICE.company_id,
        _SETTLEMENT.invoice_id == _INVOICE.id,
        _SETTLEMENT.source == SettlementSource.DEPOSIT.value,
        _SETTLEMENT.reversed_at.is_(None),
    ),
    select(
        _PAYMENT.day,
        case(
            (_PAYMENT.direction == Direction.IN.value, EntryKind.PAID_IN.value),
            else_=EntryKind.PAID_OUT.value,
        ),
        _PAYMENT.number,
        _PAYMENT.reference,
        _PAYMENT.amount,
    ).where(
        _PAYMENT.company_id == bindparam("company"),
        _PAYMENT.party_id == bindparam("party"),
        _PAYMENT.currency == bindparam("currency"),
        _PAYMENT.state == PaymentState.RECORDED.value,
    ),
).subquery("account")
_CHARGES_FIRST: Final = case(
    (_ALL.c.kind.in_([each.value for each in EntryKind if each.charges]), 0), else_=1
)
_SINCE: Final = bindparam("since", type_=Date)
_OPENING: Final = (
    select(_ALL.c.kind, func.sum(_ALL.c.amount).label("amount"))
    .where(_ALL.c.day < _SINCE)
    .group_by(_ALL.c.kind)
)
_ENTRIES: Final = (
    select(_ALL)
    .where(_ALL.c.day.between(_SINCE, bindparam("until", type_=Date)))
    .order_by(_ALL.c.day, _CHARGES_FIRST, _ALL.c.kind, _ALL.c.number, _ALL.c.amount)
    .limit(bindparam("most", type_=Integer))
)


class SqlPartyAccounts(PartyAccounts):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def opening(self, ctx: Context, query: AccountQuery) -> Money:
        owed = Money.zero(query.currency)
        for row in self._connection.execute(_OPENING, _asked(ctx, query)):
            amount = Money(Decimal(row.amount), query.currency)
            owed = owed + amount if EntryKind(row.kind).charges else owed - amount
        return owed

    def entries(self, ctx: Context, query: AccountQuery, limit: int) -> tuple[StatementEntry, ...]:
        asked = _asked(ctx, query) | {"until": query.until, "most": limit}
        return tuple(
            StatementEntry(
                on=row.day,
                kind=EntryKind(row.kind),
                number=row.number,
                reference=row.reference,
                amount=Money(row.amount, query.currency),
            )
            for row in self._connection.execute(_ENTRIES, asked)
        )


def _asked(ctx: Context, query: AccountQuery) -> dict[str, Any]:
    return {
        "company": ctx.company_id,
        "party": query.party_id,
        "currency": query.currency,
        "since": query.since,
    }

"""What stands with a party: one statement for invoices, one for payments, one for orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, bindparam, func, select

from erp_core.invoicing.ports import ReceivableRepository
from erp_core.kernel.context import Context
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import ZERO
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import CurrencyBalance, Direction
from erp_core.treasury.ports import PartyBalances
from erp_sql.sales.models import OrderRow
from erp_sql.treasury.models import PaymentRow

_PAYMENT: Final = cast("Table", PaymentRow.__table__).c
_ORDER: Final = cast("Table", OrderRow.__table__).c
_LEFT: Final = (
    select(_PAYMENT.currency, _PAYMENT.direction, func.sum(_PAYMENT.unallocated).label("left"))
    .where(
        _PAYMENT.company_id == bindparam("company"),
        _PAYMENT.party_id == bindparam("party"),
        _PAYMENT.unallocated > ZERO.value,
    )
    .group_by(_PAYMENT.currency, _PAYMENT.direction)
)
_ORDERED: Final = (
    select(_ORDER.currency, func.sum(_ORDER.to_invoice).label("to_invoice"))
    .where(
        _ORDER.company_id == bindparam("company"),
        _ORDER.party_id == bindparam("party"),
        _ORDER.to_invoice != ZERO.value,
    )
    .group_by(_ORDER.currency)
)


class SqlPartyBalances(PartyBalances):
    def __init__(self, connection: Connection, receivables: ReceivableRepository) -> None:
        self._connection = connection
        self._receivables = receivables

    def of(self, ctx: Context, party_id: PartyId, today: date) -> tuple[CurrencyBalance, ...]:
        found: dict[str, CurrencyBalance] = {}

        def add(currency: str, **amounts: Money) -> None:
            before = found.get(currency) or CurrencyBalance.zero(currency)
            found[currency] = replace(before, **amounts)

        for owed in self._receivables.owed(ctx, party_id, today):
            add(
                owed.open_amount.currency,
                open_amount=owed.open_amount,
                overdue=owed.overdue,
                credit_notes=owed.credit,
            )
        asked = {"company": ctx.company_id, "party": party_id}
        for row in self._connection.execute(_LEFT, asked):
            left = _money(row.left, row.currency)
            if Direction(row.direction) is Direction.IN:
                add(row.currency, payments=left)
            else:
                add(row.currency, advances=left)
        for each in self._connection.execute(_ORDERED, asked):
            add(each.currency, to_invoice=_money(each.to_invoice, each.currency))
        return tuple(found[currency] for currency in sorted(found))


def _money(amount: Any, currency: str) -> Money:
    return Money(Decimal(amount), currency)

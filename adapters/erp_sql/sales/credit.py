"""How much of its credit a customer uses: one statement."""

from __future__ import annotations

from typing import Final, cast

from sqlalchemy import Connection, Table, bindparam, func, select

from erp_core.kernel.context import Context
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import ZERO
from erp_core.parties.entities import PartyId
from erp_core.sales.ports import CreditLedger
from erp_sql.sales.models import OrderRow

_ORDER: Final = cast("Table", OrderRow.__table__).c
_ORDERED: Final = select(func.sum(_ORDER.to_invoice)).where(
    _ORDER.company_id == bindparam("company"),
    _ORDER.party_id == bindparam("party"),
    _ORDER.to_invoice != ZERO.value,
    _ORDER.currency == bindparam("currency"),
)


class SqlCredit(CreditLedger):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def used(self, ctx: Context, party_id: PartyId, currency: str) -> Money:
        asked = {"company": ctx.company_id, "party": party_id, "currency": currency}
        used = self._connection.execute(_ORDERED, asked).scalar_one()
        return Money(used or ZERO.value, currency)

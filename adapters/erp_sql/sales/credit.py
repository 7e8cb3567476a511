"""How much of its credit a customer uses: one statement."""

from __future__ import annotations

from typing import Final, cast

from sqlalchemy import Connection, Table, bindparam, func, select, union_all

from erp_core.invoicing.entities import InvoiceState, InvoiceType
from erp_core.kernel.context import Context
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import ZERO
from erp_core.parties.entities import PartyId
from erp_core.sales.ports import CreditLedger
from erp_sql.invoicing.models import InvoiceRow
from erp_sql.prepared import Prepared
from erp_sql.sales.models import OrderRow

_ORDER: Final = cast("Table", OrderRow.__table__).c
_INVOICE: Final = cast("Table", InvoiceRow.__table__).c
_ORDERED: Final = select(func.sum(_ORDER.to_invoice).label("used")).where(
    _ORDER.company_id == bindparam("company"),
    _ORDER.party_id == bindparam("party"),
    _ORDER.to_invoice != ZERO.value,
    _ORDER.currency == bindparam("currency"),
)


_OWED: Final = select(
    func.sum(_INVOICE.total - _INVOICE.withheld + _INVOICE.cash_rounding - _INVOICE.settled)
).where(
    _INVOICE.company_id == bindparam("company"),
    _INVOICE.party_id == bindparam("party"),
    _INVOICE.state == InvoiceState.VALIDATED.value,
    _INVOICE.type != InvoiceType.CREDIT_NOTE.value,
    _INVOICE.currency == bindparam("currency"),
)
_USED: Final = Prepared(union_all(_ORDERED, _OWED))


class SqlCredit(CreditLedger):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def used(self, ctx: Context, party_id: PartyId, currency: str) -> Money:
        asked = {"company": ctx.company_id, "party": party_id, "currency": currency}
        parts = [used for (used,) in _USED.rows(self._connection, asked)]
        return Money(sum((each or ZERO.value for each in parts), ZERO.value), currency)

"""How much of its credit a customer uses, from what lies in memory."""

from __future__ import annotations

from erp_core.kernel.context import Context
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartyId
from erp_core.sales.ports import CreditLedger
from erp_memory.tables import Tables


class MemoryCredit(CreditLedger):
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def used(self, ctx: Context, party_id: PartyId, currency: str) -> Money:
        ordered = (
            each.to_invoice
            for (owner, _), each in self._tables.orders.items()
            if owner == ctx.company_id
            and each.party_id == party_id
            and each.terms.currency == currency
        )
        owed = (
            each.receivable.open_amount
            for (owner, _), each in self._tables.invoices.items()
            if owner == ctx.company_id
            and each.party_id == party_id
            and each.currency == currency
            and not each.type.is_credit
        )
        return sum(owed, sum(ordered, Money.zero(currency)))

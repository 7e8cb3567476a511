"""What stands with a party, from what lies in memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from erp_core.invoicing.ports import ReceivableRepository
from erp_core.kernel.context import Context
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import CurrencyBalance, Direction
from erp_core.treasury.ports import PartyBalances
from erp_memory.tables import Tables


class MemoryPartyBalances(PartyBalances):
    def __init__(self, tables: Tables, receivables: ReceivableRepository) -> None:
        self._tables = tables
        self._receivables = receivables

    def of(self, ctx: Context, party_id: PartyId, today: date) -> tuple[CurrencyBalance, ...]:
        owed = {
            each.open_amount.currency: each
            for each in self._receivables.owed(ctx, party_id, today)
        }
        came = self._left(ctx, party_id, Direction.IN)
        went = self._left(ctx, party_id, Direction.OUT)
        ordered = self._ordered(ctx, party_id)
        found = []
        for currency in sorted({*owed, *came, *went, *ordered}):
            zero = CurrencyBalance.zero(currency)
            balance = replace(
                zero,
                payments=came.get(currency, zero.payments),
                advances=went.get(currency, zero.advances),
                to_invoice=ordered.get(currency, zero.to_invoice),
            )
            if currency in owed:
                each = owed[currency]
                balance = replace(
                    balance,
                    open_amount=each.open_amount,
                    overdue=each.overdue,
                    credit_notes=each.credit,
                )
            found.append(balance)
        return tuple(found)

    def _left(self, ctx: Context, party_id: PartyId, direction: Direction) -> dict[str, Money]:
        return _by_currency(
            each.unallocated
            for (owner, _), each in self._tables.payments.items()
            if owner == ctx.company_id
            and each.party_id == party_id
            and each.direction is direction
        )

    def _ordered(self, ctx: Context, party_id: PartyId) -> dict[str, Money]:
        return _by_currency(
            each.to_invoice
            for (owner, _), each in self._tables.orders.items()
            if owner == ctx.company_id and each.party_id == party_id
        )


def _by_currency(amounts: Iterable[Money]) -> dict[str, Money]:
    found: dict[str, Money] = {}
    for each in amounts:
        if each.amount:
            found[each.currency] = found.get(each.currency, Money.zero(each.currency)) + each
    return found

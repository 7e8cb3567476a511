"""The account of a party, from what lies in memory."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from erp_core.invoicing.entities import InvoiceState, SettlementSource
from erp_core.kernel.context import Context
from erp_core.kernel.money import Money
from erp_core.treasury.entities import Direction, EntryKind, PaymentState, StatementEntry
from erp_core.treasury.ports import AccountQuery, PartyAccounts
from erp_memory.tables import Tables

_COUNTS = (InvoiceState.VALIDATED, InvoiceState.PAID)


class MemoryPartyAccounts(PartyAccounts):
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def opening(self, ctx: Context, query: AccountQuery) -> Money:
        owed = Money.zero(query.currency)
        for each in self._all(ctx, query):
            if each.on < query.since:
                owed = owed + each.amount if each.kind.charges else owed - each.amount
        return owed

    def entries(self, ctx: Context, query: AccountQuery, limit: int) -> tuple[StatementEntry, ...]:
        within = [each for each in self._all(ctx, query) if query.since <= each.on <= query.until]
        within.sort(key=_in_order)
        return tuple(within[:limit])

    def _all(self, ctx: Context, query: AccountQuery) -> Iterator[StatementEntry]:
        for each in self._everything(ctx, query):
            if each.amount.currency == query.currency:
                yield each

    def _everything(self, ctx: Context, query: AccountQuery) -> Iterator[StatementEntry]:
        numbers = {}
        for (owner, _), invoice in self._tables.invoices.items():
            mine = owner == ctx.company_id and invoice.party_id == query.party_id
            if mine and invoice.state in _COUNTS:
                numbers[invoice.id] = invoice
                yield StatementEntry(
                    on=invoice.invoiced_on,
                    kind=EntryKind(invoice.type.value),
                    number=invoice.number,
                    reference=invoice.reference,
                    amount=invoice.totals.payable,
                )
        for (owner, _), settlement in self._tables.settlements.items():
            billed = numbers.get(settlement.invoice_id)
            counts = owner == ctx.company_id and settlement.reversed_at is None
            if billed is not None and counts and settlement.source is SettlementSource.DEPOSIT:
                yield StatementEntry(
                    on=settlement.settled_on,
                    kind=EntryKind.DEDUCTED,
                    number=billed.number,
                    amount=settlement.amount,
                )
        for (owner, _), payment in self._tables.payments.items():
            mine = owner == ctx.company_id and payment.party_id == query.party_id
            if mine and payment.state is PaymentState.RECORDED:
                came = payment.direction is Direction.IN
                yield StatementEntry(
                    on=payment.paid_on,
                    kind=EntryKind.PAID_IN if came else EntryKind.PAID_OUT,
                    number=payment.number,
                    reference=payment.reference,
                    amount=payment.amount,
                )


def _in_order(entry: StatementEntry) -> tuple[date, bool, str, str, Decimal]:
    kind = entry.kind
    return entry.on, not kind.charges, kind.value, entry.number, entry.amount.amount

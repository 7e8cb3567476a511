"""What is owed, from the invoices that lie in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from erp_core.invoicing.entities import (
    Invoice,
    InvoiceId,
    InvoiceState,
    Receivable,
    Settlement,
    SettlementSource,
)
from erp_core.invoicing.ports import Owed, ReceivableRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import NotFoundError, StaleVersionError
from erp_core.kernel.money import Money
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_memory.tables import Tables

_SETTLEMENTS_MAX = 1000


class MemoryReceivables(ReceivableRepository):
    def __init__(
        self, tables: Tables, outbox: Outbox, journal: Journal, held: dict[InvoiceId, int]
    ) -> None:
        self._invoices = tables.invoices
        self._settlements = tables.settlements
        self._outbox = outbox
        self._journal = journal
        self._held = held  # the versions of those that are ours alone

    def lock(self, ctx: Context, invoice_ids: Sequence[InvoiceId]) -> tuple[Receivable, ...]:
        found = tuple(self._invoice(ctx, each).receivable for each in invoice_ids)
        self._held |= {each.id: each.version for each in found}
        return found

    def oldest(
        self, ctx: Context, party_id: PartyId, currency: str, limit: int
    ) -> tuple[Receivable, ...]:
        found = (
            each.receivable
            for each in self._open(ctx, party_id)
            if not each.type.is_credit and each.currency == currency
        )
        ranked = sorted(found, key=lambda each: (each.next_due_on or date.max, each.id))
        return tuple(ranked[:limit])

    def save(self, ctx: Context, receivables: Sequence[Receivable]) -> tuple[Receivable, ...]:
        return tuple(self._save(ctx, each) for each in receivables)

    def settlements(self, ctx: Context, invoice_id: InvoiceId) -> tuple[Settlement, ...]:
        found = (each for each in self._standing(ctx) if each.invoice_id == invoice_id)
        return tuple(sorted(found, key=lambda each: each.id)[:_SETTLEMENTS_MAX])

    def settled_by(
        self, ctx: Context, source: SettlementSource, source_id: UUID
    ) -> tuple[Settlement, ...]:
        found = (
            each
            for each in self._standing(ctx)
            if (each.source, each.source_id) == (source, source_id) and each.reversed_at is None
        )
        return tuple(sorted(found, key=lambda each: each.id)[:_SETTLEMENTS_MAX])

    def owed(self, ctx: Context, party_id: PartyId, today: date) -> tuple[Owed, ...]:
        invoices = self._open(ctx, party_id)
        return tuple(
            _owed([each for each in invoices if each.currency == currency], currency, today)
            for currency in sorted({each.currency for each in invoices})
        )

    def differences(self, ctx: Context, limit: int) -> tuple[InvoiceId, ...]:
        found = []
        for each in self._of(ctx):
            parts = (
                one.amount
                for one in self._standing(ctx)
                if one.reversed_at is None
                and (
                    one.invoice_id == each.id
                    or (one.source is SettlementSource.CREDIT_NOTE and one.source_id == each.id)
                )
            )
            if sum(parts, Money.zero(each.currency)) != each.balance.settled:
                found.append(each.id)
        return tuple(sorted(found)[:limit])

    def _of(self, ctx: Context) -> list[Invoice]:
        return [each for (owner, _), each in self._invoices.items() if owner == ctx.company_id]

    def _open(self, ctx: Context, party_id: PartyId) -> list[Invoice]:
        return [
            each
            for each in self._of(ctx)
            if each.party_id == party_id and each.state is InvoiceState.VALIDATED
        ]

    def _standing(self, ctx: Context) -> list[Settlement]:
        return [each for (owner, _), each in self._settlements.items() if owner == ctx.company_id]

    def _invoice(self, ctx: Context, invoice_id: InvoiceId) -> Invoice:
        invoice = self._invoices.get((ctx.company_id, invoice_id))
        if invoice is None:
            raise NotFoundError(f"no invoice {invoice_id}", kind="invoice", id=invoice_id)
        return invoice

    def _save(self, ctx: Context, receivable: Receivable) -> Receivable:
        if self._held.get(receivable.id) != receivable.version:
            raise StaleVersionError(f"invoice {receivable.id} is not locked as it is here")
        before = self._invoice(ctx, receivable.id)
        self._outbox.append(ctx, receivable.events)
        self._journal.note_entity("invoicing.invoice", before.receivable, receivable)
        for each in receivable.settlements:
            self._settlements[ctx.company_id, each.id] = each
        stored = receivable.stored(receivable.version + 1)
        self._held[stored.id] = stored.version
        self._invoices[ctx.company_id, stored.id] = before.settled_as(stored)
        return stored


def _owed(invoices: Sequence[Invoice], currency: str, today: date) -> Owed:
    nothing = Money.zero(currency)
    debts = [each for each in invoices if not each.type.is_credit]
    late = (
        due.open_amount
        for each in debts
        for due in each.balance.open_due_dates
        if due.due_on < today
    )
    credits_ = (each.balance.open_amount for each in invoices if each.type.is_credit)
    return Owed(
        open_amount=sum((each.balance.open_amount for each in debts), nothing),
        overdue=sum(late, nothing),
        credit=sum(credits_, nothing),
    )

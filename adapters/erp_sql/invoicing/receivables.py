"""What is owed, over one connection: heads without their lines, and what settles them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from erp_core.invoicing.entities import InvoiceId, Receivable, Settlement, SettlementSource
from erp_core.invoicing.ports import Owed, ReceivableRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.money import Money
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_sql.invoicing import statements as said
from erp_sql.invoicing.mappers import (
    read_receivable,
    read_settlement,
    write_receivable,
    write_settlement,
)

_SETTLEMENTS_MAX: Final = 1000


class SqlReceivables(ReceivableRepository):
    def __init__(
        self,
        connection: Connection,
        outbox: Outbox,
        journal: Journal,
        held: dict[InvoiceId, int],
    ) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._held = held  # the versions of those that are ours alone
        self._seen: dict[InvoiceId, Receivable] = {}  # as they were, for the journal

    def lock(self, ctx: Context, invoice_ids: Sequence[InvoiceId]) -> tuple[Receivable, ...]:
        found = {
            each.id: each
            for each in self._read(ctx, said.lock(self._connection, ctx, invoice_ids))
        }
        self._held |= {each.id: each.version for each in found.values()}
        self._seen |= found
        return tuple(found[each] for each in invoice_ids)

    def oldest(
        self, ctx: Context, party_id: PartyId, currency: str, limit: int
    ) -> tuple[Receivable, ...]:
        asked = {
            "company": ctx.company_id,
            "party": party_id,
            "currency": currency,
            "most": limit,
        }
        return self._read(ctx, said.OLDEST.rows(self._connection, asked))

    def save(self, ctx: Context, receivables: Sequence[Receivable]) -> tuple[Receivable, ...]:
        # They are locked, so that nobody else can have changed what was read.
        for each in receivables:
            if self._held.get(each.id) != each.version:
                raise StaleVersionError(f"invoice {each.id} is not locked as it is here")
        rows = [write_receivable(ctx.company_id, each) for each in receivables]
        said.SETTLE.change(self._connection, *rows)
        settlements = [
            write_settlement(ctx.company_id, one)
            for each in receivables
            for one in each.settlements
        ]
        said.SETTLEMENTS_IN(self._connection, settlements)
        self._outbox.append(ctx, [event for each in receivables for event in each.events])
        return tuple(self._told(each) for each in receivables)

    def settlements(self, ctx: Context, invoice_id: InvoiceId) -> tuple[Settlement, ...]:
        asked = {"company": ctx.company_id, "invoice": invoice_id, "most": _SETTLEMENTS_MAX}
        rows = said.SETTLEMENTS.rows(self._connection, asked)
        return tuple(read_settlement(row) for row in rows)

    def settled_by(
        self, ctx: Context, source: SettlementSource, source_id: UUID
    ) -> tuple[Settlement, ...]:
        asked = {
            "company": ctx.company_id,
            "source": source.value,
            "source_id": source_id,
            "most": _SETTLEMENTS_MAX,
        }
        rows = said.SETTLED_BY.rows(self._connection, asked)
        return tuple(read_settlement(row) for row in rows)

    def owed(self, ctx: Context, party_id: PartyId, today: date) -> tuple[Owed, ...]:
        asked = {"company": ctx.company_id, "party": party_id, "today": today}
        return tuple(_read_owed(row) for row in self._connection.execute(said.OWED, asked))

    def differences(self, ctx: Context, limit: int) -> tuple[InvoiceId, ...]:
        asked = {"company": ctx.company_id, "most": limit}
        return tuple(
            InvoiceId(each) for each in self._connection.execute(said.DIFFERENCES, asked).scalars()
        )

    def _read(self, ctx: Context, rows: Sequence[Any]) -> tuple[Receivable, ...]:
        asked = {"company": ctx.company_id, "ids": [row.id for row in rows]}
        dates = said.grouped(said.DUE_DATES.rows(self._connection, asked))
        return tuple(read_receivable(row, dates.get(row.id, ())) for row in rows)

    def _told(self, receivable: Receivable) -> Receivable:
        before = self._seen.get(receivable.id)
        self._journal.note_entity("invoicing.invoice", before, receivable)
        stored = receivable.stored(receivable.version + 1)
        self._held[stored.id] = stored.version
        self._seen[stored.id] = stored
        return stored


def _read_owed(row: Any) -> Owed:
    return Owed(
        open_amount=_money(row.open_amount, row.currency),
        overdue=_money(row.overdue, row.currency),
        credit=_money(row.credit, row.currency),
    )


def _money(amount: Decimal | int, currency: str) -> Money:
    return Money(Decimal(amount), currency)

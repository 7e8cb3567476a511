"""What was owed on a day, reckoned from the invoices and every settlement there was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from erp_core.invoicing.entities import (
    Invoice,
    InvoiceState,
    Settlement,
    SettlementSource,
)
from erp_core.invoicing.ports import AgedBy, AgedQuery, AgedRow, ReceivableReports, ReportedParty
from erp_core.invoicing.ports.receivable_reports import AGES
from erp_core.invoicing.ports.report_rows import ranking_place
from erp_core.kernel.context import Context
from erp_core.kernel.money import Money
from erp_core.kernel.page import Page
from erp_core.parties.entities import PartyId
from erp_memory.invoicing.ranked import placed
from erp_memory.tables import Tables

_NOTHING = Decimal(0)


class MemoryReceivableReports(ReceivableReports):
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def aged(self, ctx: Context, query: AgedQuery) -> Page[AgedRow]:
        groups: dict[tuple[str, PartyId | None], list[Invoice]] = defaultdict(list)
        for each in self._owed(ctx, query):
            party_id = each.party_id if query.by is AgedBy.PARTY else None
            groups[each.currency, party_id].append(each)
        rows = [
            self._row(ctx, query, invoices, party_id) for (_, party_id), invoices in groups.items()
        ]
        found = (row for row in rows if row.open_amount or row.credit)
        return placed(found, query.page, ranking_place)

    def _owed(self, ctx: Context, query: AgedQuery) -> Iterator[Invoice]:
        for (owner, _), each in self._tables.invoices.items():
            if (
                owner == ctx.company_id
                and each.validated_at is not None
                and each.validated_at < query.until
                and not _was_given_up(each, query)
                and query.party_id in (None, each.party_id)
                and query.currency in ("", each.currency)
            ):
                yield each

    def _row(
        self, ctx: Context, query: AgedQuery, invoices: list[Invoice], party_id: PartyId | None
    ) -> AgedRow:
        late, credit = [_NOTHING] * (len(AGES) + 1), _NOTHING
        for each in invoices:
            then = replace(
                each.balance,
                settled=self._settled(ctx, query, each),
                used=Money.zero(each.currency),
            )
            if each.type.is_credit:
                credit += then.open_amount.amount
                continue
            late[0] += then.open_amount.amount
            for due in then.open_due_dates:
                days = (query.at - due.due_on).days
                for column, age in enumerate(AGES, start=1):
                    late[column] += due.open_amount.amount if days > age else _NOTHING
        return AgedRow.of(
            None if party_id is None else self._party(ctx, party_id),
            invoices[0].currency,
            tuple(late),
            credit,
        )

    def _settled(self, ctx: Context, query: AgedQuery, invoice: Invoice) -> Money:
        parts = (
            each.amount
            for (owner, _), each in self._tables.settlements.items()
            if owner == ctx.company_id and _is_of(each, invoice) and self._counts(ctx, query, each)
        )
        return sum(parts, Money.zero(invoice.currency))

    def _counts(self, ctx: Context, query: AgedQuery, settlement: Settlement) -> bool:
        if settlement.settled_on > query.at:
            return False
        if settlement.reversed_at is not None and settlement.reversed_at < query.until:
            return False
        if settlement.source is not SettlementSource.CREDIT_NOTE:
            return True
        note = next(
            each
            for (owner, _), each in self._tables.invoices.items()
            if owner == ctx.company_id and each.id == settlement.source_id
        )
        return note.validated_at is not None and note.validated_at < query.until

    def _party(self, ctx: Context, party_id: PartyId) -> ReportedParty:
        party = self._tables.parties[ctx.company_id, party_id]
        return ReportedParty(id=party_id, code=party.code, name=party.name)


def _was_given_up(invoice: Invoice, query: AgedQuery) -> bool:
    if invoice.state is not InvoiceState.ABANDONED:
        return False
    return invoice.abandoned_at is None or invoice.abandoned_at < query.until


def _is_of(settlement: Settlement, invoice: Invoice) -> bool:
    """Say whether it settles the invoice; a credit note is settled by what it settles."""
    given = settlement.source is SettlementSource.CREDIT_NOTE
    return settlement.invoice_id == invoice.id or (given and settlement.source_id == invoice.id)

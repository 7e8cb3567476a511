"""Recurring invoices in a dictionary."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from erp_core.invoicing.entities import (
    MADE_SORTS,
    RECURRING_SORTS,
    MadeInvoice,
    RecurringInvoice,
    RecurringInvoiceId,
    RecurringState,
    RecurringSummary,
)
from erp_core.invoicing.ports import MadeQuery, RecurringInvoiceRepository, RecurringQuery
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_memory.pages import page_of
from erp_memory.tables import Tables

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class MemoryRecurringInvoices(RecurringInvoiceRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._tables = tables
        self._recurring = tables.recurring_invoices
        self._periods = tables.recurring_periods
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, recurring: RecurringInvoice) -> RecurringInvoice:
        if (ctx.company_id, recurring.id) in self._recurring:
            raise AlreadyExistsError("a recurring invoice of this id exists", field="id")
        return self._write(ctx, None, recurring)

    def get(self, ctx: Context, recurring_id: RecurringInvoiceId) -> RecurringInvoice:
        found = self._recurring.get((ctx.company_id, recurring_id))
        if found is None:
            raise NotFoundError(
                f"no recurring invoice {recurring_id}", kind="recurring invoice", id=recurring_id
            )
        return found

    def lock(self, ctx: Context, recurring_id: RecurringInvoiceId) -> RecurringInvoice:
        return self.get(ctx, recurring_id)

    def save(self, ctx: Context, recurring: RecurringInvoice) -> RecurringInvoice:
        before = self._recurring.get((ctx.company_id, recurring.id))
        if before is None or before.version != recurring.version:
            raise StaleVersionError(f"recurring invoice {recurring.id} has changed meanwhile")
        return self._write(ctx, before, recurring)

    def page(self, ctx: Context, query: RecurringQuery) -> Page[RecurringSummary]:
        found = (each.summary for each in self._of(ctx) if _is_wanted(each, query))
        return page_of(found, query.page, RECURRING_SORTS)

    def due(
        self, ctx: Context, today: date, tried_before: datetime, limit: int
    ) -> tuple[RecurringSummary, ...]:
        found = [
            each
            for each in self._of(ctx)
            if each.state is RecurringState.ACTIVE
            and each.next_on is not None
            and each.next_on <= today
            and (each.tried_at or _NEVER) < tried_before
        ]
        found.sort(key=lambda each: (each.tried_at or _NEVER, each.id))
        return tuple(each.summary for each in found[:limit])

    def made(self, ctx: Context, query: MadeQuery) -> Page[MadeInvoice]:
        found = (
            MadeInvoice(
                period_on=period_on,
                invoice=self._tables.invoices[ctx.company_id, invoice_id].summary,
            )
            for (owner, recurring_id, period_on), invoice_id in self._periods.items()
            if (owner, recurring_id) == (ctx.company_id, query.id)
            and (ctx.company_id, invoice_id) in self._tables.invoices
        )
        return page_of(found, query.page, MADE_SORTS)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        theirs = [each for each in self._of(ctx) if each.party_id == absorbed]
        for each in theirs:
            carried = replace(each, party_id=survivor, version=each.version + 1)
            self._recurring[ctx.company_id, each.id] = carried
        if theirs:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            count = {"count": str(len(theirs))}
            self._journal.note("invoicing.recurring_invoice", "many", before, after | count)

    def _of(self, ctx: Context) -> list[RecurringInvoice]:
        return [each for (owner, _), each in self._recurring.items() if owner == ctx.company_id]

    def _write(
        self, ctx: Context, before: RecurringInvoice | None, recurring: RecurringInvoice
    ) -> RecurringInvoice:
        self._require_references(ctx, recurring)
        others = [each for each in self._of(ctx) if each.id != recurring.id]
        taken = {line.request.id for each in others for line in each.lines}
        if not taken.isdisjoint(line.request.id for line in recurring.lines):
            raise AlreadyExistsError("a line of this id exists", field="id")
        for each in recurring.periods:
            place = (ctx.company_id, recurring.id, each.period_on)
            if place in self._periods:
                raise StaleVersionError(f"the period of {each.period_on} is made already")
            self._periods[place] = each.invoice_id
        self._outbox.append(ctx, recurring.events)
        self._journal.note_entity("invoicing.recurring_invoice", before, recurring)
        stored = recurring.stored(recurring.version + 1)
        self._recurring[ctx.company_id, recurring.id] = stored
        return stored

    def _require_references(self, ctx: Context, recurring: RecurringInvoice) -> None:
        company, tables = ctx.company_id, self._tables
        term, prices = recurring.payment_term_id, recurring.price_list_id
        there = (company, recurring.party_id) in tables.parties
        there = there and (term is None or (company, term) in tables.payment_terms)
        there = there and (prices is None or (company, prices) in tables.price_lists)
        for each in recurring.lines:
            product, taxes = each.request.product_id, each.request.tax_class_id
            place = each.warehouse_id
            there = there and (product is None or (company, product) in tables.products)
            there = there and (taxes is None or (company, taxes) in tables.tax_classes)
            there = there and (place is None or (company, place) in tables.warehouses)
        if not there:
            raise NotFoundError(
                "no such customer, product, tax class, warehouse, price list or payment term"
            )


def _is_wanted(recurring: RecurringInvoice, query: RecurringQuery) -> bool:
    return (
        (not query.states or recurring.state in query.states)
        and query.party_id in (None, recurring.party_id)
        and query.has_problem in (None, recurring.problem is not None)
        and recurring.name.startswith(query.name)
    )

"""Invoices in a dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from erp_core.invoicing.entities import (
    INVOICE_SORTS,
    Invoice,
    InvoiceId,
    InvoiceState,
    InvoiceSummary,
    InvoiceType,
    Links,
)
from erp_core.invoicing.ports import InvoiceQuery, InvoiceRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_memory.pages import page_of
from erp_memory.sales.references import require_references
from erp_memory.tables import Tables

_REFERRING_MAX = 1000
_DEPOSITS_MAX = 50


class MemoryInvoices(InvoiceRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._tables = tables
        self._invoices = tables.invoices
        self._outbox = outbox
        self._journal = journal
        self.held: dict[InvoiceId, int] = {}  # the versions of those that are ours alone

    def add(self, ctx: Context, invoice: Invoice) -> Invoice:
        if (ctx.company_id, invoice.id) in self._invoices:
            raise AlreadyExistsError("an invoice, or a line, of this id exists", field="id")
        return self._write(ctx, None, invoice)

    def get(self, ctx: Context, invoice_id: InvoiceId) -> Invoice:
        invoice = self._invoices.get((ctx.company_id, invoice_id))
        if invoice is None:
            raise NotFoundError(f"no invoice {invoice_id}", kind="invoice", id=invoice_id)
        return invoice

    def lock(self, ctx: Context, invoice_ids: Sequence[InvoiceId]) -> tuple[Invoice, ...]:
        found = tuple(self.get(ctx, each) for each in invoice_ids)
        self.held |= {each.id: each.version for each in found}
        return found

    def save(self, ctx: Context, invoice: Invoice) -> Invoice:
        before = self._invoices.get((ctx.company_id, invoice.id))
        if before is None or before.version != invoice.version:
            raise StaleVersionError(f"invoice {invoice.id} has changed meanwhile")
        return self._write(ctx, before, invoice)

    def delete(self, ctx: Context, invoice: Invoice) -> None:
        if self.get(ctx, invoice.id).version != invoice.version:
            raise StaleVersionError(f"invoice {invoice.id} has changed meanwhile")
        del self._invoices[ctx.company_id, invoice.id]
        self._journal.note_entity("invoicing.invoice", invoice, None)

    def page(self, ctx: Context, query: InvoiceQuery) -> Page[InvoiceSummary]:
        found = (each.summary for each in self._of(ctx) if _is_wanted(each, query))
        return page_of(found, query.page, INVOICE_SORTS)

    def referring(self, ctx: Context, invoice_id: InvoiceId) -> tuple[InvoiceSummary, ...]:
        found = (
            each.summary
            for each in self._of(ctx)
            if invoice_id in (each.links.credits_id, each.links.replaces_id)
        )
        return tuple(sorted(found, key=lambda each: each.id)[:_REFERRING_MAX])

    def deposits(self, ctx: Context, links: Links) -> tuple[InvoiceSummary, ...]:
        found = (
            each.summary
            for each in self._of(ctx)
            if each.type is InvoiceType.DEPOSIT
            and each.state is InvoiceState.PAID
            and each.balance.unused.amount
            and _is_of(each.links, links)
        )
        return tuple(sorted(found, key=lambda each: each.id)[:_DEPOSITS_MAX])

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        theirs = [each for each in self._of(ctx) if each.party_id == absorbed]
        for each in theirs:
            carried = replace(each, party_id=survivor, version=each.version + 1)
            self._invoices[ctx.company_id, each.id] = carried
        if theirs:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            count = {"count": str(len(theirs))}
            self._journal.note("invoicing.invoice", "many", before, after | count)

    def _of(self, ctx: Context) -> list[Invoice]:
        return [each for (owner, _), each in self._invoices.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Invoice | None, invoice: Invoice) -> Invoice:
        self._require_links(ctx, invoice)
        others = [each for each in self._of(ctx) if each.id != invoice.id]
        taken = {line.id for each in others for line in each.lines}
        if not taken.isdisjoint(invoice.by_id):
            raise AlreadyExistsError("an invoice, or a line, of this id exists", field="id")
        if invoice.number and (invoice.type, invoice.number) in {
            (each.type, each.number) for each in others
        }:
            raise AlreadyExistsError(
                f"there is an invoice {invoice.number} already: change the mask of the numbers",
                code="invoicing.invoice.number_taken",
                field="number",
            )
        self._outbox.append(ctx, invoice.events)
        self._journal.note_entity("invoicing.invoice", before, invoice)
        stored = invoice.stored(invoice.version + 1)
        self._invoices[ctx.company_id, invoice.id] = stored
        self.held[stored.id] = stored.version
        return stored

    def _require_links(self, ctx: Context, invoice: Invoice) -> None:
        require_references(ctx, self._tables, invoice)
        company, links = ctx.company_id, invoice.links
        there = links.order_id is None or (company, links.order_id) in self._tables.orders
        there = there and (
            links.quote_id is None or (company, links.quote_id) in self._tables.quotes
        )
        for each in (links.credits_id, links.replaces_id):
            there = there and (each is None or (company, each) in self._invoices)
        if not there:
            raise NotFoundError("no such order, quote or invoice")


def _is_of(one: Links, other: Links) -> bool:
    if other.order_id is not None:
        return one.order_id == other.order_id
    return other.quote_id is not None and one.quote_id == other.quote_id


def _is_wanted(invoice: Invoice, query: InvoiceQuery) -> bool:
    due, links = invoice.receivable.next_due_on, invoice.links
    return (
        (not query.states or invoice.state in query.states)
        and (not query.types or invoice.type in query.types)
        and query.party_id in (None, invoice.party_id)
        and query.order_id in (None, links.order_id)
        and query.quote_id in (None, links.quote_id)
        and (query.date_from is None or invoice.invoiced_on >= query.date_from)
        and (query.date_to is None or invoice.invoiced_on <= query.date_to)
        and (query.due_before is None or (due is not None and due < query.due_before))
        and query.is_open in (None, invoice.state is InvoiceState.VALIDATED)
        and invoice.number.startswith(query.number)
    )

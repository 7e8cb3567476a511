"""Quotes in a dictionary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import QUOTE_SORTS, Quote, QuoteId, QuoteState, QuoteSummary
from erp_core.sales.ports import QuoteQuery, QuoteRepository
from erp_memory.pages import page_of
from erp_memory.sales.references import require_references
from erp_memory.tables import Tables


class MemoryQuotes(QuoteRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._tables = tables
        self._quotes = tables.quotes
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, quote: Quote) -> Quote:
        if (ctx.company_id, quote.id) in self._quotes:
            raise AlreadyExistsError("a quote, or a line, of this id exists", field="id")
        return self._write(ctx, None, quote)

    def get(self, ctx: Context, quote_id: QuoteId) -> Quote:
        quote = self._quotes.get((ctx.company_id, quote_id))
        if quote is None:
            raise NotFoundError(f"no quote {quote_id}", kind="quote", id=quote_id)
        return quote

    def head(self, ctx: Context, quote_id: QuoteId) -> QuoteSummary:
        return self.get(ctx, quote_id).summary

    def overdue(self, ctx: Context, today: date, limit: int) -> tuple[QuoteId, ...]:
        found = sorted(
            (each.valid_until, each.id)
            for each in self._of(ctx)
            if each.state is QuoteState.SENT and each.valid_until is not None
            if each.is_over(today)
        )
        return tuple(quote_id for _, quote_id in found[:limit])

    def lock(self, ctx: Context, quote_id: QuoteId) -> Quote:
        return self.get(ctx, quote_id)

    def save(self, ctx: Context, quote: Quote) -> Quote:
        before = self.get(ctx, quote.id)
        if before.version != quote.version:
            raise StaleVersionError(f"quote {quote.id} has changed meanwhile")
        return self._write(ctx, before, quote)

    def delete(self, ctx: Context, quote: Quote) -> None:
        if self.get(ctx, quote.id).version != quote.version:
            raise StaleVersionError(f"quote {quote.id} has changed meanwhile")
        del self._quotes[ctx.company_id, quote.id]
        self._journal.note_entity("sales.quote", quote, None)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        theirs = [each for each in self._of(ctx) if each.party_id == absorbed]
        for each in theirs:
            carried = replace(each, party_id=survivor, version=each.version + 1)
            self._quotes[ctx.company_id, each.id] = carried
        if theirs:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            count = {"count": str(len(theirs))}
            self._journal.note("sales.quote", "many", before, after | count)

    def page(self, ctx: Context, query: QuoteQuery) -> Page[QuoteSummary]:
        found = (
            each.summary
            for each in self._of(ctx)
            if (not query.states or each.state in query.states)
            and query.party_id in (None, each.party_id)
            and (query.date_from is None or each.on >= query.date_from)
            and (query.date_to is None or each.on <= query.date_to)
            and each.number.startswith(query.number)
        )
        return page_of(found, query.page, QUOTE_SORTS)

    def _of(self, ctx: Context) -> list[Quote]:
        return [each for (owner, _), each in self._quotes.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Quote | None, quote: Quote) -> Quote:
        require_references(ctx, self._tables, quote)
        others = [each for each in self._of(ctx) if each.id != quote.id]
        taken = {line.id for each in others for line in each.lines}
        if not taken.isdisjoint(quote.by_id):
            raise AlreadyExistsError("a quote, or a line, of this id exists", field="id")
        if quote.number and quote.number in {each.number for each in others}:
            raise AlreadyExistsError(
                f"there is a quote {quote.number} already: change the mask of the numbers",
                code="sales.quote.number_taken",
                field="number",
            )
        self._outbox.append(ctx, quote.events)
        self._journal.note_entity("sales.quote", before, quote)
        stored = quote.stored(quote.version + 1)
        self._quotes[ctx.company_id, quote.id] = stored
        return stored

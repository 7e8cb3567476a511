"""Quotes over one connection; however long, they take the same number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import (
    QUOTE_SORTS,
    Quote,
    QuoteId,
    QuoteState,
    QuoteSummary,
)
from erp_core.sales.ports import QuoteQuery, QuoteRepository
from erp_sql.dialects import is_foreign_key, violates
from erp_sql.keyset import Keyset, starts_with
from erp_sql.sales.documents import Documents
from erp_sql.sales.mappers import (
    quote_progress,
    read_quote,
    read_quote_summary,
    write_quote,
    write_quote_lines,
)
from erp_sql.sales.models import QuoteLineRow, QuoteRow

_QUOTES: Final = Documents(
    QuoteRow,
    QuoteLineRow,
    "quote",
    parent="quote_id",
    progress=("ordered", "billed", "order_billed"),
)
_QUOTE: Final = _QUOTES.table.c
_KEYSET: Final = Keyset(
    _QUOTES.table, {"date": _QUOTE.day, "number": _QUOTE.number_key}, QUOTE_SORTS
)
_OVERDUE: Final = (
    select(_QUOTE.id)
    .where(
        _QUOTE.company_id == bindparam("company"),
        _QUOTE.state == QuoteState.SENT.value,
        _QUOTE.valid_until < bindparam("today"),
    )
    .order_by(_QUOTE.valid_until, _QUOTE.id)
    .limit(bindparam("most"))
)


class SqlQuotes(QuoteRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[QuoteId, Quote] = {}  # as they were, for the journal and the lines

    def add(self, ctx: Context, quote: Quote) -> Quote:
        with _in_our_words(quote):
            row, lines = (
                write_quote(ctx.company_id, quote),
                write_quote_lines(ctx.company_id, quote),
            )
            _QUOTES.add(self._connection, row, lines)
        return self._told(ctx, None, quote)

    def get(self, ctx: Context, quote_id: QuoteId) -> Quote:
        row = _QUOTES.head(self._connection, ctx, quote_id)
        return self._read(ctx, quote_id, row)

    def head(self, ctx: Context, quote_id: QuoteId) -> QuoteSummary:
        return read_quote_summary(_QUOTES.head(self._connection, ctx, quote_id))

    def overdue(self, ctx: Context, today: date, limit: int) -> tuple[QuoteId, ...]:
        asked = {"company": ctx.company_id, "today": today, "most": limit}
        found = self._connection.execute(_OVERDUE, asked).scalars()
        return tuple(QuoteId(each) for each in found)

    def lock(self, ctx: Context, quote_id: QuoteId) -> Quote:
        row = _QUOTES.lock(self._connection, ctx, quote_id)
        return self._read(ctx, quote_id, row)

    def save(self, ctx: Context, quote: Quote) -> Quote:
        before = self._seen.get(quote.id) or self.get(ctx, quote.id)
        with _in_our_words(quote):
            _QUOTES.save(self._connection, write_quote(ctx.company_id, quote))
            self._save_lines(ctx, before, quote)
        return self._told(ctx, before, quote)

    def delete(self, ctx: Context, quote: Quote) -> None:
        _QUOTES.delete(self._connection, ctx, quote.id, quote.version)
        self._journal.note_entity("sales.quote", quote, None)
        self._seen.pop(quote.id, None)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        many = _QUOTES.reassign(self._connection, ctx, absorbed, survivor)
        if many:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            self._journal.note("sales.quote", "many", before, after | {"count": str(many)})
        self._seen.clear()

    def page(self, ctx: Context, query: QuoteQuery) -> Page[QuoteSummary]:
        wanted: list[ColumnElement[bool]] = []
        if query.states:
            wanted.append(_QUOTE.state.in_([each.value for each in query.states]))
        if query.party_id is not None:
            wanted.append(_QUOTE.party_id == query.party_id)
        if query.date_from is not None:
            wanted.append(_QUOTE.day >= query.date_from)
        if query.date_to is not None:
            wanted.append(_QUOTE.day <= query.date_to)
        if query.number:
            wanted += starts_with(_QUOTE.number_key, query.number)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_quote_summary)

    def _read(self, ctx: Context, quote_id: QuoteId, row: object) -> Quote:
        found = read_quote(row, _QUOTES.lines(self._connection, ctx, quote_id))
        self._seen[quote_id] = found
        return found

    def _save_lines(self, ctx: Context, before: Quote, quote: Quote) -> None:
        if before.lines == quote.lines:
            return
        if before.state is QuoteState.DRAFT:
            lines = write_quote_lines(ctx.company_id, quote)
            _QUOTES.replace_lines(self._connection, ctx, quote.id, lines)
            return
        known = before.by_id
        changed = [
            quote_progress(ctx.company_id, line) for line in quote.lines if line != known[line.id]
        ]
        _QUOTES.move_on(self._connection, changed)

    def _told(self, ctx: Context, before: Quote | None, quote: Quote) -> Quote:
        self._outbox.append(ctx, quote.events)
        self._journal.note_entity("sales.quote", before, quote)
        stored = quote.stored(quote.version + 1)
        self._seen[stored.id] = stored
        return stored


@contextmanager
def _in_our_words(quote: Quote) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError(
                "no such customer, product, tax class, warehouse or payment term"
            ) from error
        if violates(error, "number"):
            raise AlreadyExistsError(
                f"there is a quote {quote.number} already: change the mask of the numbers",
                code="sales.quote.number_taken",
                field="number",
            ) from error
        raise AlreadyExistsError("a quote, or a line, of this id exists", field="id") from error

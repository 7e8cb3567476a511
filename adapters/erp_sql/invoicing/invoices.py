"""Invoices over one connection; however long, they take the same number of statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection
from sqlalchemy.exc import IntegrityError

from erp_core.invoicing.entities import (
    INVOICE_SORTS,
    Invoice,
    InvoiceId,
    InvoiceState,
    InvoiceSummary,
    Links,
)
from erp_core.invoicing.ports import InvoiceQuery, InvoiceRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PartyId
from erp_sql.dialects import is_foreign_key, violates
from erp_sql.invoicing import statements as said
from erp_sql.invoicing.mappers import (
    read_invoice,
    read_summary,
    write_due_dates,
    write_invoice,
    write_lines,
    write_progress,
    write_taxes,
)
from erp_sql.keyset import Keyset, starts_with

_INVOICE: Final = said.INVOICES.table.c
_KEYSET: Final = Keyset(
    said.INVOICES.table, {"date": _INVOICE.day, "number": _INVOICE.number_key}, INVOICE_SORTS
)
_REFERRING_MAX: Final = 1000
_DEPOSITS_MAX: Final = 50


class SqlInvoices(InvoiceRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[InvoiceId, Invoice] = {}  # as they were, for the journal and the lines
        self.held: dict[InvoiceId, int] = {}  # the versions of those that are ours alone

    def add(self, ctx: Context, invoice: Invoice) -> Invoice:
        with _in_our_words(invoice):
            row, lines = (
                write_invoice(ctx.company_id, invoice),
                write_lines(ctx.company_id, invoice),
            )
            said.INVOICES.add(self._connection, row, lines)
            self._add_dates_and_taxes(ctx, invoice)
        return self._told(ctx, None, invoice)

    def get(self, ctx: Context, invoice_id: InvoiceId) -> Invoice:
        row = said.INVOICES.head(self._connection, ctx, invoice_id)
        (found,) = self._read(ctx, [row])
        return found

    def lock(self, ctx: Context, invoice_ids: Sequence[InvoiceId]) -> tuple[Invoice, ...]:
        rows = said.lock(self._connection, ctx, invoice_ids)
        found = {each.id: each for each in self._read(ctx, rows)}
        self.held |= {each.id: each.version for each in found.values()}
        return tuple(found[each] for each in invoice_ids)

    def save(self, ctx: Context, invoice: Invoice) -> Invoice:
        before = self._seen.get(invoice.id) or self.get(ctx, invoice.id)
        with _in_our_words(invoice):
            said.INVOICES.save(self._connection, write_invoice(ctx.company_id, invoice))
            self._save_lines(ctx, before, invoice)
            if before.state is InvoiceState.DRAFT:
                self._add_dates_and_taxes(ctx, invoice)
        return self._told(ctx, before, invoice)

    def delete(self, ctx: Context, invoice: Invoice) -> None:
        said.INVOICES.delete(self._connection, ctx, invoice.id, invoice.version)
        self._journal.note_entity("invoicing.invoice", invoice, None)
        self._seen.pop(invoice.id, None)

    def page(self, ctx: Context, query: InvoiceQuery) -> Page[InvoiceSummary]:
        return _KEYSET.page(self._connection, ctx, query.page, _wanted(query), read_summary)

    def referring(self, ctx: Context, invoice_id: InvoiceId) -> tuple[InvoiceSummary, ...]:
        asked = {"company": ctx.company_id, "invoice": invoice_id, "most": _REFERRING_MAX}
        rows = said.REFERRING.rows(self._connection, asked)
        return tuple(read_summary(row) for row in rows)

    def deposits(self, ctx: Context, links: Links) -> tuple[InvoiceSummary, ...]:
        asked: dict[str, Any] = {"company": ctx.company_id, "most": _DEPOSITS_MAX}
        if links.order_id is not None:
            found = said.DEPOSITS_OF_ORDER
            asked["paper"] = links.order_id
        else:
            found = said.DEPOSITS_OF_QUOTE
            asked["paper"] = links.quote_id
        return tuple(read_summary(row) for row in found.rows(self._connection, asked))

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        many = said.INVOICES.reassign(self._connection, ctx, absorbed, survivor)
        if many:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            self._journal.note("invoicing.invoice", "many", before, after | {"count": str(many)})
        self._seen.clear()

    def _read(self, ctx: Context, rows: Sequence[Any]) -> list[Invoice]:
        ids = [row.id for row in rows]
        asked = {"company": ctx.company_id, "ids": ids}
        lines = said.grouped(said.LINES.rows(self._connection, asked))
        dates = said.grouped(said.DUE_DATES.rows(self._connection, asked))
        found = [read_invoice(row, lines.get(row.id, ()), dates.get(row.id, ())) for row in rows]
        self._seen |= {each.id: each for each in found}
        return found

    def _save_lines(self, ctx: Context, before: Invoice, invoice: Invoice) -> None:
        if before.lines == invoice.lines:
            return
        if before.state is InvoiceState.DRAFT:
            lines = write_lines(ctx.company_id, invoice)
            said.INVOICES.replace_lines(self._connection, ctx, invoice.id, lines)
            return
        known = before.by_id
        changed = [
            write_progress(ctx.company_id, line)
            for line in invoice.lines
            if line != known[line.id]
        ]
        said.INVOICES.move_on(self._connection, changed)

    def _add_dates_and_taxes(self, ctx: Context, invoice: Invoice) -> None:
        """Write what only a validated invoice has."""
        if invoice.state is InvoiceState.DRAFT:
            return
        dates, taxes = (
            write_due_dates(ctx.company_id, invoice),
            write_taxes(ctx.company_id, invoice),
        )
        said.ADD_DUE_DATES.change(self._connection, *dates)
        said.ADD_TAXES.change(self._connection, *taxes)

    def _told(self, ctx: Context, before: Invoice | None, invoice: Invoice) -> Invoice:
        self._outbox.append(ctx, invoice.events)
        self._journal.note_entity("invoicing.invoice", before, invoice)
        stored = invoice.stored(invoice.version + 1)
        self._seen[stored.id] = stored
        self.held[stored.id] = stored.version
        return stored


def _wanted(query: InvoiceQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.states:
        wanted.append(_INVOICE.state.in_([each.value for each in query.states]))
    if query.types:
        wanted.append(_INVOICE.type.in_([each.value for each in query.types]))
    for column, value in (
        (_INVOICE.party_id, query.party_id),
        (_INVOICE.order_id, query.order_id),
        (_INVOICE.quote_id, query.quote_id),
    ):
        if value is not None:
            wanted.append(column == value)
    if query.date_from is not None:
        wanted.append(_INVOICE.day >= query.date_from)
    if query.date_to is not None:
        wanted.append(_INVOICE.day <= query.date_to)
    if query.due_before is not None:
        wanted += [
            _INVOICE.state == InvoiceState.VALIDATED.value,
            _INVOICE.next_due_on < query.due_before,
        ]
    if query.is_open is not None:
        is_open = _INVOICE.state == InvoiceState.VALIDATED.value
        wanted.append(is_open if query.is_open else ~is_open)
    if query.number:
        wanted += starts_with(_INVOICE.number_key, query.number)
    return wanted


@contextmanager
def _in_our_words(invoice: Invoice) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError(
                "no such customer, order, invoice, product, tax class, warehouse or payment term"
            ) from error
        if violates(error, "number"):
            raise AlreadyExistsError(
                f"there is an invoice {invoice.number} already: change the mask of the numbers",
                code="invoicing.invoice.number_taken",
                field="number",
            ) from error
        raise AlreadyExistsError("an invoice, or a line, of this id exists", field="id") from error

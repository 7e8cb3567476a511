"""Recurring invoices over one connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

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
from erp_sql.dialects import is_foreign_key
from erp_sql.invoicing.models import InvoiceRow
from erp_sql.invoicing.recurring_mappers import (
    read_made,
    read_recurring,
    read_recurring_summary,
    write_periods,
    write_recurring,
    write_recurring_lines,
)
from erp_sql.invoicing.recurring_models import (
    RecurringLineRow,
    RecurringPeriodRow,
    RecurringRow,
)
from erp_sql.keyset import Keyset, starts_with
from erp_sql.sales.documents import Documents

_DOCUMENTS: Final = Documents(
    RecurringRow, RecurringLineRow, "recurring invoice", parent="recurring_id", progress=()
)
_TABLE: Final = _DOCUMENTS.table
_PERIOD: Final = cast("Table", RecurringPeriodRow.__table__)
_INVOICE: Final = cast("Table", InvoiceRow.__table__)
_KEYSET: Final = Keyset(_TABLE, {"name": _TABLE.c.name}, RECURRING_SORTS)
_ADD_PERIODS: Final = insert(_PERIOD)
_DUE: Final = (
    select(_TABLE)
    .where(
        _TABLE.c.company_id == bindparam("company"),
        _TABLE.c.state == RecurringState.ACTIVE.value,
        _TABLE.c.next_on <= bindparam("today"),
        _TABLE.c.tried_at < bindparam("tried_before"),
    )
    .order_by(_TABLE.c.tried_at, _TABLE.c.id)
    .limit(bindparam("most"))
)
_MADE: Final = (
    select(_INVOICE, _PERIOD.c.recurring_id, _PERIOD.c.period_on)
    .join(
        _PERIOD,
        and_(_PERIOD.c.company_id == _INVOICE.c.company_id, _PERIOD.c.invoice_id == _INVOICE.c.id),
    )
    .subquery("made")
)
_MADE_KEYSET: Final = Keyset(_MADE, {"period": _MADE.c.period_on}, MADE_SORTS)


class SqlRecurringInvoices(RecurringInvoiceRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        # As they were, for the journal and the lines.
        self._seen: dict[RecurringInvoiceId, RecurringInvoice] = {}

    def add(self, ctx: Context, recurring: RecurringInvoice) -> RecurringInvoice:
        row = write_recurring(ctx.company_id, recurring)
        with _in_our_words():
            lines = write_recurring_lines(ctx.company_id, recurring)
            _DOCUMENTS.add(self._connection, row, lines)
        return self._told(ctx, None, recurring)

    def get(self, ctx: Context, recurring_id: RecurringInvoiceId) -> RecurringInvoice:
        return self._read(ctx, _DOCUMENTS.head(self._connection, ctx, recurring_id))

    def lock(self, ctx: Context, recurring_id: RecurringInvoiceId) -> RecurringInvoice:
        return self._read(ctx, _DOCUMENTS.lock(self._connection, ctx, recurring_id))

    def save(self, ctx: Context, recurring: RecurringInvoice) -> RecurringInvoice:
        before = self._seen.get(recurring.id) or self.get(ctx, recurring.id)
        with _in_our_words():
            _DOCUMENTS.save(self._connection, write_recurring(ctx.company_id, recurring))
            if before.lines != recurring.lines:
                lines = write_recurring_lines(ctx.company_id, recurring)
                _DOCUMENTS.replace_lines(self._connection, ctx, recurring.id, lines)
        self._save_periods(ctx, recurring)
        return self._told(ctx, before, recurring)

    def page(self, ctx: Context, query: RecurringQuery) -> Page[RecurringSummary]:
        wanted = _wanted(query)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_recurring_summary)

    def due(
        self, ctx: Context, today: date, tried_before: datetime, limit: int
    ) -> tuple[RecurringSummary, ...]:
        asked = {
            "company": ctx.company_id,
            "today": today,
            "tried_before": tried_before,
            "most": limit,
        }
        return tuple(read_recurring_summary(row) for row in self._connection.execute(_DUE, asked))

    def made(self, ctx: Context, query: MadeQuery) -> Page[MadeInvoice]:
        wanted = [_MADE.c.recurring_id == query.id]
        return _MADE_KEYSET.page(self._connection, ctx, query.page, wanted, read_made)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        many = _DOCUMENTS.reassign(self._connection, ctx, absorbed, survivor)
        if many:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            count = {"count": str(many)}
            self._journal.note("invoicing.recurring_invoice", "many", before, after | count)
        self._seen.clear()

    def _read(self, ctx: Context, row: Row[Any]) -> RecurringInvoice:
        found = read_recurring(row, _DOCUMENTS.lines(self._connection, ctx, row.id))
        self._seen[found.id] = found
        return found

    def _save_periods(self, ctx: Context, recurring: RecurringInvoice) -> None:
        if not recurring.periods:
            return
        try:
            self._connection.execute(_ADD_PERIODS, write_periods(ctx.company_id, recurring))
        except IntegrityError as error:  # the last line of defence: whoever saves holds the lock
            raise StaleVersionError("this period is made already") from error

    def _told(
        self, ctx: Context, before: RecurringInvoice | None, recurring: RecurringInvoice
    ) -> RecurringInvoice:
        self._outbox.append(ctx, recurring.events)
        self._journal.note_entity("invoicing.recurring_invoice", before, recurring)
        stored = recurring.stored(recurring.version + 1)
        self._seen[stored.id] = stored
        return stored


def _wanted(query: RecurringQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.states:
        wanted.append(_TABLE.c.state.in_([each.value for each in query.states]))
    if query.party_id is not None:
        wanted.append(_TABLE.c.party_id == query.party_id)
    if query.has_problem is not None:
        has = _TABLE.c.problem_code != ""
        wanted.append(has if query.has_problem else ~has)
    if query.name:
        wanted += starts_with(_TABLE.c.name, query.name)
    return wanted


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError(
                "no such customer, product, tax class, warehouse, price list or payment term"
            ) from error
        raise AlreadyExistsError(
            "a recurring invoice, or a line, of this id exists", field="id"
        ) from error

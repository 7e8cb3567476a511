"""Series and their counters in dictionaries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from erp_core.documents.entities import (
    SERIES,
    BorneNumber,
    DocumentType,
    NumberCounter,
    NumberSeries,
    series_of,
)
from erp_core.documents.ports import Numbering, NumberLedger, NumberSeriesRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import StaleVersionError
from erp_memory.tables import Counted, Tables


class MemoryNumberSeries(NumberSeriesRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._series = tables.number_series
        self._journal = journal

    def get(self, ctx: Context, document_type: str) -> NumberSeries:
        given = series_of(document_type)
        return self._series.get((ctx.company_id, given.document_type), given)

    def all(self, ctx: Context) -> tuple[NumberSeries, ...]:
        return tuple(self.get(ctx, each) for each in sorted(SERIES))

    def save(self, ctx: Context, series: NumberSeries) -> NumberSeries:
        before = self.get(ctx, series.document_type)
        if before.version != series.version:
            raise StaleVersionError(f"the series {series.document_type} has changed meanwhile")
        self._journal.note_entity("documents.number_series", before, series)
        stored = series.stored(series.version + 1)
        self._series[ctx.company_id, series.document_type] = stored
        return stored


class MemoryNumbering(Numbering):
    """One writer at a time: the counter is his until he commits."""

    def __init__(self, tables: Tables, series: NumberSeriesRepository) -> None:
        self._numbers = tables.numbers
        self._series = series

    def take(self, ctx: Context, document_type: str, on: date, *, customer_code: str = "") -> str:
        series = self._series.get(ctx, document_type)
        place = (ctx.company_id, series.document_type, series.mask.period(on))
        counted = self._numbers.get(place, Counted(last_number=0, last_on=on))
        if series.chronological and on < counted.last_on:
            raise series.backdated(on, counted.last_on)
        count = max(counted.last_number, series.mask.after) + 1
        number = series.mask.number(count, on, customer_code)
        self._numbers[place] = Counted(last_number=count, last_on=max(counted.last_on, on))
        return number

    def earliest(self, ctx: Context, document_type: str, on: date) -> date | None:
        series = self._series.get(ctx, document_type)
        place = (ctx.company_id, series.document_type, series.mask.period(on))
        counted = self._numbers.get(place)
        return counted.last_on if counted is not None and series.chronological else None


class MemoryNumberLedger(NumberLedger):
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def counters(self, ctx: Context) -> tuple[NumberCounter, ...]:
        return tuple(
            NumberCounter(
                document_type=DocumentType(kind), period=period, last_number=counted.last_number
            )
            for (owner, kind, period), counted in sorted(self._tables.numbers.items())
            if owner == ctx.company_id
        )

    def borne(
        self, ctx: Context, document_type: str, after: str, limit: int
    ) -> tuple[BorneNumber, ...]:
        mine = (
            BorneNumber(number=number, on=on)
            for owner, kind, number, on in self._all()
            if (owner, kind) == (ctx.company_id, document_type) and number > after
        )
        return tuple(sorted(mine, key=lambda each: each.number)[:limit])

    def _all(self) -> Iterator[tuple[CompanyId, str, str, date]]:
        for (owner, _), quote in self._tables.quotes.items():
            yield owner, "sales.quote", quote.number, quote.on
        for (owner, _), order in self._tables.orders.items():
            yield owner, "sales.order", order.number, order.on
        for (owner, _), shipment in self._tables.shipments.items():
            yield owner, "sales.shipment", shipment.number, shipment.on
        for (owner, _), invoice in self._tables.invoices.items():
            yield owner, invoice.type.document_type, invoice.number, invoice.invoiced_on
        for (owner, _), payment in self._tables.payments.items():
            yield owner, "treasury.payment", payment.number, payment.paid_on

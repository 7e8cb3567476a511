"""Series and their counters in dictionaries."""

from __future__ import annotations

from datetime import date

from erp_core.documents.entities import SERIES, NumberSeries, series_of
from erp_core.documents.ports import Numbering, NumberSeriesRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
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

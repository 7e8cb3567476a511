"""Series over one connection: what a company has changed of those that the house gives."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult, Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from erp_core.documents.entities import SERIES, NumberSeries, series_of
from erp_core.documents.ports import NumberSeriesRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import StaleVersionError
from erp_sql.documents.mappers import read_number_series, write_number_series
from erp_sql.documents.models import NumberSeriesRow
from erp_sql.prepared import Prepared

_TABLE: Final = cast("Table", NumberSeriesRow.__table__)
_OURS: Final = _TABLE.c.company_id == bindparam("_company")
_MINE: Final = (_OURS, _TABLE.c.document_type == bindparam("_type"))
_SELECT: Final = Prepared(select(_TABLE).where(*_MINE))
_SELECT_ALL: Final = select(_TABLE).where(_OURS)
_INSERT: Final = insert(_TABLE)
_UPDATE: Final = (
    update(_TABLE)
    .where(*_MINE, _TABLE.c.version == bindparam("_version"))
    .values({name: bindparam(name) for name in ("version", "mask", "chronological")})
)


class SqlNumberSeries(NumberSeriesRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[str, NumberSeries] = {}  # as they were, for the journal

    def get(self, ctx: Context, document_type: str) -> NumberSeries:
        given = series_of(document_type)
        mine = {"_company": ctx.company_id, "_type": document_type}
        row = _SELECT.row(self._connection, mine)
        found = given if row is None else read_number_series(row)
        self._seen[document_type] = found
        return found

    def all(self, ctx: Context) -> tuple[NumberSeries, ...]:
        rows = self._connection.execute(_SELECT_ALL, {"_company": ctx.company_id})
        own = {row.document_type: read_number_series(row) for row in rows}
        return tuple(own.get(each, SERIES[each]) for each in sorted(SERIES))

    def save(self, ctx: Context, series: NumberSeries) -> NumberSeries:
        before = self._seen.get(series.document_type) or self.get(ctx, series.document_type)
        row = write_number_series(ctx.company_id, series)
        if not self._written(row):
            raise StaleVersionError(f"the series {series.document_type} has changed meanwhile")
        self._journal.note_entity("documents.number_series", before, series)
        stored = series.stored(series.version + 1)
        self._seen[series.document_type] = stored
        return stored

    def _written(self, row: dict[str, Any]) -> bool:
        if row["version"] == 1:  # the company's first change of it: until now it had no row
            try:
                self._connection.execute(_INSERT, row)
            except IntegrityError:
                return False
            return True
        values = {name: row[name] for name in ("version", "mask", "chronological")}
        values |= {"_company": row["company_id"], "_type": row["document_type"]}
        values |= {"_version": row["version"] - 1}
        result: CursorResult[Any] = self._connection.execute(_UPDATE, values)
        return result.rowcount == 1

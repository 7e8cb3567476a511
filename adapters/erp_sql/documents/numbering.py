"""The counters of documents' numbers: one row a period, locked by the UPDATE that counts."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, cast

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    Table,
    bindparam,
    case,
    select,
)

from erp_core.documents.entities import NumberSeries
from erp_core.documents.ports import Numbering, NumberSeriesRepository
from erp_core.kernel.context import Context
from erp_sql.dialects import CountingUpdate, InsertAbsent
from erp_sql.documents.models import NumberCounterRow
from erp_sql.prepared import Prepared

_TABLE: Final = cast("Table", NumberCounterRow.__table__)
_MINE: Final = (
    _TABLE.c.company_id == bindparam("_company"),
    _TABLE.c.document_type == bindparam("_type"),
    _TABLE.c.period == bindparam("_period"),
)
_AFTER: Final = bindparam("_after", type_=BigInteger)
_ON: Final = bindparam("_on", type_=Date)
_MAKE: Final = InsertAbsent(_TABLE)
_COUNT: Final = CountingUpdate(
    _TABLE,
    where=(*_MINE, _TABLE.c.last_on <= bindparam("_until", type_=Date)),
    counted=_TABLE.c.last_number,
    count=case((_TABLE.c.last_number < _AFTER, _AFTER), else_=_TABLE.c.last_number) + 1,
    values={"last_on": case((_TABLE.c.last_on < _ON, _ON), else_=_TABLE.c.last_on)},
)
_LAST_ON: Final = Prepared(select(_TABLE.c.last_on).where(*_MINE))


class SqlNumbering(Numbering):
    """Two statements: the series is read, then its counter counts; a new period takes two more.

    MySQL may call it a deadlock when several want the first number of a period and he who made its
    row rolls back: the victims run again, and there is no gap.
    """

    def __init__(self, connection: Connection, series: NumberSeriesRepository) -> None:
        self._connection = connection
        self._series = series

    def take(self, ctx: Context, document_type: str, on: date, *, customer_code: str = "") -> str:
        series = self._series.get(ctx, document_type)
        counted = self._counted(_place(ctx, series, on), series, on)
        return series.mask.number(counted, on, customer_code)

    def earliest(self, ctx: Context, document_type: str, on: date) -> date | None:
        series = self._series.get(ctx, document_type)
        if not series.chronological:
            return None
        row = _LAST_ON.row(self._connection, _place(ctx, series, on))
        last: date | None = None if row is None else row.last_on
        return last

    def _counted(self, mine: dict[str, Any], series: NumberSeries, on: date) -> int:
        until = on if series.chronological else date.max
        asked = mine | {"_after": series.mask.after, "_on": on, "_until": until}
        count = _COUNT(self._connection, asked)
        if count is None:  # the first number of its period, or one that would run backwards
            _MAKE(self._connection, [_new(mine, on)])
            count = _COUNT(self._connection, asked)
        if count is None:
            raise series.backdated(on, _LAST_ON.row(self._connection, mine).last_on)
        return count


def _place(ctx: Context, series: NumberSeries, on: date) -> dict[str, Any]:
    return {
        "_company": ctx.company_id,
        "_type": series.document_type,
        "_period": series.mask.period(on),
    }


def _new(mine: dict[str, Any], on: date) -> dict[str, Any]:
    return {
        "company_id": mine["_company"],
        "document_type": mine["_type"],
        "period": mine["_period"],
        "last_number": 0,
        "last_on": on,
    }

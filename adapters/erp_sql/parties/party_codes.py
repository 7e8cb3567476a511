"""The counters of party codes: one row a series, locked while a code of it is given."""

from __future__ import annotations

from typing import Final, cast

from sqlalchemy import Connection, Table, bindparam, select, update

from erp_core.kernel.context import Context
from erp_core.parties.entities import CodeSeries
from erp_core.parties.ports import PartyCodes
from erp_sql.dialects import InsertAbsent
from erp_sql.parties.models import PartyCodeRow, PartyRow
from erp_sql.prepared import Prepared

_BLOCK: Final = 100  # how many codes are looked up at once, where some were taken by hand

_TABLE: Final = cast("Table", PartyCodeRow.__table__)
_PARTIES: Final = cast("Table", PartyRow.__table__)
_MAKE: Final = InsertAbsent(_TABLE)
_MINE: Final = (
    _TABLE.c.company_id == bindparam("_company"),
    _TABLE.c.series == bindparam("_series"),
)
_LOCK: Final = Prepared(select(_TABLE.c.last).where(*_MINE).with_for_update())
_UPDATE: Final = Prepared(update(_TABLE).where(*_MINE).values(last=bindparam("last")))
_COLUMNS: Final = {
    CodeSeries.CUSTOMER: _PARTIES.c.customer_code,
    CodeSeries.SUPPLIER: _PARTIES.c.supplier_code,
    CodeSeries.PROSPECT: _PARTIES.c.prospect_code,
}
_TAKEN: Final = {
    series: Prepared(
        select(column.label("code")).where(
            _PARTIES.c.company_id == bindparam("company_id"),
            column.in_(bindparam("codes", expanding=True)),
        )
    )
    for series, column in _COLUMNS.items()
}


class SqlPartyCodes(PartyCodes):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next(self, ctx: Context, series: CodeSeries) -> str:
        number = self._first_free(ctx, series, self._locked(ctx, series) + 1)
        mine = {"_company": ctx.company_id, "_series": series.value}
        _UPDATE.change(self._connection, mine | {"last": number})
        return series.code(number)

    def hold(self, ctx: Context, series: CodeSeries) -> None:
        self._locked(ctx, series)

    def _locked(self, ctx: Context, series: CodeSeries) -> int:
        row = {"company_id": ctx.company_id, "series": series.value, "last": 0}
        _MAKE(self._connection, [row])
        mine = {"_company": ctx.company_id, "_series": series.value}
        last: int = _LOCK.row(self._connection, mine).last
        return last

    def _first_free(self, ctx: Context, series: CodeSeries, number: int) -> int:
        many = 1  # which nearly always is free
        while True:
            codes = {series.code(each): each for each in range(number, number + many)}
            wanted = {"company_id": ctx.company_id, "codes": list(codes)}
            taken = {row.code for row in _TAKEN[series].rows(self._connection, wanted)}
            free = [each for code, each in codes.items() if code not in taken]
            if free:
                return free[0]
            number, many = number + many, _BLOCK

"""Questions about stock, each one statement; its page is a range of an index where it can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, func, or_, select

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import LotId, StockKey, WarehouseId
from erp_core.inventory.ports import (
    AbcQuery,
    AbcRow,
    ExpiringLot,
    ExpiringQuery,
    Forecast,
    ForecastQuery,
    Reorder,
    ReorderQuery,
    ReportedProduct,
    SlowMover,
    SlowMoversQuery,
    StockAt,
    StockAtQuery,
    StockReports,
)
from erp_core.inventory.ports.reports import abc_place, expiring_place
from erp_core.kernel.context import Context
from erp_core.kernel.page import Cursor, Page, PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.totals import Total
from erp_sql.inventory import report_statements as said
from erp_sql.inventory.stock_statements import ITEM, LOT, MOVEMENT, PRODUCT
from erp_sql.minor_units import read_worth, write_minor_units
from erp_sql.values import read_price

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Row(Generic[T]):
    """How the rows of one report are read, where one of them lies, and what comes after it.

    *finish* adds to the rows of a page, once they are chosen, what does not help to choose them.
    *counted* names the column in which each row says how many there are, if there is one; *every*
    is a statement with as many rows as there are, where one costs less than the report's own.
    """

    read: Callable[[Any], T]
    cursor: Callable[[T], Cursor]
    beyond: Callable[[Cursor], ColumnElement[bool]]
    finish: Callable[[Select[Any]], Select[Any]] = lambda statement: statement
    counted: str = ""
    every: Select[Any] | None = None


class SqlStockReports(StockReports):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def stock_at(self, ctx: Context, query: StockAtQuery) -> Page[StockAt]:
        asked = {"company": ctx.company_id, "until": query.until}
        if query.until is None:
            statement = _narrowed(said.STOCK_NOW, ITEM, query)
            return self._page(statement, asked, query.page, _STOCK_NOW)
        statement = _narrowed(said.STOCK_AT, ITEM, query)
        every = _narrowed(said.STOCK_AT_COUNTED, MOVEMENT, query)
        return self._page(statement, asked, query.page, replace(_STOCK_AT, every=every))

    def forecast(self, ctx: Context, query: ForecastQuery) -> Page[Forecast]:
        statement = said.FORECAST
        if query.product_id is not None:
            statement = statement.where(PRODUCT.c.id == query.product_id)
        return self._page(statement, {"company": ctx.company_id}, query.page, _FORECAST)

    def reorder(self, ctx: Context, query: ReorderQuery) -> Page[Reorder]:
        return self._page(said.REORDER, {"company": ctx.company_id}, query.page, _REORDER)

    def expiring(self, ctx: Context, query: ExpiringQuery) -> Page[ExpiringLot]:
        statement = said.EXPIRING
        if query.warehouse_id is not None:
            statement = statement.where(ITEM.c.warehouse_id == query.warehouse_id)
        asked = {"company": ctx.company_id, "until": query.until}
        return self._page(statement, asked, query.page, _EXPIRING)

    def slow_movers(self, ctx: Context, query: SlowMoversQuery) -> Page[SlowMover]:
        asked = {"company": ctx.company_id, "since": query.since}
        return self._page(said.SLOW_MOVERS, asked, query.page, _SLOW_MOVER)

    def abc(self, ctx: Context, query: AbcQuery) -> Page[AbcRow]:
        asked = {"company": ctx.company_id, "since": query.since, "until": query.until}
        return self._page(said.ABC, asked, query.page, _RANK)

    def _page(
        self,
        statement: Select[Any],
        asked: Mapping[str, object],
        request: PageRequest,
        row_of: _Row[T],
    ) -> Page[T]:
        whole = statement
        if request.after is not None:
            statement = statement.where(row_of.beyond(request.after))
        statement = row_of.finish(statement.limit(request.limit + 1))
        rows = self._connection.execute(statement, asked).all()
        total = None
        if request.count and rows and row_of.counted:
            total = int(getattr(rows[0], row_of.counted))
        elif request.count and row_of.every is not None:
            total = self._count(row_of.every, asked)
        elif request.count:
            # What stands in the rows, one column aside, is not worked out for those not shown.
            alone = whole.order_by(None).with_only_columns(whole.selected_columns[0])
            total = self._count(alone, asked)
        items = tuple(row_of.read(row) for row in rows[: request.limit])
        more = len(rows) > request.limit
        return Page(items=items, next=row_of.cursor(items[-1]) if more else None, total=total)

    def _count(self, every: Select[Any], asked: Mapping[str, object]) -> int:
        counted = select(func.count()).select_from(every.subquery())
        return int(self._connection.execute(counted, asked).scalar_one())


def _narrowed(statement: Select[Any], table: Table, query: StockAtQuery) -> Select[Any]:
    if query.product_id is not None:
        statement = statement.where(table.c.product_id == query.product_id)
    if query.warehouse_id is not None:
        statement = statement.where(table.c.warehouse_id == query.warehouse_id)
    return statement


def _beyond_key(place: Cursor) -> ColumnElement[bool]:
    key = StockKey.at(place)
    beyond_lot = and_(ITEM.c.warehouse_id == key.warehouse_id, ITEM.c.lot > key.lot)
    return and_(
        ITEM.c.product_id >= key.product_id,
        or_(
            ITEM.c.product_id > key.product_id,
            ITEM.c.warehouse_id > key.warehouse_id,
            beyond_lot,
        ),
    )


def _beyond_product(place: Cursor) -> ColumnElement[bool]:
    return PRODUCT.c.id > place.id


def _beyond_lot(place: Cursor) -> ColumnElement[bool]:
    day, lot_id, warehouse_id = expiring_place(place)
    same_lot = and_(LOT.c.id == lot_id, ITEM.c.warehouse_id > warehouse_id)
    return and_(
        LOT.c.expires_on >= day,
        or_(LOT.c.expires_on > day, LOT.c.id > lot_id, same_lot),
    )


def _beyond_rank(place: Cursor) -> ColumnElement[bool]:
    currency, value, product_id = abc_place(place)
    ranked = said.RANKED.c
    units = write_minor_units(-value, currency)
    same_value = and_(ranked.value == units, ranked.product_id > product_id)
    same_currency = and_(ranked.currency == currency, or_(ranked.value < units, same_value))
    return or_(ranked.currency > currency, same_currency)


def _product(row: Any) -> ReportedProduct:
    return ReportedProduct(id=ProductId(row.product_id), sku=row.sku, name=row.name)


def _read_stock_at(row: Any) -> StockAt:
    return StockAt(
        product=_product(row),
        warehouse_id=WarehouseId(row.warehouse_id),
        warehouse=row.warehouse,
        lot=row.lot,
        on_hand=Quantity(row.on_hand),
        average_cost=read_price(row.average_cost, row.currency),
    )


def _read_forecast(row: Any) -> Forecast:
    reserved = Total(row.reserved)
    return Forecast(
        product=_product(row),
        on_hand=Total(row.on_hand),
        reserved=reserved,
        incoming=Total(),
        outgoing=reserved,
    )


def _read_reorder(row: Any) -> Reorder:
    return Reorder(
        forecast=_read_forecast(row),
        reorder_point=Quantity(row.reorder_point),
        desired_level=None if row.desired_level is None else Quantity(row.desired_level),
        lead_time_days=row.lead_time_days,
    )


def _read_expiring(row: Any) -> ExpiringLot:
    return ExpiringLot(
        product=_product(row),
        lot_id=LotId(row.lot_id),
        lot=row.lot,
        expires_on=row.expires_on,
        warehouse_id=WarehouseId(row.warehouse_id),
        warehouse=row.warehouse,
        on_hand=Quantity(row.on_hand),
    )


def _read_slow_mover(row: Any) -> SlowMover:
    return SlowMover(
        product=_product(row),
        on_hand=Total(row.on_hand),
        average_cost=read_price(row.average_cost, row.currency),
        last_issued_at=row.last_issued_at,
    )


def _read_rank(row: Any) -> AbcRow:
    value = read_worth(row.value, row.currency)
    reached = read_worth(row.reached, row.currency)
    return AbcRow(
        product=_product(row),
        issued=Total(row.issued),
        value=value,
        before=reached - value,
        total=read_worth(row.total, row.currency),
    )


_STOCK_NOW: Final = _Row(
    _read_stock_at, lambda row: row.key.cursor, _beyond_key, partial(said.with_names, now=True)
)
_STOCK_AT: Final = replace(_STOCK_NOW, finish=partial(said.with_names, now=False))
_FORECAST: Final = _Row(_read_forecast, lambda row: row.product.cursor, _beyond_product)
_REORDER: Final = _Row(_read_reorder, lambda row: row.forecast.product.cursor, _beyond_product)
_EXPIRING: Final = _Row(_read_expiring, lambda row: row.cursor, _beyond_lot)
_SLOW_MOVER: Final = _Row(_read_slow_mover, lambda row: row.product.cursor, _beyond_product)
_RANK: Final = _Row(_read_rank, lambda row: row.cursor, _beyond_rank, counted="all_ranks")

"""Questions about stock, answered by looking at everything there is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from erp_core.catalog.entities import Product, ProductId, ProductState
from erp_core.inventory.entities import StockItem, StockKey, StockMovement
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
from erp_core.inventory.ports.reports import CONSUMING, abc_place, expiring_place
from erp_core.kernel.context import Context
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import Cursor, Page, PageRequest
from erp_core.kernel.quantity import ZERO
from erp_core.kernel.totals import Total, Worth
from erp_memory.tables import Tables

T = TypeVar("T")


class MemoryStockReports(StockReports):
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def stock_at(self, ctx: Context, query: StockAtQuery) -> Page[StockAt]:
        rows = [
            self._stock_at(ctx, item, query.until)
            for item in self._items(ctx)
            if query.product_id in (None, item.key.product_id)
            and query.warehouse_id in (None, item.key.warehouse_id)
        ]
        found = sorted((row for row in rows if row.on_hand != ZERO), key=lambda row: row.key)
        return _page(found, query.page, lambda row: row.key, StockKey.at, lambda r: r.key.cursor)

    def forecast(self, ctx: Context, query: ForecastQuery) -> Page[Forecast]:
        rows = [
            self._forecast(ctx, product)
            for product in self._products(ctx)
            if product.stock_managed and query.product_id in (None, product.id)
        ]
        return _by_product(rows, query.page, lambda row: row.product)

    def reorder(self, ctx: Context, query: ReorderQuery) -> Page[Reorder]:
        rows = [
            Reorder(
                forecast=self._forecast(ctx, product),
                reorder_point=product.reorder_point,
                desired_level=product.desired_level,
                lead_time_days=product.lead_time_days,
            )
            for product in self._products(ctx)
            if product.stock_managed
            and product.state is ProductState.ACTIVE
            and product.reorder_point is not None
        ]
        short = [
            row
            for row in rows
            if row.forecast.available + row.forecast.incoming < Total(row.reorder_point.value)
        ]
        return _by_product(short, query.page, lambda row: row.forecast.product)

    def expiring(self, ctx: Context, query: ExpiringQuery) -> Page[ExpiringLot]:
        lots = {
            (lot.product_id, lot.number): (lot.id, lot.expires_on)
            for (owner, _), lot in self._tables.lots.items()
            if owner == ctx.company_id and lot.expires_on and lot.expires_on <= query.until
        }
        rows = []
        for item in self._items(ctx):
            lot_id, day = lots.get((item.key.product_id, item.key.lot), (None, None))
            if lot_id is None or day is None or item.on_hand == ZERO:
                continue
            if query.warehouse_id not in (None, item.key.warehouse_id):
                continue
            rows.append(
                ExpiringLot(
                    product=self._product(ctx, item.key.product_id),
                    lot_id=lot_id,
                    lot=item.key.lot,
                    expires_on=day,
                    warehouse_id=item.key.warehouse_id,
                    warehouse=self._warehouse(ctx, item.key),
                    on_hand=item.on_hand,
                )
            )
        return _page(rows, query.page, lambda row: row.place, expiring_place, lambda r: r.cursor)

    def slow_movers(self, ctx: Context, query: SlowMoversQuery) -> Page[SlowMover]:
        last: dict[ProductId, datetime] = {}
        for each in self._consumed(ctx):
            known = last.get(each.key.product_id, each.posting.at)
            last[each.key.product_id] = max(known, each.posting.at)
        totals: dict[ProductId, Total] = defaultdict(Total)
        for item in self._items(ctx):
            totals[item.key.product_id] += item.on_hand
        rows = [
            SlowMover(
                product=self._product(ctx, product_id),
                on_hand=on_hand,
                average_cost=self._average(ctx, product_id),
                last_issued_at=last.get(product_id),
            )
            for product_id, on_hand in totals.items()
            if on_hand != Total() and (product_id not in last or last[product_id] < query.since)
        ]
        return _by_product(rows, query.page, lambda row: row.product)

    def abc(self, ctx: Context, query: AbcQuery) -> Page[AbcRow]:
        values: dict[tuple[str, ProductId], tuple[Total, Worth]] = {}
        for each in self._consumed(ctx):
            if each.unit_cost is None or not query.since <= each.posting.at < query.until:
                continue
            value = Worth.of(-each.quantity, each.unit_cost)
            place = (value.currency, each.key.product_id)
            issued, sofar = values.get(place, (Total(), Worth.zero(value.currency)))
            values[place] = (issued - each.quantity, sofar + value)
        rows: list[AbcRow] = []
        totals: dict[str, Worth] = {}
        ranked = sorted(values.items(), key=lambda e: (e[0][0], -e[1][1].amount, e[0][1]))
        for (currency, product_id), (issued, value) in ranked:
            before = totals.get(currency, Worth.zero(currency))
            totals[currency] = before + value
            product = self._product(ctx, product_id)
            rows.append(
                AbcRow(product=product, issued=issued, value=value, before=before, total=value)
            )
        rows = [replace(row, total=totals[row.value.currency]) for row in rows]
        return _page(rows, query.page, lambda row: row.place, abc_place, lambda row: row.cursor)

    def _items(self, ctx: Context) -> list[StockItem]:
        return [item for (owner, _), item in self._tables.stock.items() if owner == ctx.company_id]

    def _products(self, ctx: Context) -> list[Product]:
        return [
            each for (owner, _), each in self._tables.products.items() if owner == ctx.company_id
        ]

    def _product(self, ctx: Context, product_id: ProductId) -> ReportedProduct:
        product = self._tables.products[ctx.company_id, product_id]
        return ReportedProduct(id=product.id, sku=product.sku, name=product.name)

    def _warehouse(self, ctx: Context, key: StockKey) -> str:
        return self._tables.warehouses[ctx.company_id, key.warehouse_id].code

    def _average(self, ctx: Context, product_id: ProductId) -> UnitPrice | None:
        known = self._tables.valuations.get((ctx.company_id, product_id))
        return None if known is None else known.average_cost

    def _movements(self, ctx: Context) -> Iterator[StockMovement]:
        return (
            each for (owner, _), each in self._tables.movements.items() if owner == ctx.company_id
        )

    def _consumed(self, ctx: Context) -> Iterator[StockMovement]:
        return (
            each
            for each in self._movements(ctx)
            if each.posting.reason in CONSUMING and each.quantity < ZERO
        )

    def _stock_at(self, ctx: Context, item: StockItem, until: datetime | None) -> StockAt:
        on_hand, average = item.on_hand, self._average(ctx, item.key.product_id)
        if until is not None:
            of_product = [
                each for each in self._movements(ctx) if each.key.product_id == item.key.product_id
            ]
            past = [each for each in of_product if each.posting.at < until]
            on_hand = sum((each.quantity for each in past if each.key == item.key), ZERO)
            last = max(past, key=lambda each: (each.posting.at, each.id), default=None)
            average = None if last is None else last.average_cost_after
        return StockAt(
            product=self._product(ctx, item.key.product_id),
            warehouse_id=item.key.warehouse_id,
            warehouse=self._warehouse(ctx, item.key),
            lot=item.key.lot,
            on_hand=on_hand,
            average_cost=average,
        )

    def _forecast(self, ctx: Context, product: Product) -> Forecast:
        items = [each for each in self._items(ctx) if each.key.product_id == product.id]
        on_hand, reserved = Total(), Total()
        for each in items:
            on_hand, reserved = on_hand + each.on_hand, reserved + each.reserved
        return Forecast(
            product=self._product(ctx, product.id),
            on_hand=on_hand,
            reserved=reserved,
            incoming=Total(),
            outgoing=reserved,
        )


def _by_product(
    rows: Iterable[T], request: PageRequest, product: Callable[[T], ReportedProduct]
) -> Page[T]:
    return _page(
        list(rows),
        request,
        lambda row: product(row).id,
        lambda cursor: cursor.id,
        lambda row: product(row).cursor,
    )


def _page(
    rows: Sequence[T],
    request: PageRequest,
    place: Callable[[T], Any],
    read: Callable[[Cursor], Any],
    cursor: Callable[[T], Cursor],
) -> Page[T]:
    found = sorted(rows, key=place)
    total = len(found) if request.count else None
    if request.after is not None:
        after = read(request.after)
        found = [row for row in found if place(row) > after]
    items = tuple(found[: request.limit])
    more = len(found) > request.limit
    return Page(items=items, next=cursor(items[-1]) if more else None, total=total)

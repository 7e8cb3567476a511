"""Stock counts in dictionaries. The store admits one writer at a time, so locks are mere notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from erp_core.catalog.entities import Product, ProductId, ProductState
from erp_core.inventory.entities import (
    COUNT_LINES_MAX,
    CountId,
    CountLine,
    CountState,
    CountTotals,
    OpenLine,
    StockCount,
    StockedProduct,
    StockItem,
    StockKey,
    WarehouseState,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery, StockCountRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Cursor, Page
from erp_core.kernel.quantity import ZERO
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryStockCounts(StockCountRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal
        self._open: dict[tuple[CountId, StockKey], CountLine] = {}  # that may be saved

    def add(self, ctx: Context, count: StockCount) -> StockCount:
        if (ctx.company_id, count.id) in self._tables.counts:
            raise AlreadyExistsError("a stock count of this id exists", field="id")
        if (ctx.company_id, count.warehouse_id) not in self._tables.warehouses:
            raise NotFoundError("no such warehouse", field="warehouse_id", kind="warehouse")
        for each in count.product_ids:
            self._product(ctx, each, "product_ids")
        return self._write(ctx, None, count)

    def get(self, ctx: Context, count_id: CountId) -> StockCount:
        count = self._tables.counts.get((ctx.company_id, count_id))
        if count is None:
            raise NotFoundError(f"no stock count {count_id}", kind="stock count", id=count_id)
        return count

    def lock(self, ctx: Context, count_id: CountId, *, shared: bool = False) -> StockCount:
        return self.get(ctx, count_id)

    def save(self, ctx: Context, count: StockCount) -> StockCount:
        before = self.get(ctx, count.id)
        if before.version != count.version:
            raise StaleVersionError(f"stock count {count.id} has changed meanwhile")
        return self._write(ctx, before, count)

    def page(self, ctx: Context, query: CountQuery) -> Page[StockCount]:
        found = (
            each
            for each in self._of(ctx)
            if (not query.states or each.state in query.states)
            and query.warehouse_id in (None, each.warehouse_id)
        )
        return page_of(found, query.page)

    def rival(self, ctx: Context, count: StockCount) -> CountId | None:
        rivals = (
            each.id
            for each in self._of(ctx)
            if each.state is CountState.COUNTING and each.id != count.id and count.overlaps(each)
        )
        return min(rivals, default=None)

    def freeze(self, ctx: Context, count: StockCount) -> None:
        found = sorted(
            (key, item)
            for (owner, key), item in self._tables.stock.items()
            if owner == ctx.company_id
            and key.warehouse_id == count.warehouse_id
            and count.covers(key.product_id)
        )
        for key, item in found[: COUNT_LINES_MAX + 1]:
            line = CountLine(
                count_id=count.id,
                key=key,
                sku=item.product.sku,
                expected=item.on_hand,
                version=1,
            )
            self._tables.count_lines[ctx.company_id, count.id, key] = line

    def lock_lines(
        self, ctx: Context, count: StockCount, keys: Sequence[StockKey]
    ) -> tuple[OpenLine, ...]:
        found = []
        for key in keys:
            item = self._item(ctx, key)
            new = CountLine(count_id=count.id, key=key, sku=item.product.sku)
            place = (ctx.company_id, count.id, key)
            line = replace(self._tables.count_lines.setdefault(place, new), sku=item.product.sku)
            self._open[count.id, key] = line
            found.append(OpenLine(line=line, item=item))
        return tuple(found)

    def save_lines(self, ctx: Context, lines: Sequence[CountLine]) -> tuple[CountLine, ...]:
        stored = []
        for line in lines:
            before = self._open.get((line.count_id, line.key))
            if before is None or before.version != line.version:
                raise StaleVersionError(f"line {line.name} was not read to be saved")
            self._journal.note("inventory.stock_count_line", line.name, before.told(), line.told())
            kept = replace(line, version=line.version + 1)
            self._tables.count_lines[ctx.company_id, line.count_id, line.key] = kept
            self._open[line.count_id, line.key] = kept
            stored.append(kept)
        return tuple(stored)

    def unsettled(self, ctx: Context, count_id: CountId) -> tuple[CountLine, ...]:
        found = tuple(
            line
            for line in self._lines(ctx, count_id)
            if line.entry is None or line.difference != ZERO
        )
        self._open |= {(count_id, line.key): line for line in found}
        return found

    def totals(self, ctx: Context, count_id: CountId) -> CountTotals:
        lines = self._lines(ctx, count_id)
        return CountTotals(
            lines=len(lines),
            counted=sum(line.entry is not None for line in lines),
            differing=sum(line.difference != ZERO for line in lines),
        )

    def lines(self, ctx: Context, query: CountLineQuery) -> Page[CountLine]:
        request = query.page
        found = [
            line
            for line in self._lines(ctx, query.count_id)
            if query.counted in (None, line.entry is not None)
            and query.differing in (None, line.difference != ZERO)
        ]
        total = len(found) if request.count else None
        if request.after is not None:
            found = [line for line in found if _place(line.cursor) > _place(request.after)]
        items = tuple(found[: request.limit])
        more = len(found) > request.limit
        return Page(items=items, next=items[-1].cursor if more else None, total=total)

    def _of(self, ctx: Context) -> list[StockCount]:
        return [
            each for (owner, _), each in self._tables.counts.items() if owner == ctx.company_id
        ]

    def _lines(self, ctx: Context, count_id: CountId) -> list[CountLine]:
        """Return the lines of a count, in the order of their keys, with the SKUs of today."""
        found = (
            replace(line, sku=self._product(ctx, line.key.product_id, "").sku)
            for (owner, of, _), line in self._tables.count_lines.items()
            if (owner, of) == (ctx.company_id, count_id)
        )
        return sorted(found, key=lambda line: line.key)

    def _product(self, ctx: Context, product_id: ProductId, field: str) -> Product:
        product = self._tables.products.get((ctx.company_id, product_id))
        if product is None:
            raise NotFoundError(
                f"no product {product_id}", field=field, kind="product", id=product_id
            )
        return product

    def _item(self, ctx: Context, key: StockKey) -> StockItem:
        """Return the row with what its product and its warehouse are like now."""
        product = self._product(ctx, key.product_id, "entries")
        warehouse = self._tables.warehouses[ctx.company_id, key.warehouse_id]
        stocked = StockedProduct(
            sku=product.sku,
            active=product.state is ProductState.ACTIVE,
            stock_managed=product.stock_managed,
            tracking=product.tracking,
        )
        item = self._tables.stock.get((ctx.company_id, key), StockItem(key=key, product=stocked))
        return replace(
            item,
            product=stocked,
            warehouse_active=warehouse.state is WarehouseState.ACTIVE,
            may_go_negative=warehouse.may_go_negative,
        )

    def _write(self, ctx: Context, before: StockCount | None, count: StockCount) -> StockCount:
        self._journal.note_entity("inventory.stock_count", before, count)
        stored = count.stored(count.version + 1)
        self._tables.counts[ctx.company_id, stored.id] = stored
        return stored


def _place(cursor: Cursor) -> tuple[int, str]:
    return cursor.id.int, cursor.value

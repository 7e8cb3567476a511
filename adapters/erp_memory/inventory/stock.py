"""Stock in dictionaries. The store admits one writer at a time, so a lock is a mere note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from erp_core.catalog.entities import ProductId, ProductState
from erp_core.inventory.entities import (
    LockedStock,
    MovementId,
    StockDifference,
    StockedProduct,
    StockItem,
    StockKey,
    StockMovement,
    Valuation,
    WarehouseState,
)
from erp_core.inventory.ports import MovementQuery, StockQuery, StockRepository, ValuedItem
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import ZERO, Quantity
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryStock(StockRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal
        self._locked: dict[StockKey, StockItem] = {}

    def lock(
        self, ctx: Context, keys: Sequence[StockKey], *, receiving: bool = False
    ) -> LockedStock:
        items = {key: self._item(ctx, key) for key in keys}
        self._locked |= items
        products = sorted({key.product_id for key in keys})
        valuations = {each: self._valuation(ctx, each) for each in products}
        if receiving:
            valuations = {
                each: replace(valuation, on_hand=self._total(ctx, each))
                for each, valuation in valuations.items()
            }
        return LockedStock(items=items, valuations=valuations)

    def save(self, ctx: Context, stock: LockedStock) -> LockedStock:
        for key, item in stock.items.items():
            self._save_item(ctx, key, item)
        for product_id, valuation in stock.valuations.items():
            known = self._valuation(ctx, product_id)
            changed = known.average_cost != valuation.average_cost
            version = known.version + 1 if changed else known.version
            kept = replace(valuation, version=version, on_hand=None)
            self._tables.valuations[ctx.company_id, product_id] = kept
        for movement in stock.movements:
            if (ctx.company_id, movement.id) in self._tables.movements:
                raise AlreadyExistsError("a movement of this id exists", field="id")
            self._tables.movements[ctx.company_id, movement.id] = movement
        valuations = {
            each: replace(valuation, version=self._valuation(ctx, each).version)
            for each, valuation in stock.valuations.items()
        }
        return LockedStock(
            items={key: self._locked[key] for key in stock.items}, valuations=valuations
        )

    def items(self, ctx: Context, query: StockQuery) -> Page[ValuedItem]:
        request = query.page
        if request.sort != "id" or request.descending:
            raise MalformedError(
                "stock is read in the order of product and warehouse only",
                code="page.sort",
                field="sort",
                known="id",
            )
        keys = sorted(
            key
            for (owner, key) in self._tables.stock
            if owner == ctx.company_id
            and query.product_id in (None, key.product_id)
            and query.warehouse_id in (None, key.warehouse_id)
        )
        total = len(keys) if request.count else None
        if request.after is not None:
            place = StockKey.at(request.after)
            keys = [key for key in keys if key > place]
        found = tuple(self._valued(ctx, key) for key in keys[: request.limit])
        more = len(keys) > request.limit
        return Page(items=found, next=found[-1].item.key.cursor if more else None, total=total)

    def movement(self, ctx: Context, movement_id: MovementId) -> StockMovement:
        movement = self._tables.movements.get((ctx.company_id, movement_id))
        if movement is None:
            raise NotFoundError(f"no movement {movement_id}", kind="movement", id=movement_id)
        return movement

    def movements(self, ctx: Context, query: MovementQuery) -> Page[StockMovement]:
        found = (
            each
            for each in self._of(ctx)
            if query.product_id in (None, each.key.product_id)
            and query.warehouse_id in (None, each.key.warehouse_id)
            and (query.since is None or each.posting.at >= query.since)
            and (query.until is None or each.posting.at < query.until)
        )
        return page_of(found, query.page)

    def differences(self, ctx: Context, limit: int) -> tuple[StockDifference, ...]:
        moved: dict[StockKey, Quantity] = {}
        for each in self._of(ctx):
            moved[each.key] = moved.get(each.key, ZERO) + each.quantity
        found = (
            StockDifference(key=key, on_hand=item.on_hand, moved=moved.get(key, ZERO))
            for (owner, key), item in self._tables.stock.items()
            if owner == ctx.company_id and item.on_hand != moved.get(key, ZERO)
        )
        return tuple(sorted(found, key=lambda each: each.key)[:limit])

    def _of(self, ctx: Context) -> Iterator[StockMovement]:
        return (
            each for (owner, _), each in self._tables.movements.items() if owner == ctx.company_id
        )

    def _item(self, ctx: Context, key: StockKey) -> StockItem:
        """Return the row with what its product and its warehouse are like now."""
        product = self._tables.products.get((ctx.company_id, key.product_id))
        if product is None:
            raise NotFoundError(
                f"no product {key.product_id}",
                field="product_id",
                kind="product",
                id=key.product_id,
            )
        warehouse = self._tables.warehouses.get((ctx.company_id, key.warehouse_id))
        if warehouse is None:
            raise NotFoundError(
                f"no warehouse {key.warehouse_id}", field="warehouse_id", kind="warehouse"
            )
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

    def _valued(self, ctx: Context, key: StockKey) -> ValuedItem:
        average = self._valuation(ctx, key.product_id).average_cost
        return ValuedItem(item=self._item(ctx, key), average_cost=average)

    def _valuation(self, ctx: Context, product_id: ProductId) -> Valuation:
        known = self._tables.valuations.get((ctx.company_id, product_id))
        return known or Valuation(product_id=product_id)

    def _total(self, ctx: Context, product_id: ProductId) -> Quantity:
        return sum(
            (
                item.on_hand
                for (owner, key), item in self._tables.stock.items()
                if owner == ctx.company_id and key.product_id == product_id
            ),
            ZERO,
        )

    def _save_item(self, ctx: Context, key: StockKey, item: StockItem) -> None:
        before = self._locked.get(key)
        if before is None or before.version != item.version:
            raise StaleVersionError(f"stock {key} is not locked")
        if item == before:
            return
        self._journal.note(
            "inventory.stock_item",
            str(key),
            {"on_hand": str(before.on_hand), "reserved": str(before.reserved)},
            {"on_hand": str(item.on_hand), "reserved": str(item.reserved)},
        )
        self._locked[key] = replace(item, version=item.version + 1)
        self._tables.stock[ctx.company_id, key] = self._locked[key]

"""Stock in dictionaries. The store admits one writer at a time, so a lock is a mere note."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from erp_core.catalog.entities import Product, ProductId, ProductState, Tracking
from erp_core.inventory.entities import (
    LockedStock,
    Lot,
    MovementId,
    Reservation,
    StockDifference,
    StockedProduct,
    StockItem,
    StockKey,
    StockMovement,
    StockRule,
    Valuation,
    WarehouseId,
    WarehouseState,
)
from erp_core.inventory.ports import (
    MovementQuery,
    ReservationQuery,
    StockQuery,
    StockRepository,
    ValuedItem,
)
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
from erp_core.kernel.totals import Total
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryStock(StockRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._journal = journal
        self._locked: dict[StockKey, StockItem] = {}

    def lock(
        self,
        ctx: Context,
        keys: Sequence[StockKey],
        *,
        receiving: bool = False,
        origins: Sequence[str] = (),
    ) -> LockedStock:
        for each in sorted({key.product_id for key in keys}):
            self._product(ctx, each)  # what is not there is said before anything of warehouses
        asked = set(keys)
        items = {key: self._with_elsewhere(ctx, self._item(ctx, key), asked) for key in keys}
        self._locked |= items
        products = sorted({key.product_id for key in keys})
        valuations = {each: self._valuation(ctx, each) for each in products}
        if receiving:
            valuations = {
                each: replace(valuation, on_hand=self._total(ctx, each))
                for each, valuation in valuations.items()
            }
        places = {(key.product_id, key.lot) for key in keys if key.lot}
        known = {each: self._lot(ctx, *each) for each in places}
        lots = {place: lot for place, lot in known.items() if lot is not None}
        reservations = {
            (key, origin): found
            for key in keys
            for origin in origins
            if (found := self._tables.reservations.get((ctx.company_id, key, origin)))
        }
        return LockedStock(
            items=items, valuations=valuations, lots=lots, reservations=reservations
        )

    def save(self, ctx: Context, stock: LockedStock) -> LockedStock:
        moved = {movement.key for movement in stock.movements}
        for key, item in stock.items.items():
            # A movement needs its row, even one by which nothing changed.
            self._save_item(ctx, key, item, anew=not item.version and key in moved)
        valuations = {
            key: self._save_valuation(ctx, each) for key, each in stock.valuations.items()
        }
        lots = {place: self._save_lot(ctx, lot) for place, lot in stock.lots.items()}
        for place, reservation in stock.reservations.items():
            self._save_reservation(ctx, *place, reservation)
        self._append(ctx, stock.movements)
        return LockedStock(
            items={key: self._locked[key] for key in stock.items},
            valuations=valuations,
            lots=lots,
            reservations={
                place: each for place, each in stock.reservations.items() if each.quantity > ZERO
            },
        )

    def add_many(self, ctx: Context, stocks: Sequence[LockedStock]) -> None:
        for stock in stocks:
            for key in stock.items:
                if (ctx.company_id, key) in self._tables.stock:
                    raise AlreadyExistsError("there is stock of it already")
            self._locked |= {key: self._item(ctx, key) for key in stock.items}
            for key, item in stock.items.items():
                self._tables.stock[ctx.company_id, key] = replace(item, version=1)
            for valuation in stock.valuations.values():
                self._save_valuation(ctx, valuation)
            for lot in stock.lots.values():
                self._tables.lots[ctx.company_id, lot.id] = lot.stored(1)
            self._append(ctx, stock.movements)
        if stocks:
            self._journal.note("inventory.stock_item", "many", {}, {"count": str(len(stocks))})

    def items(self, ctx: Context, query: StockQuery) -> Page[ValuedItem]:
        request = query.page
        if request.sort != "id" or request.descending:
            raise MalformedError(
                "stock is read in the order of product and warehouse only",
                code="page.sort",
                field="sort",
                known="id",
            )
        places = self._places(ctx, query)
        keys = sorted(
            key
            for (owner, key) in self._tables.stock
            if owner == ctx.company_id
            and query.product_id in (None, key.product_id)
            and (places is None or key.warehouse_id in places)
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
            and query.lot in ("", each.key.lot)
            and (query.since is None or each.posting.at >= query.since)
            and (query.until is None or each.posting.at < query.until)
        )
        return page_of(found, query.page)

    def referring(self, ctx: Context, movement_id: MovementId) -> tuple[StockMovement, ...]:
        found = (each for each in self._of(ctx) if each.posting.reference_id == movement_id)
        return tuple(sorted(found, key=lambda each: each.id)[:1000])

    def reservations(self, ctx: Context, query: ReservationQuery) -> Page[Reservation]:
        found = (
            each
            for each in self._promises(ctx)
            if query.product_id in (None, each.key.product_id)
            and query.warehouse_id in (None, each.key.warehouse_id)
            and each.origin.startswith(query.origin)
        )
        return page_of(found, query.page)

    def differences(self, ctx: Context, limit: int) -> tuple[StockDifference, ...]:
        moved, promised = (
            defaultdict[StockKey, Decimal](Decimal),
            defaultdict[StockKey, Decimal](Decimal),
        )
        for each in self._of(ctx):
            moved[each.key] += each.quantity.value
        for promise in self._promises(ctx):
            promised[promise.key] += promise.quantity.value
        keys = sorted(key for owner, key in self._tables.stock if owner == ctx.company_id)
        rows = [self._item(ctx, key) for key in keys]
        found: dict[StockRule, list[StockDifference]] = {rule: [] for rule in StockRule}
        for item in rows:
            for rule, says, expected in (
                (StockRule.ON_HAND, Total(item.on_hand.value), Total(moved[item.key])),
                (StockRule.RESERVED, Total(item.reserved.value), Total(promised[item.key])),
                (
                    StockRule.NEGATIVE,
                    Total(item.on_hand.value),
                    Total(max(item.on_hand, ZERO).value),
                ),
            ):
                if says != expected and not (rule is StockRule.NEGATIVE and item.may_go_negative):
                    found[rule].append(
                        StockDifference(key=item.key, rule=rule, found=says, expected=expected)
                    )
        return tuple(each for rule in StockRule for each in found[rule][:limit])

    def count_differences(self, ctx: Context) -> int:
        return len(self.differences(ctx, sys.maxsize))

    def _places(self, ctx: Context, query: StockQuery) -> set[WarehouseId] | None:
        """Return the warehouses that are asked for; None: all."""
        if query.warehouse_id is None:
            return None
        found, new = {query.warehouse_id}, {query.warehouse_id}
        while query.include_below and new:
            new = {
                warehouse.id
                for (owner, _), warehouse in self._tables.warehouses.items()
                if owner == ctx.company_id and warehouse.parent_id in new
            } - found
            found |= new
        return found

    def _append(self, ctx: Context, movements: Sequence[StockMovement]) -> None:
        for movement in movements:
            if (ctx.company_id, movement.id) in self._tables.movements:
                raise AlreadyExistsError("a movement of this id exists", field="id")
            self._tables.movements[ctx.company_id, movement.id] = movement

    def _of(self, ctx: Context) -> Iterator[StockMovement]:
        return (
            each for (owner, _), each in self._tables.movements.items() if owner == ctx.company_id
        )

    def _promises(self, ctx: Context) -> Iterator[Reservation]:
        return (
            each
            for (owner, _, _), each in self._tables.reservations.items()
            if owner == ctx.company_id
        )

    def _lot(self, ctx: Context, product_id: ProductId, number: str) -> Lot | None:
        return next(
            (
                lot
                for (owner, _), lot in self._tables.lots.items()
                if owner == ctx.company_id and (lot.product_id, lot.number) == (product_id, number)
            ),
            None,
        )

    def _with_elsewhere(self, ctx: Context, item: StockItem, asked: set[StockKey]) -> StockItem:
        if item.product.tracking is not Tracking.SERIAL:
            return item
        same = (
            each.on_hand
            for (owner, key), each in self._tables.stock.items()
            if owner == ctx.company_id
            and (key.product_id, key.lot) == (item.key.product_id, item.key.lot)
            and key not in asked
        )
        return replace(item, elsewhere=sum(same, ZERO))

    def _item(self, ctx: Context, key: StockKey) -> StockItem:
        """Return the row with what its product and its warehouse are like now."""
        product = self._product(ctx, key.product_id)
        warehouse = self._tables.warehouses.get((ctx.company_id, key.warehouse_id))
        if warehouse is None:
            raise NotFoundError(
                f"no warehouse {key.warehouse_id}",
                field="warehouse_id",
                kind="warehouse",
                id=key.warehouse_id,
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
            in_transit=warehouse.is_transit,
        )

    def _product(self, ctx: Context, product_id: ProductId) -> Product:
        product = self._tables.products.get((ctx.company_id, product_id))
        if product is None:
            raise NotFoundError(
                f"no product {product_id}", field="product_id", kind="product", id=product_id
            )
        return product

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

    def _save_valuation(self, ctx: Context, valuation: Valuation) -> Valuation:
        known = self._valuation(ctx, valuation.product_id)
        changed = known.average_cost != valuation.average_cost
        stored = replace(valuation, version=known.version + 1 if changed else known.version)
        place = (ctx.company_id, valuation.product_id)
        self._tables.valuations[place] = replace(stored, on_hand=None)
        return stored

    def _save_lot(self, ctx: Context, lot: Lot) -> Lot:
        before = self._lot(ctx, lot.product_id, lot.number)
        if lot == before:
            return lot
        self._journal.note_entity("inventory.lot", before, lot)
        stored = lot.stored(lot.version + 1)
        self._tables.lots[ctx.company_id, lot.id] = stored
        return stored

    def _save_reservation(
        self, ctx: Context, key: StockKey, origin: str, reservation: Reservation
    ) -> None:
        place = (ctx.company_id, key, origin)
        before = self._tables.reservations.get(place)
        if reservation == before:
            return
        self._journal.note_entity("inventory.reservation", before, reservation)
        if reservation.quantity > ZERO:
            self._tables.reservations[place] = reservation
        else:
            self._tables.reservations.pop(place, None)

    def _save_item(self, ctx: Context, key: StockKey, item: StockItem, *, anew: bool) -> None:
        before = self._locked.get(key)
        if before is None or before.version != item.version:
            raise StaleVersionError(f"stock {key} is not locked")
        if item == before and not anew:
            return
        self._journal.note(
            "inventory.stock_item",
            str(key),
            {"on_hand": str(before.on_hand), "reserved": str(before.reserved)},
            {"on_hand": str(item.on_hand), "reserved": str(item.reserved)},
        )
        self._locked[key] = replace(item, version=item.version + 1)
        self._tables.stock[ctx.company_id, key] = replace(self._locked[key], elsewhere=ZERO)

"""Stock over one connection. Locking is the whole art: one order, then read, then decide.

The valuation of a product is the first lock of everybody who moves its stock, in any warehouse.
Valuations are made where they are missing, then locked, in order of product; whoever has them is
alone with all rows of these products. So the stock rows need no making in advance: a row that is
not there yet is inserted when it is saved, and nobody else can be about to do the same. What is
known of lots and reservations is read under the same lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from erp_core.catalog.entities import ProductId, Tracking
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
    Valuation,
    WarehouseId,
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
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import ZERO, Quantity
from erp_sql.inventory import stock_queries, stock_writing, warehouse_tree
from erp_sql.inventory import stock_statements as sql
from erp_sql.inventory.mappers import (
    read_item,
    read_key,
    read_lot,
    read_reservation,
    read_stocked_product,
    read_valuation,
    write_valuation,
)


@dataclass(slots=True)
class _Subjects:
    """What the rows to be locked are rows of."""

    products: dict[ProductId, StockedProduct] = field(default_factory=dict)
    warehouses: dict[WarehouseId, Any] = field(default_factory=dict)


class SqlStock(StockRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        # As they are in the database, and ours alone.
        self._items: dict[StockKey, StockItem] = {}
        self._valuations: dict[ProductId, Valuation] = {}
        self._lots: dict[tuple[ProductId, str], Lot] = {}
        self._reservations: dict[tuple[StockKey, str], Reservation] = {}

    def lock(
        self,
        ctx: Context,
        keys: Sequence[StockKey],
        *,
        receiving: bool = False,
        origins: Sequence[str] = (),
    ) -> LockedStock:
        if not keys:
            return LockedStock(items={}, valuations={})
        asked: dict[str, Any] = {
            "company": ctx.company_id,
            "products": sorted({key.product_id for key in keys}),
            "warehouses": sorted({key.warehouse_id for key in keys}),
            "lots": sorted({key.lot for key in keys}),
            "origins": sorted(set(origins)),
        }
        subjects = self._subjects(ctx, asked)
        self._lock_valuations(asked, receiving=receiving)
        self._lock_items(asked, keys, subjects)
        lots = self._known_lots(asked) if any(asked["lots"]) else {}
        reservations = self._known_reservations(asked, set(keys)) if origins else {}
        return LockedStock(
            items={key: self._items[key] for key in keys},
            valuations={each: self._valuations[each] for each in asked["products"]},
            lots=lots,
            reservations=reservations,
        )

    def save(self, ctx: Context, stock: LockedStock) -> LockedStock:
        moved = {movement.key for movement in stock.movements}
        changed = [(self._ours(item), item) for item in stock.items.values()]
        # A movement needs its row, even one by which nothing changed, such as a first count of 0.
        changed = [
            (before, item)
            for before, item in changed
            if before != item or (not item.version and item.key in moved)
        ]
        stock_writing.save_items(self._connection, ctx, changed)
        self._save_valuations(ctx, stock)
        self._save_lots(ctx, stock)
        self._save_reservations(ctx, stock)
        stock_writing.append(self._connection, ctx, stock.movements)
        for before, item in changed:
            self._items[item.key] = replace(item, version=item.version + 1)
            self._journal.note(
                "inventory.stock_item",
                str(item.key),
                {"on_hand": str(before.on_hand), "reserved": str(before.reserved)},
                {"on_hand": str(item.on_hand), "reserved": str(item.reserved)},
            )
        return LockedStock(
            items={key: self._items[key] for key in stock.items},
            valuations={key: self._valuations[key] for key in stock.valuations},
            lots={key: self._lots[key] for key in stock.lots},
            reservations={
                key: self._reservations[key]
                for key in stock.reservations
                if key in self._reservations
            },
        )

    def add_many(self, ctx: Context, stocks: Sequence[LockedStock]) -> None:
        if stocks:
            stock_writing.add_many(self._connection, ctx, stocks)
            self._journal.note("inventory.stock_item", "many", {}, {"count": str(len(stocks))})

    def items(self, ctx: Context, query: StockQuery) -> Page[ValuedItem]:
        return stock_queries.items(self._connection, ctx, query)

    def movement(self, ctx: Context, movement_id: MovementId) -> StockMovement:
        return stock_queries.movement(self._connection, ctx, movement_id)

    def movements(self, ctx: Context, query: MovementQuery) -> Page[StockMovement]:
        return stock_queries.movements(self._connection, ctx, query)

    def referring(self, ctx: Context, movement_id: MovementId) -> tuple[StockMovement, ...]:
        return stock_queries.referring(self._connection, ctx, movement_id)

    def reservations(self, ctx: Context, query: ReservationQuery) -> Page[Reservation]:
        return stock_queries.reservations(self._connection, ctx, query)

    def differences(self, ctx: Context, limit: int) -> tuple[StockDifference, ...]:
        return stock_queries.differences(self._connection, ctx, limit)

    def count_differences(self, ctx: Context) -> int:
        return stock_queries.count_differences(self._connection, ctx)

    def _subjects(self, ctx: Context, asked: dict[str, Any]) -> _Subjects:
        rows = sql.SUBJECTS.rows(self._connection, asked)
        found = _Subjects()
        for row in rows:
            found.warehouses[WarehouseId(row.warehouse_id)] = row
            if row.product_id not in found.products:
                found.products[ProductId(row.product_id)] = read_stocked_product(row)
        products, warehouses = len(found.products), len(found.warehouses)
        if products < len(asked["products"]) or warehouses < len(asked["warehouses"]):
            stock_queries.name_missing(self._connection, asked)
        if any(row.valued is None for row in rows):
            warehouse_tree.lock_to_insert(self._connection, ctx)
            # All of them: MySQL locks those that are there as well, and so in the order of all.
            new = [Valuation(product_id=each, version=-1) for each in asked["products"]]
            made = [write_valuation(ctx.company_id, each) for each in new]
            sql.MAKE_VALUATIONS(self._connection, made)
        return found

    def _lock_valuations(self, asked: dict[str, Any], *, receiving: bool) -> None:
        rows = sql.LOCK_VALUATIONS.rows(self._connection, asked)
        totals: dict[ProductId, Quantity] = {}
        if receiving:  # exact, since whoever would change a row of these products waits for us
            for row in sql.TOTALS.rows(self._connection, asked):
                totals[ProductId(row.product_id)] = Quantity(row.total)
        for row in rows:
            product_id = ProductId(row.product_id)
            total = totals.get(product_id, ZERO) if receiving else None
            self._valuations[product_id] = read_valuation(row, total)

    def _lock_items(
        self, asked: dict[str, Any], keys: Sequence[StockKey], subjects: _Subjects
    ) -> None:
        rows = {read_key(row): row for row in sql.LOCK_ITEMS.rows(self._connection, asked)}
        for key in keys:
            product, warehouse = subjects.products[key.product_id], subjects.warehouses
            item = read_item(rows.get(key), key, product, warehouse[key.warehouse_id])
            self._items[key] = item
        tracked = {each.tracking for each in subjects.products.values()}
        if Tracking.SERIAL in tracked:
            self._look_elsewhere(asked, set(keys))

    def _look_elsewhere(self, asked: dict[str, Any], keys: set[StockKey]) -> None:
        """Find out of which serials there is one in a warehouse that is not asked for."""
        totals = {
            (row.product_id, row.lot): Quantity(row.total)
            for row in sql.LOT_TOTALS.rows(self._connection, asked)
        }
        for key in keys:  # what is left of the total when all that is asked for is taken off
            place = (key.product_id, key.lot)
            totals[place] = totals.get(place, ZERO) - self._items[key].on_hand
        for key in keys:
            elsewhere = totals[key.product_id, key.lot]
            self._items[key] = replace(self._items[key], elsewhere=elsewhere)

    def _known_lots(self, asked: dict[str, Any]) -> dict[tuple[ProductId, str], Lot]:
        found = [read_lot(row) for row in sql.KNOWN_LOTS.rows(self._connection, asked)]
        lots = {(lot.product_id, lot.number): lot for lot in found}
        self._lots |= lots
        return lots

    def _known_reservations(
        self, asked: dict[str, Any], keys: set[StockKey]
    ) -> dict[tuple[StockKey, str], Reservation]:
        rows = map(read_reservation, sql.RESERVATIONS.rows(self._connection, asked))
        found = {(each.key, each.origin): each for each in rows if each.key in keys}
        self._reservations |= found
        return found

    def _ours(self, item: StockItem) -> StockItem:
        before = self._items.get(item.key)
        if before is None or before.version != item.version:
            raise StaleVersionError(f"stock {item.key} is not locked")
        return before

    def _save_valuations(self, ctx: Context, stock: LockedStock) -> None:
        changed = [
            each
            for each in stock.valuations.values()
            if each.average_cost != self._valuations[each.product_id].average_cost
        ]
        stock_writing.save_valuations(self._connection, ctx, changed)
        self._valuations |= stock.valuations
        for each in changed:
            self._valuations[each.product_id] = replace(each, version=each.version + 1)

    def _save_lots(self, ctx: Context, stock: LockedStock) -> None:
        changed = [lot for place, lot in stock.lots.items() if lot != self._lots.get(place)]
        stock_writing.save_lots(self._connection, ctx, changed)
        for lot in changed:
            place = (lot.product_id, lot.number)
            self._journal.note_entity("inventory.lot", self._lots.get(place), lot)
            self._lots[place] = lot.stored(lot.version + 1)

    def _save_reservations(self, ctx: Context, stock: LockedStock) -> None:
        known, changed = set(self._reservations), []
        for place, reservation in stock.reservations.items():
            if reservation == self._reservations.get(place):
                continue
            changed.append(reservation)
            self._journal.note_entity(
                "inventory.reservation", self._reservations.get(place), reservation
            )
            if reservation.quantity == ZERO:
                self._reservations.pop(place, None)
            else:
                self._reservations[place] = reservation
        stock_writing.save_reservations(self._connection, ctx, changed, known)

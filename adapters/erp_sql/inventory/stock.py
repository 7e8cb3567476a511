"""Stock over one connection. Locking is the whole art: one order, then read, then decide.

The valuation of a product is the first lock of everybody who moves its stock, in any warehouse.
Valuations are made where they are missing, then locked, in order of product; whoever has them is
alone with all rows of these products. So the stock rows need no making in advance: a row that is
not there yet is inserted when it is saved, and nobody else can be about to do the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, cast

from sqlalchemy import (
    BindParameter,
    Connection,
    CursorResult,
    Table,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    LockedStock,
    MovementId,
    StockDifference,
    StockedProduct,
    StockItem,
    StockKey,
    StockMovement,
    Valuation,
    WarehouseId,
)
from erp_core.inventory.ports import MovementQuery, StockQuery, StockRepository, ValuedItem
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import Quantity
from erp_sql.catalog.models import ProductRow
from erp_sql.dialects import InsertAbsent
from erp_sql.inventory import stock_queries
from erp_sql.inventory.mappers import (
    read_item,
    read_key,
    read_stocked_product,
    read_valuation,
    write_item,
    write_movement,
    write_valuation,
)
from erp_sql.inventory.models import (
    StockItemRow,
    StockMovementRow,
    ValuationRow,
    WarehouseRow,
)

_PRODUCT: Final = cast("Table", ProductRow.__table__)
_WAREHOUSE: Final = cast("Table", WarehouseRow.__table__)
_ITEM: Final = cast("Table", StockItemRow.__table__)
_VALUATION: Final = cast("Table", ValuationRow.__table__)

_COMPANY: Final[BindParameter[Any]] = bindparam("company")
_PRODUCTS: Final[BindParameter[Any]] = bindparam("products", expanding=True)
_WAREHOUSES: Final[BindParameter[Any]] = bindparam("warehouses", expanding=True)
_LOTS: Final[BindParameter[Any]] = bindparam("lots", expanding=True)

# Every product with every warehouse of the document: one row where a document has one line.
_SUBJECTS: Final = (
    select(
        _PRODUCT.c.id.label("product_id"),
        _PRODUCT.c.sku,
        _PRODUCT.c.state.label("product_state"),
        _PRODUCT.c.stock_managed,
        _PRODUCT.c.tracking,
        _WAREHOUSE.c.id.label("warehouse_id"),
        _WAREHOUSE.c.state.label("warehouse_state"),
        _WAREHOUSE.c.may_go_negative.label("warehouse_may_go_negative"),
        _VALUATION.c.product_id.label("valued"),
    )
    .join_from(_PRODUCT, _WAREHOUSE, _WAREHOUSE.c.company_id == _PRODUCT.c.company_id)
    .outerjoin(
        _VALUATION,
        and_(
            _VALUATION.c.company_id == _PRODUCT.c.company_id,
            _VALUATION.c.product_id == _PRODUCT.c.id,
        ),
    )
    .where(
        _PRODUCT.c.company_id == _COMPANY,
        _PRODUCT.c.id.in_(_PRODUCTS),
        _WAREHOUSE.c.id.in_(_WAREHOUSES),
    )
)
_MAKE_VALUATIONS: Final = InsertAbsent(_VALUATION)
_LOCK_VALUATIONS: Final = (
    select(_VALUATION)
    .where(_VALUATION.c.company_id == _COMPANY, _VALUATION.c.product_id.in_(_PRODUCTS))
    .order_by(_VALUATION.c.product_id)
    .with_for_update()
)
# Not the pairs asked for, but all that they could be combined to: MariaDB finds no index for
# pairs, and every row it locks is one of products that are ours already.
_LOCK_ITEMS: Final = (
    select(_ITEM)
    .where(
        _ITEM.c.company_id == _COMPANY,
        _ITEM.c.product_id.in_(_PRODUCTS),
        _ITEM.c.warehouse_id.in_(_WAREHOUSES),
        _ITEM.c.lot.in_(_LOTS),
    )
    .order_by(_ITEM.c.product_id, _ITEM.c.warehouse_id, _ITEM.c.lot)
    .with_for_update()
)
_TOTALS: Final = (
    select(_ITEM.c.product_id, func.sum(_ITEM.c.on_hand).label("total"))
    .where(_ITEM.c.company_id == _COMPANY, _ITEM.c.product_id.in_(_PRODUCTS))
    .group_by(_ITEM.c.product_id)
)
_ADD_ITEMS: Final = insert(_ITEM)
_SAVE_ITEMS: Final = (
    update(_ITEM)
    .where(
        _ITEM.c.company_id == bindparam("_company"),
        _ITEM.c.product_id == bindparam("_product"),
        _ITEM.c.warehouse_id == bindparam("_warehouse"),
        _ITEM.c.lot == bindparam("_lot"),
        _ITEM.c.version == bindparam("_version"),
    )
    .values(
        version=bindparam("version"),
        on_hand=bindparam("on_hand"),
        reserved=bindparam("reserved"),
        may_go_negative=bindparam("may_go_negative"),
    )
)
_SAVE_VALUATIONS: Final = (
    update(_VALUATION)
    .where(
        _VALUATION.c.company_id == bindparam("_company"),
        _VALUATION.c.product_id == bindparam("_product"),
        _VALUATION.c.version == bindparam("_version"),
    )
    .values(
        version=bindparam("version"),
        average_cost=bindparam("average_cost"),
        currency=bindparam("currency"),
    )
)
_ADD_MOVEMENTS: Final = insert(StockMovementRow)


class SqlStock(StockRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._items: dict[StockKey, StockItem] = {}  # as they are in the database, and ours
        self._valuations: dict[ProductId, Valuation] = {}

    def lock(
        self, ctx: Context, keys: Sequence[StockKey], *, receiving: bool = False
    ) -> LockedStock:
        if not keys:
            return LockedStock(items={}, valuations={})
        asked: dict[str, Any] = {
            "company": ctx.company_id,
            "products": sorted({key.product_id for key in keys}),
            "warehouses": sorted({key.warehouse_id for key in keys}),
            "lots": sorted({key.lot for key in keys}),
        }
        subjects = self._subjects(ctx, asked)
        self._lock_valuations(asked, receiving=receiving)
        rows = {read_key(row): row for row in self._connection.execute(_LOCK_ITEMS, asked)}
        for key in keys:
            product, warehouse = _subject(subjects, key)
            self._items[key] = read_item(rows.get(key), key, product, warehouse)
        return LockedStock(
            items={key: self._items[key] for key in keys},
            valuations={each: self._valuations[each] for each in asked["products"]},
        )

    def save(self, ctx: Context, stock: LockedStock) -> LockedStock:
        changed = [(self._ours(item), item) for item in stock.items.values()]
        changed = [(before, item) for before, item in changed if before != item]
        self._save_items(ctx, changed)
        self._save_valuations(ctx, stock)
        if stock.movements:
            rows = [write_movement(ctx.company_id, each) for each in stock.movements]
            try:
                self._connection.execute(_ADD_MOVEMENTS, rows)
            except IntegrityError as error:  # the item is ours: only the id can be taken
                raise AlreadyExistsError("a movement of this id exists", field="id") from error
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
        )

    def items(self, ctx: Context, query: StockQuery) -> Page[ValuedItem]:
        return stock_queries.items(self._connection, ctx, query)

    def movement(self, ctx: Context, movement_id: MovementId) -> StockMovement:
        return stock_queries.movement(self._connection, ctx, movement_id)

    def movements(self, ctx: Context, query: MovementQuery) -> Page[StockMovement]:
        return stock_queries.movements(self._connection, ctx, query)

    def differences(self, ctx: Context, limit: int) -> tuple[StockDifference, ...]:
        return stock_queries.differences(self._connection, ctx, limit)

    def _subjects(
        self, ctx: Context, asked: dict[str, Any]
    ) -> tuple[dict[ProductId, StockedProduct], dict[WarehouseId, Any]]:
        rows = self._connection.execute(_SUBJECTS, asked).all()
        products = {ProductId(row.product_id): read_stocked_product(row) for row in rows}
        warehouses = {WarehouseId(row.warehouse_id): row for row in rows}
        if len(products) < len(asked["products"]) or len(warehouses) < len(asked["warehouses"]):
            stock_queries.name_missing(self._connection, asked)
        missing = {row.product_id for row in rows if row.valued is None}
        new = [
            write_valuation(ctx.company_id, Valuation(product_id=ProductId(each), version=-1))
            for each in sorted(missing)
        ]
        _MAKE_VALUATIONS(self._connection, new)
        return products, warehouses

    def _lock_valuations(self, asked: dict[str, Any], *, receiving: bool) -> None:
        rows = self._connection.execute(_LOCK_VALUATIONS, asked).all()
        totals: dict[ProductId, Quantity] = {}
        if receiving:  # exact, since whoever would change a row of these products waits for us
            for row in self._connection.execute(_TOTALS, asked):
                totals[ProductId(row.product_id)] = Quantity(row.total)
        for row in rows:
            product_id = ProductId(row.product_id)
            total = totals.get(product_id, Quantity()) if receiving else None
            self._valuations[product_id] = read_valuation(row, total)

    def _ours(self, item: StockItem) -> StockItem:
        before = self._items.get(item.key)
        if before is None or before.version != item.version:
            raise StaleVersionError(f"stock {item.key} is not locked")
        return before

    def _save_items(self, ctx: Context, changed: Sequence[tuple[StockItem, StockItem]]) -> None:
        rows = [write_item(ctx.company_id, before, item) for before, item in changed]
        new = [row for row in rows if row["version"] == 1]
        if new:
            self._connection.execute(_ADD_ITEMS, new)
        old = [_keyed(row) for row in rows if row["version"] > 1]
        _update(self._connection, _SAVE_ITEMS, old)

    def _save_valuations(self, ctx: Context, stock: LockedStock) -> None:
        changed = []
        for product_id, valuation in stock.valuations.items():
            if valuation.average_cost != self._valuations[product_id].average_cost:
                changed.append(_keyed(write_valuation(ctx.company_id, valuation)))
                valuation = replace(valuation, version=valuation.version + 1)  # noqa: PLW2901  # as stored
            self._valuations[product_id] = valuation
        _update(self._connection, _SAVE_VALUATIONS, changed)


def _subject(
    subjects: tuple[dict[ProductId, StockedProduct], dict[WarehouseId, Any]], key: StockKey
) -> tuple[StockedProduct, Any]:
    products, warehouses = subjects
    return products[key.product_id], warehouses[key.warehouse_id]


_KEYS: Final = {
    "company_id": "_company",
    "product_id": "_product",
    "warehouse_id": "_warehouse",
    "lot": "_lot",
}


def _keyed(row: dict[str, Any]) -> dict[str, Any]:
    """Tell the key of a row from what is written into it."""
    named = {_KEYS.get(name, name): value for name, value in row.items()}
    return named | {"_version": row["version"] - 1}


def _update(connection: Connection, statement: Any, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    result: CursorResult[Any] = connection.execute(statement, rows)
    # A batch reports the count of its last statement alone on some drivers, so that one row is
    # checked exactly, and of many the locks that are held are the warrant.
    if len(rows) == 1 and result.rowcount != 1:
        raise StaleVersionError("the stock has changed meanwhile")

"""What is read of stock: rows, movements, and whether the one explains the other."""

from __future__ import annotations

from typing import Any, Final, NoReturn, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from erp_core.inventory.entities import (
    MovementId,
    StockDifference,
    StockKey,
    StockMovement,
)
from erp_core.inventory.ports import MovementQuery, StockQuery, ValuedItem
from erp_core.kernel.context import Context
from erp_core.kernel.errors import MalformedError, NotFoundError
from erp_core.kernel.page import Cursor, Page
from erp_core.kernel.quantity import Quantity
from erp_sql.catalog.models import ProductRow
from erp_sql.inventory.mappers import (
    read_item,
    read_key,
    read_movement,
    read_stocked_product,
)
from erp_sql.inventory.models import (
    StockItemRow,
    StockMovementRow,
    ValuationRow,
    WarehouseRow,
)
from erp_sql.keyset import Keyset
from erp_sql.values import read_price

_PRODUCT: Final = cast("Table", ProductRow.__table__)
_WAREHOUSE: Final = cast("Table", WarehouseRow.__table__)
_ITEM: Final = cast("Table", StockItemRow.__table__)
_VALUATION: Final = cast("Table", ValuationRow.__table__)
_MOVEMENT: Final = cast("Table", StockMovementRow.__table__)

_ITEMS: Final = (
    select(
        _ITEM,
        _PRODUCT.c.sku,
        _PRODUCT.c.state.label("product_state"),
        _PRODUCT.c.stock_managed,
        _PRODUCT.c.tracking,
        _WAREHOUSE.c.state.label("warehouse_state"),
        _WAREHOUSE.c.may_go_negative.label("warehouse_may_go_negative"),
        _VALUATION.c.average_cost,
        _VALUATION.c.currency,
    )
    .join(
        _PRODUCT,
        and_(_PRODUCT.c.company_id == _ITEM.c.company_id, _PRODUCT.c.id == _ITEM.c.product_id),
    )
    .join(
        _WAREHOUSE,
        and_(
            _WAREHOUSE.c.company_id == _ITEM.c.company_id,
            _WAREHOUSE.c.id == _ITEM.c.warehouse_id,
        ),
    )
    .join(
        _VALUATION,
        and_(
            _VALUATION.c.company_id == _ITEM.c.company_id,
            _VALUATION.c.product_id == _ITEM.c.product_id,
        ),
    )
    .order_by(_ITEM.c.product_id, _ITEM.c.warehouse_id, _ITEM.c.lot)
)
_ONE_MOVEMENT: Final = select(_MOVEMENT).where(
    _MOVEMENT.c.company_id == bindparam("company"), _MOVEMENT.c.id == bindparam("id")
)
_MOVEMENTS: Final = Keyset(_MOVEMENT, {})

_MOVED: Final = func.coalesce(func.sum(_MOVEMENT.c.quantity), 0)
_DIFFERENCES: Final = (
    select(
        _ITEM.c.product_id,
        _ITEM.c.warehouse_id,
        _ITEM.c.lot,
        _ITEM.c.on_hand,
        func.sum(_MOVEMENT.c.quantity).label("moved"),
    )
    .outerjoin(
        _MOVEMENT,
        and_(
            _MOVEMENT.c.company_id == _ITEM.c.company_id,
            _MOVEMENT.c.product_id == _ITEM.c.product_id,
            _MOVEMENT.c.warehouse_id == _ITEM.c.warehouse_id,
            _MOVEMENT.c.lot == _ITEM.c.lot,
        ),
    )
    .where(_ITEM.c.company_id == bindparam("company"))
    .group_by(_ITEM.c.product_id, _ITEM.c.warehouse_id, _ITEM.c.lot, _ITEM.c.on_hand)
    .having(_ITEM.c.on_hand != _MOVED)
    .order_by(_ITEM.c.product_id, _ITEM.c.warehouse_id, _ITEM.c.lot)
    .limit(bindparam("most"))
)

_KNOWN_PRODUCTS: Final = select(_PRODUCT.c.id).where(
    _PRODUCT.c.company_id == bindparam("company"),
    _PRODUCT.c.id.in_(bindparam("products", expanding=True)),
)


def items(connection: Connection, ctx: Context, query: StockQuery) -> Page[ValuedItem]:
    """Return one page of stock rows, in the order of their keys."""
    if query.page.sort != "id" or query.page.descending:
        raise MalformedError(
            "stock is read in the order of product and warehouse only",
            code="page.sort",
            field="sort",
            known="id",
        )
    wanted = [_ITEM.c.company_id == ctx.company_id]
    if query.product_id is not None:
        wanted.append(_ITEM.c.product_id == query.product_id)
    if query.warehouse_id is not None:
        wanted.append(_ITEM.c.warehouse_id == query.warehouse_id)
    total = None
    if query.page.count:
        counted = select(func.count()).select_from(_ITEM).where(*wanted)
        total = connection.execute(counted).scalar_one()
    asked = _ITEMS.where(*wanted, *_after(query.page.after)).limit(query.page.limit + 1)
    rows = connection.execute(asked).all()
    found = tuple(_read(row) for row in rows[: query.page.limit])
    more = len(rows) > query.page.limit
    return Page(items=found, next=found[-1].item.key.cursor if more else None, total=total)


def movement(connection: Connection, ctx: Context, movement_id: MovementId) -> StockMovement:
    """Return one movement, or raise NotFoundError."""
    asked = {"company": ctx.company_id, "id": movement_id}
    row = connection.execute(_ONE_MOVEMENT, asked).one_or_none()
    if row is None:
        raise NotFoundError(f"no movement {movement_id}", kind="movement", id=movement_id)
    return read_movement(row)


def movements(connection: Connection, ctx: Context, query: MovementQuery) -> Page[StockMovement]:
    """Return one page of movements, in order of id."""
    wanted: list[ColumnElement[bool]] = []
    if query.product_id is not None:
        wanted.append(_MOVEMENT.c.product_id == query.product_id)
    if query.warehouse_id is not None:
        wanted.append(_MOVEMENT.c.warehouse_id == query.warehouse_id)
    if query.since is not None:
        wanted.append(_MOVEMENT.c.moved_at >= query.since)
    if query.until is not None:
        wanted.append(_MOVEMENT.c.moved_at < query.until)
    return _MOVEMENTS.page(connection, ctx, query.page, wanted, read_movement)


def differences(connection: Connection, ctx: Context, limit: int) -> tuple[StockDifference, ...]:
    """Return the rows whose on hand is not the sum of their movements."""
    rows = connection.execute(_DIFFERENCES, {"company": ctx.company_id, "most": limit})
    return tuple(
        StockDifference(
            key=read_key(row),
            on_hand=Quantity(row.on_hand),
            moved=Quantity(row.moved) if row.moved is not None else Quantity(),
        )
        for row in rows
    )


def name_missing(connection: Connection, asked: dict[str, Any]) -> NoReturn:
    """Say which product or warehouse it is that the company does not have."""
    known = {row.id for row in connection.execute(_KNOWN_PRODUCTS, asked)}
    missing = [each for each in asked["products"] if each not in known]
    if missing:
        raise NotFoundError(
            f"no product {missing[0]}", field="product_id", kind="product", id=missing[0]
        )
    raise NotFoundError(
        f"no such warehouse among {', '.join(str(each) for each in asked['warehouses'])}",
        field="warehouse_id",
        kind="warehouse",
    )


def _read(row: Any) -> ValuedItem:
    item = read_item(row, read_key(row), read_stocked_product(row), row)
    return ValuedItem(item=item, average_cost=read_price(row.average_cost, row.currency))


def _after(place: Cursor | None) -> list[ColumnElement[bool]]:
    if place is None:
        return []
    key = StockKey.at(place)
    beyond_lot = and_(_ITEM.c.warehouse_id == key.warehouse_id, _ITEM.c.lot > key.lot)
    return [
        _ITEM.c.product_id >= key.product_id,
        or_(
            _ITEM.c.product_id > key.product_id,
            _ITEM.c.warehouse_id > key.warehouse_id,
            beyond_lot,
        ),
    ]

"""Which warehouse is part of which: the lock on the tree, and the ways up and down in it."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import (
    CTE,
    Connection,
    Table,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)

from erp_core.inventory.entities import TREE_DEPTH_MAX, Warehouse, WarehouseId
from erp_core.kernel.context import Context
from erp_sql.dialects import InsertAbsent, waiters_deadlock
from erp_sql.inventory.mappers import read_warehouse
from erp_sql.inventory.models import WarehouseRow, WarehouseTreeRow

_WAREHOUSE: Final = cast("Table", WarehouseRow.__table__)
_TREE: Final = cast("Table", WarehouseTreeRow.__table__)

_MAKE: Final = InsertAbsent(_TREE)
_LOCK: Final = select(_TREE).where(_TREE.c.company_id == bindparam("company")).with_for_update()


def parts_of(company: Any, warehouse: Any) -> CTE:
    """Return the warehouse and all below it, as ``id`` and ``level``, for use in a statement.

    Both are values or parameters. What lies there is found by
    ``item.c.warehouse_id.in_(select(parts_of(company, warehouse).c.id))``.
    """
    place = _WAREHOUSE.c
    top = (
        select(place.company_id, place.id, literal_column("1").label("level"))
        .where(place.company_id == company, place.id == warehouse)
        .cte("parts", recursive=True)
    )
    parts = select(place.company_id, place.id, (top.c.level + 1).label("level")).where(
        place.company_id == top.c.company_id,
        place.parent_id == top.c.id,
        top.c.level < TREE_DEPTH_MAX,
    )
    return top.union_all(parts)


def _places_of(company: Any, warehouse: Any) -> CTE:
    place = _WAREHOUSE.c
    columns = (place.company_id, place.id, place.parent_id)
    first = (
        select(*columns, literal_column("1").label("level"))
        .where(place.company_id == company, place.id == warehouse)
        .cte("places", recursive=True)
    )
    larger = select(*columns, (first.c.level + 1).label("level")).where(
        place.company_id == first.c.company_id,
        place.id == first.c.parent_id,
        first.c.level < TREE_DEPTH_MAX,
    )
    return first.union_all(larger)


_PLACES: Final = _places_of(bindparam("company"), bindparam("warehouse"))
_PARTS: Final = parts_of(bindparam("company"), bindparam("warehouse"))
_LINEAGE: Final = (
    select(_WAREHOUSE)
    .join(
        _PLACES,
        and_(_PLACES.c.company_id == _WAREHOUSE.c.company_id, _PLACES.c.id == _WAREHOUSE.c.id),
    )
    .order_by(_PLACES.c.level)
)
_BELOW: Final = select(_PARTS.c.id).order_by(_PARTS.c.level, _PARTS.c.id)
_HEIGHT: Final = select(func.coalesce(func.max(_PARTS.c.level), 0))


def lock(connection: Connection, ctx: Context) -> None:
    """Lock the company's tree, whose one row is made by whoever comes first."""
    asked = {"company": ctx.company_id}
    if connection.execute(_LOCK, asked).one_or_none() is None:
        _MAKE(connection, [{"company_id": ctx.company_id}])
        connection.execute(_LOCK, asked)


def plant(connection: Connection, ctx: Context) -> None:
    """Make the row of the company's tree, where those who would make it later are in danger."""
    if waiters_deadlock(connection):
        _MAKE(connection, [{"company_id": ctx.company_id}])


def lock_to_insert(connection: Connection, ctx: Context) -> None:
    """Lock the tree where inserts that are taken back must not be waited for.

    It is there as long as there is a warehouse, and what is inserted does not refer to it.
    """
    if waiters_deadlock(connection):
        lock(connection, ctx)


def lineage(
    connection: Connection, ctx: Context, warehouse_id: WarehouseId
) -> tuple[Warehouse, ...]:
    """Return the warehouse and all it is a part of, itself first."""
    return tuple(
        read_warehouse(row) for row in connection.execute(_LINEAGE, _asked(ctx, warehouse_id))
    )


def below(
    connection: Connection, ctx: Context, warehouse_id: WarehouseId
) -> tuple[WarehouseId, ...]:
    """Return the warehouse and all its parts and theirs, itself first."""
    rows = connection.execute(_BELOW, _asked(ctx, warehouse_id))
    return tuple(WarehouseId(row.id) for row in rows)


def height(connection: Connection, ctx: Context, warehouse_id: WarehouseId) -> int:
    """Say how many levels there are from the warehouse down."""
    found: int = connection.execute(_HEIGHT, _asked(ctx, warehouse_id)).scalar_one()
    return found


def _asked(ctx: Context, warehouse_id: WarehouseId) -> dict[str, Any]:
    return {"company": ctx.company_id, "warehouse": warehouse_id}

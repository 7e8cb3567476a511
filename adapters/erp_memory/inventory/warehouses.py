"""Warehouses in a dictionary."""

from __future__ import annotations

from erp_core.inventory.entities import (
    TRANSIT_CODE,
    TREE_DEPTH_MAX,
    WAREHOUSE_SORTS,
    Warehouse,
    WarehouseId,
    transit_warehouse,
)
from erp_core.inventory.ports import WarehouseQuery, WarehouseRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryWarehouses(WarehouseRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._warehouses = tables.warehouses
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, warehouse: Warehouse) -> Warehouse:
        if (ctx.company_id, warehouse.id) in self._warehouses:
            raise AlreadyExistsError("a warehouse of this id exists", field="id")
        return self._write(ctx, None, warehouse)

    def get(self, ctx: Context, warehouse_id: WarehouseId) -> Warehouse:
        warehouse = self._warehouses.get((ctx.company_id, warehouse_id))
        if warehouse is None:
            raise NotFoundError(f"no warehouse {warehouse_id}")
        return warehouse

    def save(self, ctx: Context, warehouse: Warehouse) -> Warehouse:
        before = self.get(ctx, warehouse.id)
        if before.version != warehouse.version:
            raise StaleVersionError(f"warehouse {warehouse.code} has changed")
        return self._write(ctx, before, warehouse)

    def page(self, ctx: Context, query: WarehouseQuery) -> Page[Warehouse]:
        found = (
            each
            for each in self._of(ctx)
            if (not query.states or each.state in query.states)
            and each.code.startswith(query.code)
            and query.parent_id in (None, each.parent_id)
        )
        return page_of(found, query.page, WAREHOUSE_SORTS)

    def lock_tree(self, ctx: Context) -> None:
        """Nothing to do: the store admits one writer at a time."""

    def lineage(self, ctx: Context, warehouse_id: WarehouseId) -> tuple[Warehouse, ...]:
        found: list[Warehouse] = []
        place = self._warehouses.get((ctx.company_id, warehouse_id))
        while place is not None and len(found) < TREE_DEPTH_MAX:
            found.append(place)
            parent_id = place.parent_id
            place = None if parent_id is None else self.get(ctx, parent_id)
        return tuple(found)

    def below(self, ctx: Context, warehouse_id: WarehouseId) -> tuple[WarehouseId, ...]:
        return tuple(each for level in self._levels(ctx, warehouse_id) for each in level)

    def height(self, ctx: Context, warehouse_id: WarehouseId) -> int:
        return len(self._levels(ctx, warehouse_id))

    def transit(self, ctx: Context) -> Warehouse:
        taken = next((each for each in self._of(ctx) if each.code == TRANSIT_CODE), None)
        if taken is None:
            return self._write(ctx, None, transit_warehouse())
        if not taken.is_transit:
            raise AlreadyExistsError(
                f"{TRANSIT_CODE} stores goods: give it another code, this is that of goods under"
                " way",
                code="inventory.warehouse.transit_taken",
            )
        return taken

    def _levels(self, ctx: Context, top: WarehouseId) -> list[list[WarehouseId]]:
        """Return the warehouse, its parts, the parts of those, and so on, level by level."""
        levels: list[list[WarehouseId]] = []
        level = [top] if (ctx.company_id, top) in self._warehouses else []
        while level and len(levels) < TREE_DEPTH_MAX:
            levels.append(level)
            level = sorted(each.id for each in self._of(ctx) if each.parent_id in level)
        return levels

    def _of(self, ctx: Context) -> list[Warehouse]:
        return [each for (owner, _), each in self._warehouses.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Warehouse | None, warehouse: Warehouse) -> Warehouse:
        if any(each.code == warehouse.code and each.id != warehouse.id for each in self._of(ctx)):
            raise AlreadyExistsError(
                f"there is a warehouse {warehouse.code} already",
                code="inventory.warehouse.code_taken",
                field="code",
            )
        parent_id = warehouse.parent_id
        if parent_id is not None and (ctx.company_id, parent_id) not in self._warehouses:
            raise NotFoundError(f"no warehouse {parent_id}", field="parent_id")
        self._outbox.append(ctx, warehouse.events)
        self._journal.note_entity("inventory.warehouse", before, warehouse)
        stored = warehouse.stored(warehouse.version + 1)
        self._warehouses[ctx.company_id, warehouse.id] = stored
        return stored

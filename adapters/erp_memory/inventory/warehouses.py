"""Warehouses in a dictionary."""

from __future__ import annotations

from erp_core.inventory.entities import WAREHOUSE_SORTS, Warehouse, WarehouseId
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
        )
        return page_of(found, query.page, WAREHOUSE_SORTS)

    def _of(self, ctx: Context) -> list[Warehouse]:
        return [each for (owner, _), each in self._warehouses.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Warehouse | None, warehouse: Warehouse) -> Warehouse:
        if any(each.code == warehouse.code and each.id != warehouse.id for each in self._of(ctx)):
            raise AlreadyExistsError(
                f"there is a warehouse {warehouse.code} already",
                code="inventory.warehouse.code_taken",
                field="code",
            )
        if warehouse.parent_id is not None:
            self.get(ctx, warehouse.parent_id)
        self._outbox.append(ctx, warehouse.events)
        self._journal.note_entity("inventory.warehouse", before, warehouse)
        stored = warehouse.stored(warehouse.version + 1)
        self._warehouses[ctx.company_id, warehouse.id] = stored
        return stored

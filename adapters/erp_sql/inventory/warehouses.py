"""Warehouses over one connection: load, map and store, and decide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import ColumnElement, Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from erp_core.inventory.entities import (
    TRANSIT_CODE,
    WAREHOUSE_SORTS,
    Warehouse,
    WarehouseId,
    transit_warehouse,
)
from erp_core.inventory.ports import WarehouseQuery, WarehouseRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_sql.dialects import InsertAbsent, is_foreign_key, violates
from erp_sql.inventory import warehouse_tree
from erp_sql.inventory.mappers import read_warehouse, write_warehouse
from erp_sql.inventory.models import WarehouseRow
from erp_sql.keyset import Keyset, starts_with
from erp_sql.masters import Masters

_MASTERS: Final = Masters(WarehouseRow, "warehouse")
_COLUMNS: Final = {"code": _MASTERS.table.c.code, "name": _MASTERS.table.c.name}
_KEYSET: Final = Keyset(_MASTERS.table, _COLUMNS, WAREHOUSE_SORTS)
_INSERT_ABSENT: Final = InsertAbsent(_MASTERS.table)
_TRANSIT: Final = select(_MASTERS.table).where(
    _MASTERS.table.c.company_id == bindparam("company"), _MASTERS.table.c.code == TRANSIT_CODE
)


class SqlWarehouses(WarehouseRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[WarehouseId, Warehouse] = {}  # as they were, for the journal

    def add(self, ctx: Context, warehouse: Warehouse) -> Warehouse:
        warehouse_tree.plant(self._connection, ctx)
        with _in_our_words(warehouse):
            _MASTERS.add(self._connection, write_warehouse(ctx.company_id, warehouse))
        return self._told(ctx, None, warehouse)

    def get(self, ctx: Context, warehouse_id: WarehouseId) -> Warehouse:
        found = read_warehouse(_MASTERS.get(self._connection, ctx, warehouse_id))
        self._seen[warehouse_id] = found
        return found

    def save(self, ctx: Context, warehouse: Warehouse) -> Warehouse:
        before = self._seen.get(warehouse.id) or self.get(ctx, warehouse.id)
        with _in_our_words(warehouse):
            _MASTERS.save(self._connection, write_warehouse(ctx.company_id, warehouse))
        return self._told(ctx, before, warehouse)

    def page(self, ctx: Context, query: WarehouseQuery) -> Page[Warehouse]:
        wanted: list[ColumnElement[bool]] = []
        if query.states:
            wanted.append(_MASTERS.table.c.state.in_([each.value for each in query.states]))
        if query.code:
            wanted += starts_with(_MASTERS.table.c.code, query.code)
        if query.parent_id is not None:
            wanted.append(_MASTERS.table.c.parent_id == query.parent_id)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_warehouse)

    def lock_tree(self, ctx: Context) -> None:
        warehouse_tree.lock(self._connection, ctx)

    def lineage(self, ctx: Context, warehouse_id: WarehouseId) -> tuple[Warehouse, ...]:
        return warehouse_tree.lineage(self._connection, ctx, warehouse_id)

    def below(self, ctx: Context, warehouse_id: WarehouseId) -> tuple[WarehouseId, ...]:
        return warehouse_tree.below(self._connection, ctx, warehouse_id)

    def height(self, ctx: Context, warehouse_id: WarehouseId) -> int:
        return warehouse_tree.height(self._connection, ctx, warehouse_id)

    def transit(self, ctx: Context) -> Warehouse:
        found = self._transit(ctx)
        if found is None:
            # The code is unique: of two who make it, one waits for the other, and makes none.
            made = transit_warehouse()
            _INSERT_ABSENT(self._connection, [write_warehouse(ctx.company_id, made)])
            found = self._transit(ctx) or made
            if found.id == made.id:
                self._journal.note_entity("inventory.warehouse", None, made)
        if not found.is_transit:
            raise AlreadyExistsError(
                f"{TRANSIT_CODE} stores goods: give it another code, this is that of goods under"
                " way",
                code="inventory.warehouse.transit_taken",
            )
        return found

    def _transit(self, ctx: Context) -> Warehouse | None:
        asked = {"company": ctx.company_id}
        row = self._connection.execute(_TRANSIT, asked).one_or_none()
        return None if row is None else read_warehouse(row)

    def _told(self, ctx: Context, before: Warehouse | None, warehouse: Warehouse) -> Warehouse:
        self._outbox.append(ctx, warehouse.events)
        self._journal.note_entity("inventory.warehouse", before, warehouse)
        stored = warehouse.stored(warehouse.version + 1)
        self._seen[stored.id] = stored
        return stored


@contextmanager
def _in_our_words(warehouse: Warehouse) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError(
                f"no warehouse {warehouse.parent_id}", field="parent_id"
            ) from error
        if violates(error, "code"):
            raise AlreadyExistsError(
                f"there is a warehouse {warehouse.code} already",
                code="inventory.warehouse.code_taken",
                field="code",
            ) from error
        raise AlreadyExistsError("a warehouse of this id exists", field="id") from error

"""Warehouses over one connection: load, map and store, and decide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import ColumnElement, Connection
from sqlalchemy.exc import IntegrityError

from erp_core.inventory.entities import WAREHOUSE_SORTS, Warehouse, WarehouseId
from erp_core.inventory.ports import WarehouseQuery, WarehouseRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_sql.dialects import is_foreign_key, violates
from erp_sql.inventory.mappers import read_warehouse, write_warehouse
from erp_sql.inventory.models import WarehouseRow
from erp_sql.keyset import Keyset, starts_with
from erp_sql.masters import Masters

_MASTERS: Final = Masters(WarehouseRow, "warehouse")
_COLUMNS: Final = {"code": _MASTERS.table.c.code, "name": _MASTERS.table.c.name}
_KEYSET: Final = Keyset(_MASTERS.table, _COLUMNS, WAREHOUSE_SORTS)


class SqlWarehouses(WarehouseRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[WarehouseId, Warehouse] = {}  # as they were, for the journal

    def add(self, ctx: Context, warehouse: Warehouse) -> Warehouse:
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
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_warehouse)

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

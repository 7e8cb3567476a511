"""Lots over one connection."""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Connection

from erp_core.inventory.entities import LOT_SORTS, Lot, LotId
from erp_core.inventory.ports import LotQuery, LotRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.page import Page
from erp_sql.inventory.mappers import read_lot, write_lot
from erp_sql.inventory.models import LotRow
from erp_sql.keyset import Keyset, starts_with
from erp_sql.masters import Masters

_MASTERS: Final = Masters(LotRow, "lot")
_KEYSET: Final = Keyset(_MASTERS.table, {"number": _MASTERS.table.c.number}, LOT_SORTS)


class SqlLots(LotRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[LotId, Lot] = {}  # as they were, for the journal

    def get(self, ctx: Context, lot_id: LotId) -> Lot:
        found = read_lot(_MASTERS.get(self._connection, ctx, lot_id))
        self._seen[lot_id] = found
        return found

    def save(self, ctx: Context, lot: Lot) -> Lot:
        before = self._seen.get(lot.id) or self.get(ctx, lot.id)
        _MASTERS.save(self._connection, write_lot(ctx.company_id, lot))
        self._journal.note_entity("inventory.lot", before, lot)
        stored = lot.stored(lot.version + 1)
        self._seen[lot.id] = stored
        return stored

    def page(self, ctx: Context, query: LotQuery) -> Page[Lot]:
        columns, wanted = _MASTERS.table.c, list[ColumnElement[bool]]()
        if query.product_id is not None:
            wanted.append(columns.product_id == query.product_id)
        if query.expires_until is not None:
            wanted.append(columns.expires_on <= query.expires_until)
        if query.number:
            wanted += starts_with(columns.number, query.number)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_lot)

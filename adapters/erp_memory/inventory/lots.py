"""Lots in a dictionary."""

from __future__ import annotations

from erp_core.inventory.entities import LOT_SORTS, Lot, LotId
from erp_core.inventory.ports import LotQuery, LotRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryLots(LotRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._lots = tables.lots
        self._journal = journal

    def get(self, ctx: Context, lot_id: LotId) -> Lot:
        lot = self._lots.get((ctx.company_id, lot_id))
        if lot is None:
            raise NotFoundError(f"no lot {lot_id}", kind="lot", id=lot_id)
        return lot

    def save(self, ctx: Context, lot: Lot) -> Lot:
        before = self.get(ctx, lot.id)
        if before.version != lot.version:
            raise StaleVersionError(f"lot {lot.number} has changed")
        self._journal.note_entity("inventory.lot", before, lot)
        stored = lot.stored(lot.version + 1)
        self._lots[ctx.company_id, lot.id] = stored
        return stored

    def page(self, ctx: Context, query: LotQuery) -> Page[Lot]:
        found = (
            lot
            for (owner, _), lot in self._lots.items()
            if owner == ctx.company_id
            and query.product_id in (None, lot.product_id)
            and lot.number.startswith(query.number)
            and (
                query.expires_until is None
                or (lot.expires_on is not None and lot.expires_on <= query.expires_until)
            )
        )
        return page_of(found, query.page, LOT_SORTS)

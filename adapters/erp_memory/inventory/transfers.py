"""Transfers in a dictionary."""

from __future__ import annotations

import sys

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    StockTransfer,
    StockTransferId,
    TransferSummary,
    TransitDifference,
)
from erp_core.inventory.ports import StockTransferQuery, StockTransferRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.totals import Total
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryStockTransfers(StockTransferRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._transfers = tables.transfers
        self._journal = journal

    def add(self, ctx: Context, transfer: StockTransfer) -> StockTransfer:
        taken = {line.id for each in self._of(ctx) for line in each.lines}
        if (ctx.company_id, transfer.id) in self._transfers or not taken.isdisjoint(
            transfer.by_id
        ):
            raise AlreadyExistsError("a transfer, or a line, of this id exists", field="id")
        for warehouse_id in (transfer.from_warehouse_id, transfer.to_warehouse_id):
            if (ctx.company_id, warehouse_id) not in self._tables.warehouses:
                raise NotFoundError("no such warehouse, or no such product")
        for line in transfer.lines:
            if (ctx.company_id, line.product_id) not in self._tables.products:
                raise NotFoundError("no such warehouse, or no such product")
        return self._write(ctx, None, transfer)

    def get(self, ctx: Context, transfer_id: StockTransferId) -> StockTransfer:
        transfer = self._transfers.get((ctx.company_id, transfer_id))
        if transfer is None:
            raise NotFoundError(
                f"no stock transfer {transfer_id}", kind="stock transfer", id=transfer_id
            )
        return transfer

    def lock(self, ctx: Context, transfer_id: StockTransferId) -> StockTransfer:
        return self.get(ctx, transfer_id)

    def save(self, ctx: Context, transfer: StockTransfer) -> StockTransfer:
        before = self.get(ctx, transfer.id)
        if before.version != transfer.version:
            raise StaleVersionError(f"stock transfer {transfer.id} has changed")
        return self._write(ctx, before, transfer)

    def page(self, ctx: Context, query: StockTransferQuery) -> Page[TransferSummary]:
        found = (
            each.summary
            for each in self._of(ctx)
            if (not query.states or each.state in query.states)
            and query.from_warehouse_id in (None, each.from_warehouse_id)
            and query.to_warehouse_id in (None, each.to_warehouse_id)
        )
        return page_of(found, query.page)

    def differences(self, ctx: Context, limit: int) -> tuple[TransitDifference, ...]:
        under_way: dict[tuple[ProductId, str], Total] = {}
        for transfer in self._of(ctx):
            lines = transfer.by_id
            for parcel in transfer.under_way:
                place = lines[parcel.line_id].product_id, lines[parcel.line_id].lot
                under_way[place] = under_way.get(place, Total()) + parcel.quantity
        rows = (
            TransitDifference(
                key=key,
                on_hand=Total(item.on_hand.value),
                under_way=under_way.get((key.product_id, key.lot), Total()),
            )
            for (owner, key), item in self._tables.stock.items()
            if owner == ctx.company_id
            and self._tables.warehouses[ctx.company_id, key.warehouse_id].is_transit
        )
        found = [each for each in rows if each.on_hand != each.under_way]
        return tuple(sorted(found, key=lambda each: each.key)[:limit])

    def count_differences(self, ctx: Context) -> int:
        return len(self.differences(ctx, sys.maxsize))

    def _of(self, ctx: Context) -> list[StockTransfer]:
        return [each for (owner, _), each in self._transfers.items() if owner == ctx.company_id]

    def _write(
        self, ctx: Context, before: StockTransfer | None, transfer: StockTransfer
    ) -> StockTransfer:
        self._journal.note_entity("inventory.stock_transfer", before, transfer)
        stored = transfer.stored(transfer.version + 1)
        self._transfers[ctx.company_id, transfer.id] = stored
        return stored

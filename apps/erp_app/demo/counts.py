"""What was found on the shelves at the end of a quarter, and what is carried to the shop."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Final

from erp_app.demo.masters import Masters
from erp_app.demo.shelves import Shelves
from erp_core.catalog.entities import Product, Tracking
from erp_core.erp import Erp
from erp_core.inventory.entities import CountId, StockCount, Uncounted, WarehouseId
from erp_core.inventory.ports import StockQuery
from erp_core.inventory.use_cases import (
    CloseCountCommand,
    CountCommand,
    EnterCountsCommand,
    Found,
    TransferStockCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity

_COUNTED: Final = 10  # products a round
_PER_TRANSFER: Final = 5  # pieces
_LOST: Final = 0.3  # how often one is missing


def count_some(erp: Erp, ctx: Context, masters: Masters, shelves: Shelves, chance: Random) -> int:
    """Count some products of the store; return how many movements came of it."""
    store = masters.store
    there = [
        (each, *found)
        for each in masters.goods[: _COUNTED * 2]
        if each.tracking is Tracking.NONE and (found := _stock(erp, ctx, each, store)) is not None
    ][:_COUNTED]
    if not there:
        return 0
    count = StockCount(
        id=CountId(new_id()),
        warehouse_id=store,
        product_ids=tuple(each.id for each, _, _ in there),
        label="fim do trimestre",
    )
    erp.inventory.add_count(ctx, count)
    erp.inventory.start_count(ctx, CountCommand(id=count.id))
    entries, moved = [], 0
    for product, on_hand, free in there:
        missing = 1 if free > 1 and chance.random() < _LOST else 0
        moved += missing
        shelves.take(product, store, missing)
        counted = Quantity(Decimal(on_hand - missing))
        entries.append(Found(product_id=product.id, counted=counted))
    erp.inventory.enter_counts(ctx, EnterCountsCommand(id=count.id, entries=tuple(entries)))
    erp.inventory.close_count(ctx, CloseCountCommand(id=count.id, uncounted=Uncounted.KEEP))
    return moved


def carry_some(erp: Erp, ctx: Context, masters: Masters, shelves: Shelves) -> int:
    """Carry a few pieces from the store to the shop; return how many movements that made."""
    for product in masters.goods:
        free = shelves.free.get((product.id, masters.store), 0)
        if product.tracking is Tracking.NONE and free > 2 * _PER_TRANSFER:
            command = TransferStockCommand(
                product_id=product.id,
                from_warehouse_id=masters.store,
                to_warehouse_id=masters.shop,
                quantity=Quantity(Decimal(_PER_TRANSFER)),
                label="para a loja",
            )
            erp.inventory.transfer_stock(ctx, command)
            shelves.take(product, masters.store, _PER_TRANSFER)
            shelves.take(product, masters.shop, -_PER_TRANSFER)
            return 2
    return 0


def _stock(erp: Erp, ctx: Context, product: Product, where: WarehouseId) -> tuple[int, int] | None:
    query = StockQuery(page=PageRequest(limit=1), product_id=product.id, warehouse_id=where)
    found = erp.inventory.list_stock(ctx, query).items
    if not found:
        return None
    item = found[0].item
    return int(item.on_hand.value), int(item.available.value)

"""What confirming and cancelling an order does to the stock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from erp_core.catalog.entities import LineId, Product, ProductId
from erp_core.inventory.entities import (
    KeptFor,
    Load,
    Packing,
    Posting,
    Want,
    choose_lots,
    take_back,
)
from erp_core.inventory.ports import reach_of
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import at, ensure
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.sales.entities import Order, OrderLine
from erp_core.sales.ports import SalesUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedGoods:
    """A line of goods, its place in the order, and what it wants from where."""

    place: int
    line: OrderLine
    want: Want


def wanted_goods(order: Order) -> list[WantedGoods]:
    """Return the lines of goods that say which warehouse they are taken from."""
    found = []
    for place, line in enumerate(order.lines):
        product_id, warehouse_id = line.line.product_id, line.warehouse_id
        if line.goods and product_id is not None and warehouse_id is not None:
            want = Want(product_id=product_id, warehouse_id=warehouse_id, quantity=line.quantity)
            found.append(WantedGoods(place=place, line=line, want=want))
    return found


def reserve(ctx: Context, uow: SalesUnitOfWork, order: Order, today: date) -> None:
    """Keep for each line what there is of its goods, first what expires first.

    Raises:
        InvariantError: stock of a line cannot move: its warehouse is archived, say.
        ContentionError: the rows were not free in time.
    """
    wanted = wanted_goods(order)
    candidates = uow.picking.candidates(ctx, {each.want.place for each in wanted})
    chosen = choose_lots([each.want for each in wanted], candidates, today)
    keys = [pick.key for picks in chosen for pick in picks.picks]
    if not keys:
        return
    origins = order.origins()
    mine = [origins[each.line.id] for each in wanted]
    stock = uow.stock.lock(ctx, keys, origins=mine).in_storage()
    there = {key: stock.items[key].available for key in keys}
    kept: dict[KeptFor, Quantity] = {}
    for each, picks in zip(wanted, chosen, strict=True):
        with at(f"lines/{each.place}"):
            for pick in picks.picks:  # what someone was faster to take is not kept
                stock.items[pick.key].require_movable()
                quantity = min(pick.quantity, there[pick.key])
                if quantity > ZERO:
                    kept[pick.key, origins[each.line.id]] = quantity
                    there[pick.key] -= quantity
    uow.stock.save(ctx, stock.reserve_all(kept))


def release(ctx: Context, uow: SalesUnitOfWork, order: Order) -> None:
    """Give free all that is kept for the lines of an order.

    Raises:
        ContentionError: the rows were not free in time.
    """
    kept = uow.picking.reserved(ctx, list(order.origins().values()))
    if not kept:
        return
    origins = sorted({each.origin for each in kept})
    stock = uow.stock.lock(ctx, [each.key for each in kept], origins=origins)
    still = {place: each.quantity for place, each in stock.reservations.items()}
    uow.stock.save(ctx, stock.release_all(still))


def issue(
    ctx: Context, uow: SalesUnitOfWork, order: Order, posting: Posting, today: date
) -> Mapping[LineId, Quantity]:
    """Take the goods of the whole order off the shelves, all lines or none; return of which.

    Goods whose stock nobody manages leave nothing.

    Raises:
        InsufficientStockError: less is available of some lines, which are named.
        InvariantError: a line does not say which warehouse, or stock of it cannot move.
        StaleVersionError: others were faster.
        ContentionError: the rows were not free in time.
    """
    products = {each.line.product_id for each in order.lines if each.goods}
    known = uow.products.some(ctx, [each for each in products if each is not None])
    managed = {key: each for key, each in known.items() if each.stock_managed}
    _require_warehouses(order, managed)
    loads = [
        Load(
            id=each.line.id,
            place=f"lines/{each.place}",
            product=managed[each.want.product_id],
            warehouse_id=each.want.warehouse_id,
            quantity=each.want.quantity,
        )
        for each in wanted_goods(order)
        if each.want.product_id in managed
    ]
    if not loads:
        return {}
    reach = reach_of(ctx, uow.picking, loads, today)
    stock = uow.stock.lock(ctx, sorted(reach.rows)).in_storage()
    packing = Packing(stock=stock, today=today)
    packing.pack(loads, reach)
    uow.stock.save(ctx, packing.issued(loads, posting))
    return {each.id: each.quantity for each in loads}


def bring_back(ctx: Context, uow: SalesUnitOfWork, order: Order, posting: Posting) -> None:
    """Put back what left when the order was confirmed, at the cost it left with.

    Raises:
        InvariantError: stock cannot move: a product or a warehouse is archived, say.
        ContentionError: the rows were not free in time.
    """
    keys = [each.movement.key for each in uow.picking.still_out(ctx, order.origin)]
    if not keys:
        return
    stock = uow.stock.lock(ctx, keys, receiving=True)
    out = uow.picking.still_out(ctx, order.origin)  # again: nobody can change it any more
    uow.stock.save(ctx, take_back(stock, out, posting, ctx.currency).in_storage())


def _require_warehouses(order: Order, managed: Mapping[ProductId, Product]) -> None:
    for place, line in enumerate(order.lines):
        ensure(
            line.line.product_id not in managed or line.warehouse_id is not None,
            "sales.order.warehouse",
            "the goods leave as the order is confirmed: say from which warehouse",
            field=f"lines/{place}/warehouse_id",
        )

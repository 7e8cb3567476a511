"""What confirming and cancelling an order does to the stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from erp_core.catalog.entities import Product, ProductId, Tracking
from erp_core.inventory.entities import (
    InsufficientStockError,
    Pick,
    Picks,
    Posting,
    ShortRowsError,
    StockedProduct,
    StockItem,
    StockKey,
    Want,
    choose_lots,
    take_back,
)
from erp_core.kernel.context import Context
from erp_core.kernel.errors import InvariantError, StaleVersionError, at, ensure
from erp_core.kernel.quantity import ZERO
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
    for each, picks in zip(wanted, chosen, strict=True):
        with at(f"lines/{each.place}"):
            for pick in picks.picks:  # what someone was faster to take is not kept
                quantity = min(pick.quantity, stock.items[pick.key].available)
                if quantity > ZERO:
                    stock = stock.reserve(pick.key, quantity, origins[each.line.id])
    uow.stock.save(ctx, stock)


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
    for (key, origin), reservation in stock.reservations.items():
        stock = stock.release(key, reservation.quantity, origin)
    uow.stock.save(ctx, stock)


def issue(ctx: Context, uow: SalesUnitOfWork, order: Order, posting: Posting, today: date) -> None:
    """Take the goods of the whole order off the shelves, all lines or none.

    Raises:
        InsufficientStockError: less is available of some lines, which are named.
        InvariantError: a line does not say which warehouse, or stock of it cannot move.
        StaleVersionError: a lot was taken by someone else meanwhile.
    """
    products = {each.line.product_id for each in order.lines if each.goods}
    known = uow.products.some(ctx, [each for each in products if each is not None])
    managed = {key: each for key, each in known.items() if each.stock_managed}
    _require_warehouses(order, managed)
    wanted = [each for each in wanted_goods(order) if each.want.product_id in managed]
    if not wanted:
        return
    taken = _rows_to_take(ctx, uow, wanted, managed, today)
    stock = uow.stock.lock(ctx, [pick.key for picks in taken for pick in picks.picks])
    short: list[InsufficientStockError] = []
    for each, picks in zip(wanted, taken, strict=True):
        for pick in picks.picks:
            if pick.key.lot and stock.items[pick.key].available < pick.quantity:
                raise StaleVersionError(f"stock {pick.key} was taken meanwhile")
            try:
                stock = stock.issue(pick.key, pick.quantity, posting)
            except InvariantError as error:
                error.field = f"lines/{each.place}/{error.field}"
                if not isinstance(error, InsufficientStockError):
                    raise
                short.append(error)
    if short:
        raise ShortRowsError(short)
    uow.stock.save(ctx, stock.in_storage())


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


def _rows_to_take(
    ctx: Context,
    uow: SalesUnitOfWork,
    wanted: Sequence[WantedGoods],
    managed: Mapping[ProductId, Product],
    today: date,
) -> list[Picks]:
    """Return which rows each line is taken from; of lots, those that expire first."""
    by_lot = [
        each for each in wanted if managed[each.want.product_id].tracking is not Tracking.NONE
    ]
    candidates = uow.picking.candidates(ctx, {each.want.place for each in by_lot})
    chosen = choose_lots([each.want for each in by_lot], candidates, today)
    of_lots = {each.line.id: picks for each, picks in zip(by_lot, chosen, strict=True)}
    short = [
        _short(each, managed[each.want.product_id], of_lots[each.line.id])
        for each in by_lot
        if of_lots[each.line.id].short > ZERO
    ]
    if short:
        raise ShortRowsError(short)
    return [of_lots.get(each.line.id) or _whole(each.want) for each in wanted]


def _whole(want: Want) -> Picks:
    key = StockKey(want.product_id, want.warehouse_id)
    return Picks(picks=(Pick(key=key, quantity=want.quantity),))


def _short(wanted: WantedGoods, product: Product, picks: Picks) -> InsufficientStockError:
    """Make the error that says how much of all usable lots is available."""
    item = StockItem(
        key=StockKey(wanted.want.product_id, wanted.want.warehouse_id),
        product=StockedProduct(sku=product.sku, tracking=product.tracking),
        on_hand=picks.quantity,
    )
    error = InsufficientStockError(item, wanted=wanted.want.quantity)
    error.field = f"lines/{wanted.place}/quantity"
    return error

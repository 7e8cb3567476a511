"""What validating and cancelling a shipment does to the stock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from erp_core.catalog.entities import LineId
from erp_core.inventory.entities import (
    Issue,
    KeptFor,
    LockedStock,
    Place,
    Posting,
    Reservation,
    StillOut,
    StockKey,
    choose_lots,
    take_back,
)
from erp_core.kernel.context import Context
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.sales.entities import LotPart, Order, Shipment
from erp_core.sales.ports import SalesUnitOfWork
from erp_core.sales.use_cases.packing import (
    Load,
    Packing,
    Reach,
    by_origin,
    expiry,
    is_fit,
    less,
)

SPARE: Final = 8  # rows locked beyond those needed, for when others are faster


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A shipment that goes out or comes back, its order as it will be then, and the papers."""

    shipment: Shipment
    order: Order
    posting: Posting
    today: date  # in the company's time zone


def send_out(
    ctx: Context, uow: SalesUnitOfWork, passage: Passage
) -> Mapping[LineId, tuple[LotPart, ...]]:
    """Take a shipment's goods off the shelves, all lines or none; return of which lots.

    No more stays kept for a line of the order than is left of it.

    Raises:
        InsufficientStockError: less is available of some lines, which are named.
        InvariantError: stock of a line cannot move, or comes without a lot that it must have.
        StaleVersionError: others were faster.
        ContentionError: the rows were not free in time.
    """
    loads = _loads(ctx, uow, passage)
    if not loads:
        return {}
    origins = [each.origin for each in loads]
    kept = uow.picking.reserved(ctx, origins)
    reach = _reach(ctx, uow, loads, passage.today)
    chosen = {key for each in loads if each.is_chosen for key, _ in each.rows}
    keys = {*chosen, *reach.rows, *(each.key for each in kept)}
    stock = uow.stock.lock(ctx, sorted(keys), origins=origins).in_storage()
    packing = Packing(stock=stock, today=passage.today)
    packing.pack(loads, reach)
    issues = [
        Issue(place=each.place, key=key, quantity=quantity)
        for each in loads
        for key, quantity in packing.taken[each.line.id].items()
    ]
    stock = stock.release_all(packing.released).issue_all(issues, passage.posting)
    uow.stock.save(ctx, stock)
    return {
        line_id: tuple(LotPart(lot=key.lot, quantity=quantity) for key, quantity in rows.items())
        for line_id, rows in packing.taken.items()
        if all(key.lot for key in rows)
    }


def take_in(ctx: Context, uow: SalesUnitOfWork, passage: Passage) -> None:
    """Put back what went out by a shipment, at the cost it went out with.

    It is kept again for the lines of the order, as far as it is available and fit to be shipped.

    Raises:
        InvariantError: stock cannot move: a product or a warehouse is archived, say.
        ContentionError: the rows were not free in time.
    """
    origin, origins = passage.shipment.origin, passage.order.origins()
    keys = {each.movement.key for each in uow.picking.still_out(ctx, origin)}
    if not keys:
        return
    mine = [origins[line.order_line_id] for line in passage.shipment.lines]
    kept = uow.picking.reserved(ctx, mine)
    stock = uow.stock.lock(ctx, sorted(keys), receiving=True, origins=mine)
    out = uow.picking.still_out(ctx, origin)  # again: nobody can change it any more
    stock = take_back(stock, out, passage.posting, ctx.currency).in_storage()
    back = _fit_to_keep(stock, out, passage.today)
    uow.stock.save(ctx, stock.reserve_all(_kept_again(passage, back, kept)))


def _loads(ctx: Context, uow: SalesUnitOfWork, passage: Passage) -> list[Load]:
    shipment = passage.shipment
    products = uow.products.some(ctx, list({line.product_id for line in shipment.lines}))
    ordered, origins = passage.order.by_id, passage.order.origins()
    return [
        Load(
            place=f"lines/{index}",
            line=line,
            product=products[line.product_id],
            warehouse_id=shipment.warehouse_id,
            origin=origins[line.order_line_id],
            left=ordered[line.order_line_id].left_to_ship,
        )
        for index, line in enumerate(shipment.lines)
        if products[line.product_id].stock_managed
    ]


def _reach(ctx: Context, uow: SalesUnitOfWork, loads: Sequence[Load], today: date) -> Reach:
    """Find the lots that may have to be taken, before anything is locked."""
    wants = [each.want for each in loads if not each.is_chosen]
    if not wants:
        return Reach()
    by_hand: dict[StockKey, Quantity] = defaultdict(Quantity)
    for each in loads:
        for key, quantity in each.rows if each.is_chosen else ():
            by_hand[key] += quantity
    found = uow.picking.candidates(ctx, {each.place for each in wants})
    shelf = [each for each in found if is_fit(each.expires_on, today)]
    picks = choose_lots(wants, less(shelf, by_hand), today)
    rows = {pick.key for each in picks for pick in each.picks}
    others: dict[Place, int] = defaultdict(int)
    for spare in shelf:  # they come in the order in which they expire
        if spare.key not in rows:
            others[spare.place] += 1
            if others[spare.place] <= SPARE:
                rows.add(spare.key)
    beyond = frozenset(place for place, many in others.items() if many > SPARE)
    return Reach(rows=frozenset(rows), beyond=beyond)


def _fit_to_keep(
    stock: LockedStock, out: Iterable[StillOut], today: date
) -> dict[StockKey, Quantity]:
    """Return how much of the goods that are back may be kept for somebody."""
    back: dict[StockKey, Quantity] = defaultdict(Quantity)
    for each in out:
        back[each.movement.key] += each.rest
    return {
        key: min(quantity, stock.items[key].available)
        for key, quantity in back.items()
        if is_fit(expiry(stock, key), today)
    }


def _kept_again(
    passage: Passage, back: dict[StockKey, Quantity], kept: Iterable[Reservation]
) -> dict[KeptFor, Quantity]:
    """Return what of the goods that are *back* is kept for which line of the order again."""
    ordered, origins = passage.order.by_id, passage.order.origins()
    before = by_origin(kept)
    wanted: dict[KeptFor, Quantity] = {}
    for line in passage.shipment.lines:
        origin = origins[line.order_line_id]
        already = sum((each.quantity for each in before[origin]), ZERO)
        rest = ordered[line.order_line_id].left_to_ship - already
        for key, quantity in line.rows(passage.shipment.warehouse_id):
            part = min(quantity, rest, back.get(key, ZERO))
            if part > ZERO:
                wanted[key, origin] = part
                back[key] -= part
                rest -= part
    return wanted

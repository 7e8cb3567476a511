"""What validating and cancelling a shipment does to the stock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from erp_core.catalog.entities import LineId
from erp_core.inventory.entities import (
    KeepAgain,
    Load,
    Packing,
    Posting,
    Reservation,
    by_origin,
    keep_again,
    take_back,
)
from erp_core.inventory.ports import reach_of
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.sales.entities import LotPart, Order, Shipment
from erp_core.sales.ports import SalesUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A shipment that goes out or comes back, its order as it will be then, and the papers."""

    shipment: Shipment
    order: Order
    posting: Posting
    today: date  # in the company's time zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """What went out by a shipment."""

    issued: Mapping[LineId, Quantity]  # by the order's lines
    lots: Mapping[LineId, tuple[LotPart, ...]]  # by the shipment's


def send_out(ctx: Context, uow: SalesUnitOfWork, passage: Passage) -> Departed:
    """Take a shipment's goods off the shelves, all lines or none; return what went out.

    No more stays kept for a line of the order than is left of it.

    Raises:
        InsufficientStockError: less is available of some lines, which are named.
        InvariantError: stock of a line cannot move, or comes without a lot that it must have.
        StaleVersionError: others were faster.
        ContentionError: the rows were not free in time.
    """
    loads = _loads(ctx, uow, passage)
    if not loads:
        return Departed(issued={}, lots={})
    origins = [each.origin for each in loads]
    kept = uow.picking.reserved(ctx, origins)
    reach = reach_of(ctx, uow.picking, loads, passage.today)
    keys = reach.rows.union(each.key for each in kept)
    stock = uow.stock.lock(ctx, sorted(keys), origins=origins).in_storage()
    packing = Packing(stock=stock, today=passage.today)
    packing.pack(loads, reach)
    uow.stock.save(ctx, packing.issued(loads, passage.posting))
    lots = {
        line_id: tuple(LotPart(lot=key.lot, quantity=quantity) for key, quantity in rows.items())
        for line_id, rows in packing.taken.items()
        if all(key.lot for key in rows)
    }
    gone = (line for line in passage.shipment.lines if line.id in packing.taken)
    return Departed(issued={line.order_line_id: line.quantity for line in gone}, lots=lots)


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
    uow.stock.save(ctx, keep_again(stock, out, _kept_before(passage, kept), passage.today))


def _loads(ctx: Context, uow: SalesUnitOfWork, passage: Passage) -> list[Load]:
    shipment = passage.shipment
    products = uow.products.some(ctx, list({line.product_id for line in shipment.lines}))
    ordered, origins = passage.order.by_id, passage.order.origins()
    return [
        Load(
            id=line.id,
            place=f"lines/{index}",
            product=products[line.product_id],
            warehouse_id=shipment.warehouse_id,
            quantity=line.quantity,
            by_hand=line.rows(shipment.warehouse_id) if line.lots else (),
            origin=origins[line.order_line_id],
            left=ordered[line.order_line_id].left_to_ship,
        )
        for index, line in enumerate(shipment.lines)
        if products[line.product_id].stock_managed
    ]


def _kept_before(passage: Passage, kept: Iterable[Reservation]) -> Iterator[KeepAgain]:
    """Say how much of the goods that are back is kept for which line of the order again."""
    ordered, origins = passage.order.by_id, passage.order.origins()
    before = by_origin(kept)
    for line in passage.shipment.lines:
        origin = origins[line.order_line_id]
        already = sum((each.quantity for each in before[origin]), ZERO)
        rest = ordered[line.order_line_id].left_to_ship - already
        quantity = min(line.quantity, rest)
        yield KeepAgain(origin=origin, product_id=line.product_id, quantity=quantity)

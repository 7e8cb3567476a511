"""Goods that leave and come back by an invoice, where the company has chosen that.

They leave when the invoice is validated: what is reserved for the order's lines first, then what
expires first. Goods that left before, by the order or by a shipment, do not leave again. They come
back by the lines of a credit note that say so, at the cost they went out with; by an invoice that
is replaced; and by one that is abandoned to be billed anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from erp_core.catalog.entities import LineId, Product, ProductId, Tracking
from erp_core.inventory.entities import (
    LockedStock,
    Posting,
    Reason,
    Reservation,
    StillOut,
    StockKey,
    Want,
    choose_lots,
    take_back,
)
from erp_core.invoicing.entities import Invoice, InvoiceLine
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.invoicing.use_cases.papers import Papers
from erp_core.kernel.context import Context
from erp_core.kernel.errors import at, ensure
from erp_core.kernel.quantity import ZERO, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """So much of a stock row leaves by a line; reserved for it before, where it has an origin."""

    index: int  # of the invoice's line
    key: StockKey
    quantity: Quantity
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What leaves and what comes back by one document, before anything is locked."""

    issues: tuple[Issue, ...] = ()
    back: tuple[StillOut, ...] = ()
    left: Mapping[LineId, Quantity] = field(default_factory=dict)  # by the invoice's lines

    @property
    def keys(self) -> list[StockKey]:
        """Every stock row that is touched."""
        return [each.key for each in self.issues] + [each.movement.key for each in self.back]

    @property
    def origins(self) -> list[str]:
        """The lines whose reservations are touched."""
        return [each.origin for each in self.issues if each.origin]


def origin_of(invoice: Invoice) -> str:
    """Return what the stock movements of an invoice name as their cause."""
    return f"invoicing.invoice:{invoice.id}"


def leaving(ctx: Context, uow: InvoicingUnitOfWork, papers: Papers, on: date) -> Moves:
    """Find what leaves by the invoice of *papers*.

    Raises:
        InvariantError: a line of goods does not say from where.
    """
    wants = _wants(ctx, uow, papers)
    if not wants:
        return Moves()
    origins = {} if papers.order is None else papers.order.origins()
    lines = papers.invoice.lines
    reserved = _reserved(
        ctx, uow, [origins[key] for n in wants if (key := lines[n].order_line_id)]
    )
    issues: list[Issue] = []
    rest: dict[int, Want] = {}
    for index, (want, product) in wants.items():
        key = lines[index].order_line_id
        origin = origins[key] if key else ""
        taken = _from_reserved(index, want, reserved.get(origin, []), origin)
        issues += taken
        left = want.quantity - _sum(taken)
        if left > ZERO and product.tracking is Tracking.NONE:
            row = StockKey(want.product_id, want.warehouse_id)
            issues.append(Issue(index=index, key=row, quantity=left))
        elif left > ZERO:
            rest[index] = replace(want, quantity=left)
    issues += _by_expiry(ctx, uow, rest, on)
    left_by = {lines[index].id: want.quantity for index, (want, _) in wants.items()}
    return Moves(issues=tuple(issues), left=left_by)


def coming_back(
    ctx: Context, uow: InvoicingUnitOfWork, invoice: Invoice, lines: Iterable[InvoiceLine] | None
) -> Moves:
    """Find what left by *invoice* and comes back: all of it, or what *lines* give back.

    Raises:
        InvariantError: less is out than a line gives back.
    """
    out = uow.picking.still_out(ctx, origin_of(invoice))
    if lines is None:
        return Moves(back=out)
    left = list(out)
    back: list[StillOut] = []
    for index, line in enumerate(lines):
        if line.returns_stock:
            with at(f"lines/{index}"):
                back += _given_back(line, left)
    return Moves(back=tuple(back))


def withdrawn(
    ctx: Context, uow: InvoicingUnitOfWork, papers: Papers, invoice: Invoice
) -> tuple[Papers, Moves]:
    """Return the papers as if *invoice* had never been, and what comes back of its goods."""
    papers = papers.unbill(invoice.lines)
    issued = dict[LineId, Quantity]()
    for each in invoice.lines:
        _count(issued, each.order_line_id, each.issued)
    if all(each.issued == ZERO for each in invoice.lines):
        return papers, Moves()
    return papers.unship(issued), coming_back(ctx, uow, invoice, None)


def leaving_of_order(lines: Iterable[InvoiceLine], moves: Moves) -> dict[LineId, Quantity]:
    """Return how much of which line of the order leaves."""
    found = dict[LineId, Quantity]()
    for each in lines:
        _count(found, each.order_line_id, moves.left.get(each.id, ZERO))
    return found


def returned_to_order(lines: Iterable[InvoiceLine]) -> dict[LineId, Quantity]:
    """Return how much of which line of the order comes back."""
    found = dict[LineId, Quantity]()
    for each in lines:
        if each.returns_stock:
            _count(found, each.order_line_id, each.line.quantity)
    return found


def _count(found: dict[LineId, Quantity], key: LineId | None, quantity: Quantity) -> None:
    if key is not None and quantity > ZERO:
        found[key] = found.get(key, ZERO) + quantity


def move(
    ctx: Context, uow: InvoicingUnitOfWork, moves: Moves, invoice: Invoice, at_: datetime
) -> None:
    """Lock all rows once, let go of what is reserved, take out, put back, and save.

    Raises:
        InsufficientStockError: less is there; the line is named by its place.
        InvariantError: stock that cannot move.
    """
    if not moves.keys:
        return
    stock = uow.stock.lock(
        ctx, moves.keys, receiving=bool(moves.back), origins=moves.origins
    ).in_storage()
    posting = Posting(
        reason=Reason.SALE,
        at=at_,
        by=ctx.principal.id,
        label=invoice.number,
        origin=origin_of(invoice),
    )
    stock = take_back(stock, moves.back, posting, ctx.currency)
    for each in moves.issues:
        with at(f"lines/{each.index}"):
            stock = _issued(stock, each, posting)
    uow.stock.save(ctx, stock)


def _issued(stock: LockedStock, issue: Issue, posting: Posting) -> LockedStock:
    if issue.origin:
        stock = stock.release(issue.key, issue.quantity, issue.origin)
    return stock.issue(issue.key, issue.quantity, posting)


def _wants(
    ctx: Context, uow: InvoicingUnitOfWork, papers: Papers
) -> dict[int, tuple[Want, Product]]:
    """Return what the lines want from the shelves, by their places."""
    if papers.order is not None and papers.order.stock_left:
        return {}
    ids = {each.line.product_id for each in papers.invoice.lines if each.goods}
    known = [each for each in ids if each is not None]
    products = uow.products.some(ctx, known) if known else {}
    unshipped = _unshipped(papers)
    wants = {}
    for index, each in enumerate(papers.invoice.lines):
        product = products.get(each.line.product_id) if each.line.product_id else None
        if not each.goods or product is None or not product.stock_managed:
            continue
        quantity = _still_to_leave(each, unshipped)
        if quantity > ZERO:
            with at(f"lines/{index}"):
                wants[index] = _want(each, product.id, quantity), product
    return wants


def _unshipped(papers: Papers) -> dict[LineId, Quantity]:
    lines = () if papers.order is None else papers.order.lines
    return {each.id: each.left_to_ship for each in lines}


def _still_to_leave(line: InvoiceLine, unshipped: dict[LineId, Quantity]) -> Quantity:
    """Return how much of a line has not left yet, and count it as leaving."""
    if line.order_line_id is None:
        return line.line.quantity
    quantity = min(line.line.quantity, unshipped.get(line.order_line_id, ZERO))
    unshipped[line.order_line_id] = unshipped.get(line.order_line_id, ZERO) - quantity
    return quantity


def _want(line: InvoiceLine, product_id: ProductId, quantity: Quantity) -> Want:
    ensure(
        line.warehouse_id is not None,
        "invoicing.line.warehouse",
        "goods leave by this invoice: say from which warehouse",
        field="warehouse_id",
    )
    if line.warehouse_id is None:
        raise AssertionError("unreachable: it was just said")
    return Want(product_id=product_id, warehouse_id=line.warehouse_id, quantity=quantity)


def _reserved(
    ctx: Context, uow: InvoicingUnitOfWork, origins: Sequence[str]
) -> dict[str, list[Reservation]]:
    found: dict[str, list[Reservation]] = {}
    for each in uow.picking.reserved(ctx, origins) if origins else ():
        found.setdefault(each.origin, []).append(each)
    return found


def _from_reserved(
    index: int, want: Want, reserved: list[Reservation], origin: str
) -> list[Issue]:
    """Take what is kept for the line, and leave the rest of it for the lines after."""
    taken, rest = [], want.quantity
    for place, each in enumerate(reserved):
        quantity = min(each.quantity, rest)
        if quantity > ZERO:
            taken.append(Issue(index=index, key=each.key, quantity=quantity, origin=origin))
            reserved[place] = each.less(quantity)
            rest -= quantity
    return taken


def _by_expiry(
    ctx: Context, uow: InvoicingUnitOfWork, wants: Mapping[int, Want], on: date
) -> list[Issue]:
    """Take of lots and serials those that expire first."""
    if not wants:
        return []
    candidates = uow.picking.candidates(ctx, {each.place for each in wants.values()})
    issues: list[Issue] = []
    for index, picks in zip(wants, choose_lots(list(wants.values()), candidates, on), strict=True):
        ensure(
            picks.short == ZERO,
            "insufficient_stock",
            f"{wants[index].quantity} wanted, {picks.quantity} available",
            field=f"lines/{index}/quantity",
            product_id=wants[index].product_id,
            warehouse_id=wants[index].warehouse_id,
            wanted=wants[index].quantity,
            available=picks.quantity,
        )
        issues += [
            Issue(index=index, key=each.key, quantity=each.quantity) for each in picks.picks
        ]
    return issues


def _given_back(line: InvoiceLine, out: list[StillOut]) -> list[StillOut]:
    """Take of what is still out what *line* gives back, and leave the rest in *out*."""
    rest, back = line.line.quantity, []
    for place, each in enumerate(out):
        if each.movement.key.product_id != line.line.product_id:
            continue
        quantity = min(each.rest, rest)
        if quantity > ZERO:
            others = each.rest - quantity
            back.append(replace(each, returned=each.returned + others))
            out[place] = replace(each, returned=each.returned + quantity)
            rest -= quantity
    ensure(
        rest == ZERO,
        "invoicing.credit_note.not_out",
        f"{rest} of these goods did not leave by the invoice: take them in by hand",
        field="returns_stock",
        missing=rest,
    )
    return back


def _sum(issues: Iterable[Issue]) -> Quantity:
    return sum((each.quantity for each in issues), ZERO)

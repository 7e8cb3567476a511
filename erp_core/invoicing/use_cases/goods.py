"""Goods that leave and come back by an invoice.

Those of an order leave by it where the company had chosen that when the order was confirmed, and
those of no order where it has chosen that now. What is billed of an order and has not left yet
leaves when the invoice is validated: what is reserved for the order's lines first, then what
expires first. Goods come back by the lines of a credit note that say so, at the cost they went out
with; by an invoice that is replaced; and by one that is abandoned to be billed anew. What may be
billed anew is kept for its order again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime

from erp_core.catalog.entities import LineId, Product, ProductId
from erp_core.identity.entities import Company, StockLeavesAt
from erp_core.inventory.entities import (
    KeepAgain,
    Load,
    Packing,
    Posting,
    Reason,
    Reservation,
    StillOut,
    WarehouseId,
    by_origin,
    keep_again,
    take_back,
)
from erp_core.inventory.ports import reach_of
from erp_core.invoicing.entities import Invoice, InvoiceLine
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.invoicing.use_cases.papers import Papers
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, at
from erp_core.kernel.quantity import ZERO, Quantity

Choice = Callable[[Sequence[StillOut]], Sequence[StillOut]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """Goods that come back: by which invoice they left, and which of them it is."""

    origin: str
    of: Choice = tuple  # of what is still out; all of it
    lines: Mapping[LineId, Quantity] = field(default_factory=dict)  # of the order, to leave again


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What leaves and what comes back by one document, before anything is locked."""

    loads: tuple[Load, ...] = ()
    back: Back | None = None

    @property
    def left(self) -> Mapping[LineId, Quantity]:
        """What leaves, by the invoice's lines."""
        return {each.id: each.quantity for each in self.loads}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The invoice that causes it, its order as it will be then, and when it is."""

    invoice: Invoice
    papers: Papers
    company: Company
    now: datetime

    @property
    def today(self) -> date:
        """Today, in the company's time zone."""
        return self.company.day(self.now)


def origin_of(invoice: Invoice) -> str:
    """Return what the stock movements of an invoice name as their cause."""
    return f"invoicing.invoice:{invoice.id}"


def leaving(
    ctx: Context, uow: InvoicingUnitOfWork, papers: Papers, company: Company
) -> tuple[Papers, tuple[Load, ...]]:
    """Find what leaves by the invoice of *papers*, and count that on its order.

    Raises:
        InvariantError: a line of goods does not say from where.
    """
    wants = _wants(papers, company)
    ids = {each.line.product_id for each, _ in wants.values()}
    known = [each for each in ids if each is not None]
    products = uow.products.some(ctx, known) if known else {}
    managed = {key: each for key, each in products.items() if each.stock_managed}
    loads, gone = list[Load](), dict[LineId, Quantity]()
    for index, (line, quantity) in wants.items():
        product = None if line.line.product_id is None else managed.get(line.line.product_id)
        if product is not None:
            with at(f"lines/{index}"):
                loads.append(_load(index, line, product, quantity))
            _count(gone, line.order_line_id, quantity)
    after = papers.issue(gone)
    return after, _with_origins(loads, after)


def given_back(note: Invoice, origin: Invoice) -> Back | None:
    """Return what of the goods that left by the invoice *origin* comes back by the credit *note*.

    What may not be billed again has come back for good: the order says no more about it.

    Raises:
        InvariantError: less left by a line than it gives back.
    """
    issued = {each.id: each.issued for each in origin.lines}
    wanted, again = dict[int, InvoiceLine](), dict[LineId, Quantity]()
    for index, each in enumerate(note.lines):
        if each.returns_stock:
            left = ZERO if each.invoice_line_id is None else issued[each.invoice_line_id]
            if each.line.quantity > left:
                raise _not_out(index, each.line.quantity - left)
            wanted[index] = each
            _count(again, each.order_line_id if note.reopens_order else None, each.line.quantity)
    if not wanted:
        return None
    return Back(origin=origin_of(origin), of=lambda out: _of_lines(wanted, out), lines=again)


def withdrawn(papers: Papers, invoice: Invoice) -> tuple[Papers, Back | None]:
    """Return the papers as if *invoice* had never been, and what comes back of its goods."""
    papers = papers.unbill(invoice.lines)
    again = dict[LineId, Quantity]()
    for each in invoice.lines:
        _count(again, each.order_line_id, each.issued)
    if all(each.issued == ZERO for each in invoice.lines):
        return papers, None
    return papers.unissue(again), Back(origin=origin_of(invoice), lines=again)


def move(ctx: Context, uow: InvoicingUnitOfWork, moves: Moves, passage: Passage) -> None:
    """Lock all rows once, put back, let go of what is reserved, take out, and save.

    Raises:
        InsufficientStockError: less is available of some lines, which are named.
        InvariantError: stock that cannot move, or less is out than comes back.
        StaleVersionError: others were faster.
        ContentionError: the rows were not free in time.
    """
    loads, back = moves.loads, moves.back
    out = () if back is None else uow.picking.still_out(ctx, back.origin)
    if not loads and back is None:
        return
    kept, origins = _kept(ctx, uow, moves, passage)
    reach = reach_of(ctx, uow.picking, loads, passage.today)
    own = {each.origin for each in loads}
    rows = reach.rows.union(each.movement.key for each in out)
    keys = rows.union(each.key for each in kept if each.origin in own)
    stock = uow.stock.lock(ctx, sorted(keys), receiving=back is not None, origins=origins)
    stock = stock.in_storage()
    posting = _posting(ctx, passage)
    came: Sequence[StillOut] = ()
    if back is not None:
        came = back.of(uow.picking.still_out(ctx, back.origin))  # again: now nobody can change it
        stock = take_back(stock, came, posting, ctx.currency)
    packing = Packing(stock=stock, today=passage.today)
    packing.pack(loads, replace(reach, rows=rows))
    stock = packing.issued(loads, posting)
    if back is not None:
        still = _less_released(kept, packing)
        again = _kept_before(back, passage.papers, still)
        stock = keep_again(stock, came, again, passage.today)
    uow.stock.save(ctx, stock)


def _kept(
    ctx: Context, uow: InvoicingUnitOfWork, moves: Moves, passage: Passage
) -> tuple[Sequence[Reservation], Sequence[str]]:
    """Return what is kept for the lines of the order that are touched, and what these are."""
    origins = {each.origin for each in moves.loads if each.origin}
    order = passage.papers.order
    if moves.back is not None and order is not None:
        of_lines = order.origins()
        origins.update(of_lines[key] for key in moves.back.lines)
    asked = sorted(origins)
    return (uow.picking.reserved(ctx, asked) if asked else ()), asked


def _less_released(kept: Iterable[Reservation], packing: Packing) -> list[Reservation]:
    released = packing.released
    return [each.less(released.get((each.key, each.origin), ZERO)) for each in kept]


def _kept_before(back: Back, papers: Papers, kept: Iterable[Reservation]) -> Iterator[KeepAgain]:
    """Say how much of the goods that are back is kept for which line of the order again."""
    if papers.order is None:
        return
    before, origins = by_origin(kept), papers.order.origins()
    for line in papers.order.lines:
        product_id = line.line.product_id
        if line.id in back.lines and product_id is not None:
            origin = origins[line.id]
            already = sum((each.quantity for each in before[origin]), ZERO)
            quantity = min(back.lines[line.id], line.left_to_issue - already)
            yield KeepAgain(origin=origin, product_id=product_id, quantity=quantity)


def _posting(ctx: Context, passage: Passage) -> Posting:
    return Posting(
        reason=Reason.SALE,
        at=passage.now,
        by=ctx.principal.id,
        label=passage.invoice.number,
        origin=origin_of(passage.invoice),
    )


def _wants(papers: Papers, company: Company) -> dict[int, tuple[InvoiceLine, Quantity]]:
    """Return the lines of goods that leave by the invoice, and how much, by their places."""
    order = papers.order
    by_order = order is not None and order.stock_leaves_at is StockLeavesAt.INVOICE
    by_itself = company.settings.stock_leaves_at is StockLeavesAt.INVOICE
    rest = {} if order is None else {each.id: each.invoiced - each.issued for each in order.lines}
    wants = {}
    for index, each in enumerate(papers.invoice.lines):
        quantity, key = each.line.quantity, each.order_line_id
        if key is not None:
            quantity = min(quantity, rest.get(key, ZERO))
            rest[key] = rest.get(key, ZERO) - quantity
        leaves = by_itself if key is None else by_order
        if leaves and each.goods and quantity > ZERO:
            wants[index] = each, quantity
    return wants


def _load(index: int, line: InvoiceLine, product: Product, quantity: Quantity) -> Load:
    return Load(
        id=line.id,
        place=f"lines/{index}",
        product=product,
        warehouse_id=_warehouse_of(line),
        quantity=quantity,
    )


def _warehouse_of(line: InvoiceLine) -> WarehouseId:
    if line.warehouse_id is None:
        raise InvariantError(
            "goods leave by this invoice: say from which warehouse",
            code="invoicing.line.warehouse",
            field="warehouse_id",
        )
    return line.warehouse_id


def _with_origins(loads: Iterable[Load], papers: Papers) -> tuple[Load, ...]:
    """Return *loads* with what is kept for them, and how much of that may stay kept."""
    order = papers.order
    if order is None:
        return tuple(loads)
    ordered, origins = order.by_id, order.origins()
    of_lines = {each.id: each.order_line_id for each in papers.invoice.lines}
    return tuple(
        each
        if (key := of_lines[each.id]) is None
        else replace(each, origin=origins[key], left=ordered[key].left_to_issue)
        for each in loads
    )


def _of_lines(lines: Mapping[int, InvoiceLine], out: Sequence[StillOut]) -> list[StillOut]:
    """Return what *lines* give back of what is still *out*.

    Raises:
        InvariantError: less is out than a line gives back.
    """
    by_product: dict[ProductId, list[StillOut]] = defaultdict(list)
    for each in reversed(out):
        by_product[each.movement.key.product_id].append(each)
    back: list[StillOut] = []
    for index, line in lines.items():
        rest = line.line.quantity
        shelf = [] if line.line.product_id is None else by_product[line.line.product_id]
        while shelf and rest > ZERO:
            first = shelf.pop()
            quantity = min(first.rest, rest)
            back.append(replace(first, returned=first.returned + first.rest - quantity))
            if quantity < first.rest:
                shelf.append(replace(first, returned=first.returned + quantity))
            rest -= quantity
        if rest > ZERO:
            raise _not_out(index, rest)
    return back


def _not_out(index: int, missing: Quantity) -> InvariantError:
    return InvariantError(
        f"{missing} of these goods did not leave by the invoice: take them in by hand",
        code="invoicing.credit_note.not_out",
        field=f"lines/{index}/returns_stock",
        missing=missing,
    )


def _count(found: dict[LineId, Quantity], key: LineId | None, quantity: Quantity) -> None:
    if key is not None and quantity > ZERO:
        found[key] = found.get(key, ZERO) + quantity

"""From what a person asks for to the lines of a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from erp_core.catalog.entities import (
    DocumentLine,
    DocumentTerms,
    LineId,
    LineQuestion,
    LineRequest,
    PriceListId,
    ProductKind,
    document_lines,
    price_document,
)
from erp_core.catalog.ports import read_line_materials
from erp_core.inventory.entities import WarehouseId
from erp_core.invoicing.entities import Invoice, InvoiceLine
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import NotFoundError, TransitionError, at, ensure
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.sales.entities import Order, OrderLine, Part, Quote, QuoteLine, Taken, excerpt


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLineRequest:
    """What a person says of a line: a line of its own, or so much of what was agreed."""

    request: LineRequest
    source_line_id: LineId | None = None  # of the order, or else of the quote, that is invoiced
    warehouse_id: WarehouseId | None = None  # None: that of the order's line


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The order or the quote that is invoiced."""

    order: Order | None = None
    quote: Quote | None = None

    @property
    def terms(self) -> DocumentTerms | None:
        """The terms that were agreed."""
        paper = self.order or self.quote
        return None if paper is None else paper.terms

    @property
    def lines(self) -> Mapping[LineId, OrderLine | QuoteLine]:
        """The lines that were agreed, by their ids."""
        paper = self.order or self.quote
        return {} if paper is None else dict(paper.by_id)

    @property
    def left(self) -> Mapping[LineId, Quantity]:
        """What of them is not invoiced."""
        parts: Sequence[Part] = ()
        if self.order is not None:
            parts = self.order.left_to_invoice
        elif self.quote is not None:
            parts = self.quote.left
        return {each.line_id: each.quantity for each in parts}

    def require_agreed(self) -> None:
        """Raise where nothing of it can be invoiced yet.

        Raises:
            TransitionError: the order is not confirmed, or the quote not accepted.
        """
        if self.order is not None and not self.order.is_open:
            raise TransitionError(
                f"the order is {self.order.state}: only what is confirmed is invoiced",
                code="sales.order.not_open",
                state=self.order.state.value,
            )
        if self.quote is not None:
            self.quote.require_accepted()

    def everything(self) -> tuple[InvoiceLineRequest, ...]:
        """Ask for all that is left, with the text between.

        Raises:
            InvariantError: nothing is.
        """
        left = self.left
        ensure(
            bool(left),
            "invoicing.source.nothing",
            "everything that was agreed is invoiced",
            field="lines",
        )
        return tuple(
            InvoiceLineRequest(
                request=LineRequest(quantity=left.get(key, ZERO)), source_line_id=key
            )
            for key, line in self.lines.items()
            if key in left or not line.line.kind.is_priced
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """For whom, when and on which terms lines are wanted."""

    draft: Invoice
    source: Source
    price_list_id: PriceListId | None = None
    may_undercut: bool = False  # sell below the minimum price
    price_level: int | None = None  # the party's


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """A line before its amounts are known."""

    line: DocumentLine
    order_line_id: LineId | None = None
    quote_line_id: LineId | None = None
    goods: bool = False
    warehouse_id: WarehouseId | None = None


def write_lines(
    ctx: Context, uow: InvoicingUnitOfWork, wish: Wish, requests: Sequence[InvoiceLineRequest]
) -> Invoice:
    """Return the draft of *wish* with the lines that *requests* ask for, priced.

    What was agreed keeps its price; of a discount in an amount the part takes its part.

    Raises:
        NotFoundError: no such product, tax class, unit, price list, or line of the source.
        InvariantError: a line that cannot be; it is named by its place.
    """
    terms, agreed = _agreed(wish, requests)
    own = _own(ctx, uow, wish, terms, requests)
    written = [agreed.get(each.request.id) or own[each.request.id] for each in requests]
    document = price_document([each.line for each in written], terms)
    lines = [
        InvoiceLine(
            priced=priced,
            order_line_id=each.order_line_id,
            quote_line_id=each.quote_line_id,
            goods=each.goods,
            warehouse_id=each.warehouse_id,
        )
        for each, priced in zip(written, document.lines, strict=True)
    ]
    return wish.draft.with_lines(terms, lines, document.totals)


def _agreed(
    wish: Wish, requests: Sequence[InvoiceLineRequest]
) -> tuple[DocumentTerms, Mapping[LineId, _Written]]:
    """Cut what is invoiced out of what was agreed; the lines by the ids of the requests."""
    source, wanted = wish.source, dict[LineId, InvoiceLineRequest]()
    for index, each in enumerate(requests):
        if each.source_line_id is not None:
            with at(f"lines/{index}"):
                _require_line(source, each.source_line_id, wanted)
            wanted[each.source_line_id] = each
    if source.terms is None or not wanted:
        return wish.draft.terms, {}
    left, taken = source.left, list[Taken]()
    for key, line in source.lines.items():
        rest = left.get(key, ZERO)
        now = _now(wanted[key], rest) if key in wanted else ZERO
        taken.append(Taken(priced=line.priced, before=line.quantity - rest, now=now))
    cut, terms = excerpt(taken, source.terms)
    found = {}
    for said in cut:
        if said.id in wanted:
            request = wanted[said.id]
            found[request.request.id] = _from_source(source, said, request)
    return terms, found


def _require_line(
    source: Source, wanted: LineId, before: Mapping[LineId, InvoiceLineRequest]
) -> None:
    if wanted not in source.lines:
        raise NotFoundError(
            f"what is invoiced has no line {wanted}", kind="line", id=wanted, field="line_id"
        )
    ensure(
        wanted not in before,
        "invoicing.source.twice",
        "this line is named twice: name it once, with the whole quantity",
        field="line_id",
    )


def _now(wanted: InvoiceLineRequest, rest: Quantity) -> Quantity:
    """Return how much of a line is taken: what is asked for, else all that is left."""
    return wanted.request.quantity if wanted.request.quantity != ZERO else rest


def _from_source(source: Source, said: DocumentLine, request: InvoiceLineRequest) -> _Written:
    line = source.lines[said.id]
    by_order = source.order is not None
    return _Written(
        line=replace(said, id=request.request.id),
        order_line_id=said.id if by_order else None,
        quote_line_id=None if by_order else said.id,
        goods=line.goods,
        warehouse_id=request.warehouse_id or line.warehouse_id,
    )


def _own(
    ctx: Context,
    uow: InvoicingUnitOfWork,
    wish: Wish,
    terms: DocumentTerms,
    requests: Sequence[InvoiceLineRequest],
) -> Mapping[LineId, _Written]:
    """Write the lines that nobody had agreed on; by the ids of the requests."""
    places = [n for n, each in enumerate(requests) if each.source_line_id is None]
    if not places:
        return {}
    asked = [requests[n].request for n in places]
    question = LineQuestion(
        on=wish.draft.invoiced_on,
        terms=terms,
        party_id=wish.draft.party_id,
        price_list_id=wish.price_list_id,
        may_undercut=wish.may_undercut,
        price_level=wish.price_level,
    )
    costs = uow.picking.average_costs(
        ctx, {each.product_id for each in asked if each.product_id is not None}
    )
    materials = read_line_materials(ctx, uow, asked, question, costs)
    lines = document_lines(asked, materials, question)
    found = {}
    for n, line in zip(places, lines, strict=True):
        product = materials.products.get(line.product_id) if line.product_id else None
        goods = product is not None and product.kind is ProductKind.GOODS
        found[line.id] = _Written(line=line, goods=goods, warehouse_id=requests[n].warehouse_id)
    return found

"""The papers behind an invoice, locked in the order of all: quote, order, invoices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Self

from erp_core.catalog.entities import LineId
from erp_core.invoicing.entities import Invoice, InvoiceId, InvoiceLine
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.sales.entities import Order, Part, Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """An invoice with what it touches, ours alone until the unit of work ends."""

    invoice: Invoice
    others: Mapping[InvoiceId, Invoice]  # what it credits, replaces or deducts
    order: Order | None
    quote: Quote | None

    @property
    def origin(self) -> Invoice | None:
        """The invoice that is credited or replaced."""
        links = self.invoice.links
        origin_id = links.credits_id or links.replaces_id
        return None if origin_id is None else self.others[origin_id]

    @property
    def deposits(self) -> tuple[Invoice, ...]:
        """The deposits that are deducted, in the order they are listed."""
        return tuple(self.others[each] for each in self.invoice.links.deposit_ids)

    def bill(self, lines: Iterable[InvoiceLine]) -> Self:
        """Return the papers with *lines* counted as invoiced.

        Raises:
            TransitionError: the order is not confirmed, or the quote not accepted, any more.
            InvariantError: more would be invoiced than is left.
        """
        return self._stepped(lines, Order.bill, Quote.bill_ordered, Quote.bill)

    def unbill(self, lines: Iterable[InvoiceLine]) -> Self:
        """Return the papers with *lines* not invoiced after all: they may be billed again."""
        return self._stepped(lines, Order.unbill, Quote.unbill_ordered, Quote.unbill)

    def issue(self, quantities: Mapping[LineId, Quantity]) -> Self:
        """Return the papers with so much of the order's lines gone from the stock."""
        if self.order is None:
            return self
        return replace(self, order=self.order.issue(quantities))

    def unissue(self, quantities: Mapping[LineId, Quantity]) -> Self:
        """Return the papers with so much of the order's lines back in stock, to leave again."""
        if self.order is None:
            return self
        return replace(self, order=self.order.unissue(quantities))

    def save(self, ctx: Context, uow: InvoicingUnitOfWork, before: Papers) -> None:
        """Store the order and the quote, where they are not as they were *before*."""
        if self.quote is not None and self.quote != before.quote:
            uow.quotes.save(ctx, self.quote)
        if self.order is not None and self.order != before.order:
            uow.orders.save(ctx, self.order)

    def _stepped(
        self,
        lines: Iterable[InvoiceLine],
        of_order: Callable[[Order, Sequence[Part]], Order],
        of_ordered: Callable[[Quote, Sequence[Part]], Quote],
        of_quote: Callable[[Quote, Sequence[Part]], Quote],
    ) -> Self:
        ordered, quoted = dict[LineId, Quantity](), dict[LineId, Quantity]()
        for each in lines:
            if each.order_line_id is not None:
                _add(ordered, each.order_line_id, each.line.quantity)
            elif each.quote_line_id is not None:
                _add(quoted, each.quote_line_id, each.line.quantity)
        after = self
        if ordered and self.order is not None:
            through = _quoted(self.order, ordered)
            after = replace(after, order=of_order(self.order, _parts(ordered)))
            if through and after.quote is not None:
                after = replace(after, quote=of_ordered(after.quote, _parts(through)))
        if quoted and after.quote is not None:
            after = replace(after, quote=of_quote(after.quote, _parts(quoted)))
        return after


def lock_papers(ctx: Context, uow: InvoicingUnitOfWork, seen: Invoice) -> Papers:
    """Lock what the invoice *seen* touches.

    Raises:
        StaleVersionError: it has changed since it was seen, and may touch something else now.
        ContentionError: something was not free in time.
    """
    links = seen.links
    quote = None if links.quote_id is None else uow.quotes.lock(ctx, links.quote_id)
    order = None if links.order_id is None else uow.orders.lock(ctx, links.order_id)
    named = (seen.id, links.credits_id, links.replaces_id, *links.deposit_ids)
    invoice, *others = uow.invoices.lock(ctx, [each for each in named if each is not None])
    if invoice.version != seen.version:
        raise StaleVersionError(f"invoice {seen.id} has changed meanwhile")
    return Papers(
        invoice=invoice, others={each.id: each for each in others}, order=order, quote=quote
    )


def _quoted(order: Order, ordered: Mapping[LineId, Quantity]) -> dict[LineId, Quantity]:
    """Return what of the order's quote goes with so much of the order."""
    found: dict[LineId, Quantity] = {}
    for line in order.lines:
        if line.quote_line_id is not None and line.id in ordered:
            _add(found, line.quote_line_id, ordered[line.id])
    return found


def _add(found: dict[LineId, Quantity], key: LineId, quantity: Quantity) -> None:
    if quantity != ZERO:
        found[key] = found.get(key, ZERO) + quantity


def _parts(quantities: Mapping[LineId, Quantity]) -> tuple[Part, ...]:
    return tuple(Part(line_id=key, quantity=each) for key, each in quantities.items())

"""A line of a quote, and how much of it was ordered and invoiced."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from erp_core.catalog.entities import DocumentLine, LineId, PricedLine
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.sales.entities.lines import require_item, require_sold, too_much


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteLine:
    """What is offered. It is taken up by orders, or invoiced straight away without one."""

    priced: PricedLine
    goods: bool = False  # goods are shipped; services and what is only described are not
    warehouse_id: WarehouseId | None = None  # where the goods would be taken from
    ordered: Quantity = ZERO  # by orders, drafts among them
    billed: Quantity = ZERO  # invoiced straight from the quote
    order_billed: Quantity = ZERO  # invoiced, of what was ordered

    def __post_init__(self) -> None:
        require_sold(self.priced)
        ensure(
            ZERO <= self.order_billed <= self.ordered
            and self.billed >= ZERO
            and self.ordered + self.billed <= self.quantity,
            "sales.quote_line.progress",
            "no more is ordered and invoiced than was offered",
            field="quantity",
        )

    @property
    def id(self) -> LineId:
        return self.priced.line.id

    @property
    def line(self) -> DocumentLine:
        """What the line says."""
        return self.priced.line

    @property
    def quantity(self) -> Quantity:
        """How much is offered; zero where the line is text."""
        return self.priced.line.quantity

    @property
    def left(self) -> Quantity:
        """How much may still be ordered, or invoiced without an order."""
        return self.quantity - self.ordered - self.billed

    @property
    def invoiced(self) -> Quantity:
        """How much is invoiced, through orders or without."""
        return self.billed + self.order_billed

    def order(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* more ordered.

        Raises:
            InvariantError: so much is not left, or the line is text.
        """
        require_item(self.priced)
        if quantity > self.left:
            raise too_much("sales.quote.over_ordered", self.priced, quantity, self.left)
        return replace(self, ordered=self.ordered + quantity)

    def unorder(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* not ordered after all.

        Raises:
            InvariantError: so much was not ordered, or it is invoiced.
        """
        free = self.ordered - self.order_billed
        if quantity > free:
            raise too_much("sales.quote.not_ordered", self.priced, quantity, free)
        return replace(self, ordered=self.ordered - quantity)

    def bill(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* more invoiced without an order.

        Raises:
            InvariantError: so much is not left, or the line is text.
        """
        require_item(self.priced)
        if quantity > self.left:
            raise too_much("sales.quote.over_invoiced", self.priced, quantity, self.left)
        return replace(self, billed=self.billed + quantity)

    def unbill(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* not invoiced after all.

        Raises:
            InvariantError: so much was not invoiced without an order.
        """
        if quantity > self.billed:
            raise too_much("sales.quote.not_invoiced", self.priced, quantity, self.billed)
        return replace(self, billed=self.billed - quantity)

    def bill_ordered(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* of what was ordered invoiced.

        Raises:
            InvariantError: so much is not ordered and left to invoice.
        """
        left = self.ordered - self.order_billed
        if quantity > left:
            raise too_much("sales.quote.over_invoiced", self.priced, quantity, left)
        return replace(self, order_billed=self.order_billed + quantity)

    def unbill_ordered(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* of what was ordered not invoiced after all.

        Raises:
            InvariantError: so much of what was ordered was not invoiced.
        """
        if quantity > self.order_billed:
            raise too_much("sales.quote.not_invoiced", self.priced, quantity, self.order_billed)
        return replace(self, order_billed=self.order_billed - quantity)

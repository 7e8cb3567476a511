"""A line of an order, and how much of it has left the stock, been shipped and been invoiced."""

from __future__ import annotations

from dataclasses import replace
from typing import Self

from erp_core.catalog.entities import DocumentLine, LineId, PricedLine
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.sales.entities.lines import require_item, require_sold, too_much


def not_goods(line_id: LineId) -> InvariantError:
    """Make the error that says that a line is not shipped."""
    return InvariantError(
        "only goods are shipped: leave this line out",
        code="sales.order_line.not_goods",
        field="line_id",
        line_id=line_id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """What was ordered, where it is to be taken from, and how far it has come."""

    priced: PricedLine
    goods: bool = False  # goods are shipped; services and what is only described are not
    warehouse_id: WarehouseId | None = None  # None: whichever the shipment names
    quote_line_id: LineId | None = None  # the line of the quote it was ordered by
    issued: Quantity = ZERO  # left the stock for it, and is not back to leave again
    shipped: Quantity = ZERO  # carried by shipments, whatever takes it off the shelves
    invoiced: Quantity = ZERO

    def __post_init__(self) -> None:
        require_sold(self.priced)
        ensure(
            max(self.issued, self.shipped) <= (self.quantity if self.goods else ZERO)
            and self.invoiced <= self.quantity
            and min(self.issued, self.shipped, self.invoiced) >= ZERO,
            "sales.order_line.progress",
            "no more is issued, shipped or invoiced than was ordered",
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
        """How much was ordered; zero where the line is text."""
        return self.priced.line.quantity

    @property
    def left_to_issue(self) -> Quantity:
        """How much is still to leave the stock; zero where nothing is kept in stock."""
        return self.quantity - self.issued if self.goods else ZERO

    @property
    def left_to_ship(self) -> Quantity:
        """How much is left to ship; zero where nothing is shipped at all."""
        return self.quantity - self.shipped if self.goods else ZERO

    @property
    def left_to_invoice(self) -> Quantity:
        """How much is left to invoice."""
        return self.quantity - self.invoiced

    def issue(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* more gone from the stock.

        Raises:
            InvariantError: so much is not left to go, or the line is no goods.
        """
        return replace(self, issued=self.issued + quantity)

    def unissue(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* back in stock, to leave again.

        Raises:
            InvariantError: so much did not leave.
        """
        return replace(self, issued=self.issued - quantity)

    def ship(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* more shipped.

        Raises:
            InvariantError: so much is not left, or the line is no goods.
        """
        require_item(self.priced)
        if not self.goods:
            raise not_goods(self.id)
        if quantity > self.left_to_ship:
            raise too_much("sales.order.over_shipped", self.priced, quantity, self.left_to_ship)
        return replace(self, shipped=self.shipped + quantity)

    def unship(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* not shipped after all.

        Raises:
            InvariantError: so much was not shipped.
        """
        if quantity > self.shipped:
            raise too_much("sales.order.not_shipped", self.priced, quantity, self.shipped)
        return replace(self, shipped=self.shipped - quantity)

    def bill(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* more invoiced.

        Raises:
            InvariantError: so much is not left, or the line is text.
        """
        require_item(self.priced)
        if quantity > self.left_to_invoice:
            raise too_much(
                "sales.order.over_invoiced", self.priced, quantity, self.left_to_invoice
            )
        return replace(self, invoiced=self.invoiced + quantity)

    def unbill(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* not invoiced after all.

        Raises:
            InvariantError: so much was not invoiced.
        """
        if quantity > self.invoiced:
            raise too_much("sales.order.not_invoiced", self.priced, quantity, self.invoiced)
        return replace(self, invoiced=self.invoiced - quantity)

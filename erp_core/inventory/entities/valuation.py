"""What one unit of a product costs the company, on average over all its warehouses."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Self

from erp_core.catalog.entities import ProductId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.exact import PLACES, quotient
from erp_core.kernel.money import Money, UnitPrice, require_same_currency
from erp_core.kernel.quantity import ZERO, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """What one unit of a product costs the company, on average over all its warehouses."""

    product_id: ProductId
    average_cost: UnitPrice | None = None  # None before the first receipt at a cost
    on_hand: Quantity | None = None  # over all warehouses; None where nobody asked for it
    version: int = 0

    def receive(self, quantity: Quantity, unit_cost: UnitPrice) -> Self:
        """Return the valuation with goods come in; what costs nothing changes no average."""
        before = max(self._known(), ZERO)  # what was sold ahead of its receipt has no cost yet
        # Reckoned even where it will not count, since a cost of nothing has a currency too.
        average = (self.average_cost or unit_cost).blend(before, unit_cost, quantity)
        return replace(self, average_cost=average) if unit_cost.amount else self

    def revalue(self, quantity: Quantity, was: UnitPrice, unit_cost: UnitPrice) -> Self:
        """Return the valuation once *quantity* turns out to have cost *unit_cost*.

        Of the difference, the part that belongs to goods still on hand changes the average; the
        rest belongs to goods that are gone, whose movements stand as they were written.
        """
        require_same_currency(was.currency, unit_cost.currency)
        base = max(self._known(), ZERO)
        still_here = min(quantity, base)
        if self.average_cost is None or not still_here.value:
            return self
        require_same_currency(self.average_cost.currency, unit_cost.currency)
        worth = self.average_cost.amount * base.value
        worth += (unit_cost.amount - was.amount) * still_here.value
        average = quotient(max(worth, Decimal(0)), base.value, PLACES)
        return replace(self, average_cost=UnitPrice(average, unit_cost.currency))

    def _known(self) -> Quantity:
        if self.on_hand is None:
            raise StaleVersionError("the stock was not locked for a receipt")
        return self.on_hand

    def moved(self, quantity: Quantity) -> Self:
        """Return the valuation after a movement."""
        return self if self.on_hand is None else replace(self, on_hand=self.on_hand + quantity)

    def value(self, quantity: Quantity) -> Money | None:
        """Return what *quantity* is worth; None before the first receipt at a cost."""
        return None if self.average_cost is None else self.average_cost.times(quantity)

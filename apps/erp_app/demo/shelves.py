"""What the demo believes to lie where, so that nothing is sold that is not there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from erp_core.catalog.entities import Product, ProductId, Tracking
from erp_core.erp import Erp
from erp_core.inventory.entities import LotDates, StockKey, WarehouseId
from erp_core.inventory.use_cases import ReceiptLine, ReceiveGoodsCommand
from erp_core.kernel.context import Context
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity

_GOOD_FOR: Final = timedelta(days=400)  # what was received on the first day is good on the last
_DELIVERY_MIN: Final = 40


@dataclass(slots=True)
class Shelves:
    """The pieces that nobody has spoken for, by product and warehouse."""

    free: dict[tuple[ProductId, WarehouseId], int] = field(default_factory=dict)
    deliveries: int = 0

    def take(self, product: Product, where: WarehouseId, pieces: int) -> None:
        """Take pieces, or with a number below zero put them back."""
        self.free[product.id, where] = self.free.get((product.id, where), 0) - pieces

    def lacking(
        self, wanted: list[tuple[Product, int]], where: WarehouseId
    ) -> list[tuple[Product, int]]:
        """Return what must be delivered before all that is *wanted* can be taken."""
        total: dict[ProductId, int] = {}
        products = {}
        for product, pieces in wanted:
            products[product.id] = product
            total[product.id] = total.get(product.id, 0) + pieces
        short = []
        for key, pieces in total.items():
            if self.free.get((key, where), 0) < pieces:
                desired = products[key].desired_level or ZERO
                short.append((products[key], max(int(desired.value), _DELIVERY_MIN, 2 * pieces)))
        return short

    def deliver(
        self,
        erp: Erp,
        ctx: Context,
        goods: list[tuple[Product, int]],
        where: WarehouseId,
        on: date,
    ) -> int:
        """Receive a delivery; return how many movements that made."""
        if not goods:
            return 0
        self.deliveries += 1
        lines = []
        for product, pieces in goods:
            by_lots = product.tracking is Tracking.LOT
            lot = f"L{on:%y%m%d}-{self.deliveries:04d}" if by_lots else ""
            dates = LotDates(made_on=on, expires_on=on + _GOOD_FOR) if by_lots else None
            lines.append(
                ReceiptLine(
                    key=StockKey(product.id, where, lot),
                    quantity=Quantity(Decimal(pieces)),
                    unit_cost=cost_of(product),
                    dates=dates,
                )
            )
            self.take(product, where, -pieces)
        label = f"delivery {self.deliveries}"
        erp.inventory.receive_goods(ctx, ReceiveGoodsCommand(lines=tuple(lines), label=label))
        return len(lines)


def cost_of(product: Product) -> UnitPrice:
    """Return what a piece is bought at."""
    cost = product.cost_price
    if cost is None:
        raise AssertionError("every product of a demo has a cost")
    return cost

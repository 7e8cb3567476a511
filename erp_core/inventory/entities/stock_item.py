"""One row of stock: a product, or one lot of it, in one warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Self

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.quantity import ZERO, Quantity

_NAMED_MAX: Final = 50  # rows told of in one message


class InsufficientStockError(InvariantError):
    """Less is available than was asked for. Ask for less, or receive more first."""

    default_code = "insufficient_stock"

    def __init__(self, item: StockItem, wanted: Quantity) -> None:
        super().__init__(
            f"{wanted} of {item.product.sku} wanted, {item.available} available",
            field="quantity",
            product_id=item.key.product_id,
            sku=item.product.sku,
            warehouse_id=item.key.warehouse_id,
            lot=item.key.lot,
            wanted=wanted,
            available=item.available,
        )


class ShortRowsError(InsufficientStockError):
    """Of several rows, less is available than was asked for.

    ``field`` and the other details are of the first, ``details["rows"]`` are those of each.
    """

    def __init__(self, short: Sequence[InsufficientStockError]) -> None:
        named = [f"{each.field}: {each}" for each in short[:_NAMED_MAX]]
        if len(short) > _NAMED_MAX:
            named.append(f"and {len(short) - _NAMED_MAX} more")
        InvariantError.__init__(self, "; ".join(named), field=short[0].field)
        rows = [{"field": each.field, **each.details} for each in short]
        self.details = {**short[0].details, "rows": rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class StockedProduct:
    """What the inventory must know of a product to move it."""

    sku: str
    active: bool = True
    stock_managed: bool = True  # False: a service, or goods nobody counts
    tracking: Tracking = Tracking.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class StockItem:
    """One product, or one lot of it, in one warehouse."""

    key: StockKey
    product: StockedProduct
    warehouse_active: bool = True
    may_go_negative: bool = False  # the warehouse's rule
    in_transit: bool = False  # goods under way: transfers alone put them in and take them out
    on_hand: Quantity = ZERO
    reserved: Quantity = ZERO
    elsewhere: Quantity = ZERO  # of the same serial, in warehouses that are not locked with it
    version: int = 0

    @property
    def available(self) -> Quantity:
        """What may be promised or taken."""
        return self.on_hand - self.reserved

    def require_storage(self) -> None:
        """Raise InvariantError where goods are under way, which nobody can lay hands on."""
        ensure(
            not self.in_transit,
            "inventory.warehouse.in_transit",
            "goods under way come and go by transfers alone: choose a warehouse that stores goods",
            field="warehouse_id",
        )

    def require_movable(self) -> None:
        """Raise InvariantError where stock of this kind cannot move at all."""
        sku = self.product.sku
        ensure(
            self.product.stock_managed,
            "inventory.not_stocked",
            f"no stock is kept of {sku}",
            field="product_id",
            sku=sku,
        )
        ensure(
            self.product.active,
            "inventory.product_archived",
            f"{sku} is archived: restore it before moving it",
            field="product_id",
            sku=sku,
        )
        ensure(
            self.warehouse_active,
            "inventory.warehouse_archived",
            "the warehouse is archived: restore it, or choose another",
            field="warehouse_id",
        )
        ensure(
            bool(self.key.lot) == (self.product.tracking is not Tracking.NONE),
            "inventory.lot",
            f"{sku} is kept without lots" if self.key.lot else f"say which lot of {sku}",
            field="lot",
            sku=sku,
        )

    def moved(self, quantity: Quantity) -> Self:
        """Return the row with the signed *quantity* added.

        Raises:
            InsufficientStockError: less is available, and the warehouse may not go negative.
        """
        after = replace(self, on_hand=self.on_hand + quantity)
        if quantity < ZERO and after.available < ZERO and not self.may_go_negative:
            raise InsufficientStockError(self, wanted=-quantity)
        return after

    def promised(self, quantity: Quantity) -> Self:
        """Return the row with the signed *quantity* more reserved.

        Raises:
            InsufficientStockError: less is available, and the warehouse may not go negative.
        """
        after = replace(self, reserved=self.reserved + quantity)
        if quantity > ZERO and after.available < ZERO and not self.may_go_negative:
            raise InsufficientStockError(self, wanted=quantity)
        return after

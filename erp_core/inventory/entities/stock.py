"""Stock on hand, what it cost, and the movements that explain both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.catalog.entities import ProductId, Tracking
from erp_core.inventory.entities.warehouse import WarehouseId
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, MalformedError, StaleVersionError, ensure
from erp_core.kernel.money import Money, UnitPrice
from erp_core.kernel.page import Cursor
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.text import require_text

MovementId = NewType("MovementId", UUID)

LABEL_LENGTH_MAX: Final = 200
LOT_LENGTH_MAX: Final = 64
_ONE: Final = Quantity.of("1")


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


class Reason(StrEnum):
    RECEIPT = "receipt"
    ISSUE = "issue"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    ADJUSTMENT = "adjustment"
    COUNT = "count"
    SALE = "sale"
    PURCHASE = "purchase"
    RETURN = "return"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, order=True)
class StockKey:
    """Names one stock row. Its order is the order in which every store locks."""

    product_id: ProductId
    warehouse_id: WarehouseId
    lot: str = ""  # the number of a lot or a serial; empty where none is kept

    def __str__(self) -> str:
        return f"{self.product_id}/{self.warehouse_id}/{self.lot}"

    @property
    def cursor(self) -> Cursor:
        """The place after this row in the list of all rows."""
        return Cursor(f"{self.warehouse_id.hex}{self.lot}", self.product_id)

    @classmethod
    def at(cls, cursor: Cursor) -> Self:
        """Return the key whose place *cursor* is.

        Raises:
            MalformedError: it is the place of something else.
        """
        try:
            warehouse = UUID(hex=cursor.value[:32])
        except ValueError as error:
            raise MalformedError(
                "this cursor belongs to another list: begin again without it",
                code="page.cursor",
                field="cursor",
            ) from error
        return cls(ProductId(cursor.id), WarehouseId(warehouse), cursor.value[32:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What makes stock move: why, with which words, when, and who says so."""

    reason: Reason
    at: datetime  # aware, UTC
    by: str  # principal id
    label: str = ""  # for the auditor: why, on which paper
    origin: str = ""  # the document that caused it: "sales.shipment:<id>"
    movement_id: MovementId | None = field(default=None, compare=False)  # where the caller chose

    def __post_init__(self) -> None:
        ensure(self.at.tzinfo is not None, "inventory.posting.at", "say which time zone")
        require_text(
            self.label, "inventory.posting.label", longest=LABEL_LENGTH_MAX, field="label"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMovement:
    """One change of one stock row. Never altered: a mistake is corrected by another movement."""

    id: MovementId
    key: StockKey
    quantity: Quantity  # signed
    unit_cost: UnitPrice | None  # None while the product has never been received at a cost
    on_hand_after: Quantity  # of the row
    average_cost_after: UnitPrice | None  # of the product in the company
    posting: Posting


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
    on_hand: Quantity = ZERO
    reserved: Quantity = ZERO
    version: int = 0

    @property
    def available(self) -> Quantity:
        """What may be promised or taken."""
        return self.on_hand - self.reserved

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
            InvariantError: a serial number would be there twice.
        """
        after = replace(self, on_hand=self.on_hand + quantity)
        if quantity < ZERO and after.available < ZERO and not self.may_go_negative:
            raise InsufficientStockError(self, wanted=-quantity)
        ensure(
            self.product.tracking is not Tracking.SERIAL or after.on_hand <= _ONE,
            "inventory.serial",
            f"serial {self.key.lot} of {self.product.sku} is here already",
            field="lot",
            sku=self.product.sku,
            lot=self.key.lot,
        )
        return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Valuation:
    """What one unit of a product costs the company, on average over all its warehouses."""

    product_id: ProductId
    average_cost: UnitPrice | None = None  # None before the first receipt at a cost
    on_hand: Quantity | None = None  # over all warehouses; None where nobody asked for it
    version: int = 0

    def receive(self, quantity: Quantity, unit_cost: UnitPrice) -> Self:
        """Return the valuation with goods come in; what costs nothing changes no average."""
        if self.on_hand is None:
            raise StaleVersionError("the stock was not locked for a receipt")
        if not unit_cost.amount:
            return self
        before = max(self.on_hand, ZERO)  # what was sold ahead of its receipt has no cost yet
        average = (self.average_cost or unit_cost).blend(before, unit_cost, quantity)
        return replace(self, average_cost=average)

    def moved(self, quantity: Quantity) -> Self:
        """Return the valuation after a movement."""
        return self if self.on_hand is None else replace(self, on_hand=self.on_hand + quantity)

    def value(self, quantity: Quantity) -> Money | None:
        """Return what *quantity* is worth; None before the first receipt at a cost."""
        return None if self.average_cost is None else self.average_cost.times(quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockDifference:
    """A row that its movements do not explain: what it says, and what they add up to."""

    key: StockKey
    on_hand: Quantity
    moved: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedStock:
    """All the stock one document touches: ours alone until the transaction ends.

    Each step carries its movement along until ``save`` writes both: stock without a movement, or
    a movement without stock, cannot be expressed.
    """

    items: Mapping[StockKey, StockItem]
    valuations: Mapping[ProductId, Valuation]
    movements: tuple[StockMovement, ...] = field(default=(), repr=False)

    def receive(
        self, key: StockKey, quantity: Quantity, unit_cost: UnitPrice, posting: Posting
    ) -> Self:
        """Put *quantity* in at *unit_cost*. Only this changes the average cost.

        Raises:
            InvariantError: nothing to receive, a cost in another currency, stock that cannot move.
        """
        _require_positive(quantity)
        valuation = self.valuations[key.product_id].receive(quantity, unit_cost)
        return self._moved(key, quantity, unit_cost, valuation, posting)

    def issue(self, key: StockKey, quantity: Quantity, posting: Posting) -> Self:
        """Take *quantity* out, at average cost.

        Raises:
            InsufficientStockError: less is available.
            InvariantError: nothing to issue, or stock that cannot move.
        """
        _require_positive(quantity)
        return self._at_average(key, -quantity, posting)

    def transfer(
        self, source: StockKey, target: StockKey, quantity: Quantity, posting: Posting
    ) -> Self:
        """Carry *quantity* from *source* to *target*: two movements, and no change of cost.

        Raises:
            InsufficientStockError: less is available at the source.
            InvariantError: nothing to move, no distance to move it, or stock that cannot move.
        """
        _require_positive(quantity)
        ensure(
            source != target,
            "inventory.same_place",
            "it lies there already: choose another warehouse",
            field="to_warehouse_id",
        )
        out = replace(posting, reason=Reason.TRANSFER_OUT)
        into = replace(posting, reason=Reason.TRANSFER_IN, movement_id=None)
        left = self._at_average(source, -quantity, out)
        return left._at_average(target, quantity, into)  # noqa: SLF001  # it is one of us

    def adjust(self, key: StockKey, counted: Quantity, posting: Posting) -> Self:
        """Set on hand to what was *counted*; a movement tells of it even if nothing differed.

        Raises:
            InsufficientStockError: more than was counted is reserved.
            InvariantError: a count below zero, or stock that cannot move.
        """
        ensure(
            counted >= ZERO,
            "inventory.counted",
            "what was counted is never below zero",
            field="counted",
        )
        return self._at_average(key, counted - self.items[key].on_hand, posting)

    def _at_average(self, key: StockKey, quantity: Quantity, posting: Posting) -> Self:
        valuation = self.valuations[key.product_id]
        return self._moved(key, quantity, valuation.average_cost, valuation, posting)

    def _moved(
        self,
        key: StockKey,
        quantity: Quantity,
        unit_cost: UnitPrice | None,
        valuation: Valuation,
        posting: Posting,
    ) -> Self:
        item = self.items[key]
        item.require_movable()
        item = item.moved(quantity)
        movement = StockMovement(
            id=posting.movement_id or MovementId(new_id()),
            key=key,
            quantity=quantity,
            unit_cost=unit_cost,
            on_hand_after=item.on_hand,
            average_cost_after=valuation.average_cost,
            posting=posting,
        )
        return replace(
            self,
            items={**self.items, key: item},
            valuations={**self.valuations, key.product_id: valuation.moved(quantity)},
            movements=(*self.movements, movement),
        )


def _require_positive(quantity: Quantity) -> None:
    ensure(
        quantity > ZERO,
        "inventory.quantity",
        "a quantity is greater than zero",
        field="quantity",
    )

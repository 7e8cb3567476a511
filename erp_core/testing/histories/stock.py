"""What a serial program answers about stock: the rules again, in integers and in few words.

Names for people stand in for ids: a ``Shelf`` is a stock row. An adapter's answers are brought
into the same form by ``stock_answer``, from the movements it returned or from its refusal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    InsufficientStockError,
    StockKey,
    StockMovement,
    WarehouseId,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.testing.histories.calls import (
    Answer,
    Cell,
    Operation,
    Said,
    World,
    millionths,
    shown,
)

INSUFFICIENT = InsufficientStockError.default_code


@dataclass(frozen=True, slots=True, order=True)
class Shelf:
    """A stock row by names: which product, and where (or which lot of it where)."""

    product: str
    place: str
    may_go_negative: bool = False

    def __str__(self) -> str:
        return f"{self.product} in {self.place}"

    @property
    def on_hand(self) -> Cell:
        return Cell("on hand", self.product, self.place)

    @property
    def reserved(self) -> Cell:
        return Cell("reserved", self.product, self.place)

    @property
    def total(self) -> Cell:
        """On hand in all places together, by which a receipt is weighed."""
        return Cell("on hand", self.product)

    @property
    def average(self) -> Cell:
        """The average cost; 0 before the first receipt at a cost."""
        return Cell("average cost", self.product)

    @property
    def valued(self) -> Cell:
        """1 from the first receipt at a cost on: from then on also an average of 0 counts."""
        return Cell("valued", self.product)

    @property
    def cells(self) -> tuple[Cell, ...]:
        return self.on_hand, self.reserved, self.total, self.average, self.valued

    def available(self, world: World) -> int:
        return world[self.on_hand] - world[self.reserved]

    def lacks(self, world: World) -> Answer:
        """Refuse, for want of stock."""
        available = Said(Cell("available", self.product, self.place), self.available(world))
        return Answer((available,), refused=INSUFFICIENT)

    def moved(self, world: World, quantity: int, unit_cost: int | None = None) -> list[Said]:
        """Move *quantity* in or out, at average cost where none is given; tell of it."""
        world[self.on_hand] += quantity
        world[self.total] += quantity
        average = world[self.average]
        cost = average if unit_cost is None else unit_cost
        return self.told(quantity, cost, world[self.on_hand], average)

    def received(self, world: World, quantity: int, unit_cost: int) -> list[Said]:
        """Move *quantity* in at its own cost, which changes the average unless it is nothing."""
        if unit_cost:
            before = max(world[self.total], 0)
            average = world[self.average] if world[self.valued] else unit_cost
            value = before * average + quantity * unit_cost
            world[self.average] = half_up(value, before + quantity)
            world[self.valued] = 1
        return self.moved(world, quantity, unit_cost)

    def told(self, quantity: int, unit_cost: int, on_hand: int, average: int) -> list[Said]:
        """Say what a movement says."""
        return [
            Said(Cell("moved", self.product, self.place), quantity),
            Said(Cell("unit cost", self.product, self.place), unit_cost),
            Said(self.on_hand, on_hand),
            Said(self.average, average),
        ]


@dataclass(frozen=True, slots=True)
class Receive(Operation):
    shelf: Shelf
    quantity: int
    unit_cost: int

    def __str__(self) -> str:
        return f"receipt of {shown(self.quantity)} {self.shelf} at {shown(self.unit_cost)}"

    @property
    def cells(self) -> Sequence[Cell]:
        return self.shelf.cells

    def run(self, world: World) -> Answer:
        return Answer(tuple(self.shelf.received(world, self.quantity, self.unit_cost)))


@dataclass(frozen=True, slots=True)
class Issue(Operation):
    shelf: Shelf
    quantity: int

    def __str__(self) -> str:
        return f"issue of {shown(self.quantity)} {self.shelf}"

    @property
    def cells(self) -> Sequence[Cell]:
        return self.shelf.cells

    def run(self, world: World) -> Answer:
        if self.shelf.available(world) < self.quantity and not self.shelf.may_go_negative:
            return self.shelf.lacks(world)
        return Answer(tuple(self.shelf.moved(world, -self.quantity)))


@dataclass(frozen=True, slots=True)
class Transfer(Operation):
    source: Shelf
    target: Shelf
    quantity: int

    def __str__(self) -> str:
        return f"transfer of {shown(self.quantity)} {self.source} to {self.target.place}"

    @property
    def cells(self) -> Sequence[Cell]:
        return *self.source.cells, *self.target.cells

    def run(self, world: World) -> Answer:
        if self.source.available(world) < self.quantity and not self.source.may_go_negative:
            return self.source.lacks(world)
        out = self.source.moved(world, -self.quantity)
        return Answer((*out, *self.target.moved(world, self.quantity)))


@dataclass(frozen=True, slots=True)
class Adjust(Operation):
    shelf: Shelf
    counted: int

    def __str__(self) -> str:
        return f"adjustment of {self.shelf} to {shown(self.counted)}"

    @property
    def cells(self) -> Sequence[Cell]:
        return self.shelf.cells

    def run(self, world: World) -> Answer:
        quantity = self.counted - world[self.shelf.on_hand]
        short = self.counted < world[self.shelf.reserved]
        if quantity < 0 and short and not self.shelf.may_go_negative:
            return self.shelf.lacks(world)
        return Answer(tuple(self.shelf.moved(world, quantity)))


@dataclass(frozen=True, slots=True)
class Look(Operation):
    """Read several rows of one product in one statement: they must have been so at once."""

    reads: ClassVar[bool] = True

    shelves: tuple[Shelf, ...]

    def __str__(self) -> str:
        return f"look at {', '.join(str(shelf) for shelf in self.shelves)}"

    @property
    def cells(self) -> Sequence[Cell]:
        return [cell for shelf in self.shelves for cell in shelf.cells]

    def run(self, world: World) -> Answer:
        seen = (
            Said(cell, world[cell])
            for shelf in self.shelves
            for cell in (shelf.on_hand, shelf.reserved, shelf.average)
        )
        return Answer(tuple(seen))


def stock_answer(
    shelves: Mapping[StockKey, Shelf], perform: Callable[[], Sequence[StockMovement]]
) -> Answer:
    """Do *perform*, and bring the movements it returns, or its refusal, into words of shelves."""
    try:
        movements = perform()
    except InsufficientStockError as error:
        return lacking(shelves, error)
    return Answer(tuple(said for each in movements for said in _told(shelves[each.key], each)))


def lacking(shelves: Mapping[StockKey, Shelf], error: InsufficientStockError) -> Answer:
    """Bring a refusal for want of stock into words of shelves; raise it if it says too little."""
    match error.details:
        case {
            "product_id": UUID() as product,
            "warehouse_id": UUID() as warehouse,
            "lot": str() as lot,
            "available": Quantity() as available,
        }:
            shelf = shelves[StockKey(ProductId(product), WarehouseId(warehouse), lot)]
            cell = Cell("available", shelf.product, shelf.place)
            return Answer((Said(cell, millionths(available.value)),), refused=error.code)
    raise error


def _told(shelf: Shelf, movement: StockMovement) -> list[Said]:
    return shelf.told(
        millionths(movement.quantity.value),
        cost_of(movement.unit_cost),
        millionths(movement.on_hand_after.value),
        cost_of(movement.average_cost_after),
    )


def half_up(dividend: int, divisor: int) -> int:
    """Divide what is not negative, and round half up."""
    return (2 * dividend + divisor) // (2 * divisor)


def cost_of(cost: UnitPrice | None) -> int:
    """Return a cost in millionths; 0 where there is none."""
    return 0 if cost is None else millionths(cost.amount)

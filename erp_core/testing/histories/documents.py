"""More that can be asked of stock: documents of many lines, promises, and corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from erp_core.testing.histories.calls import Answer, Cell, Operation, Said, World, shown
from erp_core.testing.histories.stock import Shelf, half_up

RELEASE_EXCEEDED: Final = "inventory.reservation_exceeded"
RETURN_EXCEEDED: Final = "inventory.return.exceeded"


@dataclass(frozen=True, slots=True)
class Document(Operation):
    """Several operations in one transaction, one after the other: all of them or none."""

    lines: tuple[Operation, ...]

    def __str__(self) -> str:
        return f"document: {', '.join(str(line) for line in self.lines)}"

    @property
    def cells(self) -> Sequence[Cell]:
        return [cell for line in self.lines for cell in line.cells]

    def run(self, world: World) -> Answer:
        before, said = list(world.values), list[Said]()
        for line in self.lines:
            answer = line.run(world)
            if answer.refused:
                world.values[:] = before
                return answer
            said += answer.said
        return Answer(tuple(said))


@dataclass(frozen=True, slots=True)
class Reserve(Operation):
    """Keep goods for the line *origin*, on top of what is kept for it."""

    shelf: Shelf
    quantity: int
    origin: str

    def __str__(self) -> str:
        return f"reservation of {shown(self.quantity)} {self.shelf} for {self.origin}"

    @property
    def kept(self) -> Cell:
        return kept_for(self.shelf, self.origin)

    @property
    def cells(self) -> Sequence[Cell]:
        return *self.shelf.cells, self.kept

    def run(self, world: World) -> Answer:
        if self.shelf.available(world) < self.quantity and not self.shelf.may_go_negative:
            return self.shelf.lacks(world)
        world[self.shelf.reserved] += self.quantity
        world[self.kept] += self.quantity
        return Answer((Said(self.kept, world[self.kept]),))


@dataclass(frozen=True, slots=True)
class Release(Operation):
    """Give free what is kept for the line *origin*, or a part of it."""

    shelf: Shelf
    quantity: int
    origin: str

    def __str__(self) -> str:
        return f"release of {shown(self.quantity)} {self.shelf} for {self.origin}"

    @property
    def kept(self) -> Cell:
        return kept_for(self.shelf, self.origin)

    @property
    def cells(self) -> Sequence[Cell]:
        return *self.shelf.cells, self.kept

    def run(self, world: World) -> Answer:
        if world[self.kept] < self.quantity:
            return Answer((Said(self.kept, world[self.kept]),), refused=RELEASE_EXCEEDED)
        world[self.shelf.reserved] -= self.quantity
        world[self.kept] -= self.quantity
        return Answer((Said(self.kept, world[self.kept]),))


@dataclass(frozen=True, slots=True)
class Return(Operation):
    """Take back a part of what went out by one movement, at the cost it went out with."""

    shelf: Shelf  # where it comes to
    quantity: int
    issued: int  # by that movement
    unit_cost: int
    movement: str

    def __str__(self) -> str:
        return f"return of {shown(self.quantity)} {self.shelf}"

    @property
    def returned(self) -> Cell:
        return Cell("returned", self.shelf.product, self.movement)

    @property
    def cells(self) -> Sequence[Cell]:
        return *self.shelf.cells, self.returned

    def run(self, world: World) -> Answer:
        if world[self.returned] + self.quantity > self.issued:
            return Answer((Said(self.returned, world[self.returned]),), refused=RETURN_EXCEEDED)
        world[self.returned] += self.quantity
        return Answer(tuple(self.shelf.received(world, self.quantity, self.unit_cost)))


@dataclass(frozen=True, slots=True)
class Revalue(Operation):
    """Enter what a receipt really cost: of the difference counts what may still be there."""

    shelf: Shelf
    received: int  # by that movement
    received_at: int
    unit_cost: int
    movement: str

    def __str__(self) -> str:
        return f"revaluation of {shown(self.received)} {self.shelf} at {shown(self.unit_cost)}"

    @property
    def since(self) -> Cell:
        """By how much the receipt has been revalued up to now."""
        return Cell("revalued", self.shelf.product, self.movement)

    @property
    def cells(self) -> Sequence[Cell]:
        return *self.shelf.cells, self.since

    def run(self, world: World) -> Answer:
        average, base = world[self.shelf.average], max(world[self.shelf.total], 0)
        was = self.received_at + world[self.since]
        here = min(self.received, base)
        if world[self.shelf.valued] and here:
            worth = average * base + (self.unit_cost - was) * here
            world[self.shelf.average] = half_up(max(worth, 0), base)
        world[self.since] = self.unit_cost - self.received_at
        return Answer(tuple(self.shelf.moved(world, 0, self.unit_cost)))


def kept_for(shelf: Shelf, origin: str) -> Cell:
    """Return what is kept for one line of a document."""
    return Cell("reserved", shelf.product, f"{shelf.place} for {origin}")

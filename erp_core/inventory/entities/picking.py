"""Which goods a document takes: of several lots, those that expire first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities.locked_stock import LockedStock
from erp_core.inventory.entities.movement import Posting, Reason, StockMovement
from erp_core.inventory.entities.moves import Receipt
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.inventory.entities.warehouse import WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity

CANDIDATES_MAX: Final = 1000  # lots of one product in one warehouse that are looked at

Place = tuple[ProductId, WarehouseId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A stock row of which something is available, and until when that keeps."""

    key: StockKey
    available: Quantity
    expires_on: date | None = None  # the last day on which it may be used; None: it keeps

    @property
    def place(self) -> Place:
        return self.key.product_id, self.key.warehouse_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """How much of a product one line of a document wants from one warehouse."""

    product_id: ProductId
    warehouse_id: WarehouseId
    quantity: Quantity

    @property
    def place(self) -> Place:
        return self.product_id, self.warehouse_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """How much to take of one stock row."""

    key: StockKey
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Picks:
    """What one line takes, row by row, and how much of what it wants there is not."""

    picks: tuple[Pick, ...]
    short: Quantity = ZERO

    @property
    def quantity(self) -> Quantity:
        """How much is taken in all."""
        return sum((each.quantity for each in self.picks), ZERO)


def choose_lots(
    wants: Sequence[Want], candidates: Iterable[Candidate], on: date
) -> tuple[Picks, ...]:
    """Choose for each of *wants*, in their order, what it takes: what expires first goes first.

    What may no longer be used *on* that day is left alone; what never expires goes last. What one
    line takes is no longer there for the next.
    """
    shelves: dict[Place, list[Candidate]] = {}
    for each in candidates:
        if each.available > ZERO and (each.expires_on is None or each.expires_on >= on):
            shelves.setdefault(each.place, []).append(each)
    for shelf in shelves.values():
        shelf.sort(key=_last_first)
    return tuple(_taken(want, shelves.get(want.place, [])) for want in wants)


def _last_first(each: Candidate) -> tuple[bool, int, str]:
    """Order a shelf so that what is to go first is its last, where it is taken from."""
    keeps = each.expires_on is None
    days = 0 if each.expires_on is None else each.expires_on.toordinal()
    return (not keeps, -days, "".join(chr(0x10FFFF - ord(letter)) for letter in each.key.lot))


def _taken(want: Want, shelf: list[Candidate]) -> Picks:
    """Take what is wanted off the end of *shelf*, which is left without it."""
    picks, rest = [], want.quantity
    while shelf and rest > ZERO:
        first = shelf.pop()
        quantity = min(first.available, rest)
        picks.append(Pick(key=first.key, quantity=quantity))
        rest = rest - quantity
        if quantity < first.available:
            shelf.append(replace(first, available=first.available - quantity))
    return Picks(picks=tuple(picks), short=rest)


@dataclass(frozen=True, slots=True, kw_only=True)
class StillOut:
    """A movement by which goods went out, and how much of that has come back since."""

    movement: StockMovement
    returned: Quantity = ZERO

    @property
    def rest(self) -> Quantity:
        """How much of it can still come back."""
        return -self.movement.quantity - self.returned


def take_back(
    stock: LockedStock, out: Iterable[StillOut], posting: Posting, currency: str
) -> LockedStock:
    """Return *stock* with all that is still *out* come back, at the cost it went out with.

    It was locked for receiving. *currency* is the company's own, for goods that had no cost.

    Raises:
        InvariantError: stock that cannot move: the product or the warehouse is archived, say.
    """
    return stock.receive_all(
        Receipt(
            key=each.movement.key,
            quantity=each.rest,
            unit_cost=each.movement.unit_cost or UnitPrice(ZERO.value, currency),
            posting=replace(posting, reason=Reason.RETURN, reference_id=each.movement.id),
        )
        for each in out
        if each.rest > ZERO
    )

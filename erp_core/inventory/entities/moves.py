"""Stock while steps are taken with it: the ten thousandth is as quick as the first."""

from __future__ import annotations

from dataclasses import field
from typing import Final

from erp_core.catalog.entities import ProductId, Tracking
from erp_core.inventory.entities.lot import Lot, LotDates, LotId
from erp_core.inventory.entities.movement import MovementId, Posting, StockMovement
from erp_core.inventory.entities.reservation import Reservation
from erp_core.inventory.entities.stock_item import StockItem
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.inventory.entities.valuation import Valuation
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity

_ONE: Final = Quantity.of("1")
_NO_DATES: Final = LotDates()

LotKey = tuple[ProductId, str]
KeptFor = tuple[StockKey, str]  # a row, and the line of a document that something is kept for


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """So much leaves one row, by the line of a document that stands at *place*: "lines/3"."""

    place: str
    key: StockKey
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """So much comes into one row, at a cost, and why."""

    key: StockKey
    quantity: Quantity
    unit_cost: UnitPrice
    posting: Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One step: a signed quantity, at a cost, and what its product is valued at then."""

    key: StockKey
    quantity: Quantity
    unit_cost: UnitPrice | None
    valuation: Valuation
    dates: LotDates = _NO_DATES


@dataclass(slots=True, kw_only=True)
class Moves:
    """Copies that are changed in place; ``LockedStock`` makes them and takes them back whole.

    Where one of many steps is refused nothing is taken back, and so nothing has happened.
    """

    items: dict[StockKey, StockItem]
    valuations: dict[ProductId, Valuation]
    lots: dict[LotKey, Lot]
    reservations: dict[KeptFor, Reservation]
    movements: list[StockMovement]
    _on_hand: dict[LotKey, Quantity] = field(default_factory=dict)  # once a serial has come in

    def move_at_average(self, key: StockKey, quantity: Quantity, posting: Posting) -> None:
        """Move the signed *quantity* at what one of it costs on average.

        Raises:
            InsufficientStockError: less is available.
            InvariantError: stock that cannot move.
        """
        valuation = self.valuations[key.product_id]
        cost = valuation.average_cost
        self.take(Move(key=key, quantity=quantity, unit_cost=cost, valuation=valuation), posting)

    def take(self, move: Move, posting: Posting) -> None:
        """Take one step.

        Raises:
            InsufficientStockError: less is available.
            InvariantError: stock that cannot move, a lot with other dates, or a serial that is
                there already.
        """
        key, quantity = move.key, move.quantity
        self.items[key].require_movable()
        item = self.items[key] = self.items[key].moved(quantity)
        self.valuations[key.product_id] = move.valuation.moved(quantity)
        movement = StockMovement(
            id=posting.movement_id or MovementId(new_id()),
            key=key,
            quantity=quantity,
            unit_cost=move.unit_cost,
            on_hand_after=item.on_hand,
            average_cost_after=move.valuation.average_cost,
            posting=posting,
        )
        self.movements.append(movement)
        if item.product.tracking is Tracking.SERIAL:
            self._require_once(item, quantity)
        if key.lot:
            self._enter(key, move.dates)

    def promise(self, key: StockKey, quantity: Quantity, origin: str) -> None:
        """Keep the signed *quantity* more for the line *origin*.

        Raises:
            InsufficientStockError: less is available.
            ReservationExceededError: so much is not kept for it.
            InvariantError: stock that cannot move.
        """
        known = self.reservations.get((key, origin)) or Reservation(key=key, origin=origin)
        if quantity > ZERO:
            self.items[key].require_movable()
            kept = known.more(quantity)
        else:
            kept = known.less(-quantity)
        self.items[key] = self.items[key].promised(quantity)
        self.reservations[key, origin] = kept

    def _enter(self, key: StockKey, dates: LotDates) -> None:
        place = (key.product_id, key.lot)
        known = self.lots.get(place) or Lot(
            id=LotId(new_id()), product_id=key.product_id, number=key.lot
        )
        self.lots[place] = known.received(dates)

    def _require_once(self, item: StockItem, quantity: Quantity) -> None:
        """Refuse a serial that would be in two places, or twice in one."""
        place = (item.key.product_id, item.key.lot)
        if place in self._on_hand:
            self._on_hand[place] += quantity
        elif quantity > ZERO:
            self._add_up()
        ensure(
            quantity <= ZERO or item.elsewhere + self._on_hand[place] <= _ONE,
            "inventory.serial",
            f"serial {item.key.lot} of {item.product.sku} is here already",
            field="lot",
            sku=item.product.sku,
            lot=item.key.lot,
        )

    def _add_up(self) -> None:
        for key, each in self.items.items():
            place = (key.product_id, key.lot)
            self._on_hand[place] = self._on_hand.get(place, ZERO) + each.on_hand

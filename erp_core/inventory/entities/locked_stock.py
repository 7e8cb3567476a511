"""All the stock one document touches, and every step it may take with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from erp_core.catalog.entities import ProductId, Tracking
from erp_core.inventory.entities.lot import Lot, LotDates, LotId
from erp_core.inventory.entities.movement import MovementId, Posting, Reason, StockMovement
from erp_core.inventory.entities.reservation import Reservation
from erp_core.inventory.entities.stock_item import StockItem
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.inventory.entities.valuation import Valuation
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity

_ONE = Quantity.of("1")

LotKey = tuple[ProductId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedStock:
    """All the stock one document touches: ours alone until the transaction ends.

    Each step carries its movement along until ``save`` writes both: stock without a movement, or
    a movement without stock, cannot be expressed. Reserving moves nothing, and has none.
    """

    items: Mapping[StockKey, StockItem]
    valuations: Mapping[ProductId, Valuation]
    lots: Mapping[LotKey, Lot] = field(default_factory=dict)  # where it was locked to receive
    reservations: Mapping[tuple[StockKey, str], Reservation] = field(default_factory=dict)
    movements: tuple[StockMovement, ...] = field(default=(), repr=False)

    def in_storage(self) -> Self:
        """Return the stock itself, if none of it is under way.

        Raises:
            InvariantError: some of it is: only transfers may touch that.
        """
        for item in self.items.values():
            item.require_storage()
        return self

    def receive(
        self,
        key: StockKey,
        quantity: Quantity,
        unit_cost: UnitPrice,
        posting: Posting,
        dates: LotDates | None = None,
    ) -> Self:
        """Put *quantity* in at *unit_cost*. Only this changes the average cost.

        A lot that is not known yet becomes so, with its *dates*.

        Raises:
            InvariantError: nothing to receive, a cost in another currency, stock that cannot
                move, a lot with other dates, or a serial that is there already.
        """
        require_positive(quantity)
        valuation = self.valuations[key.product_id].receive(quantity, unit_cost)
        received = self._moved(key, quantity, unit_cost, valuation, posting)
        if not key.lot:
            ensure(
                dates is None or dates == LotDates(),
                "inventory.lot.none",
                "it is kept without lots, and so without their dates",
                field="expires_on",
            )
            return received
        return replace(received, lots=self._with_lot(key, dates or LotDates()))

    def issue(self, key: StockKey, quantity: Quantity, posting: Posting) -> Self:
        """Take *quantity* out, at average cost.

        Raises:
            InsufficientStockError: less is available.
            InvariantError: nothing to issue, or stock that cannot move.
        """
        require_positive(quantity)
        return self._at_average(key, -quantity, posting)

    def transfer(
        self, source: StockKey, target: StockKey, quantity: Quantity, posting: Posting
    ) -> Self:
        """Carry *quantity* from *source* to *target*: two movements, and no change of cost.

        Raises:
            InsufficientStockError: less is available at the source.
            InvariantError: nothing to move, no distance to move it, or stock that cannot move.
        """
        require_positive(quantity)
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

    def revalue(
        self,
        key: StockKey,
        quantity: Quantity,
        was: UnitPrice,
        unit_cost: UnitPrice,
        posting: Posting,
    ) -> Self:
        """Correct the cost of *quantity* that came in at *was*: a movement of value alone.

        Raises:
            InvariantError: a cost in another currency, or stock that cannot move.
        """
        valuation = self.valuations[key.product_id].revalue(quantity, was, unit_cost)
        return self._moved(key, ZERO, unit_cost, valuation, posting)

    def reserve(self, key: StockKey, quantity: Quantity, origin: str) -> Self:
        """Keep *quantity* for the line *origin*, on top of what is kept for it.

        Raises:
            InsufficientStockError: less is available.
            InvariantError: nothing to reserve, no line, or stock that cannot move.
        """
        require_positive(quantity)
        item = self.items[key]
        item.require_movable()
        reservation = self._reservation(key, origin).more(quantity)
        return self._reserved(item.promised(quantity), reservation)

    def release(self, key: StockKey, quantity: Quantity, origin: str) -> Self:
        """Give *quantity* of what is kept for the line *origin* back.

        Raises:
            ReservationExceededError: so much is not reserved for it.
            InvariantError: nothing to release.
        """
        require_positive(quantity)
        reservation = self._reservation(key, origin).less(quantity)
        return self._reserved(self.items[key].promised(-quantity), reservation)

    def _reservation(self, key: StockKey, origin: str) -> Reservation:
        known = self.reservations.get((key, origin))
        return known or Reservation(key=key, origin=origin)

    def _reserved(self, item: StockItem, reservation: Reservation) -> Self:
        place = (reservation.key, reservation.origin)
        return replace(
            self,
            items={**self.items, item.key: item},
            reservations={**self.reservations, place: reservation},
        )

    def _with_lot(self, key: StockKey, dates: LotDates) -> Mapping[LotKey, Lot]:
        place = (key.product_id, key.lot)
        new = Lot(id=LotId(new_id()), product_id=key.product_id, number=key.lot)
        return {**self.lots, place: self.lots.get(place, new).received(dates)}

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
        after = replace(
            self,
            items={**self.items, key: item},
            valuations={**self.valuations, key.product_id: valuation.moved(quantity)},
            movements=(*self.movements, movement),
        )
        if quantity > ZERO and item.product.tracking is Tracking.SERIAL:
            after._require_once(item)  # noqa: SLF001  # it is one of us
        return after

    def _require_once(self, item: StockItem) -> None:
        """Refuse a serial that would be in two places, or twice in one."""
        everywhere = item.elsewhere
        for key, each in self.items.items():
            if (key.product_id, key.lot) == (item.key.product_id, item.key.lot):
                everywhere += each.on_hand
        ensure(
            everywhere <= _ONE,
            "inventory.serial",
            f"serial {item.key.lot} of {item.product.sku} is here already",
            field="lot",
            sku=item.product.sku,
            lot=item.key.lot,
        )


def require_positive(quantity: Quantity) -> None:
    """Raise InvariantError unless something moves at all."""
    ensure(
        quantity > ZERO,
        "inventory.quantity",
        "a quantity is greater than zero",
        field="quantity",
    )

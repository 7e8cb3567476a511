"""All the stock one document touches, and every step it may take with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from typing import Self

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities.lot import Lot, LotDates
from erp_core.inventory.entities.movement import Posting, Reason, StockMovement
from erp_core.inventory.entities.moves import Issue, KeptFor, LotKey, Move, Moves, Receipt
from erp_core.inventory.entities.reservation import Reservation
from erp_core.inventory.entities.stock_item import (
    InsufficientStockError,
    ShortRowsError,
    StockItem,
)
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.inventory.entities.valuation import Valuation
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import at, ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedStock:
    """All the stock one document touches: ours alone until the transaction ends.

    Each step carries its movement along until ``save`` writes both: stock without a movement, or
    a movement without stock, cannot be expressed. Reserving moves nothing, and has none.
    """

    items: Mapping[StockKey, StockItem]
    valuations: Mapping[ProductId, Valuation]
    lots: Mapping[LotKey, Lot] = field(default_factory=dict)  # that are known
    reservations: Mapping[KeptFor, Reservation] = field(default_factory=dict)
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

        A lot that is not known yet becomes so by whatever moves it, and by this with its *dates*.

        Raises:
            InvariantError: nothing to receive, a cost in another currency, stock that cannot
                move, a lot with other dates, or a serial that is there already.
        """
        require_positive(quantity)
        valuation = self.valuations[key.product_id].receive(quantity, unit_cost)
        move = Move(
            key=key,
            quantity=quantity,
            unit_cost=unit_cost,
            valuation=valuation,
            dates=dates or LotDates(),
        )
        moved = self._taken(move, posting)
        ensure(
            bool(key.lot) or dates is None or dates == LotDates(),
            "inventory.lot.none",
            "it is kept without lots, and so without their dates",
            field="expires_on",
        )
        return moved

    def receive_all(self, receipts: Iterable[Receipt]) -> Self:
        """Put in all of *receipts*, in a time that grows with them alone.

        Raises:
            InvariantError: nothing to receive, a cost in another currency, stock that cannot
                move, or a serial that is there already.
        """
        moves = self._moves()
        for each in receipts:
            require_positive(each.quantity)
            valuation = moves.valuations[each.key.product_id]
            move = Move(
                key=each.key,
                quantity=each.quantity,
                unit_cost=each.unit_cost,
                valuation=valuation.receive(each.quantity, each.unit_cost),
            )
            moves.take(move, each.posting)
        return self._after(moves)

    def issue(self, key: StockKey, quantity: Quantity, posting: Posting) -> Self:
        """Take *quantity* out, at average cost.

        Raises:
            InsufficientStockError: less is available.
            InvariantError: nothing to issue, or stock that cannot move.
        """
        require_positive(quantity)
        return self._at_average(key, -quantity, posting)

    def issue_all(self, issues: Iterable[Issue], posting: Posting) -> Self:
        """Take out all of *issues* or none, in a time that grows with them alone.

        Raises:
            ShortRowsError: of some less is available; all of them are named by their places.
            InvariantError: nothing to issue, or stock that cannot move.
        """
        moves, short = self._moves(), list[InsufficientStockError]()
        for each in issues:
            try:
                with at(each.place):
                    require_positive(each.quantity)
                    moves.move_at_average(each.key, -each.quantity, posting)
            except InsufficientStockError as error:
                short.append(error)
        if short:
            raise ShortRowsError(short)
        return self._after(moves)

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
        return self.adjust_all([(key, counted)], posting)

    def adjust_all(self, found: Iterable[tuple[StockKey, Quantity]], posting: Posting) -> Self:
        """Adjust many rows, each to what was *found*, in a time that grows with them alone.

        Raises:
            InsufficientStockError: more than was counted is reserved.
            InvariantError: a count below zero, or stock that cannot move.
        """
        moves = self._moves()
        for key, counted in found:
            ensure(
                counted >= ZERO,
                "inventory.counted",
                "what was counted is never below zero",
                field="counted",
            )
            moves.move_at_average(key, counted - moves.items[key].on_hand, posting)
        return self._after(moves)

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
        move = Move(key=key, quantity=ZERO, unit_cost=unit_cost, valuation=valuation)
        return self._taken(move, posting)

    def reserve(self, key: StockKey, quantity: Quantity, origin: str) -> Self:
        """Keep *quantity* for the line *origin*, on top of what is kept for it.

        Raises:
            InsufficientStockError: less is available.
            InvariantError: nothing to reserve, no line, or stock that cannot move.
        """
        return self.reserve_all({(key, origin): quantity})

    def reserve_all(self, wanted: Mapping[KeptFor, Quantity]) -> Self:
        """Keep all that is *wanted* or none, in a time that grows with it alone.

        Raises:
            InsufficientStockError: less is available.
            InvariantError: nothing to reserve, no line, or stock that cannot move.
        """
        moves = self._moves()
        for (key, origin), quantity in wanted.items():
            require_positive(quantity)
            moves.promise(key, quantity, origin)
        return self._after(moves)

    def release(self, key: StockKey, quantity: Quantity, origin: str) -> Self:
        """Give *quantity* of what is kept for the line *origin* back.

        Raises:
            ReservationExceededError: so much is not reserved for it.
            InvariantError: nothing to release.
        """
        return self.release_all({(key, origin): quantity})

    def release_all(self, kept: Mapping[KeptFor, Quantity]) -> Self:
        """Give all of *kept* back or none, in a time that grows with it alone.

        Raises:
            ReservationExceededError: so much is not reserved.
            InvariantError: nothing to release.
        """
        moves = self._moves()
        for (key, origin), quantity in kept.items():
            require_positive(quantity)
            moves.promise(key, -quantity, origin)
        return self._after(moves)

    def _at_average(self, key: StockKey, quantity: Quantity, posting: Posting) -> Self:
        moves = self._moves()
        moves.move_at_average(key, quantity, posting)
        return self._after(moves)

    def _taken(self, move: Move, posting: Posting) -> Self:
        moves = self._moves()
        moves.take(move, posting)
        return self._after(moves)

    def _moves(self) -> Moves:
        return Moves(
            items=dict(self.items),
            valuations=dict(self.valuations),
            lots=dict(self.lots),
            reservations=dict(self.reservations),
            movements=list(self.movements),
        )

    def _after(self, moves: Moves) -> Self:
        return replace(
            self,
            items=moves.items,
            valuations=moves.valuations,
            lots=moves.lots,
            reservations=moves.reservations,
            movements=tuple(moves.movements),
        )


def require_positive(quantity: Quantity) -> None:
    """Raise InvariantError unless something moves at all."""
    ensure(
        quantity > ZERO,
        "inventory.quantity",
        "a quantity is greater than zero",
        field="quantity",
    )

"""Goods carried from one warehouse to another, and under way in between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities.lot import NUMBER_LENGTH_MAX
from erp_core.inventory.entities.movement import LABEL_LENGTH_MAX
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.inventory.entities.warehouse import WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import InvariantError, NotFoundError, ensure
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.text import require_text
from erp_core.kernel.totals import Total

StockTransferId = NewType("StockTransferId", UUID)
TransferLineId = NewType("TransferLineId", UUID)

TRANSFER_LINES_MAX: Final = 1000


class StockTransferState(StrEnum):
    DISPATCHED = "dispatched"
    PARTLY_ARRIVED = "partly_arrived"
    ARRIVED = "arrived"
    CANCELLED = "cancelled"


STOCK_TRANSFER_LIFECYCLE: Final = Lifecycle[StockTransferState](
    {
        StockTransferState.DISPATCHED: {
            StockTransferState.PARTLY_ARRIVED,
            StockTransferState.ARRIVED,
            StockTransferState.CANCELLED,
        },
        StockTransferState.PARTLY_ARRIVED: {
            StockTransferState.PARTLY_ARRIVED,
            StockTransferState.ARRIVED,
            StockTransferState.CANCELLED,
        },
        StockTransferState.ARRIVED: set(),
        StockTransferState.CANCELLED: set(),
    }
)
OPEN_STATES: Final = frozenset({StockTransferState.DISPATCHED, StockTransferState.PARTLY_ARRIVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Some of what one line sent."""

    line_id: TransferLineId
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferLine:
    """How much of one product, or of one lot of it, was sent, and how much of that arrived."""

    id: TransferLineId
    product_id: ProductId
    lot: str = ""
    quantity: Quantity
    arrived: Quantity = ZERO

    def __post_init__(self) -> None:
        ensure(
            self.quantity > ZERO,
            "inventory.quantity",
            "a quantity is greater than zero",
            field="quantity",
        )
        require_text(
            self.lot, "inventory.stock_transfer.lot", longest=NUMBER_LENGTH_MAX, field="lot"
        )
        ensure(
            ZERO <= self.arrived <= self.quantity,
            "inventory.stock_transfer.too_much",
            f"{self.rest} of it had not arrived: no more than that can",
            field="quantity",
        )

    @property
    def rest(self) -> Quantity:
        """What has not arrived."""
        return self.quantity - self.arrived

    def at(self, warehouse_id: WarehouseId) -> StockKey:
        """Name the row of this line's goods in a warehouse."""
        return StockKey(self.product_id, warehouse_id, self.lot)

    def arrive(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* more arrived.

        Raises:
            InvariantError: nothing arrives, or more than had not arrived yet.
        """
        ensure(
            quantity > ZERO,
            "inventory.quantity",
            "a quantity is greater than zero",
            field="quantity",
        )
        ensure(
            quantity <= self.rest,
            "inventory.stock_transfer.too_much",
            f"{quantity} cannot arrive: {self.rest} is under way",
            field="quantity",
            wanted=quantity,
            under_way=self.rest,
        )
        return replace(self, arrived=self.arrived + quantity)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSummary:
    """A transfer without its lines, as lists show it."""

    id: StockTransferId
    version: int
    from_warehouse_id: WarehouseId
    to_warehouse_id: WarehouseId
    label: str
    state: StockTransferState
    dispatched_at: datetime
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitDifference:
    """A row of transit that the open transfers do not explain: what it says, what they say."""

    key: StockKey
    on_hand: Total
    under_way: Total


@dataclass(frozen=True, slots=True, kw_only=True)
class StockTransfer(Aggregate):
    """Goods sent from one warehouse to another.

    Between the two they lie in the company's one transit warehouse: they are still its own, and
    count in its average costs. The rows there are shared by all transfers; what of them is whose
    only the lines know.
    """

    id: StockTransferId
    from_warehouse_id: WarehouseId
    to_warehouse_id: WarehouseId
    lines: tuple[TransferLine, ...]
    label: str = ""  # the paper that travels along
    state: StockTransferState = StockTransferState.DISPATCHED
    dispatched_at: datetime  # aware, UTC
    ended_at: datetime | None = None  # None while something is under way
    reason: str = ""  # why it was closed or cancelled

    def __post_init__(self) -> None:
        ensure(
            1 <= len(self.lines) <= TRANSFER_LINES_MAX,
            "inventory.stock_transfer.lines",
            f"a transfer has 1 to {TRANSFER_LINES_MAX} lines",
            field="lines",
        )
        ensure(
            len({line.id for line in self.lines}) == len(self.lines),
            "inventory.stock_transfer.line_twice",
            "two lines have the same id",
            field="lines",
        )
        ensure(
            self.state is not StockTransferState.DISPATCHED
            or all(line.arrived == ZERO for line in self.lines),
            "inventory.stock_transfer.arrived",
            "nothing arrives before it is sent",
            field="lines",
        )
        ensure(
            self.from_warehouse_id != self.to_warehouse_id,
            "inventory.same_place",
            "it lies there already: choose another warehouse",
            field="to_warehouse_id",
        )
        for field, text in (("label", self.label), ("reason", self.reason)):  # of its movements
            require_text(text, "inventory.posting.label", longest=LABEL_LENGTH_MAX, field=field)
        ensure(
            self.dispatched_at.tzinfo is not None and self.is_open == (self.ended_at is None),
            "inventory.stock_transfer.moments",
            "say when it was sent, with the time zone, and when it ended, if it did",
            field="ended_at",
        )

    @property
    def origin(self) -> str:
        """What its movements name as their cause."""
        return f"inventory.stock_transfer:{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether something may be under way."""
        return self.state in OPEN_STATES

    @property
    def under_way(self) -> tuple[Parcel, ...]:
        """What has left the one warehouse and not reached the other, line by line."""
        if not self.is_open:
            return ()
        return tuple(
            Parcel(line_id=line.id, quantity=line.rest) for line in self.lines if line.rest > ZERO
        )

    @property
    def summary(self) -> TransferSummary:
        """The transfer without its lines."""
        return TransferSummary(
            id=self.id,
            version=self.version,
            from_warehouse_id=self.from_warehouse_id,
            to_warehouse_id=self.to_warehouse_id,
            label=self.label,
            state=self.state,
            dispatched_at=self.dispatched_at,
            ended_at=self.ended_at,
            reason=self.reason,
        )

    @property
    def by_id(self) -> Mapping[TransferLineId, TransferLine]:
        """The lines by their ids."""
        return {line.id: line for line in self.lines}

    def arrive(self, parcels: Sequence[Parcel], at: datetime) -> Self:
        """Return the transfer with *parcels* arrived: partly, or all of it.

        Raises:
            TransitionError: nothing is under way any more.
            NotFoundError: a parcel is of no line of this transfer.
            InvariantError: nothing arrives, or more than is under way.
        """
        STOCK_TRANSFER_LIFECYCLE.step(self.state, StockTransferState.PARTLY_ARRIVED)
        ensure(
            bool(parcels),
            "inventory.stock_transfer.nothing",
            "say what has arrived, or leave the lines out where all has",
            field="lines",
        )
        lines = dict(self.by_id)
        for index, parcel in enumerate(parcels):
            lines[parcel.line_id] = _arrived(lines, index, parcel)
        after = tuple(lines.values())
        if any(line.rest > ZERO for line in after):
            return replace(self, lines=after, state=StockTransferState.PARTLY_ARRIVED)
        return replace(self, lines=after, state=StockTransferState.ARRIVED, ended_at=at)

    def close(self, reason: str, at: datetime) -> Self:
        """Return the transfer given up: what has not arrived is lost, for a *reason*.

        Raises:
            TransitionError: nothing is under way any more.
            InvariantError: no reason is given.
        """
        state = STOCK_TRANSFER_LIFECYCLE.step(self.state, StockTransferState.ARRIVED)
        ensure(
            bool(reason.strip()),
            "inventory.stock_transfer.reason",
            "say why the rest will not arrive",
            field="reason",
        )
        return replace(self, state=state, ended_at=at, reason=reason)

    def cancel(self, reason: str, at: datetime) -> Self:
        """Return the transfer called off: what has not arrived goes back where it came from.

        Raises:
            TransitionError: nothing is under way any more.
        """
        state = STOCK_TRANSFER_LIFECYCLE.step(self.state, StockTransferState.CANCELLED)
        return replace(self, state=state, ended_at=at, reason=reason)


def _arrived(
    lines: Mapping[TransferLineId, TransferLine], index: int, parcel: Parcel
) -> TransferLine:
    """Return the line of *parcel* with it arrived; an error says which parcel it is of."""
    if parcel.line_id not in lines:
        raise NotFoundError(
            f"this transfer has no line {parcel.line_id}",
            field=f"lines/{index}/line_id",
            kind="transfer line",
            id=parcel.line_id,
        )
    try:
        return lines[parcel.line_id].arrive(parcel.quantity)
    except InvariantError as error:
        error.field = f"lines/{index}/{error.field}"
        raise

"""Shipments: goods of an order on their way to the customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self, TypedDict

from erp_core.catalog.entities import LINES_MAX, LineId
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.page import SortKey, day
from erp_core.kernel.text import require_text
from erp_core.parties.entities import PartyId, PartySnapshot
from erp_core.sales.entities.events import ShipmentCancelled, ShipmentValidated
from erp_core.sales.entities.ids import OrderId, ShipmentId
from erp_core.sales.entities.lines import REFERENCE_LENGTH_MAX, Part, require_texts
from erp_core.sales.entities.shipment_line import SHIPPED_LOTS_MAX, LotPart, ShipmentLine


class ShipmentState(StrEnum):
    DRAFT = "draft"
    VALIDATED = "validated"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


SHIPMENT_LIFECYCLE: Final = Lifecycle[ShipmentState](
    {
        ShipmentState.DRAFT: {ShipmentState.VALIDATED},
        ShipmentState.VALIDATED: {ShipmentState.DELIVERED, ShipmentState.CANCELLED},
        ShipmentState.DELIVERED: set(),
        ShipmentState.CANCELLED: set(),
    }
)
# How the goods travel is often known only once they do.
_TRAVEL: Final = frozenset({"carrier", "tracking_number"})


class ShipmentChanges(TypedDict, total=False):
    """What of a draft may be changed; what is absent stays. Lines are replaced as a whole."""

    warehouse_id: WarehouseId
    on: date
    lines: tuple[ShipmentLine, ...]
    carrier: str
    tracking_number: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentSummary:
    """A shipment without its lines, as lists show it."""

    id: ShipmentId
    version: int
    number: str
    order_id: OrderId
    party_id: PartyId
    warehouse_id: WarehouseId
    state: ShipmentState
    on: date
    carrier: str
    tracking_number: str
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment(Aggregate):
    """Goods of one order that leave one warehouse together."""

    id: ShipmentId
    number: str = ""  # given when it is validated
    order_id: OrderId
    party_id: PartyId  # the order's
    warehouse_id: WarehouseId
    on: date  # in the company's time zone
    lines: tuple[ShipmentLine, ...]
    carrier: str = ""
    tracking_number: str = ""  # the carrier's
    note: str = ""  # printed
    state: ShipmentState = ShipmentState.DRAFT
    customer: PartySnapshot | None = None  # as he was when it was validated
    validated_at: datetime | None = None  # aware, UTC
    delivered_at: datetime | None = None  # aware, UTC
    cancelled_at: datetime | None = None  # aware, UTC
    reason: str = ""  # why it was cancelled

    def __post_init__(self) -> None:
        require_texts(reference="", note=self.note, reason=self.reason)
        require_text(
            self.carrier, "sales.shipment.carrier", longest=REFERENCE_LENGTH_MAX, field="carrier"
        )
        require_text(
            self.tracking_number,
            "sales.shipment.tracking_number",
            longest=REFERENCE_LENGTH_MAX,
            field="tracking_number",
        )
        self._require_lines()
        settled = self.state is not ShipmentState.DRAFT
        ensure(
            settled == bool(self.number)
            and settled == (self.customer is not None)
            and settled == (self.validated_at is not None)
            and (self.state is ShipmentState.DELIVERED) == (self.delivered_at is not None)
            and (self.state is ShipmentState.CANCELLED) == (self.cancelled_at is not None),
            "sales.shipment.settled",
            "validating gives a shipment its number, its customer and its moment",
            field="state",
        )

    def _require_lines(self) -> None:
        ensure(
            1 <= len(self.lines) <= LINES_MAX,
            "sales.shipment.lines",
            f"a shipment has 1 to {LINES_MAX} lines",
            field="lines",
        )
        ensure(
            len({line.id for line in self.lines}) == len(self.lines)
            and len({line.order_line_id for line in self.lines}) == len(self.lines),
            "sales.shipment.line_twice",
            "name each line of the order once, with all that is shipped of it",
            field="lines",
        )
        ensure(
            sum(len(line.lots) for line in self.lines) <= SHIPPED_LOTS_MAX,
            "sales.shipment.too_many_lots",
            f"at most {SHIPPED_LOTS_MAX} lots go out together: ship in parts",
            field="lines",
        )

    @property
    def origin(self) -> str:
        """What the stock movements of this shipment name as their cause."""
        return f"sales.shipment:{self.id}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """How much of which lines of the order goes out."""
        return tuple(line.part for line in self.lines)

    @property
    def summary(self) -> ShipmentSummary:
        """The shipment without its lines."""
        return ShipmentSummary(
            id=self.id,
            version=self.version,
            number=self.number,
            order_id=self.order_id,
            party_id=self.party_id,
            warehouse_id=self.warehouse_id,
            state=self.state,
            on=self.on,
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            delivered_at=self.delivered_at,
        )

    def require_draft(self) -> Self:
        """Return the shipment itself, if it may still be changed and deleted.

        Raises:
            TransitionError: it is validated.
        """
        if self.state is not ShipmentState.DRAFT:
            raise TransitionError(
                f"the shipment is {self.state}: only a draft is changed or deleted",
                code="sales.shipment.not_draft",
                state=self.state.value,
            )
        return self

    def change(self, changes: ShipmentChanges) -> Self:
        """Return the shipment with *changes* made.

        Of what is validated, and not delivered yet, the carrier and its number may still change.

        Raises:
            TransitionError: it may not change so any more.
            InvariantError: what would come of it is no shipment.
        """
        under_way = self.state is ShipmentState.VALIDATED
        if not (under_way and changes.keys() <= _TRAVEL):
            self.require_draft()
        return replace(self, **changes)

    def require_validatable(self) -> Self:
        """Return the shipment itself, if it may be validated, whatever the order and the stock.

        Raises:
            TransitionError: it is no draft.
        """
        SHIPMENT_LIFECYCLE.step(self.state, ShipmentState.VALIDATED)
        return self

    def validate(
        self,
        *,
        number: str,
        customer: PartySnapshot,
        lots: Mapping[LineId, tuple[LotPart, ...]],
        now: datetime,
    ) -> Self:
        """Settle the shipment under its *number*: the goods are out, of these *lots* by line.

        Raises:
            TransitionError: it is no draft.
            InvariantError: more lots go out than fit on one shipment.
        """
        event = ShipmentValidated(
            occurred_at=now,
            shipment_id=self.id,
            number=number,
            order_id=self.order_id,
            party_id=self.party_id,
            warehouse_id=self.warehouse_id,
        )
        return replace(
            self,
            state=SHIPMENT_LIFECYCLE.step(self.state, ShipmentState.VALIDATED),
            number=number,
            customer=customer,
            lines=tuple(replace(line, lots=lots.get(line.id, line.lots)) for line in self.lines),
            validated_at=now,
            events=(*self.events, event),
        )

    def deliver(self, delivered_at: datetime, now: datetime) -> Self:
        """Note that the customer has the goods.

        Raises:
            TransitionError: it is not under way.
            InvariantError: the moment is before they left, or has not come.
        """
        state = SHIPMENT_LIFECYCLE.step(self.state, ShipmentState.DELIVERED)
        ensure(
            self.validated_at is not None and self.validated_at <= delivered_at <= now,
            "sales.shipment.delivered_at",
            "goods are delivered after they left, and not in the future: correct the moment",
            field="delivered_at",
            validated_at=self.validated_at,
        )
        return replace(self, state=state, delivered_at=delivered_at)

    def cancel(self, reason: str, now: datetime) -> Self:
        """Call the shipment off: the goods are back.

        Raises:
            TransitionError: it is not under way.
        """
        event = ShipmentCancelled(
            occurred_at=now,
            shipment_id=self.id,
            number=self.number,
            order_id=self.order_id,
            party_id=self.party_id,
            warehouse_id=self.warehouse_id,
        )
        return replace(
            self,
            state=SHIPMENT_LIFECYCLE.step(self.state, ShipmentState.CANCELLED),
            reason=reason,
            cancelled_at=now,
            events=(*self.events, event),
        )


SHIPMENT_SORTS: Final[Mapping[str, SortKey[ShipmentSummary]]] = {
    "date": SortKey(of=lambda shipment: shipment.on, read=day),
    "number": SortKey(of=lambda shipment: shipment.number),
}

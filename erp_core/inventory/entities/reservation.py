"""Reservations: stock that is promised to a line of a document, and not yet taken."""

from __future__ import annotations

import re
from dataclasses import field, replace
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.inventory.entities.stock_key import StockKey
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.quantity import ZERO, Quantity

ReservationId = NewType("ReservationId", UUID)

_ORIGIN: Final = re.compile(r"[!-~]{1,64}")


def _new() -> ReservationId:
    return ReservationId(new_id())


class ReservationExceededError(InvariantError):
    """More was to be released than is reserved for this line."""

    default_code = "inventory.reservation_exceeded"


def require_origin(origin: str) -> None:
    """Raise InvariantError unless *origin* is spelled like the name of a document's line."""
    ensure(
        bool(_ORIGIN.fullmatch(origin)),
        "inventory.origin",
        "say for which line, in 1 to 64 visible ASCII characters, such as sales.order:17/3",
        field="origin",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """How much of one stock row is kept for one line of one document."""

    id: ReservationId = field(default_factory=_new)
    key: StockKey
    origin: str  # the line: "sales.order:<id>/<line>"
    quantity: Quantity = ZERO  # nothing: there is no such reservation

    def __post_init__(self) -> None:
        require_origin(self.origin)

    def more(self, quantity: Quantity) -> Self:
        """Return the reservation with *quantity* added."""
        return replace(self, quantity=self.quantity + quantity)

    def less(self, quantity: Quantity) -> Self:
        """Return the reservation with *quantity* taken off.

        Raises:
            ReservationExceededError: so much is not reserved.
        """
        if quantity > self.quantity:
            raise ReservationExceededError(
                f"{quantity} to release, {self.quantity} reserved",
                field="quantity",
                wanted=quantity,
                reserved=self.quantity,
            )
        return replace(self, quantity=self.quantity - quantity)

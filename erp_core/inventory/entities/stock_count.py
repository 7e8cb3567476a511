"""A round through a warehouse, to count what really lies there while goods go on moving."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities.movement import LABEL_LENGTH_MAX
from erp_core.inventory.entities.warehouse import Warehouse, WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.text import require_text

CountId = NewType("CountId", UUID)

COUNT_PRODUCTS_MAX: Final = 500  # that a count may be narrowed to


class CountState(StrEnum):
    DRAFT = "draft"
    COUNTING = "counting"
    CLOSED = "closed"
    CANCELLED = "cancelled"


COUNT_LIFECYCLE: Final = Lifecycle[CountState](
    {
        CountState.DRAFT: {CountState.COUNTING, CountState.CANCELLED},
        CountState.COUNTING: {CountState.CLOSED, CountState.CANCELLED},
        CountState.CLOSED: set(),
        CountState.CANCELLED: set(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StockCount(Aggregate):
    """One round through a warehouse, or through some products of it, to count what is there.

    The lines are no part of it: each is a row of its own, so that many count at once.
    """

    id: CountId
    warehouse_id: WarehouseId
    product_ids: tuple[ProductId, ...] = ()  # sorted; none: whatever lies in the warehouse
    label: str = ""  # for people: "year's end, hall 3"
    state: CountState = CountState.DRAFT
    started_at: datetime | None = None
    started_by: str = ""  # principal id
    ended_at: datetime | None = None  # closed or cancelled
    ended_by: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "product_ids", tuple(sorted(set(self.product_ids))))
        ensure(
            len(self.product_ids) <= COUNT_PRODUCTS_MAX,
            "inventory.count.products",
            f"a count is narrowed to at most {COUNT_PRODUCTS_MAX} products",
            field="product_ids",
        )
        require_text(self.label, "inventory.count.label", longest=LABEL_LENGTH_MAX, field="label")

    @property
    def origin(self) -> str:
        """What the movements of its closing name as their cause."""
        return f"inventory.stock_count:{self.id}"

    def covers(self, product_id: ProductId) -> bool:
        """Say whether stock of the product is counted here."""
        return not self.product_ids or product_id in self.product_ids

    def overlaps(self, other: StockCount) -> bool:
        """Say whether both would count, and correct, the same row."""
        if self.warehouse_id != other.warehouse_id:
            return False
        if not self.product_ids or not other.product_ids:
            return True
        return not set(self.product_ids).isdisjoint(other.product_ids)

    def start(self, warehouse: Warehouse, rival: CountId | None, *, at: datetime, by: str) -> Self:
        """Begin to count; *rival* goes on in the same place already.

        Raises:
            TransitionError: it was started before, or there is a rival.
            InvariantError: the warehouse is archived, or that of goods under way.
        """
        state = COUNT_LIFECYCLE.step(self.state, CountState.COUNTING)
        warehouse.require_storage()
        warehouse.require_active()
        if rival is not None:
            raise TransitionError(
                f"count {rival} goes on in the same place: close or cancel it first, or narrow"
                " this one to other products",
                code="inventory.count.overlap",
                count_id=rival,
            )
        return replace(self, state=state, started_at=at, started_by=by)

    def require_counting(self) -> Self:
        """Return the count itself if one may enter what was counted.

        Raises:
            TransitionError: it has not begun, or is over.
        """
        if self.state is not CountState.COUNTING:
            raise TransitionError(
                f"the count is {self.state}: enter what was counted while it is counting",
                code="inventory.count.not_counting",
                state=self.state,
            )
        return self

    def close(self, *, at: datetime, by: str) -> Self:
        """End the count; what that corrects, ``correct`` says.

        Raises:
            TransitionError: it is not being counted.
        """
        state = COUNT_LIFECYCLE.step(self.state, CountState.CLOSED)
        return replace(self, state=state, ended_at=at, ended_by=by)

    def cancel(self, *, at: datetime, by: str) -> Self:
        """Give the count up; the stock is as if there had been none.

        Raises:
            TransitionError: it is over already.
        """
        state = COUNT_LIFECYCLE.step(self.state, CountState.CANCELLED)
        return replace(self, state=state, ended_at=at, ended_by=by)

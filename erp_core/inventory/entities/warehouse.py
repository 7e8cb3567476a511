"""A place where goods lie."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle, new_id
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.page import SortKey
from erp_core.kernel.text import require_text

WarehouseId = NewType("WarehouseId", UUID)

TRANSIT_CODE: Final = "TRANSIT"
TREE_DEPTH_MAX: Final = 16  # a site, its halls, aisles, racks, shelves, bins, and room to spare

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,31}")


class WarehouseKind(StrEnum):
    STORAGE = "storage"
    TRANSIT = (
        "transit"  # between two warehouses: goods that have left the one, not reached the other
    )


class WarehouseState(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


WAREHOUSE_LIFECYCLE: Final = Lifecycle[WarehouseState](
    {
        WarehouseState.ACTIVE: {WarehouseState.ARCHIVED},
        WarehouseState.ARCHIVED: {WarehouseState.ACTIVE},
    }
)


class WarehouseChanges(TypedDict, total=False):
    """What of a warehouse may be changed; what is absent stays."""

    code: str
    name: str
    address: str
    parent_id: WarehouseId | None
    may_go_negative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouse(Aggregate):
    """A store, a shop, a van: any place whose stock is counted by itself.

    Places may be parts of larger ones. No chain of them is closed or longer than
    ``TREE_DEPTH_MAX``, and what is active is no part of what is archived.
    """

    id: WarehouseId
    code: str  # upper case; unique in the company
    name: str
    address: str = ""
    parent_id: WarehouseId | None = None  # the larger place it is a part of
    may_go_negative: bool = False  # issues may run ahead of the receipts that are still on paper
    kind: WarehouseKind = WarehouseKind.STORAGE
    state: WarehouseState = WarehouseState.ACTIVE

    def __post_init__(self) -> None:
        ensure(
            bool(_CODE.fullmatch(self.code)),
            "inventory.warehouse.code",
            "a code has 1 to 32 capital letters, digits, dots, dashes or underscores",
            field="code",
        )
        require_text(self.name, "inventory.warehouse.name", shortest=1, longest=200, field="name")
        require_text(self.address, "inventory.warehouse.address", longest=500, field="address")
        ensure(
            self.parent_id != self.id,
            "inventory.warehouse.parent",
            "a warehouse is no part of itself",
            field="parent_id",
        )
        if self.is_transit:
            self._require_transit()

    @property
    def is_transit(self) -> bool:
        """Whether goods under way lie here: only transfers put them in and take them out."""
        return self.kind is WarehouseKind.TRANSIT

    def require_storage(self, field: str = "warehouse_id") -> None:
        """Raise InvariantError where goods are under way, which nobody can lay hands on.

        *field* names this warehouse in the words of the command.
        """
        ensure(
            not self.is_transit,
            "inventory.warehouse.in_transit",
            "goods under way come and go by transfers alone: choose a warehouse that stores goods",
            field=field,
        )

    def require_active(self, field: str = "warehouse_id") -> None:
        """Raise InvariantError where the warehouse is closed; *field* as above."""
        ensure(
            self.state is WarehouseState.ACTIVE,
            "inventory.warehouse_archived",
            "the warehouse is archived: restore it, or choose another",
            field=field,
        )

    def require_place(self, above: Sequence[Warehouse], height: int = 1) -> None:
        """Raise InvariantError unless this may be a part of what is *above* it.

        *above* begins with its parent and ends with the largest place; *height* counts the levels
        from here down, this one included. Empty: the parent is unknown, which is not said here.
        """
        for parent in above[:1]:
            parent.require_storage("parent_id")
            ensure(
                parent.state is WarehouseState.ACTIVE or self.state is WarehouseState.ARCHIVED,
                "inventory.warehouse.parent_archived",
                f"{parent.code} is archived: restore it first, or choose another",
                field="parent_id",
            )
        ensure(
            all(each.id != self.id for each in above),
            "inventory.warehouse.cycle",
            f"{self.code} would be a part of itself: choose a place that is no part of it",
            field="parent_id",
        )
        ensure(
            len(above) + height <= TREE_DEPTH_MAX,
            "inventory.warehouse.too_deep",
            f"places lie in one another at most {TREE_DEPTH_MAX} deep: choose a larger one",
            field="parent_id",
            deepest=TREE_DEPTH_MAX,
        )

    def require_no_parts(self, parts: Sequence[Warehouse]) -> None:
        """Raise TransitionError where *parts*, active ones, would be left in a closed place."""
        if parts:
            raise TransitionError(
                f"{parts[0].code} is a part of it: archive that first, or move it elsewhere",
                code="inventory.warehouse.has_parts",
                part=parts[0].code,
            )

    def change(self, changes: WarehouseChanges) -> Self:
        """Return the warehouse with *changes* made.

        Raises:
            InvariantError: what would come of it is no warehouse.
        """
        return replace(self, **changes)

    def archive(self) -> Self:
        """Close the warehouse; its stock and history stay.

        Raises:
            TransitionError: it is archived already.
        """
        state = WAREHOUSE_LIFECYCLE.step(self.state, WarehouseState.ARCHIVED)
        return replace(self, state=state)

    def restore(self) -> Self:
        """Open it again.

        Raises:
            TransitionError: it is not archived.
        """
        state = WAREHOUSE_LIFECYCLE.step(self.state, WarehouseState.ACTIVE)
        return replace(self, state=state)

    def _require_transit(self) -> None:
        wrong = {
            "code": self.code != TRANSIT_CODE,  # unique: so there is one a company
            "parent_id": self.parent_id is not None,
            "may_go_negative": self.may_go_negative,
            "state": self.state is not WarehouseState.ACTIVE,
        }
        for field, is_wrong in wrong.items():
            ensure(
                not is_wrong,
                "inventory.warehouse.transit",
                f"goods under way lie in {TRANSIT_CODE}, which is part of nothing, never below"
                " zero and never archived",
                field=field,
            )


def transit_warehouse() -> Warehouse:
    """Make the place of goods under way, of which a company has one."""
    return Warehouse(
        id=WarehouseId(new_id()),
        code=TRANSIT_CODE,
        name="Goods in transit",
        kind=WarehouseKind.TRANSIT,
    )


WAREHOUSE_SORTS: Final[Mapping[str, SortKey[Warehouse]]] = {
    "code": SortKey(of=lambda warehouse: warehouse.code),
    "name": SortKey(of=lambda warehouse: warehouse.name),
}

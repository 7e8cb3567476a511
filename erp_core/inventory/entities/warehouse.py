"""A place where goods lie."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import ensure
from erp_core.kernel.page import SortKey
from erp_core.kernel.text import require_text

WarehouseId = NewType("WarehouseId", UUID)

_CODE: Final = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,31}")


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
    """A store, a shop, a van: any place whose stock is counted by itself."""

    id: WarehouseId
    code: str  # upper case; unique in the company
    name: str
    address: str = ""
    parent_id: WarehouseId | None = None  # the larger place it is a part of
    may_go_negative: bool = False  # issues may run ahead of the receipts that are still on paper
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


WAREHOUSE_SORTS: Final[Mapping[str, SortKey[Warehouse]]] = {
    "code": SortKey(of=lambda warehouse: warehouse.code),
    "name": SortKey(of=lambda warehouse: warehouse.name),
}

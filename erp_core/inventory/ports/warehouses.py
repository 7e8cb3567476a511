"""What the inventory asks of whoever keeps warehouses."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.inventory.entities import (
    Warehouse,
    WarehouseId,
    WarehouseState,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseQuery:
    """Which warehouses: in certain states, whose code begins so, the parts of one place."""

    page: PageRequest
    states: tuple[WarehouseState, ...] = ()  # none: all
    code: str = ""
    parent_id: WarehouseId | None = None  # its direct parts; none: all


class WarehouseRepository(Protocol):
    """Keeps warehouses. Proved by ``erp_core.testing.inventory.WarehouseRepositoryContract``.

    As a tree they are proved by ``erp_core.testing.warehouse_tree.WarehouseTreeContract``.
    """

    @abstractmethod
    def add(self, ctx: Context, warehouse: Warehouse) -> Warehouse:
        """Store a new warehouse; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id or its code is taken in this company.
            NotFoundError: this company has no such parent.
        """

    @abstractmethod
    def get(self, ctx: Context, warehouse_id: WarehouseId) -> Warehouse:
        """Return the warehouse.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def save(self, ctx: Context, warehouse: Warehouse) -> Warehouse:
        """Store a changed warehouse; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none, or no such parent.
            StaleVersionError: ``warehouse.version`` is not the stored one.
            AlreadyExistsError: its new code is taken.
        """

    @abstractmethod
    def page(self, ctx: Context, query: WarehouseQuery) -> Page[Warehouse]:
        """Return one page of the company's warehouses.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

    @abstractmethod
    def lock_tree(self, ctx: Context) -> None:
        """Be alone with the company's tree until the unit of work ends.

        Whoever makes a warehouse part of another, archives or restores one calls this first, then
        reads, decides and saves. So of two who put A into B and B into A at once, the second sees
        what the first has done. Nobody else waits: stock moves meanwhile, and plain readers read.

        Raises:
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def lineage(self, ctx: Context, warehouse_id: WarehouseId) -> tuple[Warehouse, ...]:
        """Return the warehouse and all it is a part of, itself first; empty if there is none."""

    @abstractmethod
    def below(self, ctx: Context, warehouse_id: WarehouseId) -> tuple[WarehouseId, ...]:
        """Return the warehouse and all its parts and theirs, itself first; empty if none."""

    @abstractmethod
    def height(self, ctx: Context, warehouse_id: WarehouseId) -> int:
        """Say how many levels there are from the warehouse down: 1 where it has no parts."""

    @abstractmethod
    def transit(self, ctx: Context) -> Warehouse:
        """Return the company's one transit warehouse, made if there is none yet.

        Call it before anything is locked: who makes it waits for a rival who does.

        Raises:
            AlreadyExistsError: a warehouse that stores goods has its code.
        """

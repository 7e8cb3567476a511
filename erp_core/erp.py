"""The front door: every use case, wired to whatever adapters it is handed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from erp_core.inventory.ports import InventoryUnitOfWork
from erp_core.inventory.use_cases import (
    AddWarehouse,
    ArchiveWarehouse,
    ChangeWarehouse,
    GetWarehouse,
    InventoryUseCases,
    ListWarehouses,
    RestoreWarehouse,
)
from erp_core.kernel.ports import Clock, Observer, UnitOfWorkFactory

T = TypeVar("T")


class ErpUnitOfWork(InventoryUnitOfWork, Protocol):
    """The transaction as a store of everything offers it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erp:
    """What an embedding program holds: ``erp.inventory.issue_stock(ctx, command)``."""

    inventory: InventoryUseCases


class Wiring:
    """Hands every use case the ports that all of them need; what else one needs is named."""

    def __init__(
        self, unit_of_work: UnitOfWorkFactory[ErpUnitOfWork], clock: Clock, observer: Observer
    ) -> None:
        self._ports = {"unit_of_work": unit_of_work, "clock": clock, "observer": observer}

    def __call__(self, use_case: Callable[..., T], **more: object) -> T:
        return use_case(**self._ports, **more)


def assemble(
    *, unit_of_work: UnitOfWorkFactory[ErpUnitOfWork], clock: Clock, observer: Observer
) -> Erp:
    """Wire the whole system to the given adapters: ours, or an integrator's own."""
    wire = Wiring(unit_of_work, clock, observer)
    return Erp(inventory=_inventory(wire))


def _inventory(wire: Wiring) -> InventoryUseCases:
    return InventoryUseCases(
        add_warehouse=wire(AddWarehouse),
        get_warehouse=wire(GetWarehouse),
        change_warehouse=wire(ChangeWarehouse),
        archive_warehouse=wire(ArchiveWarehouse),
        restore_warehouse=wire(RestoreWarehouse),
        list_warehouses=wire(ListWarehouses),
    )

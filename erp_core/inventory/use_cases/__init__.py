"""What a person can do with warehouses and stock."""

from dataclasses import dataclass

from erp_core.inventory.use_cases.warehouses import (
    AddWarehouse,
    ArchiveWarehouse,
    ChangeWarehouse,
    ChangeWarehouseCommand,
    GetWarehouse,
    ListWarehouses,
    RestoreWarehouse,
    WarehouseCommand,
)

__all__ = [
    "AddWarehouse",
    "ArchiveWarehouse",
    "ChangeWarehouse",
    "ChangeWarehouseCommand",
    "GetWarehouse",
    "InventoryUseCases",
    "ListWarehouses",
    "RestoreWarehouse",
    "WarehouseCommand",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryUseCases:
    """All of the inventory, wired: what HTTP, the CLI and an embedding program call."""

    add_warehouse: AddWarehouse
    get_warehouse: GetWarehouse
    change_warehouse: ChangeWarehouse
    archive_warehouse: ArchiveWarehouse
    restore_warehouse: RestoreWarehouse
    list_warehouses: ListWarehouses

"""What a person can do with warehouses and stock."""

from dataclasses import dataclass

from erp_core.inventory.use_cases.stock import (
    AdjustStock,
    AdjustStockCommand,
    GetMovement,
    IssueStock,
    IssueStockCommand,
    ListMovements,
    ListStock,
    ReceiveStock,
    ReceiveStockCommand,
    Transfer,
    TransferStock,
    TransferStockCommand,
    Verification,
    VerifyStock,
    VerifyStockQuery,
)
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
    "AdjustStock",
    "AdjustStockCommand",
    "ArchiveWarehouse",
    "ChangeWarehouse",
    "ChangeWarehouseCommand",
    "GetMovement",
    "GetWarehouse",
    "InventoryUseCases",
    "IssueStock",
    "IssueStockCommand",
    "ListMovements",
    "ListStock",
    "ListWarehouses",
    "ReceiveStock",
    "ReceiveStockCommand",
    "RestoreWarehouse",
    "Transfer",
    "TransferStock",
    "TransferStockCommand",
    "Verification",
    "VerifyStock",
    "VerifyStockQuery",
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
    receive_stock: ReceiveStock
    issue_stock: IssueStock
    transfer_stock: TransferStock
    adjust_stock: AdjustStock
    list_stock: ListStock
    get_movement: GetMovement
    list_movements: ListMovements
    verify_stock: VerifyStock

"""Warehouses, stock and the movements that explain it."""

from erp_core.inventory.entities.stock import (
    InsufficientStockError,
    LockedStock,
    MovementId,
    Posting,
    Reason,
    StockDifference,
    StockedProduct,
    StockItem,
    StockKey,
    StockMovement,
    Valuation,
)
from erp_core.inventory.entities.warehouse import (
    WAREHOUSE_LIFECYCLE,
    WAREHOUSE_SORTS,
    Warehouse,
    WarehouseChanges,
    WarehouseId,
    WarehouseState,
)

__all__ = [
    "WAREHOUSE_LIFECYCLE",
    "WAREHOUSE_SORTS",
    "InsufficientStockError",
    "LockedStock",
    "MovementId",
    "Posting",
    "Reason",
    "StockDifference",
    "StockItem",
    "StockKey",
    "StockMovement",
    "StockedProduct",
    "Valuation",
    "Warehouse",
    "WarehouseChanges",
    "WarehouseId",
    "WarehouseState",
]

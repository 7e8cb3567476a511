"""Warehouses, stock and the movements that explain it."""

from erp_core.inventory.entities.difference import StockDifference, StockRule
from erp_core.inventory.entities.locked_stock import LockedStock
from erp_core.inventory.entities.lot import LOT_SORTS, Lot, LotChanges, LotDates, LotId
from erp_core.inventory.entities.movement import MovementId, Posting, Reason, StockMovement
from erp_core.inventory.entities.reservation import (
    Reservation,
    ReservationExceededError,
    ReservationId,
    require_origin,
)
from erp_core.inventory.entities.stock_item import (
    InsufficientStockError,
    StockedProduct,
    StockItem,
)
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.inventory.entities.valuation import Valuation
from erp_core.inventory.entities.warehouse import (
    WAREHOUSE_LIFECYCLE,
    WAREHOUSE_SORTS,
    Warehouse,
    WarehouseChanges,
    WarehouseId,
    WarehouseState,
)

__all__ = [
    "LOT_SORTS",
    "WAREHOUSE_LIFECYCLE",
    "WAREHOUSE_SORTS",
    "InsufficientStockError",
    "LockedStock",
    "Lot",
    "LotChanges",
    "LotDates",
    "LotId",
    "MovementId",
    "Posting",
    "Reason",
    "Reservation",
    "ReservationExceededError",
    "ReservationId",
    "StockDifference",
    "StockItem",
    "StockKey",
    "StockMovement",
    "StockRule",
    "StockedProduct",
    "Valuation",
    "Warehouse",
    "WarehouseChanges",
    "WarehouseId",
    "WarehouseState",
    "require_origin",
]

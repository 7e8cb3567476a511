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
from erp_core.inventory.entities.stock_transfer import (
    OPEN_STATES,
    STOCK_TRANSFER_LIFECYCLE,
    TRANSFER_LINES_MAX,
    Parcel,
    ShortRowsError,
    StockTransfer,
    StockTransferId,
    StockTransferState,
    TransferLine,
    TransferLineId,
    TransferSummary,
    TransitDifference,
)
from erp_core.inventory.entities.valuation import Valuation
from erp_core.inventory.entities.warehouse import (
    TRANSIT_CODE,
    TREE_DEPTH_MAX,
    WAREHOUSE_LIFECYCLE,
    WAREHOUSE_SORTS,
    Warehouse,
    WarehouseChanges,
    WarehouseId,
    WarehouseKind,
    WarehouseState,
    transit_warehouse,
)

__all__ = [
    "LOT_SORTS",
    "OPEN_STATES",
    "STOCK_TRANSFER_LIFECYCLE",
    "TRANSFER_LINES_MAX",
    "TRANSIT_CODE",
    "TREE_DEPTH_MAX",
    "WAREHOUSE_LIFECYCLE",
    "WAREHOUSE_SORTS",
    "InsufficientStockError",
    "LockedStock",
    "Lot",
    "LotChanges",
    "LotDates",
    "LotId",
    "MovementId",
    "Parcel",
    "Posting",
    "Reason",
    "Reservation",
    "ReservationExceededError",
    "ReservationId",
    "ShortRowsError",
    "StockDifference",
    "StockItem",
    "StockKey",
    "StockMovement",
    "StockRule",
    "StockTransfer",
    "StockTransferId",
    "StockTransferState",
    "StockedProduct",
    "TransferLine",
    "TransferLineId",
    "TransferSummary",
    "TransitDifference",
    "Valuation",
    "Warehouse",
    "WarehouseChanges",
    "WarehouseId",
    "WarehouseKind",
    "WarehouseState",
    "require_origin",
    "transit_warehouse",
]

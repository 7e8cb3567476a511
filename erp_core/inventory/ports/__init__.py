"""What the inventory asks of the outside."""

from erp_core.inventory.ports.counts import (
    CountLineQuery,
    CountQuery,
    StockCountRepository,
)
from erp_core.inventory.ports.picking import Picking, reach_of
from erp_core.inventory.ports.reports import (
    AbcClass,
    AbcQuery,
    AbcRow,
    ExpiringLot,
    ExpiringQuery,
    Forecast,
    ForecastQuery,
    Reorder,
    ReorderQuery,
    ReportedProduct,
    SlowMover,
    SlowMoversQuery,
    StockAt,
    StockAtQuery,
    StockReports,
)
from erp_core.inventory.ports.stock import (
    LotQuery,
    LotRepository,
    MovementQuery,
    ReservationQuery,
    StockQuery,
    StockRepository,
    ValuedItem,
)
from erp_core.inventory.ports.transfers import (
    StockTransferQuery,
    StockTransferRepository,
)
from erp_core.inventory.ports.unit_of_work import (
    InventoryUnitOfWork,
)
from erp_core.inventory.ports.warehouses import (
    WarehouseQuery,
    WarehouseRepository,
)

__all__ = [
    "AbcClass",
    "AbcQuery",
    "AbcRow",
    "CountLineQuery",
    "CountQuery",
    "ExpiringLot",
    "ExpiringQuery",
    "Forecast",
    "ForecastQuery",
    "InventoryUnitOfWork",
    "LotQuery",
    "LotRepository",
    "MovementQuery",
    "Picking",
    "Reorder",
    "ReorderQuery",
    "ReportedProduct",
    "ReservationQuery",
    "SlowMover",
    "SlowMoversQuery",
    "StockAt",
    "StockAtQuery",
    "StockCountRepository",
    "StockQuery",
    "StockReports",
    "StockRepository",
    "StockTransferQuery",
    "StockTransferRepository",
    "ValuedItem",
    "WarehouseQuery",
    "WarehouseRepository",
    "reach_of",
]

"""What the inventory asks of the outside."""

from erp_core.inventory.ports.counts import (
    CountLineQuery,
    CountQuery,
    StockCountRepository,
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
    "CountLineQuery",
    "CountQuery",
    "InventoryUnitOfWork",
    "LotQuery",
    "LotRepository",
    "MovementQuery",
    "ReservationQuery",
    "StockCountRepository",
    "StockQuery",
    "StockRepository",
    "StockTransferQuery",
    "StockTransferRepository",
    "ValuedItem",
    "WarehouseQuery",
    "WarehouseRepository",
]

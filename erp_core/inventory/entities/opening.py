"""The stock a new product begins with."""

from __future__ import annotations

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities.locked_stock import LockedStock, require_positive
from erp_core.inventory.entities.lot import LotDates
from erp_core.inventory.entities.movement import MovementId, Posting, StockMovement
from erp_core.inventory.entities.stock_item import StockedProduct, StockItem
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.inventory.entities.valuation import Valuation
from erp_core.inventory.entities.warehouse import Warehouse, WarehouseState
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity


def nothing_yet(key: StockKey, product: StockedProduct, warehouse: Warehouse) -> LockedStock:
    """Return the stock of a product nobody else knows of, and of which there is none yet."""
    item = StockItem(
        key=key,
        product=product,
        warehouse_active=warehouse.state is WarehouseState.ACTIVE,
        may_go_negative=warehouse.may_go_negative,
    )
    valuation = Valuation(product_id=key.product_id, on_hand=ZERO)
    return LockedStock(items={key: item}, valuations={key.product_id: valuation})


def opened(  # noqa: PLR0913, PLR0917  # where, of what, how much and why
    key: StockKey,
    product: StockedProduct,
    warehouse: Warehouse,
    quantity: Quantity,
    unit_cost: UnitPrice,
    posting: Posting,
    movement_id: MovementId,
    dates: LotDates | None = None,
) -> LockedStock:
    """Return the stock of a product nobody else knows of, once its first goods are in.

    What ``receive`` makes of ``nothing_yet``. Without lots that is written down at once, since
    files bring hundreds of thousands: a quarter of the time of going there step by step.

    Raises:
        InvariantError: nothing to receive, stock that cannot move, or a lot where there is none.
    """
    if key.lot or dates is not None or product.tracking is not Tracking.NONE:
        return nothing_yet(key, product, warehouse).receive(
            key, quantity, unit_cost, posting, dates
        )
    require_positive(quantity)
    item = StockItem(
        key=key,
        product=product,
        warehouse_active=warehouse.state is WarehouseState.ACTIVE,
        may_go_negative=warehouse.may_go_negative,
        on_hand=quantity,
    )
    item.require_movable()
    average = unit_cost if unit_cost.amount else None
    valuation = Valuation(product_id=key.product_id, average_cost=average, on_hand=quantity)
    movement = StockMovement(
        id=movement_id,
        key=key,
        quantity=quantity,
        unit_cost=unit_cost,
        on_hand_after=quantity,
        average_cost_after=average,
        posting=posting,
    )
    return LockedStock(
        items={key: item}, valuations={key.product_id: valuation}, movements=(movement,)
    )

"""How far an order has come, and where it may go from there."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from erp_core.kernel.entity import Lifecycle


class OrderState(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"
    IN_SHIPMENT = "in_shipment"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


ORDER_LIFECYCLE: Final = Lifecycle[OrderState](
    {
        OrderState.DRAFT: {OrderState.CONFIRMED},
        OrderState.CONFIRMED: {
            OrderState.IN_SHIPMENT,
            OrderState.SHIPPED,
            OrderState.CANCELLED,
        },
        OrderState.IN_SHIPMENT: {
            OrderState.IN_SHIPMENT,
            OrderState.SHIPPED,
            OrderState.CONFIRMED,
        },
        OrderState.SHIPPED: {OrderState.IN_SHIPMENT, OrderState.CONFIRMED},
        OrderState.CANCELLED: set(),
    }
)
# An order on which we and the customer have agreed.
OPEN_ORDERS: Final = frozenset({OrderState.CONFIRMED, OrderState.IN_SHIPMENT, OrderState.SHIPPED})

"""What sales has to tell."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteAccepted(Event):
    """A customer has said yes."""

    name: ClassVar[str] = "sales.quote_accepted"

    quote_id: UUID
    number: str
    party_id: UUID
    total: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderConfirmed(Event):
    """We and a customer have agreed on an order."""

    name: ClassVar[str] = "sales.order_confirmed"

    order_id: UUID
    number: str
    party_id: UUID
    total: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCancelled(Event):
    """A confirmed order was called off."""

    name: ClassVar[str] = "sales.order_cancelled"

    order_id: UUID
    number: str
    party_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentValidated(Event):
    """Goods have gone out to a customer."""

    name: ClassVar[str] = "sales.shipment_validated"

    shipment_id: UUID
    number: str
    order_id: UUID
    party_id: UUID
    warehouse_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentCancelled(Event):
    """Goods that had gone out are back."""

    name: ClassVar[str] = "sales.shipment_cancelled"

    shipment_id: UUID
    number: str
    order_id: UUID
    party_id: UUID
    warehouse_id: UUID

"""What quotes, orders and shipments are named by."""

from __future__ import annotations

from typing import NewType
from uuid import UUID

QuoteId = NewType("QuoteId", UUID)
OrderId = NewType("OrderId", UUID)
ShipmentId = NewType("ShipmentId", UUID)

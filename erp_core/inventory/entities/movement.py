"""Movements: every change of stock, for good."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from erp_core.inventory.entities.stock_key import StockKey
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.text import require_text

MovementId = NewType("MovementId", UUID)

LABEL_LENGTH_MAX: Final = 200
ORIGIN_LENGTH_MAX: Final = 64


class Reason(StrEnum):
    RECEIPT = "receipt"
    ISSUE = "issue"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"
    ADJUSTMENT = "adjustment"
    COUNT = "count"
    SALE = "sale"
    PURCHASE = "purchase"
    RETURN = "return"
    PRODUCTION = "production"
    REVALUATION = "revaluation"  # of value alone: the quantity is zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What makes stock move: why, with which words, when, and who says so."""

    reason: Reason
    at: datetime  # aware, UTC
    by: str  # principal id
    label: str = ""  # for the auditor: why, on which paper
    origin: str = ""  # the document that caused it: "sales.shipment:<id>"
    reference_id: MovementId | None = None  # the movement that is taken back, or revalued
    movement_id: MovementId | None = field(default=None, compare=False)  # where the caller chose

    def __post_init__(self) -> None:
        ensure(self.at.tzinfo is not None, "inventory.posting.at", "say which time zone")
        require_text(
            self.label, "inventory.posting.label", longest=LABEL_LENGTH_MAX, field="label"
        )
        require_text(
            self.origin, "inventory.posting.origin", longest=ORIGIN_LENGTH_MAX, field="origin"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StockMovement:
    """One change of one stock row. Never altered: a mistake is corrected by another movement."""

    id: MovementId
    key: StockKey
    quantity: Quantity  # signed
    unit_cost: UnitPrice | None  # None while the product has never been received at a cost
    on_hand_after: Quantity  # of the row
    average_cost_after: UnitPrice | None  # of the product in the company
    posting: Posting

"""What a check of the books finds."""

from __future__ import annotations

from enum import StrEnum

from erp_core.inventory.entities.stock_key import StockKey
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.totals import Total


class StockRule(StrEnum):
    """What holds of every stock row, always."""

    ON_HAND = "on_hand"  # on hand is the sum of the movements
    RESERVED = "reserved"  # reserved is the sum of the reservations
    NEGATIVE = "negative"  # nothing is below zero that may not be
    TRANSIT = "transit"  # what is under way is what open transfers have sent and not settled


@dataclass(frozen=True, slots=True, kw_only=True)
class StockDifference:
    """A row that breaks a rule: what it says, and what it ought to, however much that is."""

    key: StockKey
    rule: StockRule
    found: Total
    expected: Total

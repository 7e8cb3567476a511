"""What was counted of each stock row, and what that corrects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities.locked_stock import LockedStock
from erp_core.inventory.entities.movement import Posting
from erp_core.inventory.entities.stock_count import CountId
from erp_core.inventory.entities.stock_item import InsufficientStockError, StockItem
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, TransitionError, ensure
from erp_core.kernel.page import Cursor
from erp_core.kernel.quantity import ZERO, Quantity

COUNT_LINES_MAX: Final = 10_000
_ONE: Final = Quantity.of("1")
_NAMED_MAX: Final = 20  # rows a message names; the details have them all


class Uncounted(StrEnum):
    """What becomes of lines that nobody has counted when a count is closed."""

    KEEP = "keep"  # they stay as they are
    ZERO = "zero"  # what nobody found is not there


class CountShortageError(InsufficientStockError):
    """Closing would leave rows below zero, or take what is reserved. Count them again.

    ``details`` are those of the first row, and ``details["rows"]`` those of each.
    """

    def __init__(self, short: Sequence[tuple[StockItem, Quantity]]) -> None:
        named = [_told(item, difference) for item, difference in short[:_NAMED_MAX]]
        if len(short) > _NAMED_MAX:
            named.append(f"and {len(short) - _NAMED_MAX} more")
        InvariantError.__init__(  # the parent's words are those of one issue
            self, f"count again, or free what is reserved: {'; '.join(named)}"
        )
        rows = [_details(item, difference) for item, difference in short]
        self.details = {**rows[0], "rows": rows}


@dataclass(frozen=True, slots=True, kw_only=True)
class CountEntry:
    """What somebody counted, and what the books said at that moment."""

    counted: Quantity
    on_hand_when_counted: Quantity
    at: datetime  # aware, UTC
    by: str  # principal id

    def __post_init__(self) -> None:
        ensure(
            self.counted >= ZERO,
            "inventory.counted",
            "what was counted is never below zero",
            field="counted",
        )

    @property
    def difference(self) -> Quantity:
        """What was found beyond the books; below zero: what was missed."""
        return self.counted - self.on_hand_when_counted


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """One stock row of a count, with a version of its own."""

    count_id: CountId
    key: StockKey
    sku: str
    expected: Quantity = ZERO  # on hand when the count began
    entry: CountEntry | None = None  # None: not counted yet
    version: int = 0  # 0: was not expected, and is new

    @property
    def name(self) -> str:
        """What the audit trail calls it."""
        return f"{self.count_id}/{self.key.product_id}/{self.key.lot}"

    @property
    def cursor(self) -> Cursor:
        """The place after this line in the list of the count's lines."""
        return Cursor(self.key.lot, self.key.product_id)

    @property
    def difference(self) -> Quantity:
        """What the closing adds to on hand; nothing while it is not counted."""
        return ZERO if self.entry is None else self.entry.difference

    def told(self) -> dict[str, str]:
        """Return what the audit trail says of its entry; nothing while it is not counted."""
        if self.entry is None:
            return {}
        return {
            "counted": str(self.entry.counted),
            "on_hand_when_counted": str(self.entry.on_hand_when_counted),
            "counted_at": self.entry.at.isoformat(),
            "counted_by": self.entry.by,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLine:
    """A line, ours alone, beside its stock row as it is now."""

    line: CountLine
    item: StockItem

    def enter(self, counted: Quantity, *, at: datetime, by: str) -> CountLine:
        """Return the line with what was *counted*; a former entry is replaced.

        Raises:
            InvariantError: a count below zero, two pieces of one serial number, or a new line of
                something that cannot lie there.
        """
        if self.line.version == 0:
            self.item.require_movable()
        product = self.item.product
        ensure(
            product.tracking is not Tracking.SERIAL or counted <= _ONE,
            "inventory.serial",
            f"serial {self.line.key.lot} of {product.sku} is one piece",
            field="counted",
            sku=product.sku,
            lot=self.line.key.lot,
        )
        entry = CountEntry(counted=counted, on_hand_when_counted=self.item.on_hand, at=at, by=by)
        return replace(self.line, entry=entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTotals:
    """How far a count has come."""

    lines: int = 0
    counted: int = 0
    differing: int = 0  # of the counted ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """The stock with a movement for every difference, and the lines that closing entered."""

    stock: LockedStock
    entered: tuple[CountLine, ...] = field(default=())


def to_settle(lines: Sequence[CountLine], uncounted: Uncounted | None) -> tuple[CountLine, ...]:
    """Return the lines that closing acts upon, of those that differ or were not counted.

    Raises:
        TransitionError: some were not counted, and nobody said what becomes of them.
    """
    missing = sum(line.entry is None for line in lines)
    if missing and uncounted is None:
        raise TransitionError(
            f"{missing} lines are not counted: count them, or close with uncounted keep or zero",
            code="inventory.count.uncounted",
            missing=missing,
        )
    keep = uncounted is not Uncounted.ZERO
    return tuple(line for line in lines if not (keep and line.entry is None))


def correct(stock: LockedStock, lines: Sequence[CountLine], posting: Posting) -> Correction:
    """Add to what is on hand now what each line found beyond the books when it was counted.

    So what moved since stays moved. A line that nobody counted is entered here, as zero, against
    what is on hand now.

    Raises:
        CountShortageError: rows would fall below zero, or below what is reserved.
        InvariantError: stock of a product cannot move, or a serial number would be there twice.
    """
    entered: list[CountLine] = []
    found: list[tuple[StockKey, Quantity]] = []
    short: list[tuple[StockItem, Quantity]] = []
    for each in lines:
        item, line = stock.items[each.key], each
        if line.entry is None:
            line = OpenLine(line=line, item=item).enter(ZERO, at=posting.at, by=posting.by)
            entered.append(line)
        if line.difference == ZERO:
            continue
        target = item.on_hand + line.difference
        if target < ZERO or (line.difference < ZERO and _is_promised(item, target)):
            short.append((item, line.difference))
        else:
            found.append((line.key, target))
    if short:
        raise CountShortageError(short)
    return Correction(stock=stock.adjust_all(found, posting), entered=tuple(entered))


def _is_promised(item: StockItem, target: Quantity) -> bool:
    return target < item.reserved and not item.may_go_negative


def _told(item: StockItem, difference: Quantity) -> str:
    lot = f" {item.key.lot}" if item.key.lot else ""
    sign = "+" if difference > ZERO else ""
    return (
        f"{item.product.sku}{lot}: {item.on_hand} on hand, {item.reserved} reserved,"
        f" {sign}{difference} counted"
    )


def _details(item: StockItem, difference: Quantity) -> dict[str, object]:
    return {
        "product_id": item.key.product_id,
        "sku": item.product.sku,
        "warehouse_id": item.key.warehouse_id,
        "lot": item.key.lot,
        "on_hand": item.on_hand,
        "reserved": item.reserved,
        "difference": difference,
        "wanted": max(-difference, -(item.on_hand + difference)),
        "available": item.available,
    }

"""Goods by the document: many lines come or go at once, all of them or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from erp_core.inventory.entities import LotDates, Reason, StockKey, StockMovement
from erp_core.inventory.ports import InventoryUnitOfWork
from erp_core.inventory.use_cases.posting import posting_of
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import NotFoundError, at, ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.use_case import UseCase

LINES_MAX: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsMovements:
    """What a document moved, line by line."""

    movements: tuple[StockMovement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptLine:
    key: StockKey
    quantity: Quantity
    unit_cost: UnitPrice
    dates: LotDates | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveGoodsCommand:
    lines: tuple[ReceiptLine, ...]
    label: str = ""

    def __post_init__(self) -> None:
        _require_lines(self.lines)


@dataclass(frozen=True, kw_only=True)
class ReceiveGoods(UseCase[InventoryUnitOfWork, ReceiveGoodsCommand, GoodsMovements]):
    """Put the goods of a whole delivery on the shelves, all lines or none.

    Raises:
        NotFoundError: no such product, or no such warehouse.
        InvariantError: a line that cannot be received, named by its place.
    """

    permission = "inventory.stock.receive"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ReceiveGoodsCommand
    ) -> GoodsMovements:
        posting = posting_of(ctx, self.clock, Reason.RECEIPT, command.label)
        keys = [line.key for line in command.lines]
        with _named(keys):
            stock = uow.stock.lock(ctx, keys, receiving=True)
        stock = stock.in_storage()
        for index, line in enumerate(command.lines):
            with at(f"lines/{index}"):
                stock = stock.receive(line.key, line.quantity, line.unit_cost, posting, line.dates)
        uow.stock.save(ctx, stock)
        return GoodsMovements(movements=stock.movements)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueLine:
    key: StockKey
    quantity: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueGoodsCommand:
    lines: tuple[IssueLine, ...]
    label: str = ""

    def __post_init__(self) -> None:
        _require_lines(self.lines)


@dataclass(frozen=True, kw_only=True)
class IssueGoods(UseCase[InventoryUnitOfWork, IssueGoodsCommand, GoodsMovements]):
    """Take the goods of a whole document off the shelves, all lines or none.

    Raises:
        NotFoundError: no such product, or no such warehouse.
        InsufficientStockError: less is available of a line, named by its place.
        InvariantError: a line that cannot be issued, named by its place.
    """

    permission = "inventory.stock.issue"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: IssueGoodsCommand
    ) -> GoodsMovements:
        posting = posting_of(ctx, self.clock, Reason.ISSUE, command.label)
        keys = [line.key for line in command.lines]
        with _named(keys):
            stock = uow.stock.lock(ctx, keys)
        stock = stock.in_storage()
        for index, line in enumerate(command.lines):
            with at(f"lines/{index}"):
                stock = stock.issue(line.key, line.quantity, posting)
        uow.stock.save(ctx, stock)
        return GoodsMovements(movements=stock.movements)


@contextmanager
def _named(keys: Sequence[StockKey]) -> Iterator[None]:
    """Say of what is not there in which line it stands first."""
    try:
        yield
    except NotFoundError as error:
        missing = error.details.get("id")
        for index, key in enumerate(keys):
            if missing in (key.product_id, key.warehouse_id):
                error.field = f"lines/{index}/{error.field}"
                break
        raise


def _require_lines(lines: Sequence[object]) -> None:
    ensure(
        1 <= len(lines) <= LINES_MAX,
        "inventory.lines",
        f"a document has 1 to {LINES_MAX} lines",
        field="lines",
    )

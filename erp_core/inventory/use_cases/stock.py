"""What a person can do with stock: lock, let the entity decide, save."""

from __future__ import annotations

from collections import Counter
from typing import Final

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    LotDates,
    MovementId,
    Reason,
    StockDifference,
    StockKey,
    StockMovement,
    StockRule,
    WarehouseId,
)
from erp_core.inventory.ports import (
    InventoryUnitOfWork,
    MovementQuery,
    StockQuery,
    ValuedItem,
)
from erp_core.inventory.use_cases.posting import posting_of
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import NotFoundError, ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.use_case import UseCase

DIFFERENCES_MAX: Final = 1000  # of each rule, named at once where nobody asks for more
ALL_DIFFERENCES_MAX: Final = 100_000  # a house with more is mended by other means


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveStockCommand:
    key: StockKey
    quantity: Quantity
    unit_cost: UnitPrice
    dates: LotDates | None = None
    label: str = ""
    movement_id: MovementId | None = None  # where the caller chose it


@dataclass(frozen=True, kw_only=True)
class ReceiveStock(UseCase[InventoryUnitOfWork, ReceiveStockCommand, StockMovement]):
    """Put goods on the shelf, at what they cost.

    Raises:
        NotFoundError: no such product, or no such warehouse.
        InvariantError: the quantity is not positive, or stock of it cannot move.
    """

    permission = "inventory.stock.receive"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ReceiveStockCommand
    ) -> StockMovement:
        posting = posting_of(ctx, self.clock, Reason.RECEIPT, command.label, command.movement_id)
        stock = uow.stock.lock(ctx, [command.key], receiving=True).in_storage()
        stock = stock.receive(
            command.key, command.quantity, command.unit_cost, posting, command.dates
        )
        uow.stock.save(ctx, stock)
        return stock.movements[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueStockCommand:
    key: StockKey
    quantity: Quantity
    label: str = ""
    movement_id: MovementId | None = None


@dataclass(frozen=True, kw_only=True)
class IssueStock(UseCase[InventoryUnitOfWork, IssueStockCommand, StockMovement]):
    """Take goods off the shelf.

    Raises:
        NotFoundError: no such product, or no such warehouse.
        InsufficientStockError: less is available.
        InvariantError: the quantity is not positive, or stock of it cannot move.
    """

    permission = "inventory.stock.issue"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: IssueStockCommand
    ) -> StockMovement:
        posting = posting_of(ctx, self.clock, Reason.ISSUE, command.label, command.movement_id)
        stock = uow.stock.lock(ctx, [command.key]).in_storage()
        stock = stock.issue(command.key, command.quantity, posting)
        uow.stock.save(ctx, stock)
        return stock.movements[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferStockCommand:
    product_id: ProductId
    from_warehouse_id: WarehouseId
    to_warehouse_id: WarehouseId
    quantity: Quantity
    lot: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Both sides of one."""

    out: StockMovement
    into: StockMovement


@dataclass(frozen=True, kw_only=True)
class TransferStock(UseCase[InventoryUnitOfWork, TransferStockCommand, Transfer]):
    """Carry goods from one warehouse to another: both sides change, or neither.

    Raises:
        NotFoundError: no such product, or no such warehouse.
        InsufficientStockError: less is available where they come from.
        InvariantError: the quantity is not positive, both ends are one, or stock cannot move.
    """

    permission = "inventory.stock.transfer"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: TransferStockCommand
    ) -> Transfer:
        posting = posting_of(ctx, self.clock, Reason.TRANSFER_OUT, command.label)
        source = StockKey(command.product_id, command.from_warehouse_id, command.lot)
        target = StockKey(command.product_id, command.to_warehouse_id, command.lot)
        try:
            stock = uow.stock.lock(ctx, [source, target])
        except NotFoundError as error:
            if error.field == "warehouse_id":
                origin = error.details.get("id") == source.warehouse_id
                error.field = "from_warehouse_id" if origin else "to_warehouse_id"
            raise
        stock = stock.in_storage()
        stock = stock.transfer(source, target, command.quantity, posting)
        uow.stock.save(ctx, stock)
        out, into = stock.movements
        return Transfer(out=out, into=into)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustStockCommand:
    key: StockKey
    counted: Quantity
    label: str  # why it differs, for the auditor
    movement_id: MovementId | None = None


@dataclass(frozen=True, kw_only=True)
class AdjustStock(UseCase[InventoryUnitOfWork, AdjustStockCommand, StockMovement]):
    """Set what is on hand to what was counted, and say why.

    Raises:
        NotFoundError: no such product, or no such warehouse.
        InsufficientStockError: more is reserved than was counted.
        InvariantError: the count is below zero, or stock of it cannot move.
    """

    permission = "inventory.stock.adjust"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: AdjustStockCommand
    ) -> StockMovement:
        posting = posting_of(
            ctx, self.clock, Reason.ADJUSTMENT, command.label, command.movement_id
        )
        stock = uow.stock.lock(ctx, [command.key]).in_storage()
        stock = stock.adjust(command.key, command.counted, posting)
        uow.stock.save(ctx, stock)
        return stock.movements[0]


@dataclass(frozen=True, kw_only=True)
class ListStock(UseCase[InventoryUnitOfWork, StockQuery, Page[ValuedItem]]):
    """Read what lies where, a page at a time, in the order of product and warehouse."""

    permission = "inventory.stock.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: StockQuery
    ) -> Page[ValuedItem]:
        return uow.stock.items(ctx, command)


@dataclass(frozen=True, kw_only=True)
class GetMovement(UseCase[InventoryUnitOfWork, MovementId, StockMovement]):
    """Read one movement.

    Raises:
        NotFoundError: no such movement.
    """

    permission = "inventory.movement.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: MovementId
    ) -> StockMovement:
        return uow.stock.movement(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ListMovements(UseCase[InventoryUnitOfWork, MovementQuery, Page[StockMovement]]):
    """Read movements a page at a time, oldest first."""

    permission = "inventory.movement.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: MovementQuery
    ) -> Page[StockMovement]:
        return uow.stock.movements(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Whether every stock row keeps the rules, and which do not."""

    differences: tuple[StockDifference, ...]
    more: int = 0  # that are not named, since there are so many

    @property
    def consistent(self) -> bool:
        return not self.differences


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyStockQuery:
    """All stock of the company; of each rule the first *most* rows that break it are named."""

    most: int = DIFFERENCES_MAX

    def __post_init__(self) -> None:
        ensure(
            1 <= self.most <= ALL_DIFFERENCES_MAX,
            "inventory.verify.most",
            f"name from 1 to {ALL_DIFFERENCES_MAX} rows of each rule",
            field="most",
            most=ALL_DIFFERENCES_MAX,
        )


@dataclass(frozen=True, kw_only=True)
class VerifyStock(UseCase[InventoryUnitOfWork, VerifyStockQuery, Verification]):
    """Prove that every stock row keeps the rules; name those that do not, and change none.

    On hand is the sum of the movements, reserved that of the reservations, nothing is below zero
    that may not be, and what is under way is what open transfers have sent.
    """

    permission = "inventory.consistency.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: VerifyStockQuery
    ) -> Verification:
        most, stock, transfers = command.most, uow.stock, uow.stock_transfers
        under_way = [
            StockDifference(
                key=each.key,
                rule=StockRule.TRANSIT,
                found=each.on_hand,
                expected=each.under_way,
            )
            for each in transfers.differences(ctx, most)
        ]
        found, more = stock.differences(ctx, most), 0
        if most in Counter(each.rule for each in found).values():
            more += stock.count_differences(ctx) - len(found)
        if len(under_way) == most:
            more += transfers.count_differences(ctx) - most
        return Verification(differences=(*found, *under_way), more=more)

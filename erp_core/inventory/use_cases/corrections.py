"""What turns out afterwards: goods that come back, and what a receipt really cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from erp_core.inventory.entities import MovementId, Posting, Reason, StockMovement, WarehouseId
from erp_core.inventory.ports import InventoryUnitOfWork
from erp_core.inventory.use_cases.posting import posting_of
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnStockCommand:
    movement_id: MovementId  # the issue that is taken back
    quantity: Quantity
    warehouse_id: WarehouseId | None = None  # None: where it went out from
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class ReturnStock(UseCase[InventoryUnitOfWork, ReturnStockCommand, StockMovement]):
    """Take goods back that had gone out, at the cost they went out with.

    Raises:
        NotFoundError: no such movement, or no such warehouse.
        InvariantError: it was no issue, or more would come back than is still out.
    """

    permission = "inventory.stock.return"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ReturnStockCommand
    ) -> StockMovement:
        issued = uow.stock.movement(ctx, command.movement_id)
        ensure(
            issued.quantity < ZERO and issued.posting.reason is not Reason.TRANSFER_OUT,
            "inventory.return.origin",
            "only what was issued can come back: name the movement it went out by",
            field="movement_id",
        )
        key = replace(issued.key, warehouse_id=command.warehouse_id or issued.key.warehouse_id)
        stock = uow.stock.lock(ctx, [key], receiving=True).in_storage()
        earlier = _quantity(uow.stock.referring(ctx, issued.id))
        ensure(
            earlier + command.quantity <= -issued.quantity,
            "inventory.return.exceeded",
            f"{-issued.quantity - earlier} of it can still come back",
            field="quantity",
            issued=-issued.quantity,
            returned=earlier,
        )
        posting = _referring(posting_of(ctx, self.clock, Reason.RETURN, command.label), issued.id)
        cost = issued.unit_cost or UnitPrice(ZERO.value, ctx.currency)
        stock = stock.receive(key, command.quantity, cost, posting)
        uow.stock.save(ctx, stock)
        return stock.movements[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class RevalueReceiptCommand:
    movement_id: MovementId  # the receipt whose cost has become known
    unit_cost: UnitPrice
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class RevalueReceipt(UseCase[InventoryUnitOfWork, RevalueReceiptCommand, StockMovement]):
    """Enter what a receipt really cost, once that is known: a movement of value alone.

    The average cost changes by the difference on what is still on hand; what has gone out went at
    the cost that was known then, and no history is written anew.

    Raises:
        NotFoundError: no such movement.
        InvariantError: it was no receipt, or the cost is in another currency.
    """

    permission = "inventory.stock.revalue"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: RevalueReceiptCommand
    ) -> StockMovement:
        receipt = uow.stock.movement(ctx, command.movement_id)
        was = receipt.unit_cost
        ensure(
            receipt.posting.reason in (Reason.RECEIPT, Reason.PURCHASE, Reason.PRODUCTION),
            "inventory.revalue.origin",
            "only a receipt has a cost to be corrected",
            field="movement_id",
        )
        key = receipt.key
        stock = uow.stock.lock(ctx, [key], receiving=True).in_storage()
        for each in uow.stock.referring(ctx, receipt.id):
            was = each.unit_cost if each.posting.reason is Reason.REVALUATION else was
        posting = _referring(
            posting_of(ctx, self.clock, Reason.REVALUATION, command.label), receipt.id
        )
        before = was or UnitPrice(ZERO.value, command.unit_cost.currency)
        stock = stock.revalue(key, receipt.quantity, before, command.unit_cost, posting)
        uow.stock.save(ctx, stock)
        return stock.movements[0]


def _quantity(movements: Iterable[StockMovement]) -> Quantity:
    return sum((each.quantity for each in movements), ZERO)


def _referring(posting: Posting, movement_id: MovementId) -> Posting:
    return replace(posting, reference_id=movement_id)

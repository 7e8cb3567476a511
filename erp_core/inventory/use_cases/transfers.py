"""What a person can do with goods under way: send, take in, give up, call off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from erp_core.inventory.entities import (
    InsufficientStockError,
    Parcel,
    Posting,
    Reason,
    ShortRowsError,
    StockKey,
    StockTransfer,
    StockTransferId,
    TransferLine,
    TransferSummary,
    WarehouseId,
)
from erp_core.inventory.ports import InventoryUnitOfWork, StockTransferQuery
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.use_case import UseCase

_Carried = tuple[StockKey, StockKey, Quantity]  # from where, to where, how much


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchTransferCommand:
    id: StockTransferId
    from_warehouse_id: WarehouseId
    to_warehouse_id: WarehouseId
    lines: tuple[TransferLine, ...]
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class DispatchTransfer(UseCase[InventoryUnitOfWork, DispatchTransferCommand, StockTransfer]):
    """Send goods from one warehouse to another: all lines leave, or none does.

    Raises:
        AlreadyExistsError: its id is taken, or the code of the transit warehouse is.
        NotFoundError: no such product, or no such warehouse.
        InsufficientStockError: less is available of some rows, which are named.
        InvariantError: the lines are none or too many, both ends are one, or stock cannot move.
    """

    permission = "inventory.transfer.dispatch"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: DispatchTransferCommand
    ) -> StockTransfer:
        transfer = StockTransfer(
            id=command.id,
            from_warehouse_id=command.from_warehouse_id,
            to_warehouse_id=command.to_warehouse_id,
            lines=command.lines,
            label=command.label,
            dispatched_at=self.clock.now(ctx),
        )
        _require_end(ctx, uow, transfer.from_warehouse_id, "from_warehouse_id")
        _require_end(ctx, uow, transfer.to_warehouse_id, "to_warehouse_id")
        transit = uow.warehouses.transit(ctx).id
        posting = _posting(ctx, transfer, transfer.label, transfer.dispatched_at)
        sent = _carried(transfer, transfer.under_way, transfer.from_warehouse_id, transit)
        _carry(ctx, uow, sent, posting)
        return uow.stock_transfers.add(ctx, transfer)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArriveTransferCommand:
    id: StockTransferId
    version: int | None = None
    parcels: tuple[Parcel, ...] | None = None  # None: all that is under way


@dataclass(frozen=True, kw_only=True)
class ArriveTransfer(UseCase[InventoryUnitOfWork, ArriveTransferCommand, StockTransfer]):
    """Take in, where they were sent, goods that were under way: all, or a part of some lines.

    Raises:
        NotFoundError: no such transfer, or no such line in it.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: nothing is under way any more.
        InvariantError: nothing arrives, or more than is under way, or stock cannot move.
    """

    permission = "inventory.transfer.arrive"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ArriveTransferCommand
    ) -> StockTransfer:
        now = self.clock.now(ctx)
        transfer = uow.stock_transfers.lock(ctx, command.id).expect(command.version)
        parcels = transfer.under_way if command.parcels is None else command.parcels
        arrived = transfer.arrive(parcels, now)
        posting = _posting(ctx, transfer, transfer.label, now)
        transit = uow.warehouses.transit(ctx).id
        _carry(ctx, uow, _carried(transfer, parcels, transit, transfer.to_warehouse_id), posting)
        return uow.stock_transfers.save(ctx, arrived)


@dataclass(frozen=True, slots=True, kw_only=True)
class EndTransferCommand:
    id: StockTransferId
    version: int | None = None
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CloseTransfer(UseCase[InventoryUnitOfWork, EndTransferCommand, StockTransfer]):
    """Give up what has not arrived: it is lost, and leaves the company's stock for a reason.

    Raises:
        NotFoundError: no such transfer.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: nothing is under way any more.
        InvariantError: no reason is given, or stock cannot move.
    """

    permission = "inventory.transfer.close"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: EndTransferCommand
    ) -> StockTransfer:
        now = self.clock.now(ctx)
        transfer = uow.stock_transfers.lock(ctx, command.id).expect(command.version)
        closed = transfer.close(command.reason, now)
        posting = _posting(ctx, transfer, command.reason, now, Reason.ADJUSTMENT)
        transit, lines = uow.warehouses.transit(ctx).id, transfer.by_id
        lost = [(lines[each.line_id].at(transit), each.quantity) for each in transfer.under_way]
        stock = uow.stock.lock(ctx, [key for key, _ in lost])
        for key, quantity in lost:
            stock = stock.issue(key, quantity, posting)
        uow.stock.save(ctx, stock)
        return uow.stock_transfers.save(ctx, closed)


@dataclass(frozen=True, kw_only=True)
class CancelTransfer(UseCase[InventoryUnitOfWork, EndTransferCommand, StockTransfer]):
    """Call a transfer off: what has not arrived goes back where it came from.

    Raises:
        NotFoundError: no such transfer.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: nothing is under way any more.
        InvariantError: stock cannot move: the warehouse it goes back to is archived, say.
    """

    permission = "inventory.transfer.cancel"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: EndTransferCommand
    ) -> StockTransfer:
        now = self.clock.now(ctx)
        transfer = uow.stock_transfers.lock(ctx, command.id).expect(command.version)
        cancelled = transfer.cancel(command.reason, now)
        posting = _posting(ctx, transfer, command.reason or transfer.label, now)
        transit, parcels = uow.warehouses.transit(ctx).id, transfer.under_way
        _carry(ctx, uow, _carried(transfer, parcels, transit, transfer.from_warehouse_id), posting)
        return uow.stock_transfers.save(ctx, cancelled)


@dataclass(frozen=True, kw_only=True)
class GetTransfer(UseCase[InventoryUnitOfWork, StockTransferId, StockTransfer]):
    """Read one transfer with its lines.

    Raises:
        NotFoundError: no such transfer.
    """

    permission = "inventory.transfer.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: StockTransferId
    ) -> StockTransfer:
        return uow.stock_transfers.get(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ListTransfers(UseCase[InventoryUnitOfWork, StockTransferQuery, Page[TransferSummary]]):
    """Read transfers a page at a time, oldest first, without their lines."""

    permission = "inventory.transfer.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: StockTransferQuery
    ) -> Page[TransferSummary]:
        return uow.stock_transfers.page(ctx, command)


def _require_end(
    ctx: Context, uow: InventoryUnitOfWork, warehouse_id: WarehouseId, field: str
) -> None:
    """Check one end of a transfer, which *field* names."""
    try:
        warehouse = uow.warehouses.get(ctx, warehouse_id)
    except NotFoundError as error:
        error.field = field
        raise
    warehouse.require_storage(field)
    warehouse.require_active(field)


def _posting(
    ctx: Context,
    transfer: StockTransfer,
    label: str,
    at: datetime,
    reason: Reason = Reason.TRANSFER_OUT,
) -> Posting:
    by = ctx.principal.id
    return Posting(reason=reason, at=at, by=by, label=label, origin=transfer.origin)


def _carried(
    transfer: StockTransfer, parcels: Iterable[Parcel], source: WarehouseId, target: WarehouseId
) -> tuple[_Carried, ...]:
    lines = transfer.by_id
    return tuple(
        (lines[each.line_id].at(source), lines[each.line_id].at(target), each.quantity)
        for each in parcels
    )


def _carry(
    ctx: Context, uow: InventoryUnitOfWork, carried: Sequence[_Carried], posting: Posting
) -> None:
    """Lock all rows at once, carry line by line, save; errors say of which line they are."""
    stock = uow.stock.lock(ctx, [key for source, target, _ in carried for key in (source, target)])
    short: list[InsufficientStockError] = []
    for index, (source, target, quantity) in enumerate(carried):
        try:
            stock = stock.transfer(source, target, quantity, posting)
        except InvariantError as error:
            error.field = f"lines/{index}/{error.field}"
            if not isinstance(error, InsufficientStockError):
                raise
            short.append(error)
    if short:
        raise ShortRowsError(short)
    uow.stock.save(ctx, stock)

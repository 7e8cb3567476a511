"""Promising stock to a line of a document, and giving it free again."""

from __future__ import annotations

from erp_core.inventory.entities import Reservation, StockKey, require_origin
from erp_core.inventory.ports import InventoryUnitOfWork, ReservationQuery
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationCommand:
    """How much of which stock, and for which line of which document."""

    key: StockKey
    quantity: Quantity
    origin: str

    def __post_init__(self) -> None:
        require_origin(self.origin)


@dataclass(frozen=True, kw_only=True)
class ReserveStock(UseCase[InventoryUnitOfWork, ReservationCommand, Reservation]):
    """Keep goods for a line of a document, on top of what is kept for it already.

    Raises:
        NotFoundError: no such product, or no such warehouse.
        InsufficientStockError: less is available.
        InvariantError: the quantity is not positive, or stock of it cannot move.
    """

    permission = "inventory.stock.reserve"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ReservationCommand
    ) -> Reservation:
        stock = uow.stock.lock(ctx, [command.key], origins=[command.origin]).in_storage()
        stock = stock.reserve(command.key, command.quantity, command.origin)
        uow.stock.save(ctx, stock)
        return stock.reservations[command.key, command.origin]


@dataclass(frozen=True, kw_only=True)
class ReleaseStock(UseCase[InventoryUnitOfWork, ReservationCommand, Reservation]):
    """Give goods free that were kept for a line of a document: all of them, or a part.

    Raises:
        NotFoundError: no such product, or no such warehouse.
        ReservationExceededError: so much is not kept for it.
        InvariantError: the quantity is not positive.
    """

    permission = "inventory.stock.release"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ReservationCommand
    ) -> Reservation:
        stock = uow.stock.lock(ctx, [command.key], origins=[command.origin]).in_storage()
        stock = stock.release(command.key, command.quantity, command.origin)
        uow.stock.save(ctx, stock)
        return stock.reservations[command.key, command.origin]


@dataclass(frozen=True, kw_only=True)
class ListReservations(UseCase[InventoryUnitOfWork, ReservationQuery, Page[Reservation]]):
    """Read what is promised, and to whom, a page at a time."""

    permission = "inventory.reservation.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ReservationQuery
    ) -> Page[Reservation]:
        return uow.stock.reservations(ctx, command)

"""What the inventory asks of the outside."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from erp_core.catalog.entities import ProductId
from erp_core.catalog.ports import CatalogUnitOfWork
from erp_core.inventory.entities import (
    LockedStock,
    Lot,
    LotId,
    MovementId,
    Reservation,
    StockDifference,
    StockItem,
    StockKey,
    StockMovement,
    StockTransfer,
    StockTransferId,
    StockTransferState,
    TransferSummary,
    TransitDifference,
    Warehouse,
    WarehouseId,
    WarehouseState,
)
from erp_core.kernel.context import Context
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseQuery:
    """Which warehouses: in certain states, whose code begins so, the parts of one place."""

    page: PageRequest
    states: tuple[WarehouseState, ...] = ()  # none: all
    code: str = ""
    parent_id: WarehouseId | None = None  # its direct parts; none: all


class WarehouseRepository(Protocol):
    """Keeps warehouses. Proved by ``erp_core.testing.inventory.WarehouseRepositoryContract``.

    As a tree they are proved by ``erp_core.testing.warehouse_tree.WarehouseTreeContract``.
    """

    @abstractmethod
    def add(self, ctx: Context, warehouse: Warehouse) -> Warehouse:
        """Store a new warehouse; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id or its code is taken in this company.
            NotFoundError: this company has no such parent.
        """

    @abstractmethod
    def get(self, ctx: Context, warehouse_id: WarehouseId) -> Warehouse:
        """Return the warehouse.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def save(self, ctx: Context, warehouse: Warehouse) -> Warehouse:
        """Store a changed warehouse; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none, or no such parent.
            StaleVersionError: ``warehouse.version`` is not the stored one.
            AlreadyExistsError: its new code is taken.
        """

    @abstractmethod
    def page(self, ctx: Context, query: WarehouseQuery) -> Page[Warehouse]:
        """Return one page of the company's warehouses.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

    @abstractmethod
    def lock_tree(self, ctx: Context) -> None:
        """Be alone with the company's tree until the unit of work ends.

        Whoever makes a warehouse part of another, archives or restores one calls this first, then
        reads, decides and saves. So of two who put A into B and B into A at once, the second sees
        what the first has done. Nobody else waits: stock moves meanwhile, and plain readers read.

        Raises:
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def lineage(self, ctx: Context, warehouse_id: WarehouseId) -> tuple[Warehouse, ...]:
        """Return the warehouse and all it is a part of, itself first; empty if there is none."""

    @abstractmethod
    def below(self, ctx: Context, warehouse_id: WarehouseId) -> tuple[WarehouseId, ...]:
        """Return the warehouse and all its parts and theirs, itself first; empty if none."""

    @abstractmethod
    def height(self, ctx: Context, warehouse_id: WarehouseId) -> int:
        """Say how many levels there are from the warehouse down: 1 where it has no parts."""

    @abstractmethod
    def transit(self, ctx: Context) -> Warehouse:
        """Return the company's one transit warehouse, made if there is none yet.

        Call it before anything is locked: who makes it waits for a rival who does.

        Raises:
            AlreadyExistsError: a warehouse that stores goods has its code.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class StockTransferQuery:
    """Which transfers: in certain states, from a warehouse, to a warehouse."""

    page: PageRequest
    states: tuple[StockTransferState, ...] = ()  # none: all
    from_warehouse_id: WarehouseId | None = None
    to_warehouse_id: WarehouseId | None = None


class StockTransferRepository(Protocol):
    """Keeps transfers. Proved by ``erp_core.testing.transfers.StockTransferRepositoryContract``.

    Whatever the number of lines, each call takes the same number of round trips.
    """

    @abstractmethod
    def add(self, ctx: Context, transfer: StockTransfer) -> StockTransfer:
        """Store a new transfer; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id, or that of a line, is taken in this company.
            NotFoundError: this company has no such warehouse, or no such product.
        """

    @abstractmethod
    def get(self, ctx: Context, transfer_id: StockTransferId) -> StockTransfer:
        """Return the transfer.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def lock(self, ctx: Context, transfer_id: StockTransferId) -> StockTransfer:
        """Return the transfer, ours alone until the unit of work ends. Lock stock after it.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, transfer: StockTransfer) -> StockTransfer:
        """Store a changed transfer; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``transfer.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: StockTransferQuery) -> Page[TransferSummary]:
        """Return one page of transfers, without their lines, in order of id.

        Raises:
            MalformedError: another order was asked for, or a cursor of another list.
        """

    @abstractmethod
    def differences(self, ctx: Context, limit: int) -> tuple[TransitDifference, ...]:
        """Return at most *limit* rows of transit that are not what open transfers have there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockQuery:
    """Which stock rows."""

    page: PageRequest
    product_id: ProductId | None = None
    warehouse_id: WarehouseId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementQuery:
    """Which movements; *since* is included, *until* is not."""

    page: PageRequest
    product_id: ProductId | None = None
    warehouse_id: WarehouseId | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuedItem:
    """A stock row with what one unit of it costs, for reading."""

    item: StockItem
    average_cost: UnitPrice | None  # None before the first receipt at a cost


@dataclass(frozen=True, slots=True, kw_only=True)
class ReservationQuery:
    """Which reservations; *origin* is how the name of the line begins."""

    page: PageRequest
    product_id: ProductId | None = None
    warehouse_id: WarehouseId | None = None
    origin: str = ""


class StockRepository(Protocol):
    """Keeps stock. Proved by ``erp_core.testing.stock``, ``stock_locks`` and ``lots``."""

    @abstractmethod
    def lock(
        self,
        ctx: Context,
        keys: Sequence[StockKey],
        *,
        receiving: bool = False,
        origins: Sequence[str] = (),
    ) -> LockedStock:
        """Return the stock rows of *keys* and the valuations of their products, ours alone.

        Rows that do not exist yet are there, empty. Whatever order is asked, the valuations are
        locked first, in order of product, then the rows in the order of their keys, so that no
        two callers wait for each other. Call it once in a unit of work, with all that will be
        touched: a second call could lock out of order.

        *receiving* also finds out how much the company has of each product and what is known of
        the lots, which only a receipt must know. *origins* names the lines whose reservations of
        these rows will be touched.

        Raises:
            NotFoundError: this company has no such product or, where it has all products, no such
                warehouse.
            ContentionError: the rows were not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, stock: LockedStock) -> LockedStock:
        """Store what changed, and append the movements; return it as stored, still ours.

        Raises:
            StaleVersionError: it was not locked in this unit of work, or was saved before.
            AlreadyExistsError: a movement of that id exists.
        """

    @abstractmethod
    def items(self, ctx: Context, query: StockQuery) -> Page[ValuedItem]:
        """Return one page of stock rows, in the order of their keys and no other.

        Raises:
            MalformedError: another order was asked for, or a cursor of another list.
        """

    @abstractmethod
    def movement(self, ctx: Context, movement_id: MovementId) -> StockMovement:
        """Return one movement.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def movements(self, ctx: Context, query: MovementQuery) -> Page[StockMovement]:
        """Return one page of movements, in order of id, which is that of time."""

    @abstractmethod
    def referring(self, ctx: Context, movement_id: MovementId) -> tuple[StockMovement, ...]:
        """Return the movements that take back or revalue this one, at most 1,000, in order."""

    @abstractmethod
    def reservations(self, ctx: Context, query: ReservationQuery) -> Page[Reservation]:
        """Return one page of reservations, in order of id."""

    @abstractmethod
    def differences(self, ctx: Context, limit: int) -> tuple[StockDifference, ...]:
        """Return at most *limit* rows of each rule that is broken, in the order of their keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotQuery:
    """Which lots: those of a product, those that expire until a day, that day included."""

    page: PageRequest
    product_id: ProductId | None = None
    expires_until: date | None = None
    number: str = ""  # how it begins


class LotRepository(Protocol):
    """Keeps lots. Proved by ``erp_core.testing.lots.LotRepositoryContract``.

    A lot is entered by its first receipt: ``StockRepository.save`` does that.
    """

    @abstractmethod
    def get(self, ctx: Context, lot_id: LotId) -> Lot:
        """Return the lot.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def save(self, ctx: Context, lot: Lot) -> Lot:
        """Store a changed lot; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``lot.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: LotQuery) -> Page[Lot]:
        """Return one page of the company's lots.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """


class InventoryUnitOfWork(CatalogUnitOfWork, Protocol):
    """The transaction as the inventory sees it; it reads the catalog below."""

    @property
    @abstractmethod
    def warehouses(self) -> WarehouseRepository: ...

    @property
    @abstractmethod
    def stock(self) -> StockRepository: ...

    @property
    @abstractmethod
    def lots(self) -> LotRepository: ...

    @property
    @abstractmethod
    def stock_transfers(self) -> StockTransferRepository: ...

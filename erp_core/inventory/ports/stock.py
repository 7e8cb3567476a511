"""What the inventory asks of whoever keeps stock, its movements, reservations and lots."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from erp_core.catalog.entities import ProductId
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
    WarehouseId,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class StockQuery:
    """Which stock rows."""

    page: PageRequest
    product_id: ProductId | None = None
    warehouse_id: WarehouseId | None = None
    include_below: bool = False  # also what lies in the parts of the warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class MovementQuery:
    """Which movements; *since* is included, *until* is not.

    A *lot* is one of a product: two may have numbers that are spelt alike.
    """

    page: PageRequest
    product_id: ProductId | None = None
    warehouse_id: WarehouseId | None = None
    lot: str = ""  # all of it, not how it begins; of a serial this is its way through the house
    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        ensure(
            not self.lot or self.product_id is not None,
            "inventory.movements.lot",
            "say with product_id of which product the lot is",
            field="product_id",
        )


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

        What is known of the rows' lots is there, too. *receiving* also finds out how much the
        company has of each product, which only a receipt must know. *origins* names the lines
        whose reservations of these rows will be touched.

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
    def add_many(self, ctx: Context, stocks: Sequence[LockedStock]) -> None:
        """Store the first stock of products that were added in this same unit of work.

        Nobody else can know of them, so that nothing is locked; each of *stocks* is of another
        product. The number of statements does not grow, and the journal is told how many.

        Raises:
            AlreadyExistsError: there is stock of one already, or a movement of that id.
            NotFoundError: this company has no such product or no such warehouse.
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

    @abstractmethod
    def count_differences(self, ctx: Context) -> int:
        """Return how many there are in all; a row counts once for each rule that it breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotQuery:
    """Which lots: those of a product, those that expire until a day, that day included."""

    page: PageRequest
    product_id: ProductId | None = None
    expires_until: date | None = None
    number: str = ""  # how it begins


class LotRepository(Protocol):
    """Keeps lots. Proved by ``erp_core.testing.lots.LotRepositoryContract``.

    A lot is entered by whatever moves it first: ``StockRepository.save`` does that.
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

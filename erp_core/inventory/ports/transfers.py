"""What the inventory asks of whoever keeps transfers in two steps."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.inventory.entities import (
    StockTransfer,
    StockTransferId,
    StockTransferState,
    TransferSummary,
    TransitDifference,
    WarehouseId,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest


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

    @abstractmethod
    def count_differences(self, ctx: Context) -> int:
        """Return how many such rows there are in all."""

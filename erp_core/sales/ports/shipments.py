"""What sales asks of whoever keeps shipments."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Protocol

from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import (
    OrderId,
    Shipment,
    ShipmentId,
    ShipmentState,
    ShipmentSummary,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentQuery:
    """Which shipments; both days are included, *number* is how the number begins."""

    page: PageRequest
    states: tuple[ShipmentState, ...] = ()  # none: all
    order_id: OrderId | None = None
    party_id: PartyId | None = None
    warehouse_id: WarehouseId | None = None
    date_from: date | None = None
    date_to: date | None = None
    number: str = ""


class ShipmentRepository(Protocol):
    """Keeps shipments. Proved by ``erp_core.testing.sales.ShipmentRepositoryContract``.

    Whatever the number of lines, each call takes the same number of round trips.
    """

    @abstractmethod
    def add(self, ctx: Context, shipment: Shipment) -> Shipment:
        """Store a new shipment and its events; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id, or that of a line, is taken in this company.
            NotFoundError: this company lacks something it refers to.
        """

    @abstractmethod
    def get(self, ctx: Context, shipment_id: ShipmentId) -> Shipment:
        """Return the shipment with its lines.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def head(self, ctx: Context, shipment_id: ShipmentId) -> ShipmentSummary:
        """Return the shipment without its lines: its order must be known before it is locked.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def lock(self, ctx: Context, shipment_id: ShipmentId) -> Shipment:
        """Return the shipment, ours alone until the unit of work ends.

        Lock its order before it; invoices and stock after it.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, shipment: Shipment) -> Shipment:
        """Store a changed shipment and its events; return it as stored, one version on.

        The lines of what is or was a draft are replaced as a whole; later they change no more.

        Raises:
            NotFoundError: this company has none, or lacks something it refers to.
            StaleVersionError: ``shipment.version`` is not the stored one.
            AlreadyExistsError: its number, or the id of a new line, is taken.
        """

    @abstractmethod
    def delete(self, ctx: Context, shipment: Shipment) -> None:
        """Remove a draft for good.

        Raises:
            StaleVersionError: ``shipment.version`` is not the stored one.
        """

    @abstractmethod
    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        """Let every shipment to *absorbed* be one to *survivor*, one version on."""

    @abstractmethod
    def page(self, ctx: Context, query: ShipmentQuery) -> Page[ShipmentSummary]:
        """Return one page of shipments, without their lines.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

"""What sales asks of whoever keeps orders."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Protocol

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import Order, OrderId, OrderState, OrderSummary, QuoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderQuery:
    """Which orders; both days are included, *number* is how the number begins."""

    page: PageRequest
    states: tuple[OrderState, ...] = ()  # none: all
    party_id: PartyId | None = None
    quote_id: QuoteId | None = None
    date_from: date | None = None
    date_to: date | None = None
    number: str = ""


class OrderRepository(Protocol):
    """Keeps orders. Proved by ``erp_core.testing.sales.OrderRepositoryContract``.

    Whatever the number of lines, each call takes the same number of round trips.
    """

    @abstractmethod
    def add(self, ctx: Context, order: Order) -> Order:
        """Store a new order and its events; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id, or that of a line, is taken in this company.
            NotFoundError: this company lacks something it refers to.
        """

    @abstractmethod
    def get(self, ctx: Context, order_id: OrderId) -> Order:
        """Return the order with its lines.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def head(self, ctx: Context, order_id: OrderId) -> OrderSummary:
        """Return the order without its lines: whose it is must be known before it is locked.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def lock(self, ctx: Context, order_id: OrderId) -> Order:
        """Return the order, ours alone until the unit of work ends.

        Lock its customer and its quote before it; shipments, invoices and stock after it.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, order: Order) -> Order:
        """Store a changed order and its events; return it as stored, one version on.

        The lines of what is or was a draft are replaced as a whole; of one that was confirmed
        before, only their progress is written.

        Raises:
            NotFoundError: this company has none, or lacks something it refers to.
            StaleVersionError: ``order.version`` is not the stored one.
            AlreadyExistsError: its number, or the id of a new line, is taken.
        """

    @abstractmethod
    def delete(self, ctx: Context, order: Order) -> None:
        """Remove a draft for good.

        Raises:
            StaleVersionError: ``order.version`` is not the stored one.
        """

    @abstractmethod
    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        """Let every order of *absorbed* be one of *survivor*, one version on."""

    @abstractmethod
    def page(self, ctx: Context, query: OrderQuery) -> Page[OrderSummary]:
        """Return one page of orders, without their lines.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

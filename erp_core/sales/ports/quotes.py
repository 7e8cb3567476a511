"""What sales asks of whoever keeps quotes."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Protocol

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import Quote, QuoteId, QuoteState, QuoteSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteQuery:
    """Which quotes; both days are included, *number* is how the number begins."""

    page: PageRequest
    states: tuple[QuoteState, ...] = ()  # none: all
    party_id: PartyId | None = None
    date_from: date | None = None
    date_to: date | None = None
    number: str = ""


class QuoteRepository(Protocol):
    """Keeps quotes. Proved by ``erp_core.testing.sales.QuoteRepositoryContract``.

    Whatever the number of lines, each call takes the same number of round trips.
    """

    @abstractmethod
    def add(self, ctx: Context, quote: Quote) -> Quote:
        """Store a new quote and its events; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id, or that of a line, is taken in this company.
            NotFoundError: this company lacks something it refers to.
        """

    @abstractmethod
    def get(self, ctx: Context, quote_id: QuoteId) -> Quote:
        """Return the quote with its lines.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def head(self, ctx: Context, quote_id: QuoteId) -> QuoteSummary:
        """Return the quote without its lines: whose it is must be known before it is locked.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def lock(self, ctx: Context, quote_id: QuoteId) -> Quote:
        """Return the quote, ours alone until the unit of work ends.

        Lock its customer before it; orders, invoices and stock after it.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def overdue(self, ctx: Context, today: date, limit: int) -> tuple[QuoteId, ...]:
        """Return at most *limit* quotes that wait for an answer and are valid no more.

        Those that were valid least long come first.
        """

    @abstractmethod
    def save(self, ctx: Context, quote: Quote) -> Quote:
        """Store a changed quote and its events; return it as stored, one version on.

        The lines of what is or was a draft are replaced as a whole; of one that was sent before,
        only their progress is written.

        Raises:
            NotFoundError: this company has none, or lacks something it refers to.
            StaleVersionError: ``quote.version`` is not the stored one.
            AlreadyExistsError: its number, or the id of a new line, is taken.
        """

    @abstractmethod
    def delete(self, ctx: Context, quote: Quote) -> None:
        """Remove a draft for good.

        Raises:
            StaleVersionError: ``quote.version`` is not the stored one.
        """

    @abstractmethod
    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        """Let every quote of *absorbed* be one of *survivor*, one version on."""

    @abstractmethod
    def page(self, ctx: Context, query: QuoteQuery) -> Page[QuoteSummary]:
        """Return one page of quotes, without their lines.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

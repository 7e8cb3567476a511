"""What invoicing asks of whoever keeps recurring invoices."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime
from typing import Protocol

from erp_core.invoicing.entities import (
    MadeInvoice,
    RecurringInvoice,
    RecurringInvoiceId,
    RecurringState,
    RecurringSummary,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.parties.entities import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringQuery:
    """Which recurring invoices: those that meet every condition that is given."""

    page: PageRequest
    states: tuple[RecurringState, ...] = ()  # none: all
    party_id: PartyId | None = None
    has_problem: bool | None = None
    name: str = ""  # how it begins


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeQuery:
    """Which page of the invoices that one recurring invoice has made."""

    page: PageRequest
    id: RecurringInvoiceId


class RecurringInvoiceRepository(Protocol):
    """Keeps recurring invoices. Proved by ``erp_core.testing.invoicing.RecurringInvoiceContract``.

    Whatever the number of lines, each call takes the same number of round trips.
    """

    @abstractmethod
    def add(self, ctx: Context, recurring: RecurringInvoice) -> RecurringInvoice:
        """Store a new one; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id, or that of a line, is taken in this company.
            NotFoundError: this company lacks something it refers to.
        """

    @abstractmethod
    def get(self, ctx: Context, recurring_id: RecurringInvoiceId) -> RecurringInvoice:
        """Return it with its lines.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def lock(self, ctx: Context, recurring_id: RecurringInvoiceId) -> RecurringInvoice:
        """Return it, ours alone until the unit of work ends: after parties, before invoices.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, recurring: RecurringInvoice) -> RecurringInvoice:
        """Store what changed, with the periods carried along; one version on.

        The lines are replaced as a whole, if they are others.

        Raises:
            StaleVersionError: ``recurring.version`` is not the stored one, or one of the periods
                was made by somebody else.
            AlreadyExistsError: the id of a new line is taken.
            NotFoundError: this company lacks something it refers to.
        """

    @abstractmethod
    def page(self, ctx: Context, query: RecurringQuery) -> Page[RecurringSummary]:
        """Return one page of the company's, without their lines.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

    @abstractmethod
    def due(
        self, ctx: Context, today: date, tried_before: datetime, limit: int
    ) -> tuple[RecurringSummary, ...]:
        """Return at most *limit* active ones of which a period has begun, unlocked.

        What was not tried for longest comes first, and what was tried since *tried_before* not
        at all: a run that goes on in several calls meets each of them once.
        """

    @abstractmethod
    def made(self, ctx: Context, query: MadeQuery) -> Page[MadeInvoice]:
        """Return one page of what was made; drafts that were deleted are not there any more.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

    @abstractmethod
    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        """Let every recurring invoice of *absorbed* be one of *survivor*, one version on."""

"""Numbers of documents, and how a company wants them."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Protocol

from erp_core.documents.entities import BorneNumber, NumberCounter, NumberSeries
from erp_core.kernel.context import Context


class Numbering(Protocol):
    """Gives documents their numbers, without gaps: one counter a company, type and period.

    Take the number last: after every lock and every rule, with nothing behind it but the writing
    of the document that bears it, the audit record and the commit. From taking to committing, who
    wants the next number of the series waits, since only then is it known which one that is; and
    who takes the counter last can wait for nobody while others wait for him. Two numbers in one
    unit of work are taken in the order of their document types.

    Proved by ``erp_core.testing.documents.NumberingContract``.
    """

    @abstractmethod
    def take(self, ctx: Context, document_type: str, on: date, *, customer_code: str = "") -> str:
        """Return the next number for a document dated *on*; it is used up by the commit alone.

        Raises:
            NotFoundError: there is no such document type.
            InvariantError: the series is chronological, and a number of the period is dated later
                (``documents.number.backdated``); its mask shows the customer's code, and there is
                none (``documents.number.customer``).
            ContentionError: the counter was not free in time.
        """

    @abstractmethod
    def earliest(self, ctx: Context, document_type: str, on: date) -> date | None:
        """Return the first day that the next number of the period of *on* may be dated; None: any.

        Nothing is locked: a later number may be taken before the caller takes his.

        Raises:
            NotFoundError: there is no such document type.
        """


class NumberSeriesRepository(Protocol):
    """Keeps what companies have changed of the series that the house gives.

    Proved by ``erp_core.testing.documents.NumberSeriesRepositoryContract``.
    """

    @abstractmethod
    def get(self, ctx: Context, document_type: str) -> NumberSeries:
        """Return the company's series, or the house's, at version 0, where it has none.

        Raises:
            NotFoundError: there is no such document type.
        """

    @abstractmethod
    def all(self, ctx: Context) -> tuple[NumberSeries, ...]:
        """Return the series of every document type, in the order of their names.

        There are no more of them than the house has document types.
        """

    @abstractmethod
    def save(self, ctx: Context, series: NumberSeries) -> NumberSeries:
        """Store a changed series; return it as stored, one version on.

        Raises:
            StaleVersionError: ``series.version`` is not the stored one.
        """


class NumberLedger(Protocol):
    """Tells which numbers were counted, and which documents bear.

    Proved by ``erp_core.testing.documents.NumberLedgerContract``.
    """

    @abstractmethod
    def counters(self, ctx: Context) -> tuple[NumberCounter, ...]:
        """Return how far every counter of the company has come."""

    @abstractmethod
    def borne(
        self, ctx: Context, document_type: str, after: str, limit: int
    ) -> tuple[BorneNumber, ...]:
        """Return at most *limit* numbers of documents of a type behind *after*, in their order.

        Of a type whose documents nobody keeps there are none.
        """

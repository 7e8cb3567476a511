"""What the inventory asks of whoever keeps stock counts."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from erp_core.inventory.entities import (
    CountId,
    CountLine,
    CountState,
    CountTotals,
    OpenLine,
    StockCount,
    StockKey,
    WarehouseId,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import MalformedError
from erp_core.kernel.page import Page, PageRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class CountQuery:
    """Which stock counts: those in certain states, those of one warehouse."""

    page: PageRequest
    states: tuple[CountState, ...] = ()  # none: all
    warehouse_id: WarehouseId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLineQuery:
    """Which lines of a count; None: whether or not. What is not counted does not differ."""

    page: PageRequest
    count_id: CountId
    counted: bool | None = None
    differing: bool | None = None

    def __post_init__(self) -> None:
        if self.page.sort != "id" or self.page.descending:
            raise MalformedError(
                "lines are read in the order of product and lot only",
                code="page.sort",
                field="sort",
                known="id",
            )


class StockCountRepository(Protocol):
    """Keeps stock counts and their lines. Proved by the contracts in ``erp_core.testing.counts``.

    Who enters lines shares the count with others who do; who ends it waits for them, and they for
    him. So nothing is entered into a count that is over, and nothing is missed when it is closed.
    """

    @abstractmethod
    def add(self, ctx: Context, count: StockCount) -> StockCount:
        """Store a new count; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id is taken in this company.
            NotFoundError: this company has no such warehouse, or no such product.
        """

    @abstractmethod
    def get(self, ctx: Context, count_id: CountId) -> StockCount:
        """Return the count.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def lock(self, ctx: Context, count_id: CountId, *, shared: bool = False) -> StockCount:
        """Return the count, ours alone, or *shared* with all who share it too.

        Raises:
            NotFoundError: this company has none.
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, count: StockCount) -> StockCount:
        """Store a changed count; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``count.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: CountQuery) -> Page[StockCount]:
        """Return one page of the company's counts, in order of id, which is that of their making.

        Raises:
            MalformedError: another order was asked for.
        """

    @abstractmethod
    def rival(self, ctx: Context, count: StockCount) -> CountId | None:
        """Return a count that goes on already where *count* would, if there is one.

        Whoever else asks the same of this warehouse waits until this unit of work ends. Call it
        with the count locked.
        """

    @abstractmethod
    def freeze(self, ctx: Context, count: StockCount) -> None:
        """Make a line of every stock row in the scope, with what is on hand at one moment.

        At most one line more than a count may have, so that the caller sees that it is too large.
        """

    @abstractmethod
    def lock_lines(
        self, ctx: Context, count: StockCount, keys: Sequence[StockKey]
    ) -> tuple[OpenLine, ...]:
        """Return the lines of *keys*, in that order, ours alone, with the stock rows as they are.

        A line that was not expected is made first, at version 0. The stock rows are read and not
        locked: goods go on moving. Call it once in a unit of work, and save what it returns.

        Raises:
            NotFoundError: this company has no such product.
            ContentionError: the lines were not free in time.
        """

    @abstractmethod
    def save_lines(self, ctx: Context, lines: Sequence[CountLine]) -> tuple[CountLine, ...]:
        """Store what was entered; return the lines as stored, one version on.

        Raises:
            StaleVersionError: a line was not read for that in this unit of work, or was saved.
        """

    @abstractmethod
    def unsettled(self, ctx: Context, count_id: CountId) -> tuple[CountLine, ...]:
        """Return the lines that differ or were not counted, in the order of their keys.

        With the count locked they may be saved.
        """

    @abstractmethod
    def totals(self, ctx: Context, count_id: CountId) -> CountTotals:
        """Return how many lines there are, and how many of them are counted and differ."""

    @abstractmethod
    def lines(self, ctx: Context, query: CountLineQuery) -> Page[CountLine]:
        """Return one page of a count's lines, in the order of their keys."""

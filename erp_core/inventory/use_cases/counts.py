"""What a person can do with stock counts: begin one, enter what is there, close it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    COUNT_LINES_MAX,
    CountId,
    CountLine,
    CountTotals,
    OpenLine,
    Posting,
    Reason,
    StockCount,
    StockKey,
    Uncounted,
    correct,
    to_settle,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery, InventoryUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import at, ensure
from erp_core.kernel.page import Page
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.use_case import UseCase

COUNT_ENTRIES_MAX: Final = 200  # entered at once


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSummary:
    """A count, and how far it has come."""

    count: StockCount
    totals: CountTotals


@dataclass(frozen=True, kw_only=True)
class AddCount(UseCase[InventoryUnitOfWork, StockCount, CountSummary]):
    """Plan a count. The command is the entity itself: it has nothing to decide.

    Raises:
        AlreadyExistsError: its id is taken.
        NotFoundError: no such warehouse, or no such product.
    """

    permission = "inventory.count.add"

    def execute(self, ctx: Context, uow: InventoryUnitOfWork, command: StockCount) -> CountSummary:
        return CountSummary(count=uow.counts.add(ctx, command), totals=CountTotals())


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCommand:
    """Names a count, and the version of it that the caller has seen (None: any)."""

    id: CountId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetCount(UseCase[InventoryUnitOfWork, CountCommand, CountSummary]):
    """Read one count and how far it has come.

    Raises:
        NotFoundError: no such count.
    """

    permission = "inventory.count.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: CountCommand
    ) -> CountSummary:
        return _summary(ctx, uow, uow.counts.get(ctx, command.id))


@dataclass(frozen=True, kw_only=True)
class ListCounts(UseCase[InventoryUnitOfWork, CountQuery, Page[StockCount]]):
    """Read counts a page at a time, oldest first.

    Raises:
        MalformedError: another order was asked for.
    """

    permission = "inventory.count.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: CountQuery
    ) -> Page[StockCount]:
        return uow.counts.page(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ListCountLines(UseCase[InventoryUnitOfWork, CountLineQuery, Page[CountLine]]):
    """Read the lines of a count a page at a time, in the order of product and lot.

    Raises:
        NotFoundError: no such count.
    """

    permission = "inventory.count.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: CountLineQuery
    ) -> Page[CountLine]:
        uow.counts.get(ctx, command.count_id)
        return uow.counts.lines(ctx, command)


@dataclass(frozen=True, kw_only=True)
class StartCount(UseCase[InventoryUnitOfWork, CountCommand, CountSummary]):
    """Begin to count: what is on hand now in every row of the scope is what is expected.

    Raises:
        NotFoundError: no such count.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it was started before, or another count goes on in the same place.
        InvariantError: the warehouse is archived, or holds more rows than one can count.
    """

    permission = "inventory.count.start"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: CountCommand
    ) -> CountSummary:
        count = uow.counts.lock(ctx, command.id).expect(command.version)
        warehouse = uow.warehouses.get(ctx, count.warehouse_id)
        rival = uow.counts.rival(ctx, count)
        now = self.clock.now(ctx)
        count = uow.counts.save(ctx, count.start(warehouse, rival, at=now, by=ctx.principal.id))
        uow.counts.freeze(ctx, count)
        summary = _summary(ctx, uow, count)
        _require_countable(summary.totals)
        return summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How much somebody found of a product, or of a lot of it."""

    product_id: ProductId
    lot: str = ""
    counted: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterCountsCommand:
    """What was found; of one product and lot the count says it once."""

    id: CountId
    version: int | None = None
    entries: tuple[Found, ...]

    def __post_init__(self) -> None:
        ensure(
            1 <= len(self.entries) <= COUNT_ENTRIES_MAX,
            "inventory.count.entries",
            f"enter 1 to {COUNT_ENTRIES_MAX} lines at once",
            field="entries",
        )
        seen: set[tuple[ProductId, str]] = set()
        for index, each in enumerate(self.entries):
            ensure(
                (each.product_id, each.lot) not in seen,
                "inventory.count.entry_twice",
                "this product and lot is entered twice: say once how much there is",
                field=f"entries/{index}",
            )
            seen.add((each.product_id, each.lot))


@dataclass(frozen=True, kw_only=True)
class EnterCounts(UseCase[InventoryUnitOfWork, EnterCountsCommand, tuple[CountLine, ...]]):
    """Enter what was counted; several people do so at once, each line stands by itself.

    A line that was counted before is replaced, one that was not expected is added.

    Raises:
        NotFoundError: no such count, or no such product.
        PreconditionFailedError: the count is not at the version the caller saw.
        TransitionError: the count has not begun, or is over.
        InvariantError: a count below zero, a product beyond the scope, or one that cannot lie
            there, or too many lines.
    """

    permission = "inventory.count.enter"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: EnterCountsCommand
    ) -> tuple[CountLine, ...]:
        count = uow.counts.lock(ctx, command.id, shared=True).expect(command.version)
        keys = _keys(count.require_counting(), command.entries)
        found = uow.counts.lock_lines(ctx, count, keys)
        if any(each.line.version == 0 for each in found):
            _require_countable(uow.counts.totals(ctx, count.id))
        return uow.counts.save_lines(ctx, self._entered(ctx, found, command.entries))

    def _entered(
        self, ctx: Context, found: Sequence[OpenLine], entries: Sequence[Found]
    ) -> list[CountLine]:
        now, entered = self.clock.now(ctx), []
        for index, (each, entry) in enumerate(zip(found, entries, strict=True)):
            with at(f"entries/{index}"):
                entered.append(each.enter(entry.counted, at=now, by=ctx.principal.id))
        return entered


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseCountCommand:
    id: CountId
    version: int | None = None
    uncounted: Uncounted | None = None  # must be said where lines were not counted


@dataclass(frozen=True, kw_only=True)
class CloseCount(UseCase[InventoryUnitOfWork, CloseCountCommand, CountSummary]):
    """End a count: one movement for every line that differs, and none for the others.

    Raises:
        NotFoundError: no such count.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not being counted, or lines are uncounted and nobody said what
            becomes of them.
        CountShortageError: rows would fall below zero, or below what is reserved.
        InvariantError: what differs cannot move.
    """

    permission = "inventory.count.close"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: CloseCountCommand
    ) -> CountSummary:
        count = uow.counts.lock(ctx, command.id).expect(command.version)
        now, by = self.clock.now(ctx), ctx.principal.id
        closed = count.close(at=now, by=by)
        lines = to_settle(uow.counts.unsettled(ctx, count.id), command.uncounted)
        posting = Posting(
            reason=Reason.COUNT, at=now, by=by, label=count.label, origin=count.origin
        )
        stock = uow.stock.lock(ctx, [line.key for line in lines])
        correction = correct(stock, lines, posting)
        uow.stock.save(ctx, correction.stock)
        uow.counts.save_lines(ctx, correction.entered)
        return _summary(ctx, uow, uow.counts.save(ctx, closed))


@dataclass(frozen=True, kw_only=True)
class CancelCount(UseCase[InventoryUnitOfWork, CountCommand, CountSummary]):
    """Give a count up: the stock stays as it is, what was entered can still be read.

    Raises:
        NotFoundError: no such count.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is over already.
    """

    permission = "inventory.count.cancel"

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: CountCommand
    ) -> CountSummary:
        count = uow.counts.lock(ctx, command.id).expect(command.version)
        cancelled = count.cancel(at=self.clock.now(ctx), by=ctx.principal.id)
        return _summary(ctx, uow, uow.counts.save(ctx, cancelled))


def _summary(ctx: Context, uow: InventoryUnitOfWork, count: StockCount) -> CountSummary:
    return CountSummary(count=count, totals=uow.counts.totals(ctx, count.id))


def _require_countable(totals: CountTotals) -> None:
    ensure(
        totals.lines <= COUNT_LINES_MAX,
        "inventory.count.too_large",
        f"more than {COUNT_LINES_MAX} lines: narrow the count to some products, and make others"
        " for the rest",
        field="product_ids",
    )


def _keys(count: StockCount, entries: Sequence[Found]) -> list[StockKey]:
    for index, each in enumerate(entries):
        ensure(
            count.covers(each.product_id),
            "inventory.count.beyond_scope",
            "this count is narrowed to other products: enter it in a count of its own",
            field=f"entries/{index}/product_id",
        )
    return [StockKey(each.product_id, count.warehouse_id, each.lot) for each in entries]

"""What a person can ask of all stock at once."""

from __future__ import annotations

from erp_core.inventory.ports import (
    AbcQuery,
    AbcRow,
    ExpiringLot,
    ExpiringQuery,
    Forecast,
    ForecastQuery,
    InventoryUnitOfWork,
    Reorder,
    ReorderQuery,
    SlowMover,
    SlowMoversQuery,
    StockAt,
    StockAtQuery,
)
from erp_core.inventory.ports.reports import AbcClass
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, kw_only=True)
class ReportStock(UseCase[InventoryUnitOfWork, StockAtQuery, Page[StockAt]]):
    """Read what lies where and what it is worth, now or at any moment of the past.

    Of the past it tells what the movements until then say, at the average cost after the last
    of them. Rows of which nothing was there are left out.
    """

    permission = "inventory.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: StockAtQuery
    ) -> Page[StockAt]:
        return uow.stock_reports.stock_at(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ForecastStock(UseCase[InventoryUnitOfWork, ForecastQuery, Page[Forecast]]):
    """Read what there is of each product, what is promised, and what will be left.

    Outgoing is what is reserved; incoming is nothing as long as no document promises it.
    """

    permission = "inventory.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ForecastQuery
    ) -> Page[Forecast]:
        return uow.stock_reports.forecast(ctx, command)


@dataclass(frozen=True, kw_only=True)
class SuggestReorders(UseCase[InventoryUnitOfWork, ReorderQuery, Page[Reorder]]):
    """Read which products run short, and how much of each to order."""

    permission = "inventory.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ReorderQuery
    ) -> Page[Reorder]:
        return uow.stock_reports.reorder(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ListExpiringLots(UseCase[InventoryUnitOfWork, ExpiringQuery, Page[ExpiringLot]]):
    """Read which lots expire until a day and are still on the shelf, the first to expire first."""

    permission = "inventory.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: ExpiringQuery
    ) -> Page[ExpiringLot]:
        return uow.stock_reports.expiring(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ListSlowMovers(UseCase[InventoryUnitOfWork, SlowMoversQuery, Page[SlowMover]]):
    """Read which products lie there although none has been issued for a while."""

    permission = "inventory.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: SlowMoversQuery
    ) -> Page[SlowMover]:
        return uow.stock_reports.slow_movers(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A product with the class it belongs to."""

    row: AbcRow
    in_class: AbcClass


@dataclass(frozen=True, kw_only=True)
class RankByValue(UseCase[InventoryUnitOfWork, AbcQuery, Page[Ranked]]):
    """Rank products by the value that went out of them in a period: A, B and C.

    Issues, sales and what production took count; what came back later is not taken off.
    """

    permission = "inventory.report.read"
    read_only = True

    def execute(self, ctx: Context, uow: InventoryUnitOfWork, command: AbcQuery) -> Page[Ranked]:
        page = uow.stock_reports.abc(ctx, command)
        items = tuple(Ranked(row=row, in_class=command.class_of(row)) for row in page.items)
        return Page(items=items, next=page.next, total=page.total)

"""Reports about stock over HTTP: JSON by pages, CSV and XLSX whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from erp_core.inventory.ports import (
    AbcClass,
    AbcQuery,
    ExpiringLot,
    ExpiringQuery,
    Forecast,
    ForecastQuery,
    Reorder,
    ReorderQuery,
    ReportedProduct,
    SlowMover,
    SlowMoversQuery,
    StockAt,
    StockAtQuery,
)
from erp_core.inventory.use_cases import InventoryUseCases, Ranked
from erp_core.kernel.context import Context
from erp_http import show
from erp_http.dto import ListDto, MoneyDto, PageDto, ResponseDto
from erp_http.fields import Choice, Day, Exact, Id, Moment, Nested, Since, Text, Until, Whole
from erp_http.routing import Route


class StockAtQueryDto(ListDto):
    until = Until(
        load_default=None,
        data_key="date",
        metadata={"description": "as of the end of a day, or just before a moment; else now"},
    )
    product_id = Id(load_default=None)
    warehouse_id = Id(load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> StockAtQuery:
        return StockAtQuery(
            page=self.page(given),
            until=given["until"],
            product_id=given["product_id"],
            warehouse_id=given["warehouse_id"],
        )


class ForecastQueryDto(ListDto):
    product_id = Id(load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> ForecastQuery:
        return ForecastQuery(page=self.page(given), product_id=given["product_id"])


class ReorderQueryDto(ListDto):
    def make(self, ctx: Context, given: dict[str, Any]) -> ReorderQuery:
        return ReorderQuery(page=self.page(given))


class ExpiringQueryDto(ListDto):
    until = Day(required=True, metadata={"description": "the last day, included"})
    warehouse_id = Id(load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> ExpiringQuery:
        return ExpiringQuery(
            page=self.page(given), until=given["until"], warehouse_id=given["warehouse_id"]
        )


class SlowMoversQueryDto(ListDto):
    since = Since(required=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> SlowMoversQuery:
        return SlowMoversQuery(page=self.page(given), since=given["since"])


class AbcQueryDto(ListDto):
    since = Since(required=True, data_key="from")
    until = Until(required=True, data_key="to")
    a = Exact(load_default=Decimal(80), metadata={"description": "percent of the value: class A"})
    b = Exact(load_default=Decimal(15), metadata={"description": "the percent that follow: B"})

    def make(self, ctx: Context, given: dict[str, Any]) -> AbcQuery:
        return AbcQuery(
            page=self.page(given),
            since=given["since"],
            until=given["until"],
            a=given["a"],
            b=given["b"],
        )


class StockAtDto(ResponseDto[StockAt]):
    product_id = Id(required=True)
    sku = Text(required=True)
    name = Text(required=True)
    warehouse_id = Id(required=True)
    warehouse = Text(required=True)
    lot = Text(required=True)
    on_hand = Exact(required=True)
    average_cost = Nested(MoneyDto, required=True, allow_none=True)
    value = Nested(MoneyDto, required=True, allow_none=True)

    def show(self, thing: StockAt) -> dict[str, Any]:
        return {
            **_named(thing.product),
            "warehouse_id": str(thing.warehouse_id),
            "warehouse": thing.warehouse,
            "lot": thing.lot,
            "on_hand": str(thing.on_hand),
            "average_cost": show.money(thing.average_cost),
            "value": show.money(thing.value),
        }


class ForecastDto(ResponseDto[Forecast]):
    product_id = Id(required=True)
    sku = Text(required=True)
    name = Text(required=True)
    on_hand = Exact(required=True)
    reserved = Exact(required=True)
    available = Exact(required=True)
    incoming = Exact(required=True)
    outgoing = Exact(required=True)
    forecast = Exact(required=True)

    def show(self, thing: Forecast) -> dict[str, Any]:
        return {
            **_named(thing.product),
            "on_hand": str(thing.on_hand),
            "reserved": str(thing.reserved),
            "available": str(thing.available),
            "incoming": str(thing.incoming),
            "outgoing": str(thing.outgoing),
            "forecast": str(thing.forecast),
        }


class ReorderDto(ResponseDto[Reorder]):
    product_id = Id(required=True)
    sku = Text(required=True)
    name = Text(required=True)
    available = Exact(required=True)
    incoming = Exact(required=True)
    reorder_point = Exact(required=True)
    desired_level = Exact(required=True, allow_none=True)
    lead_time_days = Whole(required=True, allow_none=True)
    suggested = Exact(required=True)

    def show(self, thing: Reorder) -> dict[str, Any]:
        desired = thing.desired_level
        return {
            **_named(thing.forecast.product),
            "available": str(thing.forecast.available),
            "incoming": str(thing.forecast.incoming),
            "reorder_point": str(thing.reorder_point),
            "desired_level": None if desired is None else str(desired),
            "lead_time_days": thing.lead_time_days,
            "suggested": str(thing.suggested),
        }


class ExpiringLotDto(ResponseDto[ExpiringLot]):
    product_id = Id(required=True)
    sku = Text(required=True)
    name = Text(required=True)
    lot_id = Id(required=True)
    lot = Text(required=True)
    expires_on = Day(required=True)
    warehouse_id = Id(required=True)
    warehouse = Text(required=True)
    on_hand = Exact(required=True)

    def show(self, thing: ExpiringLot) -> dict[str, Any]:
        return {
            **_named(thing.product),
            "lot_id": str(thing.lot_id),
            "lot": thing.lot,
            "expires_on": show.day(thing.expires_on),
            "warehouse_id": str(thing.warehouse_id),
            "warehouse": thing.warehouse,
            "on_hand": str(thing.on_hand),
        }


class SlowMoverDto(ResponseDto[SlowMover]):
    product_id = Id(required=True)
    sku = Text(required=True)
    name = Text(required=True)
    on_hand = Exact(required=True)
    average_cost = Nested(MoneyDto, required=True, allow_none=True)
    value = Nested(MoneyDto, required=True, allow_none=True)
    last_issued_at = Moment(required=True, allow_none=True)

    def show(self, thing: SlowMover) -> dict[str, Any]:
        return {
            **_named(thing.product),
            "on_hand": str(thing.on_hand),
            "average_cost": show.money(thing.average_cost),
            "value": show.money(thing.value),
            "last_issued_at": show.moment(thing.last_issued_at),
        }


class RankedDto(ResponseDto[Ranked]):
    in_class = Choice(AbcClass, required=True, data_key="class")
    product_id = Id(required=True)
    sku = Text(required=True)
    name = Text(required=True)
    issued = Exact(required=True)
    value = Nested(MoneyDto, required=True)
    before = Nested(
        MoneyDto, required=True, metadata={"description": "of all that rank higher, together"}
    )
    total = Nested(MoneyDto, required=True, metadata={"description": "of all, together"})

    def show(self, thing: Ranked) -> dict[str, Any]:
        row = thing.row
        return {
            "class": thing.in_class.value,
            **_named(row.product),
            "issued": str(row.issued),
            "value": show.money(row.value),
            "before": show.money(row.before),
            "total": show.money(row.total),
        }


def routes(inventory: InventoryUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="GET /v1/reports/stock-valuation",
            call=inventory.report_stock,
            accepts=StockAtQueryDto(),
            returns=PageDto(StockAtDto()),
        ),
        Route(
            on="GET /v1/reports/forecast",
            call=inventory.forecast_stock,
            accepts=ForecastQueryDto(),
            returns=PageDto(ForecastDto()),
        ),
        Route(
            on="GET /v1/reports/reorder",
            call=inventory.suggest_reorders,
            accepts=ReorderQueryDto(),
            returns=PageDto(ReorderDto()),
        ),
        Route(
            on="GET /v1/reports/expiring-lots",
            call=inventory.list_expiring_lots,
            accepts=ExpiringQueryDto(),
            returns=PageDto(ExpiringLotDto()),
        ),
        Route(
            on="GET /v1/reports/slow-movers",
            call=inventory.list_slow_movers,
            accepts=SlowMoversQueryDto(),
            returns=PageDto(SlowMoverDto()),
        ),
        Route(
            on="GET /v1/reports/abc",
            call=inventory.rank_by_value,
            accepts=AbcQueryDto(),
            returns=PageDto(RankedDto()),
        ),
    )


def _named(product: ReportedProduct) -> dict[str, Any]:
    return {"product_id": str(product.id), "sku": product.sku, "name": product.name}

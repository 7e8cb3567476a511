"""Stock counts over HTTP: begun, entered by many at once, closed."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from marshmallow import Schema

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    COUNT_PRODUCTS_MAX,
    CountId,
    CountLine,
    CountState,
    StockCount,
    Uncounted,
    WarehouseId,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery
from erp_core.inventory.use_cases import (
    COUNT_ENTRIES_MAX,
    CloseCountCommand,
    CountCommand,
    CountSummary,
    EnterCountsCommand,
    Found,
    InventoryUseCases,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.quantity import Quantity
from erp_http import show
from erp_http.dto import ListDto, NothingDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Choices, Exact, Flag, Id, List, Moment, Nested, Text, Whole
from erp_http.routing import Route

_LOT_LENGTH: Final = 64


class AddCountDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    warehouse_id = Id(required=True)
    product_ids = List(Id(), load_default=tuple, most=COUNT_PRODUCTS_MAX)
    label = Text(load_default="")

    def make(self, ctx: Context, given: dict[str, Any]) -> StockCount:
        return StockCount(
            id=CountId(given["id"] or new_id()),
            warehouse_id=WarehouseId(given["warehouse_id"]),
            product_ids=tuple(ProductId(each) for each in given["product_ids"]),
            label=given["label"],
        )


class ListCountsDto(ListDto):
    state = Choices(CountState, load_default=())
    warehouse_id = Id(load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> CountQuery:
        return CountQuery(
            page=self.page(given), states=given["state"], warehouse_id=given["warehouse_id"]
        )


class ListCountLinesDto(ListDto):
    counted = Flag(load_default=None)
    differing = Flag(load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> CountLineQuery:
        return CountLineQuery(
            page=self.page(given),
            count_id=CountId(given["id"]),
            counted=given["counted"],
            differing=given["differing"],
        )


class FoundDto(Schema):
    product_id = Id(required=True)
    lot = Text(load_default="", length=_LOT_LENGTH)
    counted = Exact(required=True)


class EnterCountsDto(RequestDto):
    entries = List(Nested(FoundDto), required=True, most=COUNT_ENTRIES_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> EnterCountsCommand:
        entries = []
        for index, each in enumerate(given["entries"]):
            with at(f"entries/{index}/counted"):
                counted = Quantity(each["counted"])
            product_id = ProductId(each["product_id"])
            entries.append(Found(product_id=product_id, lot=each["lot"], counted=counted))
        return EnterCountsCommand(
            id=CountId(given["id"]), version=given["if_match"], entries=tuple(entries)
        )


class CloseCountDto(RequestDto):
    uncounted = Choice(Uncounted, load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> CloseCountCommand:
        return CloseCountCommand(
            id=CountId(given["id"]), version=given["if_match"], uncounted=given["uncounted"]
        )


class CountFields(Schema):
    id = Id(required=True)
    version = Whole(required=True)
    warehouse_id = Id(required=True)
    product_ids = List(Id(), required=True, most=COUNT_PRODUCTS_MAX)
    label = Text(required=True)
    state = Choice(CountState, required=True)
    started_at = Moment(required=True, allow_none=True)
    started_by = Text(required=True)
    ended_at = Moment(required=True, allow_none=True)
    ended_by = Text(required=True)


class CountDto(CountFields, ResponseDto[StockCount]):
    def show(self, thing: StockCount) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "warehouse_id": str(thing.warehouse_id),
            "product_ids": [str(each) for each in thing.product_ids],
            "label": thing.label,
            "state": thing.state.value,
            "started_at": show.moment(thing.started_at),
            "started_by": thing.started_by,
            "ended_at": show.moment(thing.ended_at),
            "ended_by": thing.ended_by,
        }


class CountTotalsDto(Schema):
    lines = Whole(required=True)
    counted = Whole(required=True)
    differing = Whole(required=True)


class CountSummaryDto(CountFields, ResponseDto[CountSummary]):
    totals = Nested(CountTotalsDto, required=True)

    def show(self, thing: CountSummary) -> dict[str, Any]:
        return CountDto.show(_COUNT, thing.count) | {
            "totals": {
                "lines": thing.totals.lines,
                "counted": thing.totals.counted,
                "differing": thing.totals.differing,
            }
        }


class CountLineDto(ResponseDto[CountLine]):
    product_id = Id(required=True)
    sku = Text(required=True)
    lot = Text(required=True)
    version = Whole(required=True)
    expected = Exact(required=True)
    counted = Exact(required=True, allow_none=True)
    on_hand_when_counted = Exact(required=True, allow_none=True)
    difference = Exact(required=True, allow_none=True)
    counted_at = Moment(required=True, allow_none=True)
    counted_by = Text(required=True, allow_none=True)

    def show(self, thing: CountLine) -> dict[str, Any]:
        entry = thing.entry
        return {
            "product_id": str(thing.key.product_id),
            "sku": thing.sku,
            "lot": thing.key.lot,
            "version": thing.version,
            "expected": str(thing.expected),
            "counted": entry and str(entry.counted),
            "on_hand_when_counted": entry and str(entry.on_hand_when_counted),
            "difference": entry and str(entry.difference),
            "counted_at": entry and show.moment(entry.at),
            "counted_by": entry and entry.by,
        }


class CountLinesDto(ResponseDto[tuple[CountLine, ...]]):
    lines = List(Nested(CountLineDto), required=True, most=COUNT_ENTRIES_MAX)

    def show(self, thing: tuple[CountLine, ...]) -> dict[str, Any]:
        return {"lines": [CountLineDto.show(_LINE, each) for each in thing]}


_COUNT: Final = CountDto()
_LINE: Final = CountLineDto()


def routes(inventory: InventoryUseCases) -> tuple[Route, ...]:
    """Return the routes of stock counts."""
    one = NothingDto(lambda key, version: CountCommand(id=CountId(key), version=version))
    summary = CountSummaryDto()
    return (
        Route(
            on="POST /v1/stock-counts",
            call=inventory.add_count,
            accepts=AddCountDto(),
            returns=summary,
            status=HTTPStatus.CREATED,
            location="/v1/stock-counts/{id}",
        ),
        Route(
            on="GET /v1/stock-counts",
            call=inventory.list_counts,
            accepts=ListCountsDto(),
            returns=PageDto(_COUNT),
        ),
        Route(
            on="GET /v1/stock-counts/<uuid:id>",
            call=inventory.get_count,
            accepts=one,
            returns=summary,
        ),
        Route(
            on="GET /v1/stock-counts/<uuid:id>/lines",
            call=inventory.list_count_lines,
            accepts=ListCountLinesDto(),
            returns=PageDto(_LINE),
        ),
        *_steps(inventory, one, summary),
    )


def _steps(
    inventory: InventoryUseCases, one: NothingDto, summary: CountSummaryDto
) -> tuple[Route, ...]:
    return (
        Route(
            on="POST /v1/stock-counts/<uuid:id>/start",
            call=inventory.start_count,
            accepts=one,
            returns=summary,
        ),
        Route(
            on="POST /v1/stock-counts/<uuid:id>/entries",
            call=inventory.enter_counts,
            accepts=EnterCountsDto(),
            returns=CountLinesDto(),
        ),
        Route(
            on="POST /v1/stock-counts/<uuid:id>/close",
            call=inventory.close_count,
            accepts=CloseCountDto(),
            returns=summary,
        ),
        Route(
            on="POST /v1/stock-counts/<uuid:id>/cancel",
            call=inventory.cancel_count,
            accepts=one,
            returns=summary,
        ),
    )

"""Transfers in two steps over HTTP: goods are sent, are under way, and arrive."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from marshmallow import Schema

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    Parcel,
    StockTransfer,
    StockTransferId,
    StockTransferState,
    TransferLine,
    TransferLineId,
    TransferSummary,
    WarehouseId,
)
from erp_core.inventory.ports import StockTransferQuery
from erp_core.inventory.use_cases import (
    ArriveTransferCommand,
    DispatchTransferCommand,
    EndTransferCommand,
    InventoryUseCases,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.quantity import Quantity
from erp_http import show
from erp_http.dto import ListDto, NothingDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Choices, Exact, Id, List, Moment, Nested, Text, Whole
from erp_http.routing import Route

_LINES_MAX: Final = 1000
_LABEL_LENGTH: Final = 200
_LOT_LENGTH: Final = 64


class SentLineDto(Schema):
    id = Id(load_default=None)
    product_id = Id(required=True)
    quantity = Exact(required=True)
    lot = Text(load_default="", length=_LOT_LENGTH)


class DispatchTransferDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    from_warehouse_id = Id(required=True)
    to_warehouse_id = Id(required=True)
    lines = List(Nested(SentLineDto), required=True, most=_LINES_MAX)
    label = Text(load_default="", length=_LABEL_LENGTH)

    def make(self, ctx: Context, given: dict[str, Any]) -> DispatchTransferCommand:
        return DispatchTransferCommand(
            id=StockTransferId(given["id"] or new_id()),
            from_warehouse_id=WarehouseId(given["from_warehouse_id"]),
            to_warehouse_id=WarehouseId(given["to_warehouse_id"]),
            lines=tuple(_line(index, each) for index, each in enumerate(given["lines"])),
            label=given["label"],
        )


def _line(index: int, given: dict[str, Any]) -> TransferLine:
    with at(f"lines/{index}"):
        return TransferLine(
            id=TransferLineId(given["id"] or new_id()),
            product_id=ProductId(given["product_id"]),
            lot=given["lot"],
            quantity=Quantity(given["quantity"]),
        )


class ArrivedLineDto(Schema):
    line_id = Id(required=True)
    quantity = Exact(required=True)


class ArriveTransferDto(RequestDto):
    lines = List(
        Nested(ArrivedLineDto),
        load_default=None,
        most=_LINES_MAX,
        metadata={"description": "what has arrived; all that is under way when absent"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> ArriveTransferCommand:
        lines = given["lines"]
        return ArriveTransferCommand(
            id=StockTransferId(given["id"]),
            version=given["if_match"],
            parcels=None if lines is None else tuple(_parcel(*each) for each in enumerate(lines)),
        )


def _parcel(index: int, given: dict[str, Any]) -> Parcel:
    with at(f"lines/{index}"):
        return Parcel(
            line_id=TransferLineId(given["line_id"]), quantity=Quantity(given["quantity"])
        )


class CloseTransferDto(RequestDto):
    reason = Text(required=True, length=_LABEL_LENGTH)

    def make(self, ctx: Context, given: dict[str, Any]) -> EndTransferCommand:
        return _end(given)


class CancelTransferDto(RequestDto):
    reason = Text(load_default="", length=_LABEL_LENGTH)

    def make(self, ctx: Context, given: dict[str, Any]) -> EndTransferCommand:
        return _end(given)


def _end(given: dict[str, Any]) -> EndTransferCommand:
    return EndTransferCommand(
        id=StockTransferId(given["id"]), version=given["if_match"], reason=given["reason"]
    )


class ListTransfersDto(ListDto):
    state = Choices(StockTransferState, load_default=())
    from_warehouse_id = Id(load_default=None)
    to_warehouse_id = Id(load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> StockTransferQuery:
        return StockTransferQuery(
            page=self.page(given),
            states=given["state"],
            from_warehouse_id=given["from_warehouse_id"],
            to_warehouse_id=given["to_warehouse_id"],
        )


class TransferHeadDto(ResponseDto[TransferSummary]):
    """A transfer without its lines, as lists of transfers show it."""

    id = Id(required=True)
    version = Whole(required=True)
    from_warehouse_id = Id(required=True)
    to_warehouse_id = Id(required=True)
    label = Text(required=True)
    state = Choice(StockTransferState, required=True)
    dispatched_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)
    reason = Text(required=True)

    def show(self, thing: TransferSummary) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "from_warehouse_id": str(thing.from_warehouse_id),
            "to_warehouse_id": str(thing.to_warehouse_id),
            "label": thing.label,
            "state": thing.state.value,
            "dispatched_at": show.moment(thing.dispatched_at),
            "ended_at": show.moment(thing.ended_at),
            "reason": thing.reason,
        }


class ShownLineDto(Schema):
    id = Id(required=True)
    product_id = Id(required=True)
    lot = Text(required=True)
    quantity = Exact(required=True)
    arrived = Exact(required=True)
    under_way = Exact(required=True)


class TransferDocumentDto(ResponseDto[StockTransfer]):
    id = Id(required=True)
    version = Whole(required=True)
    from_warehouse_id = Id(required=True)
    to_warehouse_id = Id(required=True)
    label = Text(required=True)
    state = Choice(StockTransferState, required=True)
    dispatched_at = Moment(required=True)
    ended_at = Moment(required=True, allow_none=True)
    reason = Text(required=True)
    lines = List(Nested(ShownLineDto), required=True, most=_LINES_MAX)

    def show(self, thing: StockTransfer) -> dict[str, Any]:
        under_way = {each.line_id: each.quantity for each in thing.under_way}
        lines = [
            {
                "id": str(line.id),
                "product_id": str(line.product_id),
                "lot": line.lot,
                "quantity": str(line.quantity),
                "arrived": str(line.arrived),
                "under_way": str(under_way.get(line.id, "0")),
            }
            for line in thing.lines
        ]
        return _HEAD.show(thing.summary) | {"lines": lines}


_HEAD: Final = TransferHeadDto()
_DOCUMENT: Final = TransferDocumentDto()


def routes(inventory: InventoryUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="POST /v1/stock-transfers",
            call=inventory.dispatch_transfer,
            accepts=DispatchTransferDto(),
            returns=_DOCUMENT,
            status=HTTPStatus.CREATED,
            location="/v1/stock-transfers/{id}",
        ),
        Route(
            on="GET /v1/stock-transfers",
            call=inventory.list_transfers,
            accepts=ListTransfersDto(),
            returns=PageDto(_HEAD),
        ),
        Route(
            on="GET /v1/stock-transfers/<uuid:id>",
            call=inventory.get_transfer,
            accepts=NothingDto(lambda key, _: StockTransferId(key)),
            returns=_DOCUMENT,
        ),
        Route(
            on="POST /v1/stock-transfers/<uuid:id>/arrive",
            call=inventory.arrive_transfer,
            accepts=ArriveTransferDto(),
            returns=_DOCUMENT,
        ),
        Route(
            on="POST /v1/stock-transfers/<uuid:id>/close",
            call=inventory.close_transfer,
            accepts=CloseTransferDto(),
            returns=_DOCUMENT,
        ),
        Route(
            on="POST /v1/stock-transfers/<uuid:id>/cancel",
            call=inventory.cancel_transfer,
            accepts=CancelTransferDto(),
            returns=_DOCUMENT,
        ),
    )

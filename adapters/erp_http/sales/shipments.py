"""Shipments over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from marshmallow import Schema

from erp_core.catalog.entities import LINES_MAX, LineId
from erp_core.inventory.entities import NUMBER_LENGTH_MAX, WarehouseId
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.quantity import Quantity
from erp_core.sales.entities import (
    NOTE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    REFERENCE_LENGTH_MAX,
    SHIPMENT_SORTS,
    SHIPPED_LOTS_MAX,
    LotPart,
    OrderId,
    Shipment,
    ShipmentId,
    ShipmentLine,
    ShipmentState,
    ShipmentSummary,
    ToShip,
)
from erp_core.sales.ports import ShipmentQuery
from erp_core.sales.use_cases import (
    AddShipmentCommand,
    CancelShipmentCommand,
    ChangeShipmentCommand,
    DeliverShipmentCommand,
    SalesUseCases,
    ShipmentCommand,
    ShipmentDraftChanges,
)
from erp_http import show
from erp_http.dto import ListDto, NothingDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Choices, Day, Exact, Id, List, Moment, Nested, Text, Whole
from erp_http.papers import PaperRequestDto
from erp_http.parties.snapshots import SnapshotDto, show_snapshot
from erp_http.routing import Route

_LEFT: Final = "all that is left to take from the warehouse when absent"


class LotPartDto(Schema):
    """So much of one lot; of a serial number, one."""

    lot = Text(required=True, length=NUMBER_LENGTH_MAX)
    quantity = Exact(required=True)


class ToShipDto(Schema):
    id = Id(load_default=None)
    order_line_id = Id(required=True)
    quantity = Exact(required=True)
    lots = List(
        Nested(LotPartDto),
        load_default=None,
        allow_none=True,
        most=SHIPPED_LOTS_MAX,
        metadata={"description": "those that expire first when absent"},
    )


def _lines(given: list[dict[str, Any]] | None) -> tuple[ToShip, ...] | None:
    return None if given is None else tuple(_line(*each) for each in enumerate(given))


def _line(index: int, given: dict[str, Any]) -> ToShip:
    with at(f"lines/{index}"):
        return ToShip(
            id=LineId(given["id"] or new_id()),
            order_line_id=LineId(given["order_line_id"]),
            quantity=Quantity(given["quantity"]),
            lots=tuple(_lot(*each) for each in enumerate(given["lots"] or ())),
        )


def _lot(index: int, given: dict[str, Any]) -> LotPart:
    with at(f"lots/{index}"):
        return LotPart(lot=given["lot"], quantity=Quantity(given["quantity"]))


class AddShipmentDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    order_id = Id(required=True)
    warehouse_id = Id(required=True)
    lines = List(
        Nested(ToShipDto),
        load_default=None,
        allow_none=True,
        most=LINES_MAX,
        metadata={"description": _LEFT},
    )
    date = Day(load_default=None, allow_none=True, metadata={"description": "today when absent"})
    carrier = Text(load_default="", length=REFERENCE_LENGTH_MAX)
    tracking_number = Text(load_default="", length=REFERENCE_LENGTH_MAX)
    note = Text(load_default="", length=NOTE_LENGTH_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> AddShipmentCommand:
        return AddShipmentCommand(
            id=ShipmentId(given["id"] or new_id()),
            order_id=OrderId(given["order_id"]),
            warehouse_id=WarehouseId(given["warehouse_id"]),
            lines=_lines(given["lines"]),
            on=given["date"],
            carrier=given["carrier"],
            tracking_number=given["tracking_number"],
            note=given["note"],
        )


class ChangeShipmentDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays; lines are replaced as a whole.

    Once it is validated, and until it is delivered, the carrier and its number may still change.
    """

    warehouse_id = Id()
    lines = List(
        Nested(ToShipDto),
        allow_none=True,
        most=LINES_MAX,
        metadata={"description": "null: all that is left to take from the warehouse"},
    )
    date = Day()
    carrier = Text(length=REFERENCE_LENGTH_MAX)
    tracking_number = Text(length=REFERENCE_LENGTH_MAX)
    note = Text(length=NOTE_LENGTH_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeShipmentCommand:
        changes: ShipmentDraftChanges = {}
        if "warehouse_id" in given:
            changes["warehouse_id"] = WarehouseId(given["warehouse_id"])
        if "lines" in given:
            changes["lines"] = _lines(given["lines"])
        if "date" in given:
            changes["on"] = given["date"]
        if "carrier" in given:
            changes["carrier"] = given["carrier"]
        if "tracking_number" in given:
            changes["tracking_number"] = given["tracking_number"]
        if "note" in given:
            changes["note"] = given["note"]
        return ChangeShipmentCommand(
            id=ShipmentId(given["id"]), version=given["if_match"], changes=changes
        )


class DeliverShipmentDto(RequestDto):
    delivered_at = Moment(
        load_default=None, allow_none=True, metadata={"description": "now when absent"}
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> DeliverShipmentCommand:
        return DeliverShipmentCommand(
            id=ShipmentId(given["id"]),
            version=given["if_match"],
            delivered_at=given["delivered_at"],
        )


class CancelShipmentDto(RequestDto):
    reason = Text(load_default="", length=REASON_LENGTH_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> CancelShipmentCommand:
        return CancelShipmentCommand(
            id=ShipmentId(given["id"]), version=given["if_match"], reason=given["reason"]
        )


class ListShipmentsDto(ListDto):
    sorts = tuple(SHIPMENT_SORTS)

    state = Choices(ShipmentState, load_default=())
    order_id = Id(load_default=None)
    party_id = Id(load_default=None)
    warehouse_id = Id(load_default=None)
    date_from = Day(load_default=None)
    date_to = Day(load_default=None)
    q = Text(load_default="", length=64, metadata={"description": "how the number begins"})

    def make(self, ctx: Context, given: dict[str, Any]) -> ShipmentQuery:
        return ShipmentQuery(
            page=self.page(given),
            states=given["state"],
            order_id=given["order_id"],
            party_id=given["party_id"],
            warehouse_id=given["warehouse_id"],
            date_from=given["date_from"],
            date_to=given["date_to"],
            number=given["q"],
        )


class ShipmentHeadDto(ResponseDto[ShipmentSummary]):
    """A shipment without its lines, as lists of shipments show it."""

    id = Id(required=True)
    version = Whole(required=True)
    number = Text(required=True, metadata={"description": "empty: a draft"})
    state = Choice(ShipmentState, required=True)
    order_id = Id(required=True)
    party_id = Id(required=True)
    warehouse_id = Id(required=True)
    date = Day(required=True)
    carrier = Text(required=True, length=REFERENCE_LENGTH_MAX)
    tracking_number = Text(required=True, length=REFERENCE_LENGTH_MAX)
    delivered_at = Moment(required=True, allow_none=True)

    def show(self, thing: ShipmentSummary) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "number": thing.number,
            "state": thing.state.value,
            "order_id": str(thing.order_id),
            "party_id": str(thing.party_id),
            "warehouse_id": str(thing.warehouse_id),
            "date": show.day(thing.on),
            "carrier": thing.carrier,
            "tracking_number": thing.tracking_number,
            "delivered_at": show.moment(thing.delivered_at),
        }


class ShipmentLineDto(ResponseDto[ShipmentLine]):
    """Goods of one line of the order."""

    id = Id(required=True)
    order_line_id = Id(required=True)
    product_id = Id(required=True)
    description = Text(required=True)
    unit = Text(required=True)
    quantity = Exact(required=True)
    lots = List(
        Nested(LotPartDto),
        required=True,
        most=SHIPPED_LOTS_MAX,
        metadata={"description": "chosen by hand; once validated, those that went out"},
    )

    def show(self, thing: ShipmentLine) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "order_line_id": str(thing.order_line_id),
            "product_id": str(thing.product_id),
            "description": thing.description,
            "unit": thing.unit,
            "quantity": str(thing.quantity),
            "lots": [{"lot": each.lot, "quantity": str(each.quantity)} for each in thing.lots],
        }


class ShipmentDto(ResponseDto[Shipment]):
    id = Id(required=True)
    version = Whole(required=True)
    number = Text(required=True, metadata={"description": "empty: a draft"})
    state = Choice(ShipmentState, required=True)
    order_id = Id(required=True)
    party_id = Id(required=True)
    customer = Nested(SnapshotDto, required=True, allow_none=True)
    warehouse_id = Id(required=True)
    date = Day(required=True)
    carrier = Text(required=True, length=REFERENCE_LENGTH_MAX)
    tracking_number = Text(required=True, length=REFERENCE_LENGTH_MAX)
    note = Text(required=True, length=NOTE_LENGTH_MAX)
    lines = List(Nested(ShipmentLineDto), required=True, most=LINES_MAX)
    validated_at = Moment(required=True, allow_none=True)
    delivered_at = Moment(required=True, allow_none=True)
    cancelled_at = Moment(required=True, allow_none=True)
    reason = Text(required=True, metadata={"description": "why it was cancelled"})

    def show(self, thing: Shipment) -> dict[str, Any]:
        return {
            **HEAD.show(thing.summary),
            "customer": show_snapshot(thing.customer),
            "note": thing.note,
            "lines": [_LINE.show(each) for each in thing.lines],
            "validated_at": show.moment(thing.validated_at),
            "cancelled_at": show.moment(thing.cancelled_at),
            "reason": thing.reason,
        }


HEAD: Final = ShipmentHeadDto()
_LINE: Final = ShipmentLineDto()
_SHIPMENT: Final = ShipmentDto()


def routes(sales: SalesUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: ShipmentCommand(id=ShipmentId(key), version=version))
    return (
        Route(
            on="POST /v1/shipments",
            call=sales.add_shipment,
            accepts=AddShipmentDto(),
            returns=_SHIPMENT,
            status=HTTPStatus.CREATED,
            location="/v1/shipments/{id}",
        ),
        Route(
            on="GET /v1/shipments",
            call=sales.list_shipments,
            accepts=ListShipmentsDto(),
            returns=PageDto(HEAD),
        ),
        Route(
            on="GET /v1/shipments/<uuid:id>",
            call=sales.get_shipment,
            accepts=NothingDto(lambda key, _: ShipmentId(key)),
            returns=_SHIPMENT,
        ),
        Route(
            on="GET /v1/shipments/<uuid:id>/pdf",
            call=sales.print_shipment,
            accepts=PaperRequestDto(),
            paper=True,
        ),
        Route(
            on="PATCH /v1/shipments/<uuid:id>",
            call=sales.change_shipment,
            accepts=ChangeShipmentDto(),
            returns=_SHIPMENT,
        ),
        Route(
            on="DELETE /v1/shipments/<uuid:id>",
            call=sales.delete_shipment,
            accepts=one,
            returns=None,
        ),
        Route(
            on="POST /v1/shipments/<uuid:id>/validate",
            call=sales.validate_shipment,
            accepts=one,
            returns=_SHIPMENT,
        ),
        Route(
            on="POST /v1/shipments/<uuid:id>/deliver",
            call=sales.deliver_shipment,
            accepts=DeliverShipmentDto(),
            returns=_SHIPMENT,
        ),
        Route(
            on="POST /v1/shipments/<uuid:id>/cancel",
            call=sales.cancel_shipment,
            accepts=CancelShipmentDto(),
            returns=_SHIPMENT,
        ),
    )

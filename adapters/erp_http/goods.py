"""Goods by the document, what comes back, what is promised, and lots, over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from erp_core.inventory.entities import (
    LOT_SORTS,
    Lot,
    LotChanges,
    LotDates,
    LotId,
    MovementId,
    Reservation,
)
from erp_core.inventory.ports import LotQuery, ReservationQuery
from erp_core.inventory.use_cases import (
    ChangeLotCommand,
    GoodsMovements,
    InventoryUseCases,
    IssueGoodsCommand,
    IssueLine,
    ReceiptLine,
    ReceiveGoodsCommand,
    ReservationCommand,
    ReturnStockCommand,
    RevalueReceiptCommand,
)
from erp_core.inventory.use_cases.goods import LINES_MAX
from erp_core.kernel.context import Context
from erp_core.kernel.errors import at
from erp_core.kernel.quantity import Quantity
from erp_http import show
from erp_http.dto import (
    ListDto,
    NothingDto,
    PageDto,
    RequestDto,
    ResponseDto,
    needed,
    unit_price,
)
from erp_http.fields import Day, Exact, Id, List, Nested, Price, Text, Whole
from erp_http.routing import Route
from erp_http.stock import MOVEMENT, MovementDto, stock_key


class ReceiptLineDto(RequestDto):
    product_id = Id(required=True)
    warehouse_id = Id(required=True)
    quantity = Exact(required=True)
    unit_cost = Price(required=True)
    lot = Text(load_default="", length=64)
    made_on = Day(load_default=None, allow_none=True)
    expires_on = Day(load_default=None, allow_none=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> ReceiptLine:
        return ReceiptLine(
            key=stock_key(given),
            quantity=Quantity(given["quantity"]),
            unit_cost=needed(unit_price(ctx, given["unit_cost"])),
            dates=LotDates(made_on=given["made_on"], expires_on=given["expires_on"]),
        )


class ReceiveGoodsDto(RequestDto):
    lines = List(Nested(ReceiptLineDto), required=True, most=LINES_MAX)
    label = Text(load_default="", length=200)

    def make(self, ctx: Context, given: dict[str, Any]) -> ReceiveGoodsCommand:
        lines = _lines(_RECEIPT_LINE, ctx, given["lines"])
        return ReceiveGoodsCommand(lines=lines, label=given["label"])


class IssueLineDto(RequestDto):
    product_id = Id(required=True)
    warehouse_id = Id(required=True)
    quantity = Exact(required=True)
    lot = Text(load_default="", length=64)

    def make(self, ctx: Context, given: dict[str, Any]) -> IssueLine:
        return IssueLine(key=stock_key(given), quantity=Quantity(given["quantity"]))


class IssueGoodsDto(RequestDto):
    lines = List(Nested(IssueLineDto), required=True, most=LINES_MAX)
    label = Text(load_default="", length=200)

    def make(self, ctx: Context, given: dict[str, Any]) -> IssueGoodsCommand:
        lines = _lines(_ISSUE_LINE, ctx, given["lines"])
        return IssueGoodsCommand(lines=lines, label=given["label"])


class ReturnStockDto(RequestDto):
    movement_id = Id(required=True)
    quantity = Exact(required=True)
    warehouse_id = Id(load_default=None, allow_none=True)
    label = Text(load_default="", length=200)

    def make(self, ctx: Context, given: dict[str, Any]) -> ReturnStockCommand:
        return ReturnStockCommand(
            movement_id=MovementId(given["movement_id"]),
            quantity=Quantity(given["quantity"]),
            warehouse_id=given["warehouse_id"],
            label=given["label"],
        )


class RevalueReceiptDto(RequestDto):
    movement_id = Id(required=True)
    unit_cost = Price(required=True)
    label = Text(load_default="", length=200)

    def make(self, ctx: Context, given: dict[str, Any]) -> RevalueReceiptCommand:
        return RevalueReceiptCommand(
            movement_id=MovementId(given["movement_id"]),
            unit_cost=needed(unit_price(ctx, given["unit_cost"])),
            label=given["label"],
        )


class ReservationRequestDto(RequestDto):
    product_id = Id(required=True)
    warehouse_id = Id(required=True)
    quantity = Exact(required=True)
    origin = Text(required=True, length=64)
    lot = Text(load_default="", length=64)

    def make(self, ctx: Context, given: dict[str, Any]) -> ReservationCommand:
        return ReservationCommand(
            key=stock_key(given), quantity=Quantity(given["quantity"]), origin=given["origin"]
        )


class ListReservationsDto(ListDto):
    product_id = Id(load_default=None)
    warehouse_id = Id(load_default=None)
    origin = Text(load_default="", length=64)

    def make(self, ctx: Context, given: dict[str, Any]) -> ReservationQuery:
        return ReservationQuery(
            page=self.page(given),
            product_id=given["product_id"],
            warehouse_id=given["warehouse_id"],
            origin=given["origin"],
        )


class ListLotsDto(ListDto):
    sorts = tuple(LOT_SORTS)

    product_id = Id(load_default=None)
    expires_until = Day(load_default=None)
    number = Text(load_default="", length=64)

    def make(self, ctx: Context, given: dict[str, Any]) -> LotQuery:
        return LotQuery(
            page=self.page(given),
            product_id=given["product_id"],
            expires_until=given["expires_until"],
            number=given["number"],
        )


class ChangeLotDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays, null clears."""

    made_on = Day(allow_none=True)
    expires_on = Day(allow_none=True)
    note = Text(length=500)

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeLotCommand:
        changes: LotChanges = {}
        if "made_on" in given:
            changes["made_on"] = given["made_on"]
        if "expires_on" in given:
            changes["expires_on"] = given["expires_on"]
        if "note" in given:
            changes["note"] = given["note"]
        return ChangeLotCommand(id=LotId(given["id"]), version=given["if_match"], changes=changes)


class GoodsMovementsDto(ResponseDto[GoodsMovements]):
    movements = List(Nested(MovementDto), required=True, most=LINES_MAX)

    def show(self, thing: GoodsMovements) -> dict[str, Any]:
        return {"movements": [MOVEMENT.show(each) for each in thing.movements]}


class ReservationDto(ResponseDto[Reservation]):
    id = Id(required=True)
    product_id = Id(required=True)
    warehouse_id = Id(required=True)
    lot = Text(required=True)
    origin = Text(required=True)
    quantity = Exact(required=True, metadata={"description": "kept for it altogether"})

    def show(self, thing: Reservation) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "product_id": str(thing.key.product_id),
            "warehouse_id": str(thing.key.warehouse_id),
            "lot": thing.key.lot,
            "origin": thing.origin,
            "quantity": str(thing.quantity),
        }


class LotDto(ResponseDto[Lot]):
    id = Id(required=True)
    version = Whole(required=True)
    product_id = Id(required=True)
    number = Text(required=True)
    made_on = Day(required=True, allow_none=True)
    expires_on = Day(required=True, allow_none=True)
    note = Text(required=True)

    def show(self, thing: Lot) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "product_id": str(thing.product_id),
            "number": thing.number,
            "made_on": show.day(thing.made_on),
            "expires_on": show.day(thing.expires_on),
            "note": thing.note,
        }


_RECEIPT_LINE = ReceiptLineDto()
_ISSUE_LINE = IssueLineDto()


def routes(inventory: InventoryUseCases) -> tuple[Route, ...]:
    return (*_documents(inventory), *_reservations(inventory), *_lots(inventory))


def _documents(inventory: InventoryUseCases) -> tuple[Route, ...]:
    first = "/v1/stock/movements/{movements[0][id]}"
    return (
        Route(
            on="POST /v1/stock/goods-receipts",
            call=inventory.receive_goods,
            accepts=ReceiveGoodsDto(),
            returns=GoodsMovementsDto(),
            status=HTTPStatus.CREATED,
            location=first,
        ),
        Route(
            on="POST /v1/stock/goods-issues",
            call=inventory.issue_goods,
            accepts=IssueGoodsDto(),
            returns=GoodsMovementsDto(),
            status=HTTPStatus.CREATED,
            location=first,
        ),
        Route(
            on="POST /v1/stock/returns",
            call=inventory.return_stock,
            accepts=ReturnStockDto(),
            returns=MOVEMENT,
            status=HTTPStatus.CREATED,
            location="/v1/stock/movements/{id}",
        ),
        Route(
            on="POST /v1/stock/revaluations",
            call=inventory.revalue_receipt,
            accepts=RevalueReceiptDto(),
            returns=MOVEMENT,
            status=HTTPStatus.CREATED,
            location="/v1/stock/movements/{id}",
        ),
    )


def _reservations(inventory: InventoryUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="POST /v1/stock/reservations",
            call=inventory.reserve_stock,
            accepts=ReservationRequestDto(),
            returns=ReservationDto(),
        ),
        Route(
            on="POST /v1/stock/reservations/release",
            call=inventory.release_stock,
            accepts=ReservationRequestDto(),
            returns=ReservationDto(),
        ),
        Route(
            on="GET /v1/stock/reservations",
            call=inventory.list_reservations,
            accepts=ListReservationsDto(),
            returns=PageDto(ReservationDto()),
        ),
    )


def _lots(inventory: InventoryUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="GET /v1/lots",
            call=inventory.list_lots,
            accepts=ListLotsDto(),
            returns=PageDto(LotDto()),
        ),
        Route(
            on="GET /v1/lots/<uuid:id>",
            call=inventory.get_lot,
            accepts=NothingDto(lambda key, _: LotId(key)),
            returns=LotDto(),
        ),
        Route(
            on="PATCH /v1/lots/<uuid:id>",
            call=inventory.change_lot,
            accepts=ChangeLotDto(),
            returns=LotDto(),
        ),
    )


def _lines(dto: RequestDto, ctx: Context, given: list[dict[str, Any]]) -> tuple[Any, ...]:
    made = []
    for index, line in enumerate(given):
        with at(f"lines/{index}"):
            made.append(dto.make(ctx, line))
    return tuple(made)

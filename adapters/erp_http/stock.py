"""Stock over HTTP: what moves, what lies where, and whether the one explains the other."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    LotDates,
    MovementId,
    Reason,
    StockDifference,
    StockKey,
    StockMovement,
    StockRule,
    WarehouseId,
)
from erp_core.inventory.ports import MovementQuery, StockQuery, ValuedItem
from erp_core.inventory.use_cases import (
    DIFFERENCES_MAX,
    AdjustStockCommand,
    InventoryUseCases,
    IssueStockCommand,
    ReceiveStockCommand,
    Transfer,
    TransferStockCommand,
    Verification,
    VerifyStockQuery,
)
from erp_core.kernel.context import Context
from erp_core.kernel.quantity import Quantity
from erp_http import show
from erp_http.dto import (
    ListDto,
    MoneyDto,
    NothingDto,
    PageDto,
    RequestDto,
    ResponseDto,
    needed,
    unit_price,
)
from erp_http.fields import (
    Choice,
    Day,
    Exact,
    Flag,
    Id,
    List,
    Moment,
    Nested,
    Price,
    Since,
    Text,
    Until,
    Whole,
)
from erp_http.routing import Route

_LABEL_LENGTH = 200
_LOT_LENGTH = 64


class ReceiveStockDto(RequestDto):
    id = Id(load_default=None)  # of the movement; a client may choose it
    product_id = Id(required=True)
    warehouse_id = Id(required=True)
    quantity = Exact(required=True)
    unit_cost = Price(required=True)
    lot = Text(load_default="", length=_LOT_LENGTH)
    made_on = Day(load_default=None, allow_none=True)
    expires_on = Day(load_default=None, allow_none=True)
    label = Text(load_default="", length=_LABEL_LENGTH)

    def make(self, ctx: Context, given: dict[str, Any]) -> ReceiveStockCommand:
        return ReceiveStockCommand(
            key=stock_key(given),
            quantity=Quantity(given["quantity"]),
            unit_cost=needed(unit_price(ctx, given["unit_cost"])),
            dates=LotDates(made_on=given["made_on"], expires_on=given["expires_on"]),
            label=given["label"],
            movement_id=_movement_id(given),
        )


class IssueStockDto(RequestDto):
    id = Id(load_default=None)
    product_id = Id(required=True)
    warehouse_id = Id(required=True)
    quantity = Exact(required=True)
    lot = Text(load_default="", length=_LOT_LENGTH)
    label = Text(load_default="", length=_LABEL_LENGTH)

    def make(self, ctx: Context, given: dict[str, Any]) -> IssueStockCommand:
        return IssueStockCommand(
            key=stock_key(given),
            quantity=Quantity(given["quantity"]),
            label=given["label"],
            movement_id=_movement_id(given),
        )


class TransferStockDto(RequestDto):
    product_id = Id(required=True)
    from_warehouse_id = Id(required=True)
    to_warehouse_id = Id(required=True)
    quantity = Exact(required=True)
    lot = Text(load_default="", length=_LOT_LENGTH)
    label = Text(load_default="", length=_LABEL_LENGTH)

    def make(self, ctx: Context, given: dict[str, Any]) -> TransferStockCommand:
        return TransferStockCommand(
            product_id=ProductId(given["product_id"]),
            from_warehouse_id=WarehouseId(given["from_warehouse_id"]),
            to_warehouse_id=WarehouseId(given["to_warehouse_id"]),
            quantity=Quantity(given["quantity"]),
            lot=given["lot"],
            label=given["label"],
        )


class AdjustStockDto(RequestDto):
    id = Id(load_default=None)
    product_id = Id(required=True)
    warehouse_id = Id(required=True)
    counted = Exact(required=True)
    reason = Text(required=True, length=_LABEL_LENGTH)
    lot = Text(load_default="", length=_LOT_LENGTH)

    def make(self, ctx: Context, given: dict[str, Any]) -> AdjustStockCommand:
        return AdjustStockCommand(
            key=stock_key(given),
            counted=Quantity(given["counted"]),
            label=given["reason"],
            movement_id=_movement_id(given),
        )


class ListStockDto(ListDto):
    product_id = Id(load_default=None)
    warehouse_id = Id(load_default=None)
    include_below = Flag(load_default=False)

    def make(self, ctx: Context, given: dict[str, Any]) -> StockQuery:
        return StockQuery(
            page=self.page(given),
            product_id=given["product_id"],
            warehouse_id=given["warehouse_id"],
            include_below=given["include_below"],
        )


class ListMovementsDto(ListDto):
    product_id = Id(load_default=None)
    warehouse_id = Id(load_default=None)
    lot = Text(
        load_default="",
        length=64,
        metadata={"description": "a lot or a serial number of the product_id, spelt out"},
    )
    since = Since(load_default=None, data_key="from")
    until = Until(load_default=None, data_key="to")

    def make(self, ctx: Context, given: dict[str, Any]) -> MovementQuery:
        return MovementQuery(
            page=self.page(given),
            product_id=given["product_id"],
            warehouse_id=given["warehouse_id"],
            lot=given["lot"],
            since=given["since"],
            until=given["until"],
        )


class VerifyStockDto(RequestDto):
    def make(self, ctx: Context, given: dict[str, Any]) -> VerifyStockQuery:
        return VerifyStockQuery()


class MovementDto(ResponseDto[StockMovement]):
    id = Id(required=True)
    product_id = Id(required=True)
    warehouse_id = Id(required=True)
    lot = Text(required=True)
    reason = Choice(Reason, required=True)
    quantity = Exact(required=True)
    unit_cost = Nested(MoneyDto, required=True, allow_none=True)
    on_hand_after = Exact(required=True)
    average_cost_after = Nested(MoneyDto, required=True, allow_none=True)
    label = Text(required=True)
    origin = Text(required=True)
    reference_id = Id(required=True, allow_none=True)
    moved_at = Moment(required=True)
    moved_by = Text(required=True)

    def show(self, thing: StockMovement) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "product_id": str(thing.key.product_id),
            "warehouse_id": str(thing.key.warehouse_id),
            "lot": thing.key.lot,
            "reason": thing.posting.reason.value,
            "quantity": str(thing.quantity),
            "unit_cost": show.money(thing.unit_cost),
            "on_hand_after": str(thing.on_hand_after),
            "average_cost_after": show.money(thing.average_cost_after),
            "label": thing.posting.label,
            "origin": thing.posting.origin,
            "reference_id": show.key(thing.posting.reference_id),
            "moved_at": show.moment(thing.posting.at),
            "moved_by": thing.posting.by,
        }


class TransferDto(ResponseDto[Transfer]):
    movements = List(Nested(MovementDto), required=True, metadata={"description": "out, then in"})

    def show(self, thing: Transfer) -> dict[str, Any]:
        movement = MovementDto.show
        return {"movements": [movement(MOVEMENT, each) for each in (thing.out, thing.into)]}


class StockItemDto(ResponseDto[ValuedItem]):
    product_id = Id(required=True)
    sku = Text(required=True)
    warehouse_id = Id(required=True)
    lot = Text(required=True)
    version = Whole(required=True)
    on_hand = Exact(required=True)
    reserved = Exact(required=True)
    available = Exact(required=True)
    average_cost = Nested(MoneyDto, required=True, allow_none=True)

    def show(self, thing: ValuedItem) -> dict[str, Any]:
        item = thing.item
        return {
            "product_id": str(item.key.product_id),
            "sku": item.product.sku,
            "warehouse_id": str(item.key.warehouse_id),
            "lot": item.key.lot,
            "version": item.version,
            "on_hand": str(item.on_hand),
            "reserved": str(item.reserved),
            "available": str(item.available),
            "average_cost": show.money(thing.average_cost),
        }


class DifferenceDto(ResponseDto[StockDifference]):
    product_id = Id(required=True)
    warehouse_id = Id(required=True)
    lot = Text(required=True)
    rule = Choice(StockRule, required=True)
    found = Exact(required=True)
    expected = Exact(required=True)

    def show(self, thing: StockDifference) -> dict[str, Any]:
        return {
            "product_id": str(thing.key.product_id),
            "warehouse_id": str(thing.key.warehouse_id),
            "lot": thing.key.lot,
            "rule": thing.rule.value,
            "found": str(thing.found),
            "expected": str(thing.expected),
        }


class VerificationDto(ResponseDto[Verification]):
    consistent = Flag(required=True)
    differences = List(
        Nested(DifferenceDto),
        required=True,
        most=len(StockRule) * DIFFERENCES_MAX,
        metadata={"description": f"of each rule the first {DIFFERENCES_MAX}"},
    )
    more = Whole(
        required=True, metadata={"description": "how many are not named: erp verify does"}
    )

    def show(self, thing: Verification) -> dict[str, Any]:
        return {
            "consistent": thing.consistent,
            "differences": [DifferenceDto.show(_DIFFERENCE, each) for each in thing.differences],
            "more": thing.more,
        }


MOVEMENT = MovementDto()
_DIFFERENCE = DifferenceDto()


def routes(inventory: InventoryUseCases) -> tuple[Route, ...]:
    return (
        *_movings(inventory),
        Route(
            on="GET /v1/stock/items",
            call=inventory.list_stock,
            accepts=ListStockDto(),
            returns=PageDto(StockItemDto()),
        ),
        Route(
            on="GET /v1/stock/movements",
            call=inventory.list_movements,
            accepts=ListMovementsDto(),
            returns=PageDto(MOVEMENT),
        ),
        Route(
            on="GET /v1/stock/movements/<uuid:id>",
            call=inventory.get_movement,
            accepts=NothingDto(lambda key, _: MovementId(key)),
            returns=MOVEMENT,
        ),
        Route(
            on="GET /v1/stock/verify",
            call=inventory.verify_stock,
            accepts=VerifyStockDto(),
            returns=VerificationDto(),
        ),
    )


def _movings(inventory: InventoryUseCases) -> tuple[Route, ...]:
    movement = "/v1/stock/movements/{id}"
    return (
        Route(
            on="POST /v1/stock/receipts",
            call=inventory.receive_stock,
            accepts=ReceiveStockDto(),
            returns=MOVEMENT,
            status=HTTPStatus.CREATED,
            location=movement,
        ),
        Route(
            on="POST /v1/stock/issues",
            call=inventory.issue_stock,
            accepts=IssueStockDto(),
            returns=MOVEMENT,
            status=HTTPStatus.CREATED,
            location=movement,
        ),
        Route(
            on="POST /v1/stock/transfers",
            call=inventory.transfer_stock,
            accepts=TransferStockDto(),
            returns=TransferDto(),
            status=HTTPStatus.CREATED,
            location="/v1/stock/movements/{movements[0][id]}",
        ),
        Route(
            on="POST /v1/stock/adjustments",
            call=inventory.adjust_stock,
            accepts=AdjustStockDto(),
            returns=MOVEMENT,
            status=HTTPStatus.CREATED,
            location=movement,
        ),
    )


def stock_key(given: dict[str, Any]) -> StockKey:
    """Name the stock row that a request means."""
    return StockKey(
        ProductId(given["product_id"]), WarehouseId(given["warehouse_id"]), given["lot"]
    )


def _movement_id(given: dict[str, Any]) -> MovementId | None:
    return None if given["id"] is None else MovementId(given["id"])

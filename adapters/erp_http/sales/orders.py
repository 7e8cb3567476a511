"""Orders over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from erp_core.catalog.entities import LINES_MAX
from erp_core.identity.entities import StockLeavesAt
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PAGE_LIMIT_MAX
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import (
    NOTE_LENGTH_MAX,
    ORDER_SORTS,
    REASON_LENGTH_MAX,
    REFERENCE_LENGTH_MAX,
    Invoiced,
    Order,
    OrderId,
    OrderLine,
    OrderState,
    OrderSummary,
)
from erp_core.sales.ports import OrderQuery
from erp_core.sales.use_cases import (
    AddOrderCommand,
    CancelOrderCommand,
    ChangeOrderCommand,
    OrderCommand,
    OrderFile,
    SalesUseCases,
)
from erp_http import show
from erp_http.catalog.lines import (
    PRICED_LINE,
    PricedLineFields,
    TotalsFields,
    discount_of,
    made_lines,
    shown_totals,
)
from erp_http.dto import ListDto, MoneyDto, NothingDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import (
    Choice,
    Choices,
    Day,
    Exact,
    Flag,
    Id,
    List,
    Moment,
    Nested,
    Text,
    Whole,
)
from erp_http.papers import PaperRequestDto
from erp_http.parties.snapshots import SnapshotDto, show_snapshot
from erp_http.routing import Route
from erp_http.sales.lines import (
    LINE,
    AddDraftFields,
    ChangeDraftFields,
    changes_of,
    price_list_of,
    term_of,
)
from erp_http.sales.shipments import ShipmentHeadDto


class AddOrderDto(AddDraftFields, RequestDto):
    deliver_on = Day(load_default=None, allow_none=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> AddOrderCommand:
        return AddOrderCommand(
            id=OrderId(given["id"] or new_id()),
            party_id=PartyId(given["party_id"]),
            lines=made_lines(LINE, ctx, given["lines"]),
            on=given["date"],
            currency=given["currency"],
            discount=discount_of(given),
            price_list_id=price_list_of(given),
            payment_term_id=term_of(given),
            reference=given["reference"],
            note=given["note"],
            deliver_on=given["deliver_on"],
        )


class ChangeOrderDto(ChangeDraftFields, RequestDto):
    deliver_on = Day(allow_none=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeOrderCommand:
        changes = changes_of(ctx, given)
        if "deliver_on" in given:
            changes["until"] = given["deliver_on"]
        return ChangeOrderCommand(
            id=OrderId(given["id"]), version=given["if_match"], changes=changes
        )


class CancelOrderDto(RequestDto):
    reason = Text(load_default="", length=REASON_LENGTH_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> CancelOrderCommand:
        return CancelOrderCommand(
            id=OrderId(given["id"]), version=given["if_match"], reason=given["reason"]
        )


class ListOrdersDto(ListDto):
    sorts = tuple(ORDER_SORTS)

    state = Choices(OrderState, load_default=())
    party_id = Id(load_default=None)
    quote_id = Id(load_default=None)
    date_from = Day(load_default=None)
    date_to = Day(load_default=None)
    q = Text(load_default="", length=64, metadata={"description": "how the number begins"})

    def make(self, ctx: Context, given: dict[str, Any]) -> OrderQuery:
        return OrderQuery(
            page=self.page(given),
            states=given["state"],
            party_id=given["party_id"],
            quote_id=given["quote_id"],
            date_from=given["date_from"],
            date_to=given["date_to"],
            number=given["q"],
        )


class OrderHeadDto(ResponseDto[OrderSummary]):
    """An order without its lines, as lists of orders show it."""

    id = Id(required=True)
    version = Whole(required=True)
    number = Text(required=True, metadata={"description": "empty: a draft"})
    state = Choice(OrderState, required=True)
    invoiced = Choice(Invoiced, required=True)
    party_id = Id(required=True)
    quote_id = Id(required=True, allow_none=True)
    date = Day(required=True)
    deliver_on = Day(required=True, allow_none=True)
    reference = Text(required=True, length=REFERENCE_LENGTH_MAX)
    currency = Text(required=True, length=3)
    net = Nested(MoneyDto, required=True)
    tax = Nested(MoneyDto, required=True)
    total = Nested(MoneyDto, required=True)

    def show(self, thing: OrderSummary) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "number": thing.number,
            "state": thing.state.value,
            "invoiced": thing.invoiced.value,
            "party_id": str(thing.party_id),
            "quote_id": show.key(thing.quote_id),
            "date": show.day(thing.on),
            "deliver_on": show.day(thing.deliver_on),
            "reference": thing.reference,
            "currency": thing.totals.net.currency,
            "net": show.money(thing.totals.net),
            "tax": show.money(thing.totals.tax),
            "total": show.money(thing.totals.total),
        }


class OrderLineDto(ResponseDto[OrderLine], PricedLineFields):
    """A line of an order, and how far it has come."""

    goods = Flag(required=True, metadata={"description": "goods are shipped"})
    warehouse_id = Id(required=True, allow_none=True)
    quote_line_id = Id(required=True, allow_none=True)
    issued = Exact(
        required=True,
        metadata={"description": "left the stock for it, and is not back to leave again"},
    )
    shipped = Exact(required=True)
    left_to_ship = Exact(required=True)
    invoiced = Exact(required=True)
    left_to_invoice = Exact(required=True)

    def show(self, thing: OrderLine) -> dict[str, Any]:
        return PRICED_LINE.show(thing.priced) | {
            "goods": thing.goods,
            "warehouse_id": show.key(thing.warehouse_id),
            "quote_line_id": show.key(thing.quote_line_id),
            "issued": str(thing.issued),
            "shipped": str(thing.shipped),
            "left_to_ship": str(thing.left_to_ship),
            "invoiced": str(thing.invoiced),
            "left_to_invoice": str(thing.left_to_invoice),
        }


class OrderFields(TotalsFields):
    id = Id(required=True)
    version = Whole(required=True)
    number = Text(required=True, metadata={"description": "empty: a draft"})
    state = Choice(OrderState, required=True)
    invoiced = Choice(Invoiced, required=True)
    party_id = Id(required=True)
    customer = Nested(SnapshotDto, required=True, allow_none=True)
    quote_id = Id(required=True, allow_none=True)
    date = Day(required=True)
    deliver_on = Day(required=True, allow_none=True)
    payment_term_id = Id(required=True, allow_none=True)
    reference = Text(required=True, length=REFERENCE_LENGTH_MAX)
    note = Text(required=True, length=NOTE_LENGTH_MAX)
    currency = Text(required=True, length=3)
    discount_percent = Exact(required=True)
    discount_amount = Exact(required=True, allow_none=True)
    stock_leaves_at = Choice(
        StockLeavesAt,
        required=True,
        allow_none=True,
        metadata={"description": "which paper takes its goods; null: a draft"},
    )
    lines = List(Nested(OrderLineDto), required=True, most=LINES_MAX)
    confirmed_at = Moment(required=True, allow_none=True)
    cancelled_at = Moment(required=True, allow_none=True)
    reason = Text(required=True, metadata={"description": "why it was cancelled"})


class OrderDto(OrderFields, ResponseDto[Order]):
    def show(self, thing: Order) -> dict[str, Any]:
        discount = thing.terms.discount
        return {
            **_HEAD.show(thing.summary),
            **shown_totals(thing.document),
            "customer": show_snapshot(thing.customer),
            "payment_term_id": show.key(thing.payment_term_id),
            "note": thing.note,
            "discount_percent": show.exact(discount.percent.percent),
            "discount_amount": show.exact(discount.amount),
            "stock_leaves_at": thing.stock_leaves_at,
            "lines": [_LINE.show(each) for each in thing.lines],
            "confirmed_at": show.moment(thing.confirmed_at),
            "cancelled_at": show.moment(thing.cancelled_at),
            "reason": thing.reason,
        }


class OrderFileDto(OrderFields, ResponseDto[OrderFile]):
    """An order, and what was shipped of it."""

    shipments = List(
        Nested(ShipmentHeadDto),
        required=True,
        most=PAGE_LIMIT_MAX,
        metadata={"description": "the first of them; `GET /v1/shipments` lists all"},
    )

    def show(self, thing: OrderFile) -> dict[str, Any]:
        shipments = [_SHIPMENT.show(each) for each in thing.shipments]
        return {**ORDER.show(thing.order), "shipments": shipments}


_HEAD: Final = OrderHeadDto()
_SHIPMENT: Final = ShipmentHeadDto()
_LINE: Final = OrderLineDto()
ORDER: Final = OrderDto()


def routes(sales: SalesUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: OrderCommand(id=OrderId(key), version=version))
    return (
        Route(
            on="POST /v1/orders",
            call=sales.add_order,
            accepts=AddOrderDto(),
            returns=ORDER,
            status=HTTPStatus.CREATED,
            location="/v1/orders/{id}",
        ),
        Route(
            on="GET /v1/orders",
            call=sales.list_orders,
            accepts=ListOrdersDto(),
            returns=PageDto(_HEAD),
        ),
        Route(
            on="GET /v1/orders/<uuid:id>",
            call=sales.get_order,
            accepts=NothingDto(lambda key, _: OrderId(key)),
            returns=OrderFileDto(),
        ),
        Route(
            on="GET /v1/orders/<uuid:id>/pdf",
            call=sales.print_order,
            accepts=PaperRequestDto(),
            paper=True,
        ),
        Route(
            on="PATCH /v1/orders/<uuid:id>",
            call=sales.change_order,
            accepts=ChangeOrderDto(),
            returns=ORDER,
        ),
        Route(
            on="DELETE /v1/orders/<uuid:id>",
            call=sales.delete_order,
            accepts=one,
            returns=None,
        ),
        Route(
            on="POST /v1/orders/<uuid:id>/confirm",
            call=sales.confirm_order,
            accepts=one,
            returns=ORDER,
        ),
        Route(
            on="POST /v1/orders/<uuid:id>/cancel",
            call=sales.cancel_order,
            accepts=CancelOrderDto(),
            returns=ORDER,
        ),
    )

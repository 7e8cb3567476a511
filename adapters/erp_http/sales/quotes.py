"""Quotes over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from marshmallow import Schema

from erp_core.catalog.entities import LINES_MAX
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import (
    NOTE_LENGTH_MAX,
    QUOTE_SORTS,
    REASON_LENGTH_MAX,
    REFERENCE_LENGTH_MAX,
    OrderId,
    Quote,
    QuoteId,
    QuoteLine,
    QuoteState,
    QuoteSummary,
)
from erp_core.sales.ports import QuoteQuery
from erp_core.sales.use_cases import (
    AddQuoteCommand,
    ChangeQuoteCommand,
    OrderQuoteCommand,
    QuoteCommand,
    RefuseQuoteCommand,
    SalesUseCases,
    SendQuoteCommand,
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
from erp_http.documents.posting import MailWishFields, wish_of
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
    parts_of,
    price_list_of,
    term_of,
)
from erp_http.sales.orders import ORDER


class AddQuoteDto(AddDraftFields, RequestDto):
    valid_until = Day(load_default=None, allow_none=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> AddQuoteCommand:
        return AddQuoteCommand(
            id=QuoteId(given["id"] or new_id()),
            party_id=PartyId(given["party_id"]),
            lines=made_lines(LINE, ctx, given["lines"]),
            on=given["date"],
            currency=given["currency"],
            discount=discount_of(given),
            price_list_id=price_list_of(given),
            payment_term_id=term_of(given),
            reference=given["reference"],
            note=given["note"],
            valid_until=given["valid_until"],
        )


class ChangeQuoteDto(ChangeDraftFields, RequestDto):
    valid_until = Day(allow_none=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeQuoteCommand:
        changes = changes_of(ctx, given)
        if "valid_until" in given:
            changes["until"] = given["valid_until"]
        return ChangeQuoteCommand(
            id=QuoteId(given["id"]), version=given["if_match"], changes=changes
        )


class SendQuoteDto(MailWishFields, RequestDto):
    """A quote is settled by this; a mail goes out where one is asked for."""

    mail = Flag(
        load_default=False,
        metadata={"description": "send it by mail too; naming anybody in `to` asks for that"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> SendQuoteCommand:
        return SendQuoteCommand(
            id=QuoteId(given["id"]),
            version=given["if_match"],
            mail=wish_of(given) if given["mail"] or given["to"] else None,
        )


class RefuseQuoteDto(RequestDto):
    reason = Text(load_default="", length=REASON_LENGTH_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> RefuseQuoteCommand:
        return RefuseQuoteCommand(
            id=QuoteId(given["id"]), version=given["if_match"], reason=given["reason"]
        )


class OrderedLineDto(Schema):
    quote_line_id = Id(required=True)
    quantity = Exact(required=True)


class OrderQuoteDto(RequestDto):
    order_id = Id(load_default=None, metadata={"description": "of the new order"})
    lines = List(
        Nested(OrderedLineDto),
        load_default=None,
        most=LINES_MAX,
        metadata={"description": "what is ordered; all that is left when absent"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> OrderQuoteCommand:
        return OrderQuoteCommand(
            id=QuoteId(given["id"]),
            version=given["if_match"],
            order_id=OrderId(given["order_id"] or new_id()),
            parts=parts_of("quote_line_id", given["lines"]),
        )


class ListQuotesDto(ListDto):
    sorts = tuple(QUOTE_SORTS)

    state = Choices(QuoteState, load_default=())
    party_id = Id(load_default=None)
    date_from = Day(load_default=None)
    date_to = Day(load_default=None)
    q = Text(load_default="", length=64, metadata={"description": "how the number begins"})

    def make(self, ctx: Context, given: dict[str, Any]) -> QuoteQuery:
        return QuoteQuery(
            page=self.page(given),
            states=given["state"],
            party_id=given["party_id"],
            date_from=given["date_from"],
            date_to=given["date_to"],
            number=given["q"],
        )


class QuoteHeadDto(ResponseDto[QuoteSummary]):
    """A quote without its lines, as lists of quotes show it."""

    id = Id(required=True)
    version = Whole(required=True)
    number = Text(required=True, metadata={"description": "empty: a draft"})
    state = Choice(QuoteState, required=True)
    party_id = Id(required=True)
    date = Day(required=True)
    valid_until = Day(required=True, allow_none=True)
    reference = Text(required=True, length=REFERENCE_LENGTH_MAX)
    currency = Text(required=True, length=3)
    net = Nested(MoneyDto, required=True)
    tax = Nested(MoneyDto, required=True)
    total = Nested(MoneyDto, required=True)

    def show(self, thing: QuoteSummary) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "number": thing.number,
            "state": thing.state.value,
            "party_id": str(thing.party_id),
            "date": show.day(thing.on),
            "valid_until": show.day(thing.valid_until),
            "reference": thing.reference,
            "currency": thing.totals.net.currency,
            "net": show.money(thing.totals.net),
            "tax": show.money(thing.totals.tax),
            "total": show.money(thing.totals.total),
        }


class QuoteLineDto(ResponseDto[QuoteLine], PricedLineFields):
    """A line of a quote, and how much of it was ordered and invoiced."""

    goods = Flag(required=True, metadata={"description": "goods are shipped"})
    warehouse_id = Id(required=True, allow_none=True)
    ordered = Exact(required=True)
    invoiced = Exact(required=True)
    left = Exact(required=True, metadata={"description": "to order, or to invoice without one"})

    def show(self, thing: QuoteLine) -> dict[str, Any]:
        return PRICED_LINE.show(thing.priced) | {
            "goods": thing.goods,
            "warehouse_id": show.key(thing.warehouse_id),
            "ordered": str(thing.ordered),
            "invoiced": str(thing.invoiced),
            "left": str(thing.left),
        }


class QuoteDto(TotalsFields, ResponseDto[Quote]):
    id = Id(required=True)
    version = Whole(required=True)
    number = Text(required=True, metadata={"description": "empty: a draft"})
    state = Choice(QuoteState, required=True)
    party_id = Id(required=True)
    customer = Nested(SnapshotDto, required=True, allow_none=True)
    date = Day(required=True)
    valid_until = Day(required=True, allow_none=True)
    payment_term_id = Id(required=True, allow_none=True)
    reference = Text(required=True, length=REFERENCE_LENGTH_MAX)
    note = Text(required=True, length=NOTE_LENGTH_MAX)
    currency = Text(required=True, length=3)
    discount_percent = Exact(required=True)
    discount_amount = Exact(required=True, allow_none=True)
    lines = List(Nested(QuoteLineDto), required=True, most=LINES_MAX)
    sent_at = Moment(required=True, allow_none=True)
    answered_at = Moment(required=True, allow_none=True)
    reason = Text(required=True, metadata={"description": "why it was refused"})

    def show(self, thing: Quote) -> dict[str, Any]:
        discount = thing.terms.discount
        return {
            **_HEAD.show(thing.summary),
            **shown_totals(thing.document),
            "customer": show_snapshot(thing.customer),
            "payment_term_id": show.key(thing.payment_term_id),
            "note": thing.note,
            "discount_percent": show.exact(discount.percent.percent),
            "discount_amount": show.exact(discount.amount),
            "lines": [_LINE.show(each) for each in thing.lines],
            "sent_at": show.moment(thing.sent_at),
            "answered_at": show.moment(thing.answered_at),
            "reason": thing.reason,
        }


_HEAD: Final = QuoteHeadDto()
_LINE: Final = QuoteLineDto()
QUOTE: Final = QuoteDto()


def routes(sales: SalesUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: QuoteCommand(id=QuoteId(key), version=version))
    return (
        Route(
            on="POST /v1/quotes",
            call=sales.add_quote,
            accepts=AddQuoteDto(),
            returns=QUOTE,
            status=HTTPStatus.CREATED,
            location="/v1/quotes/{id}",
        ),
        Route(
            on="GET /v1/quotes",
            call=sales.list_quotes,
            accepts=ListQuotesDto(),
            returns=PageDto(_HEAD),
        ),
        Route(
            on="GET /v1/quotes/<uuid:id>",
            call=sales.get_quote,
            accepts=NothingDto(lambda key, _: QuoteId(key)),
            returns=QUOTE,
        ),
        Route(
            on="GET /v1/quotes/<uuid:id>/pdf",
            call=sales.print_quote,
            accepts=PaperRequestDto(),
            paper=True,
        ),
        Route(
            on="PATCH /v1/quotes/<uuid:id>",
            call=sales.change_quote,
            accepts=ChangeQuoteDto(),
            returns=QUOTE,
        ),
        Route(
            on="DELETE /v1/quotes/<uuid:id>",
            call=sales.delete_quote,
            accepts=one,
            returns=None,
        ),
        *_steps(sales, one),
    )


def _steps(sales: SalesUseCases, one: NothingDto) -> tuple[Route, ...]:
    return (
        Route(
            on="POST /v1/quotes/<uuid:id>/send",
            call=sales.send_quote,
            accepts=SendQuoteDto(),
            returns=QUOTE,
            status=HTTPStatus.ACCEPTED,
        ),
        Route(
            on="POST /v1/quotes/<uuid:id>/accept",
            call=sales.accept_quote,
            accepts=one,
            returns=QUOTE,
        ),
        Route(
            on="POST /v1/quotes/<uuid:id>/refuse",
            call=sales.refuse_quote,
            accepts=RefuseQuoteDto(),
            returns=QUOTE,
        ),
        Route(
            on="POST /v1/quotes/<uuid:id>/order",
            call=sales.order_quote,
            accepts=OrderQuoteDto(),
            returns=ORDER,
            status=HTTPStatus.CREATED,
            location="/v1/orders/{id}",
        ),
    )

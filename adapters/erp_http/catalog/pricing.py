"""What a document would come to, over HTTP: a web shop's cart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from erp_core.catalog.entities import (
    LINES_MAX,
    LineKind,
    LineRequest,
    PricedDocument,
    PricedLine,
    PriceListId,
)
from erp_core.catalog.entities.tax_class import COMPONENTS_MAX
from erp_core.catalog.use_cases import CatalogUseCases, PreviewPricingCommand
from erp_core.identity.entities import Rounding
from erp_core.kernel.context import Context
from erp_http.catalog.lines import (
    PRICED_LINE,
    DiscountFields,
    LineRequestDto,
    TaxAmountDto,
    TotalsFields,
    discount_of,
    line_request,
    made_lines,
    shown_totals,
)
from erp_http.catalog.tax_classes import ComponentDto, components_of
from erp_http.dto import MoneyDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Day, Exact, Flag, Id, List, Nested, Text
from erp_http.routing import Route

_SHOWN: Final = (
    *("kind", "product_id", "quantity", "unit", "unit_price", "price_includes_tax"),
    *("net", "tax", "total", "taxes"),
)


class PreviewLineDto(LineRequestDto):
    """A line that may spell out its taxes, and need not say what it is."""

    taxes = List(
        Nested(ComponentDto),
        most=COMPONENTS_MAX,
        load_default=None,
        allow_none=True,
        metadata={"description": "instead of a tax class"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> LineRequest:
        request = line_request(given)
        taxes = None if given["taxes"] is None else components_of(given["taxes"], "taxes")
        nameless = request.product_id is None and not request.description
        return replace(
            request, components=taxes, description="-" if nameless else request.description
        )


class PreviewPricingDto(DiscountFields, RequestDto):
    currency = Text(required=True, length=3)
    lines = List(Nested(PreviewLineDto), most=LINES_MAX, required=True)
    rounding = Choice(Rounding, load_default=None, allow_none=True)
    cash_step = Exact(load_default=None, allow_none=True, metadata={"examples": ["0.05"]})
    party_id = Id(load_default=None, allow_none=True)
    price_list_id = Id(load_default=None, allow_none=True)
    date = Day(load_default=None, allow_none=True, metadata={"description": "today when absent"})

    def make(self, ctx: Context, given: dict[str, Any]) -> PreviewPricingCommand:
        listed = given["price_list_id"]
        return PreviewPricingCommand(
            currency=given["currency"],
            lines=made_lines(_LINE, ctx, given["lines"]),
            discount=discount_of(given),
            rounding=given["rounding"],
            cash_step=given["cash_step"],
            party_id=given["party_id"],
            price_list_id=None if listed is None else PriceListId(listed),
            on=given["date"],
        )


class PreviewedLineDto(ResponseDto[PricedLine]):
    kind = Choice(LineKind, required=True)
    product_id = Id(required=True, allow_none=True)
    quantity = Exact(required=True)
    unit = Text(required=True)
    unit_price = Nested(MoneyDto, required=True)
    price_includes_tax = Flag(required=True)
    net = Nested(MoneyDto, required=True)
    tax = Nested(MoneyDto, required=True)
    total = Nested(MoneyDto, required=True)
    taxes = List(Nested(TaxAmountDto), required=True)

    def show(self, thing: PricedLine) -> dict[str, Any]:
        shown = PRICED_LINE.show(thing)
        return {name: shown[name] for name in _SHOWN}


class PreviewDto(TotalsFields, ResponseDto[PricedDocument]):
    lines = List(Nested(PreviewedLineDto), most=LINES_MAX, required=True)

    def show(self, thing: PricedDocument) -> dict[str, Any]:
        lines = [_PREVIEWED_LINE.show(each) for each in thing.lines]
        return {"lines": lines, **shown_totals(thing)}


_LINE: Final = PreviewLineDto()
_PREVIEWED_LINE: Final = PreviewedLineDto()


def routes(catalog: CatalogUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="POST /v1/pricing/preview",
            call=catalog.preview_pricing,
            accepts=PreviewPricingDto(),
            returns=PreviewDto(),
        ),
    )

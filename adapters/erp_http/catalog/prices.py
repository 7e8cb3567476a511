"""The price of a product over HTTP."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from erp_core.catalog.entities import FoundPrice, PriceListId, PriceSource, ProductId
from erp_core.catalog.use_cases import CatalogUseCases, FindPriceCommand
from erp_core.kernel.context import Context
from erp_core.kernel.errors import at
from erp_core.kernel.quantity import Quantity
from erp_http import show
from erp_http.dto import MoneyDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Day, Exact, Flag, Id, Nested, Text
from erp_http.routing import Route


class FindPriceDto(RequestDto):
    quantity = Exact(load_default=Decimal(1))
    party_id = Id(load_default=None)
    price_list_id = Id(load_default=None)
    date = Day(load_default=None, metadata={"description": "today (UTC) when absent"})
    currency = Text(load_default="", length=3)

    def make(self, ctx: Context, given: dict[str, Any]) -> FindPriceCommand:
        listed = given["price_list_id"]
        with at("quantity"):
            quantity = Quantity(given["quantity"])
        return FindPriceCommand(
            product_id=ProductId(given["id"]),
            quantity=quantity,
            party_id=given["party_id"],
            price_list_id=None if listed is None else PriceListId(listed),
            on=given["date"],
            currency=given["currency"],
        )


class FoundPriceDto(ResponseDto[FoundPrice]):
    product_id = Id(required=True)
    price = Nested(MoneyDto, required=True)
    includes_tax = Flag(required=True)
    source = Choice(PriceSource, required=True)
    price_list_id = Id(required=True, allow_none=True)
    minimum_quantity = Exact(required=True)

    def show(self, thing: FoundPrice) -> dict[str, Any]:
        return {
            "product_id": str(thing.product_id),
            "price": show.money(thing.price),
            "includes_tax": thing.includes_tax,
            "source": thing.source.value,
            "price_list_id": show.key(thing.price_list_id),
            "minimum_quantity": show.exact(thing.minimum_quantity.value),
        }


def routes(catalog: CatalogUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="GET /v1/products/<uuid:id>/price",
            call=catalog.find_price,
            accepts=FindPriceDto(),
            returns=FoundPriceDto(),
        ),
    )

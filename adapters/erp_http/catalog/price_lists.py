"""Price lists over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from marshmallow import Schema

from erp_core.catalog.entities import (
    PRICE_LIST_SORTS,
    PriceEntry,
    PriceList,
    PriceListChanges,
    PriceListId,
    ProductId,
)
from erp_core.catalog.ports import PriceListQuery
from erp_core.catalog.use_cases import (
    CatalogUseCases,
    ChangePriceListCommand,
    PriceListCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.quantity import ZERO, Quantity
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
from erp_http.fields import Day, Exact, Flag, Id, List, Nested, Price, Text, Whole
from erp_http.routing import Route

_ENTRIES_MAX: Final = 2000


class EntryDto(Schema):
    product_id = Id(required=True)
    minimum_quantity = Exact(load_default=ZERO.value)
    price = Price(required=True)


class AddPriceListDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    name = Text(required=True, length=120)
    currency = Text(load_default=None, length=3)
    includes_tax = Flag(load_default=False)
    valid_from = Day(load_default=None, allow_none=True)
    valid_to = Day(load_default=None, allow_none=True)
    party_id = Id(load_default=None, allow_none=True)
    level = Whole(load_default=None, allow_none=True)
    entries = List(Nested(EntryDto), load_default=tuple, most=_ENTRIES_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> PriceList:
        return PriceList(
            id=PriceListId(given["id"] or new_id()),
            name=given["name"],
            currency=given["currency"] or ctx.currency,
            includes_tax=given["includes_tax"],
            valid_from=given["valid_from"],
            valid_to=given["valid_to"],
            party_id=given["party_id"],
            level=given["level"],
            entries=_entries(ctx, given["entries"]),
        )


class ChangePriceListDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays; entries are replaced as a whole."""

    name = Text(length=120)
    includes_tax = Flag()
    valid_from = Day(allow_none=True)
    valid_to = Day(allow_none=True)
    level = Whole(allow_none=True)
    entries = List(Nested(EntryDto), most=_ENTRIES_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangePriceListCommand:
        changes: PriceListChanges = {}
        if "name" in given:
            changes["name"] = given["name"]
        if "includes_tax" in given:
            changes["includes_tax"] = given["includes_tax"]
        if "valid_from" in given:
            changes["valid_from"] = given["valid_from"]
        if "valid_to" in given:
            changes["valid_to"] = given["valid_to"]
        if "level" in given:
            changes["level"] = given["level"]
        if "entries" in given:
            changes["entries"] = _entries(ctx, given["entries"])
        return ChangePriceListCommand(
            id=PriceListId(given["id"]), version=given["if_match"], changes=changes
        )


def _entries(ctx: Context, given: list[dict[str, Any]]) -> tuple[PriceEntry, ...]:
    return tuple(_entry(ctx, index, each) for index, each in enumerate(given))


def _entry(ctx: Context, index: int, given: dict[str, Any]) -> PriceEntry:
    with at(f"entries/{index}/price"):
        price = needed(unit_price(ctx, given["price"]))
    with at(f"entries/{index}"):
        return PriceEntry(
            product_id=ProductId(given["product_id"]),
            minimum_quantity=Quantity(given["minimum_quantity"]),
            price=price,
        )


class ListPriceListsDto(ListDto):
    sorts = tuple(PRICE_LIST_SORTS)

    party_id = Id(load_default=None)
    level = Whole(load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> PriceListQuery:
        return PriceListQuery(
            page=self.page(given), party_id=given["party_id"], level=given["level"]
        )


class PriceListHeadDto(ResponseDto[PriceList]):
    """A price list without its prices, as lists of lists show it."""

    id = Id(required=True)
    version = Whole(required=True)
    name = Text(required=True)
    currency = Text(required=True)
    includes_tax = Flag(required=True)
    valid_from = Day(required=True, allow_none=True)
    valid_to = Day(required=True, allow_none=True)
    party_id = Id(required=True, allow_none=True)
    level = Whole(required=True, allow_none=True)

    def show(self, thing: PriceList) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "name": thing.name,
            "currency": thing.currency,
            "includes_tax": thing.includes_tax,
            "valid_from": None if thing.valid_from is None else thing.valid_from.isoformat(),
            "valid_to": None if thing.valid_to is None else thing.valid_to.isoformat(),
            "party_id": show.key(thing.party_id),
            "level": thing.level,
        }


class ShownEntryDto(Schema):
    product_id = Id(required=True)
    minimum_quantity = Exact(required=True)
    price = Nested(MoneyDto, required=True)


class PriceListDto(PriceListHeadDto):
    entries = List(Nested(ShownEntryDto), required=True, most=_ENTRIES_MAX)

    def show(self, thing: PriceList) -> dict[str, Any]:
        entries = [
            {
                "product_id": str(each.product_id),
                "minimum_quantity": show.exact(each.minimum_quantity.value),
                "price": show.money(each.price),
            }
            for each in thing.entries
        ]
        return super().show(thing) | {"entries": entries}


def routes(catalog: CatalogUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: PriceListCommand(id=PriceListId(key), version=version))
    return (
        Route(
            on="POST /v1/price-lists",
            call=catalog.add_price_list,
            accepts=AddPriceListDto(),
            returns=PriceListDto(),
            status=HTTPStatus.CREATED,
            location="/v1/price-lists/{id}",
        ),
        Route(
            on="GET /v1/price-lists",
            call=catalog.list_price_lists,
            accepts=ListPriceListsDto(),
            returns=PageDto(PriceListHeadDto()),
        ),
        Route(
            on="GET /v1/price-lists/<uuid:id>",
            call=catalog.get_price_list,
            accepts=one,
            returns=PriceListDto(),
        ),
        Route(
            on="PATCH /v1/price-lists/<uuid:id>",
            call=catalog.change_price_list,
            accepts=ChangePriceListDto(),
            returns=PriceListDto(),
        ),
    )

"""Products over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from marshmallow import Schema

from erp_core.catalog.entities import (
    PRODUCT_SORTS,
    STANDARD_UNIT,
    CustomField,
    Product,
    ProductChanges,
    ProductId,
    ProductKind,
    ProductState,
    Tracking,
    Translation,
)
from erp_core.catalog.ports import ProductQuery
from erp_core.catalog.use_cases import (
    CatalogUseCases,
    ChangeProductCommand,
    ProductCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_http import show
from erp_http.dto import (
    ListDto,
    MoneyDto,
    NothingDto,
    PageDto,
    RequestDto,
    ResponseDto,
    unit_price,
)
from erp_http.fields import (
    Choice,
    Choices,
    Exact,
    Flag,
    Id,
    List,
    Map,
    Moment,
    Nested,
    Price,
    Text,
    Whole,
)
from erp_http.routing import Route

_DESCRIPTION_LENGTH: Final = 2000
_VALUE_LENGTH: Final = 500


class TranslationDto(Schema):
    name = Text(required=True)
    description = Text(load_default="", length=_DESCRIPTION_LENGTH)


class AddProductDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    sku = Text(required=True, length=64)
    name = Text(required=True)
    kind = Choice(ProductKind, required=True)
    description = Text(load_default="", allow_none=True, length=_DESCRIPTION_LENGTH)
    translations = Map(Nested(TranslationDto), load_default=dict, most=16)
    unit = Text(load_default=STANDARD_UNIT, length=16)
    barcode = Text(load_default="", allow_none=True, length=14)
    sale_price = Price(load_default=None, allow_none=True)
    price_includes_tax = Flag(load_default=False)
    tax_class_id = Id(load_default=None, allow_none=True)
    minimum_price = Price(load_default=None, allow_none=True)
    cost_price = Price(load_default=None, allow_none=True)
    stock_managed = Flag(load_default=None)  # as is usual for the kind
    tracking = Choice(Tracking, load_default=Tracking.NONE)
    reorder_point = Exact(load_default=None, allow_none=True)
    desired_level = Exact(load_default=None, allow_none=True)
    lead_time_days = Whole(load_default=None, allow_none=True)
    weight_kg = Exact(load_default=None, allow_none=True)
    length_cm = Exact(load_default=None, allow_none=True)
    width_cm = Exact(load_default=None, allow_none=True)
    height_cm = Exact(load_default=None, allow_none=True)
    customs_code = Text(load_default="", allow_none=True, length=12)
    origin_country = Text(load_default="", allow_none=True, length=2)
    for_sale = Flag(load_default=True)
    for_purchase = Flag(load_default=True)
    tags = List(Text(length=40), load_default=tuple, most=32)
    custom_fields = Map(Text(length=_VALUE_LENGTH), load_default=dict, most=32)

    def make(self, ctx: Context, given: dict[str, Any]) -> Product:
        usual = given["stock_managed"] is None
        return Product(
            id=ProductId(given["id"] or new_id()),
            sku=given["sku"],
            name=given["name"],
            kind=given["kind"],
            description=given["description"] or "",
            translations=tuple(_translations(given["translations"]).values()),
            unit=given["unit"],
            barcode=given["barcode"] or "",
            sale_price=_price(ctx, given, "sale_price"),
            price_includes_tax=given["price_includes_tax"],
            tax_class_id=given["tax_class_id"],
            minimum_price=_price(ctx, given, "minimum_price"),
            cost_price=_price(ctx, given, "cost_price"),
            stock_managed=given["kind"].keeps_stock if usual else given["stock_managed"],
            tracking=given["tracking"],
            reorder_point=_quantity(given, "reorder_point"),
            desired_level=_quantity(given, "desired_level"),
            lead_time_days=given["lead_time_days"],
            weight_kg=given["weight_kg"],
            length_cm=given["length_cm"],
            width_cm=given["width_cm"],
            height_cm=given["height_cm"],
            customs_code=given["customs_code"] or "",
            origin_country=given["origin_country"] or "",
            for_sale=given["for_sale"],
            for_purchase=given["for_purchase"],
            tags=tuple(given["tags"]),
            custom_fields=tuple(_custom_fields(given["custom_fields"]).values()),
        )


_AS_GIVEN: Final = (
    "sku",
    "name",
    "kind",
    "unit",
    "price_includes_tax",
    "tax_class_id",
    "stock_managed",
    "tracking",
    "lead_time_days",
    "weight_kg",
    "length_cm",
    "width_cm",
    "height_cm",
    "for_sale",
    "for_purchase",
)
_TEXTS: Final = ("description", "barcode", "customs_code", "origin_country")
_PRICES: Final = ("sale_price", "minimum_price", "cost_price")
_QUANTITIES: Final = ("reorder_point", "desired_level")


class ChangeProductDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays, null clears."""

    sku = Text(length=64)
    name = Text()
    kind = Choice(ProductKind)
    description = Text(allow_none=True, length=_DESCRIPTION_LENGTH)
    translations = Map(Nested(TranslationDto, allow_none=True), allow_none=True, most=16)
    unit = Text(length=16)
    barcode = Text(allow_none=True, length=14)
    sale_price = Price(allow_none=True)
    price_includes_tax = Flag()
    tax_class_id = Id(allow_none=True)
    minimum_price = Price(allow_none=True)
    cost_price = Price(allow_none=True)
    stock_managed = Flag()
    tracking = Choice(Tracking)
    reorder_point = Exact(allow_none=True)
    desired_level = Exact(allow_none=True)
    lead_time_days = Whole(allow_none=True)
    weight_kg = Exact(allow_none=True)
    length_cm = Exact(allow_none=True)
    width_cm = Exact(allow_none=True)
    height_cm = Exact(allow_none=True)
    customs_code = Text(allow_none=True, length=12)
    origin_country = Text(allow_none=True, length=2)
    for_sale = Flag()
    for_purchase = Flag()
    tags = List(Text(length=40), allow_none=True, most=32)
    custom_fields = Map(Text(allow_none=True, length=_VALUE_LENGTH), allow_none=True, most=64)

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeProductCommand:
        return ChangeProductCommand(
            id=ProductId(given["id"]),
            version=given["if_match"],
            changes=_changes(ctx, given),
            translations=_translations(given.get("translations") or {}),
            custom_fields=_custom_fields(given.get("custom_fields") or {}),
        )


def _changes(ctx: Context, given: dict[str, Any]) -> ProductChanges:
    told: Any = {name: given[name] for name in _AS_GIVEN if name in given}
    told |= {name: given[name] or "" for name in _TEXTS if name in given}
    told |= {name: _price(ctx, given, name) for name in _PRICES if name in given}
    told |= {name: _quantity(given, name) for name in _QUANTITIES if name in given}
    if "tags" in given:
        told["tags"] = tuple(given["tags"] or ())
    # Members that are named are changed one by one; null clears them all.
    told |= {
        name: ()
        for name in ("translations", "custom_fields")
        if name in given and given[name] is None
    }
    changes: ProductChanges = told
    return changes


def _translations(given: dict[str, Any]) -> dict[str, Any]:
    return {
        locale: None
        if each is None
        else Translation(locale=locale, name=each["name"], description=each["description"])
        for locale, each in given.items()
    }


def _custom_fields(given: dict[str, Any]) -> dict[str, Any]:
    return {
        name: None if value is None else CustomField(name=name, value=value)
        for name, value in given.items()
    }


def _price(ctx: Context, given: dict[str, Any], name: str) -> UnitPrice | None:
    with at(name):
        return unit_price(ctx, given[name])


def _quantity(given: dict[str, Any], name: str) -> Quantity | None:
    with at(name):
        return None if given[name] is None else Quantity(given[name])


class ListProductsDto(ListDto):
    sorts = tuple(PRODUCT_SORTS)

    q = Text(
        load_default="", metadata={"description": "beginnings of words in SKU, barcode or name"}
    )
    state = Choices(ProductState, load_default=())
    kind = Choice(ProductKind, load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> ProductQuery:
        return ProductQuery(
            page=self.page(given), states=given["state"], kind=given["kind"], text=given["q"]
        )


class ProductDto(ResponseDto[Product]):
    id = Id(required=True)
    version = Whole(required=True)
    sku = Text(required=True)
    name = Text(required=True)
    kind = Choice(ProductKind, required=True)
    description = Text(required=True)
    translations = Map(Nested(TranslationDto), required=True)
    unit = Text(required=True)
    barcode = Text(required=True)
    sale_price = Nested(MoneyDto, required=True, allow_none=True)
    price_includes_tax = Flag(required=True)
    tax_class_id = Id(required=True, allow_none=True)
    minimum_price = Nested(MoneyDto, required=True, allow_none=True)
    cost_price = Nested(MoneyDto, required=True, allow_none=True)
    stock_managed = Flag(required=True)
    tracking = Choice(Tracking, required=True)
    reorder_point = Exact(required=True, allow_none=True)
    desired_level = Exact(required=True, allow_none=True)
    lead_time_days = Whole(required=True, allow_none=True)
    weight_kg = Exact(required=True, allow_none=True)
    length_cm = Exact(required=True, allow_none=True)
    width_cm = Exact(required=True, allow_none=True)
    height_cm = Exact(required=True, allow_none=True)
    customs_code = Text(required=True)
    origin_country = Text(required=True)
    for_sale = Flag(required=True)
    for_purchase = Flag(required=True)
    tags = List(Text(), required=True)
    custom_fields = Map(Text(), required=True)
    state = Choice(ProductState, required=True)
    archived_at = Moment(required=True, allow_none=True)

    def show(self, thing: Product) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "sku": thing.sku,
            "name": thing.name,
            "kind": thing.kind.value,
            "description": thing.description,
            "translations": {
                each.locale: {"name": each.name, "description": each.description}
                for each in thing.translations
            },
            "unit": thing.unit,
            "barcode": thing.barcode,
            "sale_price": show.money(thing.sale_price),
            "price_includes_tax": thing.price_includes_tax,
            "tax_class_id": show.key(thing.tax_class_id),
            "minimum_price": show.money(thing.minimum_price),
            "cost_price": show.money(thing.cost_price),
            "stock_managed": thing.stock_managed,
            "tracking": thing.tracking.value,
            "reorder_point": _shown(thing.reorder_point),
            "desired_level": _shown(thing.desired_level),
            "lead_time_days": thing.lead_time_days,
            "weight_kg": show.exact(thing.weight_kg),
            "length_cm": show.exact(thing.length_cm),
            "width_cm": show.exact(thing.width_cm),
            "height_cm": show.exact(thing.height_cm),
            "customs_code": thing.customs_code,
            "origin_country": thing.origin_country,
            "for_sale": thing.for_sale,
            "for_purchase": thing.for_purchase,
            "tags": list(thing.tags),
            "custom_fields": {each.name: each.value for each in thing.custom_fields},
            "state": thing.state.value,
            "archived_at": show.moment(thing.archived_at),
        }


def _shown(quantity: Quantity | None) -> str | None:
    return None if quantity is None else show.exact(quantity.value)


def routes(catalog: CatalogUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: ProductCommand(id=ProductId(key), version=version))
    return (
        Route(
            on="POST /v1/products",
            call=catalog.add_product,
            accepts=AddProductDto(),
            returns=ProductDto(),
            status=HTTPStatus.CREATED,
            location="/v1/products/{id}",
        ),
        Route(
            on="GET /v1/products",
            call=catalog.list_products,
            accepts=ListProductsDto(),
            returns=PageDto(ProductDto()),
        ),
        Route(
            on="GET /v1/products/<uuid:id>",
            call=catalog.get_product,
            accepts=one,
            returns=ProductDto(),
        ),
        Route(
            on="PATCH /v1/products/<uuid:id>",
            call=catalog.change_product,
            accepts=ChangeProductDto(),
            returns=ProductDto(),
        ),
        Route(
            on="POST /v1/products/<uuid:id>/archive",
            call=catalog.archive_product,
            accepts=one,
            returns=ProductDto(),
        ),
        Route(
            on="POST /v1/products/<uuid:id>/restore",
            call=catalog.restore_product,
            accepts=one,
            returns=ProductDto(),
        ),
    )

"""The catalog to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from erp_core.catalog.entities import (
    CustomField,
    Dimension,
    PriceEntry,
    PriceList,
    PriceListId,
    Product,
    ProductId,
    ProductKind,
    ProductState,
    TaxClass,
    TaxClassId,
    TaxComponent,
    Tracking,
    Translation,
    Unit,
    UnitId,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.money import Rate, UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId
from erp_sql.bulk import Columns
from erp_sql.values import read_price, write_price, write_prices

# Asked a member for its value, an enumeration takes longer than all the rest of a column.
_KINDS: Final = {each: each.value for each in ProductKind}
_TRACKINGS: Final = {each: each.value for each in Tracking}
_STATES: Final = {each: each.value for each in ProductState}
_NONE: Final[list[Any]] = []  # one for all, by which it is seen at once that they are alike


def write_unit(company_id: CompanyId, unit: Unit) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": unit.id,
        "version": unit.version + 1,
        "code": unit.code,
        "name": unit.name,
        "dimension": unit.dimension.value,
        "factor": unit.factor,
        "decimals": unit.decimals,
    }


def read_unit(row: Any) -> Unit:
    return Unit(
        id=UnitId(row.id),
        version=row.version,
        code=row.code,
        name=row.name,
        dimension=Dimension(row.dimension),
        factor=row.factor,
        decimals=row.decimals,
    )


def write_tax_class(company_id: CompanyId, tax_class: TaxClass) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": tax_class.id,
        "version": tax_class.version + 1,
        "name": tax_class.name,
        "components": [write_component(each) for each in tax_class.components],
        "archived_at": tax_class.archived_at,
    }


def read_tax_class(row: Any) -> TaxClass:
    return TaxClass(
        id=TaxClassId(row.id),
        version=row.version,
        name=row.name,
        components=tuple(read_component(each) for each in row.components),
        archived_at=row.archived_at,
    )


def write_component(component: TaxComponent) -> dict[str, Any]:
    return {
        "name": component.name,
        "rate": str(component.rate),
        "included": component.included,
        "compound": component.compound,
        "withheld": component.withheld,
    }


def read_component(told: dict[str, Any]) -> TaxComponent:
    return TaxComponent(
        name=told["name"],
        rate=Rate(Decimal(told["rate"])),
        included=told["included"],
        compound=told["compound"],
        withheld=told["withheld"],
    )


def write_product(company_id: CompanyId, product: Product) -> dict[str, Any]:
    sale_price, sale_currency = write_price(product.sale_price)
    minimum_price, minimum_currency = write_price(product.minimum_price)
    cost_price, cost_currency = write_price(product.cost_price)
    return {
        "company_id": company_id,
        "id": product.id,
        "version": product.version + 1,
        "sku": product.sku,
        "name": product.name,
        "kind": product.kind.value,
        "description": product.description,
        "translations": list(map(_write_translation, product.translations)),
        "unit": product.unit,
        "barcode": product.barcode or None,
        "sale_price": sale_price,
        "sale_currency": sale_currency,
        "price_includes_tax": product.price_includes_tax,
        "tax_class_id": product.tax_class_id,
        "minimum_price": minimum_price,
        "minimum_currency": minimum_currency,
        "cost_price": cost_price,
        "cost_currency": cost_currency,
        "stock_managed": product.stock_managed,
        "tracking": product.tracking.value,
        "reorder_point": _write_quantity(product.reorder_point),
        "desired_level": _write_quantity(product.desired_level),
        "lead_time_days": product.lead_time_days,
        "weight_kg": product.weight_kg,
        "length_cm": product.length_cm,
        "width_cm": product.width_cm,
        "height_cm": product.height_cm,
        "customs_code": product.customs_code,
        "origin_country": product.origin_country,
        "for_sale": product.for_sale,
        "for_purchase": product.for_purchase,
        "tags": list(product.tags),
        "custom_fields": {each.name: each.value for each in product.custom_fields},
        "state": product.state.value,
        "archived_at": product.archived_at,
    }


def write_many_products(company_id: CompanyId, products: Sequence[Product]) -> Columns:
    """Return what ``write_product`` makes of each, column by column: a fifth of the time."""
    sale_prices, sale_currencies = write_prices([each.sale_price for each in products])
    minimum_prices, minimum_currencies = write_prices([each.minimum_price for each in products])
    cost_prices, cost_currencies = write_prices([each.cost_price for each in products])
    return {
        "company_id": [company_id] * len(products),
        "id": [each.id for each in products],
        "version": [each.version + 1 for each in products],
        "sku": [each.sku for each in products],
        "name": [each.name for each in products],
        "kind": [_KINDS[each.kind] for each in products],
        "description": [each.description for each in products],
        "translations": [
            list(map(_write_translation, each.translations)) if each.translations else _NONE
            for each in products
        ],
        "unit": [each.unit for each in products],
        "barcode": [each.barcode or None for each in products],
        "sale_price": sale_prices,
        "sale_currency": sale_currencies,
        "price_includes_tax": [each.price_includes_tax for each in products],
        "tax_class_id": [each.tax_class_id for each in products],
        "minimum_price": minimum_prices,
        "minimum_currency": minimum_currencies,
        "cost_price": cost_prices,
        "cost_currency": cost_currencies,
        "stock_managed": [each.stock_managed for each in products],
        "tracking": [_TRACKINGS[each.tracking] for each in products],
        "reorder_point": [_write_quantity(each.reorder_point) for each in products],
        "desired_level": [_write_quantity(each.desired_level) for each in products],
        "lead_time_days": [each.lead_time_days for each in products],
        "weight_kg": [each.weight_kg for each in products],
        "length_cm": [each.length_cm for each in products],
        "width_cm": [each.width_cm for each in products],
        "height_cm": [each.height_cm for each in products],
        "customs_code": [each.customs_code for each in products],
        "origin_country": [each.origin_country for each in products],
        "for_sale": [each.for_sale for each in products],
        "for_purchase": [each.for_purchase for each in products],
        "tags": [list(each.tags) if each.tags else _NONE for each in products],
        "custom_fields": [
            {field.name: field.value for field in each.custom_fields} for each in products
        ],
        "state": [_STATES[each.state] for each in products],
        "archived_at": [each.archived_at for each in products],
    }


def read_product(row: Any) -> Product:
    return Product(
        id=ProductId(row.id),
        version=row.version,
        sku=row.sku,
        name=row.name,
        kind=ProductKind(row.kind),
        description=row.description,
        translations=tuple(
            Translation(locale=each["locale"], name=each["name"], description=each["description"])
            for each in row.translations
        ),
        unit=row.unit,
        barcode=row.barcode or "",
        sale_price=read_price(row.sale_price, row.sale_currency),
        price_includes_tax=row.price_includes_tax,
        tax_class_id=None if row.tax_class_id is None else TaxClassId(row.tax_class_id),
        minimum_price=read_price(row.minimum_price, row.minimum_currency),
        cost_price=read_price(row.cost_price, row.cost_currency),
        stock_managed=row.stock_managed,
        tracking=Tracking(row.tracking),
        reorder_point=_read_quantity(row.reorder_point),
        desired_level=_read_quantity(row.desired_level),
        lead_time_days=row.lead_time_days,
        weight_kg=row.weight_kg,
        length_cm=row.length_cm,
        width_cm=row.width_cm,
        height_cm=row.height_cm,
        customs_code=row.customs_code,
        origin_country=row.origin_country,
        for_sale=row.for_sale,
        for_purchase=row.for_purchase,
        tags=tuple(row.tags),
        custom_fields=tuple(
            CustomField(name=name, value=value) for name, value in row.custom_fields.items()
        ),
        state=ProductState(row.state),
        archived_at=row.archived_at,
    )


def write_words(
    company_id: CompanyId, product_id: ProductId, words: Iterable[str]
) -> list[dict[str, Any]]:
    return [
        {"company_id": company_id, "word": word, "product_id": product_id}
        for word in sorted(words)
    ]


def write_many_words(company_id: CompanyId, products: Iterable[Product]) -> Columns:
    """Return the words of many products, column by column, in the order of their index."""
    owners: dict[str, list[ProductId]] = {}
    for product in products:
        for word in product.search_words:
            owners.setdefault(word, []).append(product.id)
    words: list[str] = []
    ids: list[ProductId] = []
    for word in sorted(owners):
        words += [word] * len(owners[word])
        ids += owners[word]
    return {"company_id": [company_id] * len(ids), "word": words, "product_id": ids}


def write_price_list(company_id: CompanyId, price_list: PriceList) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": price_list.id,
        "version": price_list.version + 1,
        "name": price_list.name,
        "currency": price_list.currency,
        "includes_tax": price_list.includes_tax,
        "valid_from": price_list.valid_from,
        "valid_to": price_list.valid_to,
        "party_id": price_list.party_id,
        "level": price_list.level,
    }


def write_entries(company_id: CompanyId, price_list: PriceList) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            "price_list_id": price_list.id,
            "product_id": entry.product_id,
            "minimum_quantity": entry.minimum_quantity.value,
            "price": entry.price.amount,
        }
        for entry in price_list.entries
    ]


def read_price_list(row: Any, entries: Iterable[Any]) -> PriceList:
    return PriceList(
        id=PriceListId(row.id),
        version=row.version,
        name=row.name,
        currency=row.currency,
        includes_tax=row.includes_tax,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        party_id=None if row.party_id is None else PartyId(row.party_id),
        level=row.level,
        entries=tuple(
            PriceEntry(
                product_id=ProductId(each.product_id),
                minimum_quantity=Quantity(each.minimum_quantity),
                price=UnitPrice(each.price, row.currency),
            )
            for each in entries
        ),
    )


def _write_translation(translation: Translation) -> dict[str, str]:
    return {
        "locale": translation.locale,
        "name": translation.name,
        "description": translation.description,
    }


def _write_quantity(quantity: Quantity | None) -> Decimal | None:
    return None if quantity is None else quantity.value


def _read_quantity(value: Decimal | None) -> Quantity | None:
    return None if value is None else Quantity(value)

"""Units, tax classes, products and price lists to try a store with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from erp_core.catalog.entities import (
    CustomField,
    Dimension,
    PriceEntry,
    PriceList,
    PriceListId,
    Product,
    ProductId,
    ProductKind,
    TaxClass,
    TaxClassId,
    TaxComponent,
    Tracking,
    Translation,
    Unit,
    UnitId,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Rate, UnitPrice
from erp_core.kernel.quantity import Quantity

GTIN = "4006381333931"


def a_unit() -> Unit:
    """Make a unit of which no field is left at its default."""
    unit_id = UnitId(new_id())
    return Unit(
        id=unit_id,
        code=f"U{unit_id.hex[-12:]}",
        name="Saco de 60 kg, 袋",
        dimension=Dimension.MASS,
        factor=Decimal("60.000001"),
        decimals=2,
    )


def a_tax_class() -> TaxClass:
    """Make a tax class with two components that differ in everything."""
    return TaxClass(
        id=TaxClassId(new_id()),
        name="Serviço à vista",
        components=(
            TaxComponent(name="ISS", rate=Rate(Decimal("5.1234")), withheld=True),
            TaxComponent(name="IBS", rate=Rate(Decimal(10)), included=True, compound=True),
        ),
    )


def a_product() -> Product:
    """Make goods with nothing but what they must have."""
    product_id = ProductId(new_id())
    return Product(
        id=product_id, sku=f"TEA-{product_id.hex.upper()}", name="Tea", kind=ProductKind.GOODS
    )


def a_full_product(tax_class_id: TaxClassId | None = None) -> Product:
    """Make a product of which only what needs another thing is left at its default."""
    price = Decimal("123456789012.345678") / 2
    return replace(
        a_product(),
        name="Chá verde «Sencha», 煎茶 🍵",
        description="Folhas inteiras.\nColheita de maio.",
        translations=(
            Translation(locale="en", name="Green tea", description="Whole leaves."),
            Translation(locale="pt-PT", name="Chá", description=""),
        ),
        unit="kg",
        barcode=GTIN,
        sale_price=UnitPrice(price, "EUR"),
        price_includes_tax=True,
        tax_class_id=tax_class_id,
        minimum_price=UnitPrice(Decimal("7.000001"), "EUR"),
        cost_price=UnitPrice(Decimal("6.5"), "JPY"),
        tracking=Tracking.LOT,
        reorder_point=Quantity.of("2.5"),
        desired_level=Quantity.of("10.000001"),
        lead_time_days=14,
        weight_kg=Decimal("1.05"),
        length_cm=Decimal("30.5"),
        width_cm=Decimal(20),
        height_cm=Decimal("0.000001"),
        customs_code="09021000",
        origin_country="JP",
        for_sale=False,
        for_purchase=False,
        tags=("biológico", "茶"),
        custom_fields=(CustomField(name="b", value="Ω"), CustomField(name="a", value="")),
    )


def a_price_list(*entries: PriceEntry) -> PriceList:
    """Make a level, valid for a year."""
    return PriceList(
        id=PriceListId(new_id()),
        name="Atacado",
        currency="EUR",
        includes_tax=True,
        valid_from=date(2024, 1, 1),
        valid_to=date(2024, 12, 31),
        entries=entries,
    )

"""What a person can do with products, units, taxes and prices."""

from erp_core.catalog.entities import PRICE_OVERRIDE
from erp_core.catalog.use_cases.price_lists import (
    AddPriceList,
    ChangePriceList,
    ChangePriceListCommand,
    FindPrice,
    FindPriceCommand,
    GetPriceList,
    ListPriceLists,
    PriceListCommand,
    carry_price_lists,
)
from erp_core.catalog.use_cases.pricing import PreviewPricing, PreviewPricingCommand
from erp_core.catalog.use_cases.products import (
    AddProduct,
    ArchiveProduct,
    ChangeProduct,
    ChangeProductCommand,
    GetProduct,
    ListProducts,
    ProductCommand,
    RestoreProduct,
)
from erp_core.catalog.use_cases.tax_classes import (
    AddTaxClass,
    ArchiveTaxClass,
    ChangeTaxClass,
    ChangeTaxClassCommand,
    GetTaxClass,
    ListTaxClasses,
    TaxClassCommand,
)
from erp_core.catalog.use_cases.units import (
    AddUnit,
    ChangeUnit,
    ChangeUnitCommand,
    EnsureStandardUnits,
    EnsureStandardUnitsCommand,
    GetUnit,
    ListUnits,
    UnitCommand,
)
from erp_core.kernel.dataclass import dataclass

__all__ = [
    "PRICE_OVERRIDE",
    "AddPriceList",
    "AddProduct",
    "AddTaxClass",
    "AddUnit",
    "ArchiveProduct",
    "ArchiveTaxClass",
    "CatalogUseCases",
    "ChangePriceList",
    "ChangePriceListCommand",
    "ChangeProduct",
    "ChangeProductCommand",
    "ChangeTaxClass",
    "ChangeTaxClassCommand",
    "ChangeUnit",
    "ChangeUnitCommand",
    "EnsureStandardUnits",
    "EnsureStandardUnitsCommand",
    "FindPrice",
    "FindPriceCommand",
    "GetPriceList",
    "GetProduct",
    "GetTaxClass",
    "GetUnit",
    "ListPriceLists",
    "ListProducts",
    "ListTaxClasses",
    "ListUnits",
    "PreviewPricing",
    "PreviewPricingCommand",
    "PriceListCommand",
    "ProductCommand",
    "RestoreProduct",
    "TaxClassCommand",
    "UnitCommand",
    "carry_price_lists",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogUseCases:
    """All of the catalog, wired: what HTTP, the CLI and an embedding program call."""

    add_product: AddProduct
    get_product: GetProduct
    change_product: ChangeProduct
    archive_product: ArchiveProduct
    restore_product: RestoreProduct
    list_products: ListProducts
    add_unit: AddUnit
    ensure_standard_units: EnsureStandardUnits
    get_unit: GetUnit
    change_unit: ChangeUnit
    list_units: ListUnits
    add_tax_class: AddTaxClass
    get_tax_class: GetTaxClass
    change_tax_class: ChangeTaxClass
    archive_tax_class: ArchiveTaxClass
    list_tax_classes: ListTaxClasses
    add_price_list: AddPriceList
    get_price_list: GetPriceList
    change_price_list: ChangePriceList
    list_price_lists: ListPriceLists
    find_price: FindPrice
    preview_pricing: PreviewPricing

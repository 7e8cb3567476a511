"""Products, units, taxes and prices."""

from erp_core.catalog.entities.product import (
    PRODUCT_LIFECYCLE,
    PRODUCT_SORTS,
    Product,
    ProductArchived,
    ProductChanges,
    ProductId,
    ProductKind,
    ProductState,
    Tracking,
)
from erp_core.catalog.entities.product_details import CustomField, Translation
from erp_core.catalog.entities.tax_class import (
    TAX_CLASS_SORTS,
    TaxClass,
    TaxClassChanges,
    TaxClassId,
    TaxComponent,
    require_components,
)
from erp_core.catalog.entities.unit import (
    STANDARD_UNIT,
    UNIT_SORTS,
    Dimension,
    Unit,
    UnitChanges,
    UnitId,
    standard_units,
)

__all__ = [
    "PRODUCT_LIFECYCLE",
    "PRODUCT_SORTS",
    "STANDARD_UNIT",
    "TAX_CLASS_SORTS",
    "UNIT_SORTS",
    "CustomField",
    "Dimension",
    "Product",
    "ProductArchived",
    "ProductChanges",
    "ProductId",
    "ProductKind",
    "ProductState",
    "TaxClass",
    "TaxClassChanges",
    "TaxClassId",
    "TaxComponent",
    "Tracking",
    "Translation",
    "Unit",
    "UnitChanges",
    "UnitId",
    "require_components",
    "standard_units",
]

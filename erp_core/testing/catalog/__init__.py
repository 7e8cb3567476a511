"""What every keeper of products, units, tax classes and price lists must do."""

from erp_core.testing.catalog.builders import (
    a_full_product,
    a_price_list,
    a_product,
    a_tax_class,
    a_unit,
)
from erp_core.testing.catalog.price_lists import PriceListRepositoryContract
from erp_core.testing.catalog.products import (
    ConcurrentProductContract,
    ProductRepositoryContract,
)
from erp_core.testing.catalog.tax_classes import TaxClassRepositoryContract
from erp_core.testing.catalog.units import UnitRepositoryContract

__all__ = [
    "ConcurrentProductContract",
    "PriceListRepositoryContract",
    "ProductRepositoryContract",
    "TaxClassRepositoryContract",
    "UnitRepositoryContract",
    "a_full_product",
    "a_price_list",
    "a_product",
    "a_tax_class",
    "a_unit",
]

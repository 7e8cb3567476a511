"""What the catalog asks of the outside."""

from erp_core.catalog.ports.line_materials import read_line_materials
from erp_core.catalog.ports.price_lists import PriceListQuery, PriceListRepository, PriceSearch
from erp_core.catalog.ports.products import ProductQuery, ProductRepository, Taken
from erp_core.catalog.ports.tax_classes import TaxClassQuery, TaxClassRepository
from erp_core.catalog.ports.unit_of_work import CatalogUnitOfWork
from erp_core.catalog.ports.units import UnitQuery, UnitRepository

__all__ = [
    "CatalogUnitOfWork",
    "PriceListQuery",
    "PriceListRepository",
    "PriceSearch",
    "ProductQuery",
    "ProductRepository",
    "Taken",
    "TaxClassQuery",
    "TaxClassRepository",
    "UnitQuery",
    "UnitRepository",
    "read_line_materials",
]

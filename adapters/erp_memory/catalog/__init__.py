"""Products, units, tax classes and price lists in dictionaries."""

from erp_memory.catalog.price_lists import MemoryPriceLists
from erp_memory.catalog.products import MemoryProducts
from erp_memory.catalog.tax_classes import MemoryTaxClasses
from erp_memory.catalog.units import MemoryUnits

__all__ = ["MemoryPriceLists", "MemoryProducts", "MemoryTaxClasses", "MemoryUnits"]

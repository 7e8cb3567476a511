"""Products, units, tax classes and price lists, wherever they are kept."""

from erp_core.testing.catalog import (
    ConcurrentProductContract,
    PriceListRepositoryContract,
    ProductRepositoryContract,
    TaxClassRepositoryContract,
    UnitRepositoryContract,
)
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestProductsInMemory(InMemory, ProductRepositoryContract): ...


class TestProducts(InDatabase, ProductRepositoryContract): ...


class TestConcurrentProducts(OnServer, ConcurrentProductContract): ...


class TestUnitsInMemory(InMemory, UnitRepositoryContract): ...


class TestUnits(InDatabase, UnitRepositoryContract): ...


class TestTaxClassesInMemory(InMemory, TaxClassRepositoryContract): ...


class TestTaxClasses(InDatabase, TaxClassRepositoryContract): ...


class TestPriceListsInMemory(InMemory, PriceListRepositoryContract): ...


class TestPriceLists(InDatabase, PriceListRepositoryContract): ...

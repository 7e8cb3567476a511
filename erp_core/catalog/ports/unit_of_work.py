"""The transaction as the catalog sees it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.catalog.ports.price_lists import PriceListRepository
from erp_core.catalog.ports.products import ProductRepository
from erp_core.catalog.ports.tax_classes import TaxClassRepository
from erp_core.catalog.ports.units import UnitRepository
from erp_core.identity.ports import IdentityUnitOfWork
from erp_core.parties.ports import PartiesUnitOfWork


class CatalogUnitOfWork(PartiesUnitOfWork, IdentityUnitOfWork, Protocol):
    """The transaction as the catalog sees it."""

    @property
    @abstractmethod
    def products(self) -> ProductRepository: ...

    @property
    @abstractmethod
    def units(self) -> UnitRepository: ...

    @property
    @abstractmethod
    def tax_classes(self) -> TaxClassRepository: ...

    @property
    @abstractmethod
    def price_lists(self) -> PriceListRepository: ...

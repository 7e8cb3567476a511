"""The whole system in memory, for the rules of the catalog."""

import pytest

from erp_core.catalog.use_cases import CatalogUseCases
from erp_memory.store import MemoryStore
from tests.erps import an_erp


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def catalog(store: MemoryStore) -> CatalogUseCases:
    return an_erp(store).catalog

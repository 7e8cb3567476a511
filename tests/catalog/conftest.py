"""The whole system in memory, for the rules of the catalog."""

import pytest

from erp_core.catalog.use_cases import CatalogUseCases
from erp_core.erp import assemble
from erp_core.testing import FixedClock, Witness
from erp_memory.store import MemoryStore


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def catalog(store: MemoryStore) -> CatalogUseCases:
    return assemble(unit_of_work=store, clock=FixedClock(), observer=Witness()).catalog

"""What the table of words finds is what the product itself says of its words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from erp_core.catalog.entities import standard_units
from erp_core.catalog.ports import CatalogUnitOfWork, ProductQuery
from erp_core.kernel.context import CompanyId
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import context
from erp_core.testing.catalog import a_product
from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import database

TEXTS = st.text(st.sampled_from("aAbBçÇéÉßøİ 7-._煎𝔸'%\\"), min_size=1, max_size=8)
NAMES = st.lists(TEXTS.filter(str.strip), max_size=6)


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[SqlStore]:
    with database("sqlite", tmp_path) as engine:
        yield SqlStore(engine)


def found(
    store: UnitOfWorkFactory[CatalogUnitOfWork], company: CompanyId, names: list[str], text: str
) -> list[str]:
    """Store products of these names, and return those that a search finds, in order."""
    ctx = context(company=company)
    with store(ctx) as uow:
        uow.units.add_absent(ctx, standard_units())
        for number, name in enumerate(names):
            uow.products.add(ctx, replace(a_product(), name=name, sku=f"A{number}"))
        query = ProductQuery(page=PageRequest(limit=200), text=text)
        return [each.name for each in uow.products.page(ctx, query).items]


@given(names=NAMES, text=TEXTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_stores_find_the_same(sqlite: SqlStore, names: list[str], text: str) -> None:
    company = CompanyId(new_id())  # a fresh one each time: nothing of the last example is there
    assert found(sqlite, company, names, text) == found(MemoryStore(), company, names, text)

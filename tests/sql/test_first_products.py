"""Several first products at once: the company is given its units once, and nobody is refused."""

from functools import partial
from pathlib import Path

import pytest

from erp_core.catalog.entities import standard_units
from erp_core.catalog.ports import UnitQuery
from erp_core.kernel.page import PageRequest
from erp_core.testing import at_once, context
from erp_core.testing.catalog import a_product
from erp_sql.unit_of_work import SqlStore
from erp_system.clock import SystemClock
from tests.databases import KINDS, database
from tests.wiring import an_erp


@pytest.mark.parametrize("kind", KINDS)
def test_many_first_products_share_the_usual_units(kind: str, tmp_path: Path) -> None:
    clerk = context("catalog.*")
    with database(kind, tmp_path) as engine:
        store = SqlStore(engine)
        erp = an_erp(store, clock=SystemClock())
        jobs = [partial(erp.catalog.add_product, clerk, a_product()) for _ in range(6)]

        assert {each.version for each in at_once(*jobs)} == {1}
        page = UnitQuery(page=PageRequest(limit=200))
        assert len(erp.catalog.list_units(clerk, page).items) == len(standard_units())

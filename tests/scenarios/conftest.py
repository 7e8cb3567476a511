"""The shops in which the stories take place."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.scenarios.shopkeepers import Shopkeeper, a_shopkeeper


@pytest.fixture(params=["memory", *KINDS])
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shopkeeper]:
    """Stand a shopkeeper at his counter, wherever his books are kept."""
    if request.param == "memory":
        yield a_shopkeeper(MemoryStore())
        return
    with database(request.param, tmp_path) as engine:
        yield a_shopkeeper(SqlStore(engine))

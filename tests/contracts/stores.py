"""The stores that are held to the contracts we ask integrators to meet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, SERVERS, database


class InMemory:
    @pytest.fixture(autouse=True)
    def _store(self) -> None:
        self.unit_of_work = MemoryStore()


class InDatabase:
    @pytest.fixture(autouse=True, params=KINDS)
    def _store(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
        with database(request.param, tmp_path) as engine:
            self.unit_of_work = SqlStore(engine)
            yield


class OnServer(InDatabase):
    """Where many write at once; SQLite admits one at a time."""

    @pytest.fixture(autouse=True, params=SERVERS)
    def _store(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
        with database(request.param, tmp_path) as engine:
            self.unit_of_work = SqlStore(engine)
            yield

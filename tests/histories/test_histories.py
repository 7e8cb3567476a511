"""Eight callers at a few hot rows: whatever they were told, a serial order explains it."""

from pathlib import Path

import pytest

from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.histories.crowds import crowd, hot_rows, seed_of_this_run
from tests.histories.stockroom import Stockroom

THREADS = 8


def assert_explained(store, operations: int, seed: int) -> None:
    room = Stockroom(store=store)
    hot_rows(room)
    crowd(room, seed, operations, THREADS)
    verdict = room.judge()

    assert verdict.explained, f"ERP_TEST_SEED={seed}: {verdict.fault}"
    assert len(verdict.order) == len(room.recorder.calls) >= operations
    assert room.contended() == []  # nobody was the victim of a deadlock, or had to try again
    assert room.consistent()


def test_a_serial_order_explains_what_memory_answers() -> None:
    assert_explained(MemoryStore(lock_wait_seconds=60), 400, seed_of_this_run())


@pytest.mark.parametrize("history", range(2))
@pytest.mark.parametrize("kind", KINDS)
def test_a_serial_order_explains_what_a_database_answers(
    kind: str, history: int, tmp_path: Path
) -> None:
    with database(kind, tmp_path) as engine:
        assert_explained(SqlStore(engine), 400, seed_of_this_run() + history)


@pytest.mark.torture
@pytest.mark.timeout(600)
@pytest.mark.parametrize("history", range(20))
@pytest.mark.parametrize("kind", KINDS)
def test_a_serial_order_explains_long_histories(kind: str, history: int, tmp_path: Path) -> None:
    with database(kind, tmp_path) as engine:
        assert_explained(SqlStore(engine), 2000, seed_of_this_run() + history)

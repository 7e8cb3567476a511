"""CT-02: two transactions debit the same stock; the second is seen waiting for the first.

Its wait is read off the database itself, not guessed from the time it takes.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from erp_core.inventory.entities import StockKey
from erp_core.testing import context
from erp_core.testing.stock import ISSUE, ONE, TEN, StockContract
from erp_sql.engine import make_engine
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database

_BLOCKED_ON_POSTGRESQL = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock' AND cardinality(pg_blocking_pids(pid)) = 1"
)
_BLOCKED_ON_MYSQL = text(
    "SELECT count(*) FROM information_schema.innodb_trx AS waiting"
    " JOIN information_schema.processlist AS who ON who.id = waiting.trx_mysql_thread_id"
    " WHERE waiting.trx_state = 'LOCK WAIT' AND who.db = database()"
)


def eventually(seen: Callable[[], bool], seconds: float = 5) -> None:
    """Look again and again until *seen*, for a bounded time."""
    pause, until = Event(), monotonic() + seconds
    while not seen():
        assert monotonic() < until, "it was never seen"
        pause.wait(0.15)  # InnoDB's tables are as they were for whoever looks more often


def is_seen_waiting(engine: Engine) -> bool:
    """Say whether the database reports one transaction that waits for another's lock."""
    if engine.dialect.name == "sqlite":
        return is_locked(engine)
    query = _BLOCKED_ON_POSTGRESQL if engine.dialect.name == "postgresql" else _BLOCKED_ON_MYSQL
    with engine.connect() as connection:
        return bool(connection.execute(query).scalar_one() == 1)


def is_locked(engine: Engine) -> bool:
    """Ask SQLite, which keeps no list of those who wait, whether a writer would have to."""
    impatient = make_engine(engine.url.render_as_string(), lock_wait_seconds=0)
    try:
        with impatient.connect() as connection:
            connection.begin().rollback()
    except OperationalError as refusal:
        return "database is locked" in str(refusal)
    finally:
        impatient.dispose()
    return False


class Shop(StockContract):
    """What the contracts know of making stock, over a store of our own."""

    def __init__(self, engine: Engine) -> None:
        self.unit_of_work = SqlStore(engine)


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_debit_waits_for_the_first_and_then_sees_it(kind: str, tmp_path: Path) -> None:
    with database(kind, tmp_path) as engine, ThreadPoolExecutor(1) as pool:
        shop = Shop(engine)
        key = shop.a_key(TEN)
        second = _debit_while_another_holds(shop, key, engine, pool)
        second.result(timeout=10)

        after = [movement.on_hand_after.value for movement in shop.story(key)]
        assert after == [10, 9, 8]  # the one after the other, neither lost
        assert shop.item(key).on_hand.value == 8
        shop.assert_explained(key)


def _debit_while_another_holds(
    shop: Shop, key: StockKey, engine: Engine, pool: ThreadPoolExecutor
) -> Future:
    """Begin a debit, begin another beside it, see that one wait, and finish the first."""
    with shop.unit_of_work(context()) as uow:
        stock = uow.stock.lock(context(), [key])
        second = pool.submit(shop.issue, key, ONE)
        eventually(lambda: is_seen_waiting(engine))
        assert not second.done()
        uow.stock.save(context(), stock.issue(key, ONE, ISSUE))
        assert not second.done()
    return second

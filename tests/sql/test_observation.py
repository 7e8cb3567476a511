"""What the store tells of its statements: the slow ones, and how long locks were waited for."""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from erp_core.inventory.entities import StockKey
from erp_core.kernel.context import Context
from erp_core.testing import context
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.stock import ISSUE, ONE, TEN
from erp_sql.unit_of_work import SqlStore
from tests.acceptance.test_ct02_waiting import Shop, eventually, is_seen_waiting
from tests.databases import KINDS, database

LONG_SECONDS = 0.1


@pytest.mark.parametrize("kind", KINDS)
def test_a_slow_statement_is_logged_without_its_values(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ctx = context()
    with database(kind, tmp_path, slow_seconds=1e-9) as engine:
        with caplog.at_level(logging.WARNING, "erp.sql"), SqlStore(engine)(ctx) as uow:
            uow.warehouses.add(ctx, replace(a_warehouse(), code="SECRET-7"))
        lines = [each for each in caplog.records if vars(each).get("event") == "db.slow_statement"]

        assert any(vars(each)["statement"].startswith("INSERT INTO") for each in lines)
        assert "SECRET-7" not in str([vars(each)["statement"] for each in lines])
        assert {vars(each)["request_id"] for each in lines} == {ctx.request_id}
        assert all(vars(each)["duration_ms"] > 0 for each in lines)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_fast_is_not_logged(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ctx = context()
    with database(kind, tmp_path, slow_seconds=60) as engine, SqlStore(engine)(ctx) as uow:
        uow.warehouses.add(ctx, a_warehouse())

    assert not [each for each in caplog.records if each.name == "erp.sql"]


@pytest.mark.parametrize("kind", KINDS)
def test_how_long_another_s_lock_was_waited_for_is_told(kind: str, tmp_path: Path) -> None:
    with database(kind, tmp_path) as engine, ThreadPoolExecutor(1) as pool:
        shop, second = Shop(engine), context()
        key = shop.a_key(TEN)
        with shop.unit_of_work(context()) as uow:
            uow.stock.lock(context(), [key])
            waits = pool.submit(debit, shop, second, key)
            eventually(lambda: is_seen_waiting(engine))
            seen = monotonic()
            eventually(lambda: monotonic() > seen + LONG_SECONDS)
        waits.result(timeout=10)

        assert second.usage.locks >= 1
        assert second.usage.lock_seconds >= LONG_SECONDS


def debit(shop: Shop, ctx: Context, key: StockKey) -> None:
    with shop.unit_of_work(ctx) as uow:
        uow.stock.save(ctx, uow.stock.lock(ctx, [key]).issue(key, ONE, ISSUE))

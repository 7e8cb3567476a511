"""Every report about stock at a million movements, and about sales at a million lines, on one
engine.

Beside the time on the clock, the best of three, stands the processor time of one call, ours and
the database's together, which the neighbours of a busy machine disturb less.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, select

from erp_core.catalog.entities import ProductId
from erp_core.inventory.ports import (
    AbcQuery,
    ExpiringQuery,
    ForecastQuery,
    MovementQuery,
    ReorderQuery,
    SlowMoversQuery,
    StockAtQuery,
    StockQuery,
)
from erp_core.kernel.page import EXPORT_LIMIT_MAX, PageRequest
from erp_core.testing import context
from erp_migrations import upgrade
from erp_sql.engine import make_engine
from erp_sql.inventory.stock_statements import MOVEMENT
from erp_sql.unit_of_work import SqlStore, SqlUnitOfWork
from tests.benchmarks.__main__ import database
from tests.benchmarks.invoices import LINES, fill_invoices, sales_questions
from tests.benchmarks.movements import COMPANY, ENDS, fill

ASK: Final = context("inventory.*", company=COMPANY)
PAGE: Final = PageRequest(limit=100)
FIFTY: Final = PageRequest(limit=50)
COUNTED: Final = replace(PAGE, count=True)
WHOLE: Final = PageRequest(limit=EXPORT_LIMIT_MAX, export=True)
YEAR: Final = timedelta(days=365)
TIMES: Final = 3
DEEP: Final = Decimal("0.9")  # of all movements

Question = Callable[[SqlUnitOfWork], Any]


def questions(engine: Engine) -> dict[str, Question]:
    """Return what is asked, by the name it has in the table."""
    deep, of_lot = _places(engine)
    past, last = ENDS - YEAR, ENDS - timedelta(days=90)
    expiring = ExpiringQuery(page=PAGE, until=date(2026, 7, 1))
    slow = SlowMoversQuery(page=PAGE, since=last)
    abc = AbcQuery(page=PAGE, since=past, until=ENDS)
    lot = {"product_id": ProductId(of_lot.product_id), "lot": of_lot.lot}
    of_product = {"product_id": ProductId(of_lot.product_id)}
    after = replace(FIFTY, after=deep)
    return {
        "movements, first page": lambda u: u.stock.movements(ASK, MovementQuery(page=FIFTY)),
        "movements, at row 900,000": lambda u: u.stock.movements(ASK, MovementQuery(page=after)),
        "movements of a lot": lambda u: u.stock.movements(ASK, MovementQuery(page=FIFTY, **lot)),
        "movements of a product": lambda u: u.stock.movements(
            ASK, MovementQuery(page=FIFTY, **of_product)
        ),
        "movements of a day": lambda u: u.stock.movements(
            ASK, MovementQuery(page=FIFTY, since=past, until=past + timedelta(days=1))
        ),
        "items, first page": lambda u: u.stock.items(ASK, StockQuery(page=FIFTY)),
        "stock now, page": lambda u: u.stock_reports.stock_at(ASK, StockAtQuery(page=PAGE)),
        "stock now, counted": lambda u: u.stock_reports.stock_at(ASK, StockAtQuery(page=COUNTED)),
        "stock a year ago, page": lambda u: u.stock_reports.stock_at(
            ASK, StockAtQuery(page=PAGE, until=past)
        ),
        "stock a year ago, counted": lambda u: u.stock_reports.stock_at(
            ASK, StockAtQuery(page=COUNTED, until=past)
        ),
        "stock a year ago, 5,000 rows": lambda u: u.stock_reports.stock_at(
            ASK, StockAtQuery(page=WHOLE, until=past)
        ),
        "forecast, page": lambda u: u.stock_reports.forecast(ASK, ForecastQuery(page=PAGE)),
        "forecast, 5,000 rows": lambda u: u.stock_reports.forecast(ASK, ForecastQuery(page=WHOLE)),
        "reorder, page": lambda u: u.stock_reports.reorder(ASK, ReorderQuery(page=PAGE)),
        "reorder, 5,000 rows": lambda u: u.stock_reports.reorder(ASK, ReorderQuery(page=WHOLE)),
        "reorder, counted": lambda u: u.stock_reports.reorder(ASK, ReorderQuery(page=COUNTED)),
        "expiring, page": lambda u: u.stock_reports.expiring(ASK, expiring),
        "expiring, counted": lambda u: u.stock_reports.expiring(
            ASK, replace(expiring, page=COUNTED)
        ),
        "slow movers, page": lambda u: u.stock_reports.slow_movers(ASK, slow),
        "slow movers, counted": lambda u: u.stock_reports.slow_movers(
            ASK, replace(slow, page=COUNTED)
        ),
        "abc of a year, page": lambda u: u.stock_reports.abc(ASK, abc),
        "abc of a year, counted": lambda u: u.stock_reports.abc(ASK, replace(abc, page=COUNTED)),
        "abc of a month, page": lambda u: u.stock_reports.abc(
            ASK, replace(abc, since=ENDS - timedelta(days=30))
        ),
        "verify": lambda u: u.stock.differences(ASK, 1000),
    }


def _places(engine: Engine) -> tuple[Any, Any]:
    """Return the place of a page deep in the list of movements, and a movement of some lot."""
    mine = MOVEMENT.c.company_id == COMPANY
    with SqlStore(engine)(ASK, read_only=True) as uow, engine.connect() as connection:
        count = connection.scalar(select(func.count()).select_from(MOVEMENT).where(mine))
        in_order = select(MOVEMENT.c.id).where(mine).order_by(MOVEMENT.c.id)
        deep = connection.scalar(in_order.offset(int((count or 0) * DEEP)).limit(1))
        lot = connection.execute(select(MOVEMENT).where(mine, MOVEMENT.c.lot != "").limit(1)).one()
        page = uow.stock.movements(ASK, MovementQuery(page=PageRequest(limit=1))).next
    assert page is not None
    assert deep is not None
    return replace(page, id=deep), lot


def processor_seconds(connection: Connection) -> float:
    """Return the time of the processors that we and the connection's server have had."""
    stat = ""
    if connection.dialect.name == "postgresql":
        stat = f"/proc/{connection.exec_driver_sql('SELECT pg_backend_pid()').scalar()}/stat"
    elif connection.dialect.name == "mysql":
        # A thread of the server, which only MariaDB names.
        own = "SELECT tid FROM information_schema.processlist WHERE id = CONNECTION_ID()"
        stat = f"/proc/{connection.exec_driver_sql(own).scalar()}/stat"
    theirs = 0.0
    if stat:
        told = Path(stat).read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        theirs = (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + theirs


def measured(engine: Engine, ask: Question) -> tuple[float, float]:
    """Return the least time on the clock, and that of the processors on average."""
    best, spent = float("inf"), 0.0
    with engine.connect() as connection:
        uow = SqlUnitOfWork(connection)
        for _ in range(TIMES):
            cpu, begun = processor_seconds(connection), time.perf_counter()
            ask(uow)
            best = min(best, time.perf_counter() - begun)
            spent += processor_seconds(connection) - cpu
    return best, spent / TIMES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engine", choices=("postgresql", "mysql", "sqlite"))
    parser.add_argument(
        "--movements", type=int, default=1_000_000, help="and as many lines of invoices"
    )
    parser.add_argument("--only", default="", help="reports with these words in their name")
    parser.add_argument("--at", help="an empty database to fill and keep, or one that is filled")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="erp_bench_")))
        address = given.at or stack.enter_context(database(given.engine, folder))
        engine = make_engine(address)
        stack.callback(engine.dispose)
        upgrade(engine)
        with engine.connect() as connection:
            empty = connection.execute(select(MOVEMENT.c.id).limit(1)).first() is None
        if empty:
            begun = time.perf_counter()
            fill(engine, given.movements)
            fill_invoices(engine, given.movements // LINES)
            sys.stdout.write(f"filled in {time.perf_counter() - begun:.0f} s\n")
        sys.stdout.write(f"| Report | {given.engine} ms | cpu ms |\n| --- | --- | --- |\n")
        for name, ask in (questions(engine) | sales_questions(ASK)).items():
            if given.only in name:
                best, spent = measured(engine, ask)
                sys.stdout.write(f"| {name} | {best * 1000:.0f} | {spent * 1000:.0f} |\n")
                sys.stdout.flush()


if __name__ == "__main__":
    main()

"""A network that falls silent holds nobody longer than his deadline."""

import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import Engine, text

from erp_core.kernel.errors import (
    ContentionError,
    DeadlineExceededError,
    OperationCancelledError,
    UnavailableError,
)
from erp_core.testing import context
from erp_sql.engine import make_engine
from erp_sql.unit_of_work import SqlStore
from tests.databases import SERVERS, database
from tests.sql.proxies import Proxy, proxy

LATE_SECONDS = 0.5  # past the deadline, at the very most
BUSY_SECONDS = 1.0  # that a machine with other work to do may add


@pytest.fixture(params=SERVERS)
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Proxy, Engine]]:
    with database(request.param, tmp_path) as engine:
        host, port = engine.url.host or "127.0.0.1", engine.url.port
        port = port or {"postgresql": 5432, "mysql": 3306}[request.param]
        with proxy(host, port) as between:
            address = engine.url.set(host="127.0.0.1", port=between.port)
            # PyMySQL would take a socket before a port.
            address = address.difference_update_query(["unix_socket"])
            silenced = make_engine(
                address.render_as_string(hide_password=False), max_open=2, max_idle=2
            )
            yield between, silenced
            silenced.dispose()


def ask(engine: Engine, ctx) -> None:
    with SqlStore(engine)(ctx, read_only=True) as uow:
        uow.outbox.pending(ctx, 1)


def test_a_statement_into_the_silence_ends_with_its_deadline(line: tuple[Proxy, Engine]) -> None:
    between, engine = line
    ask(engine, context())  # a connection that works, which goes back to the pool
    between.silent.set()
    ticks, over = [], threading.Event()
    ticker = threading.Thread(target=lambda: tick(ticks, over))
    ticker.start()
    started = monotonic()
    with pytest.raises((DeadlineExceededError, UnavailableError)):
        ask(engine, context().with_timeout(1))
    took = monotonic() - started
    over.set()
    ticker.join()

    assert took < 1 + LATE_SECONDS + BUSY_SECONDS
    assert max(b - a for a, b in pairwise(ticks)) < BUSY_SECONDS  # no freeze
    between.silent.clear()
    ask(engine, context().with_timeout(10))  # and the pool is whole
    assert engine.pool.checkedout() == 0


def tick(ticks: list[float], over: threading.Event) -> None:
    while not over.wait(0.02):
        ticks.append(monotonic())


def test_a_statement_that_takes_too_long_is_stopped_and_its_connection_kept(
    line: tuple[Proxy, Engine],
) -> None:
    _, engine = line
    nap = {"postgresql": "SELECT pg_sleep(30)", "mysql": "SELECT SLEEP(30)"}[engine.dialect.name]
    store, started = SqlStore(engine), monotonic()
    ctx = context().with_timeout(0.3)
    with pytest.raises(DeadlineExceededError), store(ctx, read_only=True) as uow:
        uow._connection.execute(text(nap))  # noqa: SLF001  # no port of ours takes so long
    assert monotonic() - started < 0.3 + LATE_SECONDS + BUSY_SECONDS

    ctx, started = context(), monotonic()
    threading.Timer(0.2, ctx.cancellation.cancel, ["closed the page"]).start()
    with pytest.raises(OperationCancelledError), store(ctx, read_only=True) as uow:
        uow._connection.execute(text(nap))  # noqa: SLF001  # same
    assert monotonic() - started < 5
    ask(engine, context().with_timeout(10))


def test_connecting_into_the_silence_is_given_up(line: tuple[Proxy, Engine]) -> None:
    between, engine = line
    between.silent.set()
    started = monotonic()
    with pytest.raises((DeadlineExceededError, UnavailableError, ContentionError)):
        ask(engine, context().with_timeout(1))
    assert monotonic() - started < 12  # the time one waits for a handshake, not for ever

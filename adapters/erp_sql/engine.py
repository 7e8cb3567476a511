"""Engines, set up to be alike: the one place that knows what each database needs at connecting."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry

from erp_sql.postgres_plans import STALE
from erp_sql.saying import measure, said

READ_ONLY: Final = "erp_read_only"  # an execution option of the connection

_CONNECT_SECONDS: Final = 5
_ASIDE_SECONDS: Final = 2
_IDLE_SECONDS: Final = 5.0  # a connection that rested longer is asked whether it still lives

_EMPTY: Final[dict[str, type[Any]]] = {"[]": list, "{}": dict}
_DECODE: Final = json.JSONDecoder().raw_decode

# Named in full: left to itself SQLAlchemy 2.1 takes psycopg 3.
_DRIVERS: Final = {
    "postgres": "postgresql+psycopg2",
    "postgresql": "postgresql+psycopg2",
    "mysql": "mysql+pymysql",
    "mariadb": "mysql+pymysql",  # one dialect, so that UUIDs are CHAR(32) on both
    "sqlite": "sqlite+pysqlite",
}


def make_engine(  # noqa: PLR0913  # each an operator's setting, by its name
    url: str,
    *,
    lock_wait_seconds: int = 5,
    max_open: int = 10,
    max_idle: int = 10,
    lifetime_seconds: int = 1800,
    slow_seconds: float = 0.0,
    **extra: Any,
) -> Engine:
    """Make the engine of any supported URL.

    At most *max_open* connections exist at a time, *max_idle* of them are kept when nobody needs
    them, and none lives longer than *lifetime_seconds*. A statement that takes *slow_seconds* or
    longer is logged, without its values; 0 logs none. *extra* goes to SQLAlchemy as it is.
    """
    address = make_url(url)
    address = address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))
    idle = min(max_idle, max_open)
    pool = {
        "pool_size": idle,
        "max_overflow": max_open - idle,
        "pool_recycle": lifetime_seconds,
        "pool_timeout": lock_wait_seconds,
        "json_deserializer": _from_json,
        # Several rows in one INSERT; one by one they cost a round trip each.
        **({"executemany_mode": "values_plus_batch"} if "postgres" in address.drivername else {}),
        **extra,
    }
    match address.get_backend_name():
        case "sqlite":
            engine = _sqlite(address, lock_wait_seconds, pool)
        case "postgresql":
            engine = _postgresql(address, lock_wait_seconds, pool)
        case _:
            engine = _mysql(address, lock_wait_seconds, pool)
    measure(engine, slow_seconds or float("inf"))
    return engine


def interrupter(connection: Connection) -> Callable[[], None]:
    """Return what stops the statement *connection* is running; any thread may call it."""
    driver: Any = connection.connection.dbapi_connection
    stop: Callable[[], None]
    match connection.dialect.name:
        case "sqlite":
            stop = driver.interrupt
        case "postgresql":
            # Not psycopg2's own cancel(): it holds the interpreter's lock while it talks to the
            # server, and so stops the whole process where the network is silent.
            pid = driver.info.backend_pid
            stop = partial(_aside, connection.engine, f"SELECT pg_cancel_backend({pid:d})")
        case _:
            kill = f"KILL QUERY {driver.thread_id():d}"
            stop = partial(_aside, connection.engine, kill)
    return stop


def cutter(connection: Connection) -> Callable[[], None]:
    """Return what cuts the line to a server that no longer answers at all."""
    driver: Any = connection.connection.dbapi_connection
    match connection.dialect.name:
        case "sqlite":
            return driver.interrupt  # type: ignore[no-any-return]  # the driver is untyped here
        case "postgresql":
            return partial(_shut, driver.fileno())
        case _:
            return partial(_shut, driver._sock.fileno())  # noqa: SLF001  # PyMySQL shows it nowhere else


def _from_json(text: str) -> Any:
    """Read what we have written ourselves: it is JSON, and nothing stands around it."""
    # Most lists of most rows are empty, and a hundred rows have eight hundred of them.
    empty = _EMPTY.get(text)
    return _DECODE(text)[0] if empty is None else empty()


def _shut(descriptor: int) -> None:
    with suppress(OSError), socket.socket(fileno=socket.dup(descriptor)) as line:
        line.shutdown(socket.SHUT_RDWR)


def _aside(engine: Engine, statement: str) -> None:
    """Say *statement* over a line of its own: the pool may be exhausted by those who wait."""
    positional, named = engine.dialect.create_connect_args(engine.url)
    limits = ["connect_timeout"]
    if engine.dialect.name == "mysql":  # whose connect_timeout ends where the handshake begins
        limits += ["read_timeout", "write_timeout"]
    named.update(dict.fromkeys(limits, _ASIDE_SECONDS))
    with closing(engine.dialect.loaded_dbapi.connect(*positional, **named)) as line:
        line.cursor().execute(statement)


def _postgresql(address: URL, lock_wait_seconds: int, pool: dict[str, Any]) -> Engine:
    from erp_sql.postgres_ids import register  # noqa: PLC0415  # with a driver not all need

    # To compile a statement takes half a second, which the longest of ours do not win back.
    settings = (f"lock_timeout={lock_wait_seconds}s", "timezone=UTC", "jit=off")
    arguments = {
        "options": " ".join(f"-c {each}" for each in settings),
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "erp",
    }
    engine = _server(address, arguments, pool)

    @event.listens_for(engine, "connect")
    def ids(driver: Any, _record: object) -> None:
        register(driver)  # after SQLAlchemy, which lets the driver have its own way

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Readers need no BEGIN and no ROLLBACK: at READ COMMITTED each statement sees what is
        # committed when it starts, inside a transaction or not. The driver sends nothing for this.
        reads = connection.get_execution_options().get(READ_ONLY, False)
        driver: Any = connection.connection.dbapi_connection
        if driver.autocommit != reads:
            driver.autocommit = reads

    return engine


def _mysql(address: URL, lock_wait_seconds: int, pool: dict[str, Any]) -> Engine:
    strict = "sql_mode='TRADITIONAL'"  # refuse, never truncate
    zone = "time_zone='+00:00'"
    wait = f"innodb_lock_wait_timeout={lock_wait_seconds}"
    arguments = {
        "init_command": f"SET {strict}, {zone}, {wait}",
        "connect_timeout": _CONNECT_SECONDS,
        "read_timeout": _CONNECT_SECONDS,  # of the handshake, which connect_timeout leaves out
        "write_timeout": _CONNECT_SECONDS,
    }
    engine = _server(address.update_query_dict({"charset": "utf8mb4"}), arguments, pool)

    @event.listens_for(engine, "connect")
    def trust(driver: Any, _record: object) -> None:
        # From here on a statement may take its time; the watchdog knows how long.
        driver._read_timeout = driver._write_timeout = None  # noqa: SLF001  # no other way to it

    return engine


def _server(address: URL, arguments: dict[str, Any], pool: dict[str, Any]) -> Engine:
    # Not MySQL's REPEATABLE READ, whose plain reads would show the past behind a lock.
    engine = create_engine(
        address, isolation_level="READ COMMITTED", connect_args=arguments, **pool
    )

    @event.listens_for(engine, "checkin")
    def rest(_driver: Any, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()
        if record.info.get(STALE):
            record.invalidate(soft=True)  # whoever wants it next gets a new one

    @event.listens_for(engine, "checkout")
    def wake(driver: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
        # SQLAlchemy's own pre_ping asks at every checkout: a round trip for each transaction.
        rested = time.monotonic() - record.info.get("rests_since", time.monotonic())
        if rested > _IDLE_SECONDS:
            try:
                engine.dialect.do_ping(driver)
            except engine.dialect.loaded_dbapi.Error as error:
                raise DisconnectionError from error

    return engine


def _sqlite(address: URL, lock_wait_seconds: int, pool: dict[str, Any]) -> Engine:
    # isolation_level None takes BEGIN out of the driver's hands and gives it to begin() below.
    # A connection serves one thread at a time, but not always the same.
    arguments = {"isolation_level": None, "check_same_thread": False}
    if address.database in (None, "", ":memory:"):
        raise ValueError("an SQLite database needs a file: its connections share nothing else")
    engine = create_engine(address, connect_args=arguments, **pool)

    @event.listens_for(engine, "connect")
    def set_up(driver: Any, _record: object) -> None:
        driver.execute(f"PRAGMA busy_timeout = {lock_wait_seconds * 1000}")  # before all else
        driver.execute("PRAGMA journal_mode = WAL")
        driver.execute("PRAGMA synchronous = FULL")  # what was acknowledged outlives the power
        driver.execute("PRAGMA foreign_keys = ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A writer takes the lock at once: one that reads first may find it cannot write any more.
        reads = connection.get_execution_options().get(READ_ONLY, False)
        said(connection, "BEGIN" if reads else "BEGIN IMMEDIATE").close()

    return engine

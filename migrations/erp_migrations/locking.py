"""One program makes or changes a schema at a time; whoever comes second waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from erp_migrations.errors import BrokenReferencesError, MigrationLockedError
from erp_sql.dialects import is_contention

IN_THIS_PROCESS: Final = threading.Lock()  # alembic keeps its context in module globals

_POSTGRESQL_KEY: Final = int.from_bytes(b"erp_migr")  # any 64 bits that nobody else would take
# MySQL's names are the server's, not the database's, and have 64 characters at most.
_MYSQL_NAME: Final = "concat('erp_migrations_', md5(database()))"


@contextmanager
def alone(engine: Engine, wait_seconds: int) -> Iterator[Connection]:
    """Yield a connection in a transaction of its own, while nobody else migrates.

    Raises:
        MigrationLockedError: another program migrates, and did not end in *wait_seconds*.
        BrokenReferencesError: what was done broke a reference; it is undone.
    """
    with IN_THIS_PROCESS, engine.connect() as connection:
        # Closed at the end, and not given back: with it go its lock and its settings.
        connection.detach()
        _prepare(connection, wait_seconds)
        with _locked(connection, wait_seconds):
            yield connection
            _check_references(connection)


def _prepare(connection: Connection, wait_seconds: int) -> None:
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.dbapi_connection
        driver.execute(f"PRAGMA busy_timeout = {wait_seconds * 1000:d}")
        # A table that is made anew is dropped in between, and its rows must not take others along.
        driver.execute("PRAGMA foreign_keys = OFF")


@contextmanager
def _locked(connection: Connection, wait_seconds: int) -> Iterator[None]:
    """Hold the right to migrate, in a transaction of *connection*."""
    try:
        _lock(connection, wait_seconds)
        transaction = connection.begin()  # on SQLite this is the lock: BEGIN IMMEDIATE
    except DBAPIError as error:
        if is_contention(error):
            raise _still_locked(wait_seconds) from error
        raise
    with transaction:
        yield


def _lock(connection: Connection, wait_seconds: int) -> None:
    """Take a lock of the session: MySQL commits at every CREATE TABLE, and would let it go."""
    match connection.dialect.name:
        case "postgresql":
            connection.execute(
                text("SELECT set_config('lock_timeout', :wait, false)"),
                {"wait": f"{wait_seconds:d}s"},
            )
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _POSTGRESQL_KEY})
            connection.commit()
        case "mysql":
            # By default a CREATE or ALTER waits for a day for those who use the table.
            connection.execute(text(f"SET lock_wait_timeout = {wait_seconds:d}"))
            taken = connection.execute(
                text(f"SELECT get_lock({_MYSQL_NAME}, :wait)"), {"wait": wait_seconds}
            ).scalar_one()
            connection.commit()
            if taken != 1:
                raise _still_locked(wait_seconds)


def _still_locked(wait_seconds: int) -> MigrationLockedError:
    return MigrationLockedError(
        f"another program has been migrating this database for {wait_seconds} s:"
        " wait until it ends, then try again"
    )


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken is not None:
            raise BrokenReferencesError(
                f"a row of {broken[0]} refers to one of {broken[2]} that is not there;"
                " nothing was changed"
            )

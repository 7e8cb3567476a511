"""Statements handed to the driver as they are: measured, and told to whoever listens.

What our own engines always do is done here without SQLAlchemy's events, whose calls cost as much
as the measuring; the same functions listen to what SQLAlchemy executes itself.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, MutableMapping
from time import perf_counter
from typing import Any, Final, NoReturn

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from erp_core.kernel.context import Usage
from erp_sql.postgres_plans import Ready

USAGE: Final = "erp_usage"  # in a connection's info: what the request it serves has cost
REQUEST: Final = "erp_request"  # and which one that is

log: Final = logging.getLogger("erp.sql")
log.addHandler(logging.NullHandler())  # a program that has set up no log is told nothing

_STARTED: Final = "erp_started"
_SLOW: Final = "erp_slow"  # seconds from which on a statement is told of
_STATEMENT_CHARACTERS_MAX: Final = 2000  # of a slow statement, in the log
_OURS: Final[set[Callable[..., Any]]] = set()  # what said() does itself


def said(
    connection: Connection,
    text: str,
    values: Any = (),
    *,
    many: bool = False,
    ready: Ready | None = None,
) -> Any:
    """Hand a statement to the driver as it is, or as it is *ready*; return the driver's cursor.

    Raises:
        DBAPIError: as ``Connection.execute`` does.
    """
    dialect = connection.dialect
    line = connection.connection
    cursor = line.cursor()
    events = connection.engine.dispatch
    for tell in events.before_cursor_execute:
        if tell not in _OURS:
            text, values = tell(connection, cursor, text, values, None, many)
    if writes(text):
        not_alone(connection)
    started = perf_counter()
    try:
        if many:
            dialect.do_executemany(cursor, text, values)
        elif ready is not None:
            ready.execute(cursor, line.info, text, values)
        else:
            cursor.execute(text, values)
    except dialect.loaded_dbapi.Error as error:
        failed(connection, error, text, values, cursor)
    _count(line.info, text, perf_counter() - started)
    for tell in events.after_cursor_execute:
        if tell not in _OURS:
            tell(connection, cursor, text, values, None, many)
    return cursor


def failed(
    connection: Connection, error: BaseException, text: str, values: Any, cursor: Any
) -> NoReturn:
    """Raise what SQLAlchemy would have raised of the driver's *error*."""
    # SQLAlchemy's own door: it wraps the error, and forgets what connections are dead.
    connection._handle_dbapi_exception(error, text, values, cursor, None)  # noqa: SLF001


def writes(statement: str) -> bool:
    """Say whether *statement* is no plain SELECT, and so may change or lock something."""
    return not statement.startswith("SELECT") or " FOR " in statement


def not_alone(connection: Connection) -> None:
    """Let what a reader writes all the same be rolled back with the rest of his transaction."""
    driver: Any = connection.connection.dbapi_connection
    # Only PostgreSQL's readers do without a transaction until they need one.
    if connection.dialect.name == "postgresql" and driver.autocommit:
        driver.autocommit = False


def measure(engine: Engine, slow_seconds: float) -> None:
    """Let what SQLAlchemy executes itself be measured and protected as what is said here.

    What takes *slow_seconds* or longer is logged.
    """

    @event.listens_for(engine, "connect")
    def know(_driver: object, record: ConnectionPoolEntry) -> None:
        record.info[_SLOW] = slow_seconds

    event.listen(engine, "before_cursor_execute", _start, retval=True)
    event.listen(engine, "after_cursor_execute", _stop)


def _start(
    connection: Connection, _cursor: object, statement: str, values: Any, *_: Any
) -> tuple[str, Any]:
    if writes(statement):
        not_alone(connection)
    connection.info[_STARTED] = perf_counter()
    return statement, values


def _stop(connection: Connection, _cursor: object, statement: str, *_: Any) -> None:
    info = connection.info
    _count(info, statement, perf_counter() - info[_STARTED])


def _count(info: MutableMapping[Any, Any], statement: str, seconds: float) -> None:
    usage: Usage | None = info.get(USAGE)
    if usage is not None:
        usage.add(seconds)
        # What waits for others: whoever asks for rows, and SQLite's writers as they begin.
        if " FOR UPDATE" in statement or statement == "BEGIN IMMEDIATE":
            usage.add_lock(seconds)
    if seconds >= info[_SLOW]:
        _tell(info.get(REQUEST, ""), statement, seconds)


def _tell(request_id: str, statement: str, seconds: float) -> None:
    """Log a slow statement as it was said: its values are parameters, and stay out."""
    told = {
        "event": "db.slow_statement",
        "request_id": request_id,
        "duration_ms": round(seconds * 1000, 3),
        "statement": " ".join(statement.split())[:_STATEMENT_CHARACTERS_MAX],
    }
    log.warning("a statement took long", extra=told)


_OURS.update((_start, _stop))

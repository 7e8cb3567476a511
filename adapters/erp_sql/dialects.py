"""Where the three databases speak differently: one function per difference, all in here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Insert,
    Table,
    func,
    update,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from erp_sql.postgres_plans import STALE_SQLSTATES
from erp_sql.prepared import Prepared

# PostgreSQL: serialization failure, deadlock, lock not available, cancelled by an operator, kept
# ready and no longer good. MySQL: wait timeout, deadlock, MariaDB's record changed since last
# read, interrupted, run too long (two spellings). SQLite: BUSY, LOCKED.
_SQLSTATES: Final = {"40001", "40P01", "55P03", "57014", *STALE_SQLSTATES}
_MYSQL_CODES: Final = {1205, 1213, 1020, 1317, 1969, 3024}
_SQLITE_CODES: Final = {5, 6}

# PostgreSQL: admin shutdown, crash shutdown, starting up, sessions that idled too long, too many
# connections, and all of class 08. MySQL: cannot connect, gone away, lost, shutdown, too many
# connections. SQLite: IOERR, CANTOPEN (https://www.sqlite.org/rescode.html).
_AWAY_SQLSTATES: Final = {"57P01", "57P02", "57P03", "57P05", "25P03", "53300"}
_FOR_KEY: Final = re.compile(r"for key '([^']+)'\"?\)$")  # MySQL; what it quotes before is data
_BEYOND_MYSQL: Final = 1690  # DECIMAL or BIGINT value is out of range
_AWAY_MYSQL_CODES: Final = {2002, 2003, 2006, 2013, 1053, 1040, 1927, 0}
_AWAY_SQLITE_CODES: Final = {10, 14}


class InsertAbsent:
    """Inserts the rows whose primary key is free, waiting for rivals that insert the same.

    Give them in the order in which they are locked. A broken foreign key is still an error.
    Made once per table, at module level: building a statement costs more than running it.
    """

    def __init__(self, table: Table) -> None:
        first = next(iter(table.primary_key))
        self._statements = {
            "postgresql": Prepared(postgresql.insert(table).on_conflict_do_nothing()),
            "sqlite": Prepared(sqlite.insert(table).on_conflict_do_nothing()),
            # Not INSERT IGNORE: that would turn a broken foreign key into a silent nothing.
            "mysql": Prepared(mysql.insert(table).on_duplicate_key_update({first.name: first})),
        }

    def __call__(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        self._statements[connection.dialect.name].change(connection, *rows)


def waiters_deadlock(connection: Connection) -> bool:
    """Say whether those who wait for one insert of a row deadlock when it is taken back.

    InnoDB leaves each of them a lock on the gap, in which none can insert for the others. Where
    inserts are often taken back, lock a row first that is there already and nobody refers to.
    """
    return connection.dialect.name == "mysql"


class Upsert:
    """Inserts rows, or writes *columns* over those whose primary key is taken: all in one go.

    An UPDATE of many rows is sent row by row by some drivers; an INSERT is not. Use it for rows
    that are locked, since it cannot look at the version it overwrites.
    """

    def __init__(self, table: Table, columns: Sequence[str]) -> None:
        keys = list(table.primary_key)
        on_postgresql, on_sqlite = postgresql.insert(table), sqlite.insert(table)
        on_mysql = mysql.insert(table)
        statements: dict[str, Insert] = {
            "postgresql": on_postgresql.on_conflict_do_update(
                index_elements=keys, set_={each: on_postgresql.excluded[each] for each in columns}
            ),
            "sqlite": on_sqlite.on_conflict_do_update(
                index_elements=keys, set_={each: on_sqlite.excluded[each] for each in columns}
            ),
            "mysql": on_mysql.on_duplicate_key_update(
                {each: on_mysql.inserted[each] for each in columns}
            ),
        }
        self._statements = {name: Prepared(each) for name, each in statements.items()}

    def __call__(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        self._statements[connection.dialect.name].change(connection, *rows)


class CountingUpdate:
    """Updates one row, and says which number its counter has come to: all in one statement.

    From then on to the commit the row is the caller's: who counts next waits for him.
    """

    def __init__(
        self,
        table: Table,
        *,
        where: Sequence[ColumnElement[bool]],
        counted: Column[int],
        count: ColumnElement[int],
        values: Mapping[str, ColumnElement[Any]],
    ) -> None:
        counting = update(table).where(*where)
        returning = counting.values({counted.name: count, **values}).returning(counted)
        # MySQL has no RETURNING, but tells what LAST_INSERT_ID() was given last.
        remembering = counting.values({counted.name: func.last_insert_id(count), **values})
        self._returning = Prepared(returning)
        self._remembering = Prepared(remembering)

    def __call__(self, connection: Connection, asked: dict[str, Any]) -> int | None:
        """Return the new count; None: there is no such row."""
        if connection.dialect.name == "mysql":
            return self._remembering.remembered(connection, asked)
        row = self._returning.row(connection, asked)
        count: int | None = None if row is None else row[0]
        return count


def is_contention(error: DBAPIError) -> bool:
    """Say whether trying again from the start may help."""
    state, code = _signs(error)
    return (
        state in _SQLSTATES
        or getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _SQLITE_CODES
        or code in _MYSQL_CODES
    )


def is_beyond(error: DBAPIError) -> bool:
    """Say whether a sum or a product has more digits than the database reckons with."""
    state, code = _signs(error)
    return state == "22003" or code == _BEYOND_MYSQL or str(error.orig) == "integer overflow"


def is_away(error: DBAPIError) -> bool:
    """Say whether the database could not be reached, or went away."""
    state, code = _signs(error)
    return (
        error.connection_invalidated
        or state in _AWAY_SQLSTATES
        or (state or "").startswith("08")
        or code in _AWAY_MYSQL_CODES
        or getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _AWAY_SQLITE_CODES
        # psycopg2 has no code for a server that is not there.
        or (type(error.orig).__name__ == "OperationalError" and _is_mute(error))
    )


def _is_mute(error: DBAPIError) -> bool:
    module = type(error.orig).__module__.split(".", 1)[0]
    return module == "psycopg2" and getattr(error.orig, "pgcode", None) is None


def _signs(error: DBAPIError) -> tuple[str | None, int | None]:
    cause = error.orig
    code = cause.args[0] if cause is not None and cause.args else None
    return getattr(cause, "pgcode", None), code if isinstance(code, int) else None


def is_foreign_key(error: IntegrityError) -> bool:
    """Say whether a row that was referred to is not there."""
    state, code = _signs(error)
    return state == "23503" or code in {1452, 1216} or "FOREIGN KEY" in str(error.orig)


def violates(error: IntegrityError, column: str) -> bool:
    """Say whether it was a unique constraint that ends with *column*.

    PostgreSQL and MySQL name the constraint, which our convention names after its columns; SQLite
    names the columns themselves.
    """
    return _constraint(error).endswith((f"_{column}", f".{column}"))


def _constraint(error: IntegrityError) -> str:
    named = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if named:
        return str(named)
    found = _FOR_KEY.search(str(error.orig))
    return found[1] if found else str(error.orig)

"""Many rows at once: COPY on PostgreSQL, a batch of INSERT elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Connection, Dialect, Table, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from erp_sql.saying import not_alone
from erp_sql.types import ExactDecimal

T = TypeVar("T")
Columns = Mapping[str, Sequence[Any]]  # the values of many rows, column by column

# PostgreSQL plans the checks of foreign keys by what it knows of the table that is referred to. Of
# one that was empty until now it knows nothing, takes any index that begins with the company, and
# reads all of the company's rows for each row that follows.
_ESTIMATED: Final = "SELECT reltuples FROM pg_class WHERE oid = %s::regclass"

# So many rows tell enough. ANALYZE lets nobody else do the same until it is committed, so that it
# is not said where another batch may be under way.
_KNOWN: Final = 500

_NULL: Final = r"\N"
# COPY's text format, https://www.postgresql.org/docs/current/sql-copy.html
_SPECIAL: Final = re.compile(r"[\\\n\r\t]")
# What NUMERIC(18, 6) holds without rounding, or nothing; one a line.
_EXACT: Final = re.compile(r"(?:(?:-?[0-9]{1,12}(?:\.[0-9]{1,6})?|\\N)(?:\n|\Z))+", re.ASCII)
_ESCAPES: Final = str.maketrans({"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"})


def batched(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Cut *things* into pieces of at most *size*."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


class InsertMany:
    """Inserts rows that are all of the same columns. Made once per table, at module level."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._insert = insert(table)

    def __call__(self, connection: Connection, columns: Columns) -> None:
        """Insert rows whose values stand in *columns* of one length, all or none.

        Raises:
            IntegrityError: a key is taken, or what a row refers to is not there.
        """
        if not columns or not next(iter(columns.values())):
            return
        if connection.dialect.name == "postgresql":
            self._copy(connection, columns)
        else:
            rows = zip(*columns.values(), strict=True)
            said = [dict(zip(columns, row, strict=True)) for row in rows]
            connection.execute(self._insert, said)

    def _copy(self, connection: Connection, columns: Columns) -> None:
        # A third of the time of INSERT: neither statements nor parameters to be read.
        same, told = _told(self._table, connection.dialect, columns)
        # Of no column that stays empty need it be said, row by row, that it does.
        same = {name: text for name, text in same.items() if self._needs(name, text)}
        names = ", ".join(map(connection.dialect.identifier_preparer.quote, (*same, *told)))
        statement = f"COPY {self._table.name} ({names}) FROM STDIN"
        count = len(next(iter(columns.values())))
        text = _lines(same.values(), told.values(), count)
        not_alone(connection)
        driver: Any = connection.connection.dbapi_connection
        with driver.cursor() as cursor:
            try:
                # In one piece: for each further one this thread would have to wait its turn
                # behind the one that works out the next batch, and PostgreSQL with it.
                cursor.copy_expert(statement, StringIO(text), len(text) + 1)
                cursor.execute(_ESTIMATED, (self._table.name,))
                ((estimated,),) = cursor.fetchall()
                if estimated < min(count, _KNOWN):
                    cursor.execute(f"ANALYZE {self._table.name}")
            except connection.dialect.loaded_dbapi.Error as error:
                away = connection.dialect.is_disconnect(error, driver, cursor)
                raise DBAPIError.instance(
                    statement,
                    None,
                    error,
                    connection.dialect.loaded_dbapi.Error,
                    connection_invalidated=away,
                ) from error

    def _needs(self, name: str, text: str) -> bool:
        return text != _NULL or self._table.c[name].server_default is not None


def columns_of(rows: Sequence[dict[str, Any]]) -> Columns:
    """Turn *rows*, which are all of the same columns, on their side."""
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {}


def _told(
    table: Table, dialect: Dialect, columns: Columns
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return what COPY reads: of columns that say one thing, once, and of the others."""
    same: dict[str, str] = {}
    told: dict[str, list[str]] = {}
    for name, values in columns.items():
        kind = table.c[name].type
        first = values[0]
        if first == values[-1] and values.count(first) == len(values):
            (same[name],) = _texts(kind, dialect, [first])
        else:
            told[name] = _texts(kind, dialect, values)
    return same, told


def _lines(same: Iterable[str], told: Collection[list[str]], count: int) -> str:
    begins = "\t".join(same)
    if not told:
        return "\n".join([begins] * count)
    begins += "\t" if begins else ""
    return begins + f"\n{begins}".join(map("\t".join, zip(*told, strict=True)))


def _texts(kind: TypeEngine[Any], dialect: Dialect, values: Sequence[Any]) -> list[str]:
    """Return what COPY reads of one column."""
    if isinstance(kind, JSON):
        return list(map(_json, values))
    if isinstance(kind, ExactDecimal):
        written = [_NULL if each is None else str(each) for each in values]
        if _EXACT.fullmatch("\n".join(written)):
            return written
    bind = _bound(kind, dialect)
    if bind is not None:
        return [_text(bind(each)) for each in values]
    if len(set(map(type, values))) > 1:
        return list(map(_text, values))
    if type(values[0]) is UUID:
        return _ids(values)
    return list(map(_writer(values), values))


def _ids(values: Sequence[UUID]) -> list[str]:
    """Return ids in hexadecimal, each written once however many rows it stands in."""
    known: dict[int, str] = {}  # by the place of the value, whose hash takes longer
    for each in values:
        if id(each) not in known:
            known[id(each)] = f"{each.int:032x}"
    return [known[id(each)] for each in values]


def _bound(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what the driver's own type makes of a value; a general one would make floats."""
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _json(value: Any) -> str:
    return _escaped(json.dumps(value))


def _escaped(value: str) -> str:
    return value if value.isalnum() else value.translate(_ESCAPES)


def _writer(values: Sequence[Any]) -> Callable[[Any], str]:
    """Return what writes *values*, all of one type."""
    if type(values[0]) is str and not _SPECIAL.search("".join(values)):
        return str
    return _WRITERS.get(type(values[0]), str)


def _text(value: Any) -> str:
    return _WRITERS.get(type(value), str)(value)


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda _: _NULL,
    str: _escaped,
    UUID: lambda value: value.hex,
    Decimal: "{:f}".format,
    bool: lambda value: "t" if value else "f",
    datetime: datetime.isoformat,
    date: date.isoformat,
}

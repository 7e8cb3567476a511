"""Many rows at once: COPY on PostgreSQL, a batch of INSERT elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import JSON, Connection, Dialect, Table, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

# PostgreSQL plans the checks of foreign keys by what it knows of the table that is referred to. Of
# one that was empty until now it knows nothing, takes any index that begins with the company, and
# reads all of the company's rows for each row that follows.
_ESTIMATED: Final = "SELECT reltuples FROM pg_class WHERE oid = %s::regclass"

_NULL: Final = r"\N"
# COPY's text format, https://www.postgresql.org/docs/current/sql-copy.html
_SPECIAL: Final = re.compile(r"[\\\n\r\t]")
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

    def __call__(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Insert *rows*, all or none.

        Raises:
            IntegrityError: a key is taken, or what a row refers to is not there.
        """
        if not rows:
            return
        if connection.dialect.name == "postgresql":
            self._copy(connection, rows)
        else:
            connection.execute(self._insert, rows)

    def _copy(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        # A third of the time of INSERT: neither statements nor parameters to be read.
        names = list(rows[0])
        columns = [self._column(connection, name, rows) for name in names]
        text = "\n".join(map("\t".join, zip(*columns, strict=True)))
        quoted = ", ".join(map(connection.dialect.identifier_preparer.quote, names))
        statement = f"COPY {self._table.name} ({quoted}) FROM STDIN"
        driver: Any = connection.connection.dbapi_connection
        with driver.cursor() as cursor:
            try:
                cursor.copy_expert(statement, StringIO(text))
                cursor.execute(_ESTIMATED, (self._table.name,))
                ((estimated,),) = cursor.fetchall()
                if estimated < len(rows):
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

    def _column(
        self, connection: Connection, name: str, rows: Sequence[dict[str, Any]]
    ) -> Iterable[str]:
        """Return what COPY reads of one column; a column that says one thing, says it once."""
        kind = self._table.c[name].type
        values = [row[name] for row in rows]
        bind = None if isinstance(kind, JSON) else _bound(kind, connection.dialect)
        checked: Callable[[Any], Any] = bind or (lambda value: value)
        write: Callable[[Any], str] = _json if isinstance(kind, JSON) else _text
        if values.count(values[0]) == len(values):
            return [write(checked(values[0]))] * len(values)
        if write is _text and len(set(map(type, values))) == 1:
            write = _writer(values) if bind is None else write
        return list(map(write, values)) if bind is None else [write(bind(v)) for v in values]


def _bound(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """Return what the driver's own type makes of a value; a general one would make floats."""
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _json(value: Any) -> str:
    return _escaped(json.dumps(value))


def _escaped(value: str) -> str:
    return value if value.isalnum() else value.translate(_ESCAPES)


def _writer(values: list[Any]) -> Callable[[Any], str]:
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

"""Statements that are compiled once for a database, and then handed to its driver as they are.

For each execution SQLAlchemy looks up the compiled form, works out its parameters and makes a
result that could do much more than give its rows: as much work as the driver has with the rest.
The statements of the hot paths are said here without it. Everything else is as in
``Connection.execute``: the same text, the same types both ways, the same events, the same errors.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import (
    CompoundSelect,
    Connection,
    CursorResult,
    Delete,
    Dialect,
    Insert,
    Select,
    SelectBase,
    Update,
    bindparam,
)
from sqlalchemy.types import TypeEngine

from erp_sql.postgres_plans import Ready, readied
from erp_sql.saying import failed, said
from erp_sql.stored import reader

Given = Mapping[str, Any]
Process = Callable[[Any], Any]

_PLANS_MAX: Final = 256  # of one statement; lists of every length make one each
_ROWS_MAX: Final = 64  # more are SQLAlchemy's, whose share in the work is small then


@dataclass(frozen=True, slots=True)
class _Plan:
    """The statement for one database, for so many rows and with lists of one length each."""

    text: str
    names: tuple[str, ...] | None  # of the parameters; None: they are told apart by their places
    # Of each: the key of what is given, the place in it where that is a list, and what makes of
    # the value what the driver takes. Where rows are inserted, those of one.
    binds: tuple[tuple[str, int | None, Process | None], ...]
    fixed: dict[str, Any] = field(default_factory=dict)  # what stands in the statement itself
    ready: Ready | None = None  # where the database keeps statements ready

    def parameters(self, rows: Iterable[Given]) -> Any:
        """Return what the driver is handed."""
        values: list[Any] = []
        for row in rows:
            given = {**row, **self.fixed} if self.fixed else row
            for key, place, process in self.binds:
                value = given[key] if place is None else given[key][place]
                values.append(value if process is None else process(value))
        return values if self.names is None else dict(zip(self.names, values, strict=True))


@dataclass(slots=True)
class _Database:
    """What is known of the statement on one database."""

    lists: tuple[str, ...]  # parameters that are given as lists, however long
    plans: dict[Any, _Plan] = field(default_factory=dict)
    read: Callable[[Iterable[Any]], list[Any]] | None = None


class Prepared:
    """One statement. Made once, at module level.

    Every value that changes is a ``bindparam`` and is given by its name. Of an INSERT, the columns
    are those of the rows that are given; none has a default that Python would have to compute.
    """

    def __init__(
        self, statement: Select[Any] | CompoundSelect[Any] | Insert | Update | Delete
    ) -> None:
        self._statement = statement
        self._databases: WeakKeyDictionary[Dialect, _Database] = WeakKeyDictionary()
        # Which was asked last: a process has one database, and looking it up weakly costs more
        # than all the rest of finding a plan.
        self._last: tuple[Dialect | None, _Database] = (None, _Database(()))

    def rows(self, connection: Connection, given: Given) -> list[Any]:
        """Return all rows, each a tuple with the columns' names."""
        known = self._known(connection)
        plan = self._plan(connection, known, given)
        cursor = _said(connection, plan, plan.parameters([given]))
        if known.read is None:
            known.read = self._reader(connection.dialect, cursor.description)
        try:
            fetched = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as error:  # SQLite works while it is read
            failed(connection, error, plan.text, None, cursor)
        cursor.close()
        return known.read(fetched)

    def row(self, connection: Connection, given: Given) -> Any:
        """Return the only row, or None; the statement asks by a key."""
        found = self.rows(connection, given)
        return found[0] if found else None

    def remembered(self, connection: Connection, given: Given) -> int | None:
        """Write one row, and return what MySQL was given to remember; None: there is no such row.

        It has no RETURNING, but tells what its LAST_INSERT_ID() was called with.
        """
        plan = self._plan(connection, self._known(connection), given)
        cursor = _said(connection, plan, plan.parameters([given]))
        last: int | None = cursor.lastrowid if cursor.rowcount else None
        cursor.close()
        return last

    def change(self, connection: Connection, *rows: Given) -> int:
        """Write *rows*, each its own values, and return how many were found to write.

        Of more than one that is no more than a hint: some drivers count the last alone. Where
        values are lists, those of all rows are of one length.
        """
        if not rows:
            return 0
        if isinstance(self._statement, Insert):
            return self._insert(connection, rows)
        plan = self._plan(connection, self._known(connection), rows[0])
        each = [plan.parameters([row]) for row in rows]
        many = len(rows) > 1
        return _counted(_said(connection, plan, each if many else each[0], many=many))

    def _insert(self, connection: Connection, rows: Sequence[Given]) -> int:
        if len(rows) > _ROWS_MAX:
            result: CursorResult[Any] = connection.execute(self._statement, rows)
            return result.rowcount
        known, columns = self._known(connection), tuple(rows[0])
        plan = known.plans.get((len(rows), columns))
        if plan is None:
            plan = self._insertion(connection.dialect, columns, len(rows))
            _keep(known.plans, (len(rows), columns), plan)
        return _counted(_said(connection, plan, plan.parameters(rows)))

    def _known(self, connection: Connection) -> _Database:
        dialect = connection.dialect
        last, found = self._last
        if last is dialect:
            return found
        known = self._databases.get(dialect)
        if known is None:
            binds = self._statement.compile(dialect=dialect).binds
            lists = tuple(name for name, bind in binds.items() if bind.expanding)
            known = self._databases[dialect] = _Database(lists)
        self._last = (dialect, known)
        return known

    def _plan(self, connection: Connection, known: _Database, given: Given) -> _Plan:
        lengths = tuple([len(given[each]) for each in known.lists]) if known.lists else ()
        plan = known.plans.get(lengths)
        if plan is None:
            plan = self._question(connection.dialect, given)
            _keep(known.plans, lengths, plan)
        return plan

    def _question(self, dialect: Dialect, given: Given) -> _Plan:
        compiled: Any = self._statement.compile(dialect=dialect)
        if compiled.update_prefetch:
            raise ValueError(f"a column has a default of Python's: {compiled}")
        if isinstance(self._statement, Update):
            # SQLAlchemy would write it as well; here what is written stands in the statement.
            unsaid = given.keys() & self._statement.table.c.keys() - compiled.binds.keys()
            if unsaid:
                raise ValueError(f"{sorted(unsaid)} are given, and not written by: {compiled}")
        state = compiled.construct_expanded_state(given)
        sources = {
            name: (key, place)
            for key, several in state.parameter_expansion.items()
            for place, name in enumerate(several)
        }
        names = tuple(state.positiontup or state.parameters)
        binds, fixed, kinds = [], {}, {}
        for name in names:
            key, place = sources.get(name, (name, None))
            kinds[name] = compiled.binds[key].type
            process = _writer(kinds[name], dialect)
            if key not in given:
                value = state.parameters[name]
                fixed[key] = value if process is None else process(value)
                process = None
            binds.append((key, place, process))
        by_place = state.positiontup is not None
        ready = readied(dialect, state.statement, kinds)
        return _Plan(state.statement, None if by_place else names, tuple(binds), fixed, ready)

    def _insertion(self, dialect: Dialect, columns: Sequence[str], number: int) -> _Plan:
        statement: Any = self._statement
        types = {each: statement.table.c[each].type for each in columns}
        rows = [
            {each: bindparam(f"{each}__{row}", type_=types[each]) for each in columns}
            for row in range(number)
        ]
        compiled = statement.values(rows).compile(dialect=dialect)
        if len(compiled.binds) != len(columns) * number:
            raise ValueError(f"a value is not given with the rows: {compiled}")
        if compiled.positional:  # in the order of the table
            columns = [each.rpartition("__")[0] for each in compiled.positiontup[: len(columns)]]
        names = tuple(f"{each}__{row}" for row in range(number) for each in columns)
        binds = tuple((each, None, _writer(types[each], dialect)) for each in columns)
        kinds = {f"{each}__{row}": types[each] for row in range(number) for each in columns}
        ready = readied(dialect, compiled.string, kinds)
        return _Plan(compiled.string, None if compiled.positional else names, binds, ready=ready)

    def _reader(
        self, dialect: Dialect, described: Sequence[Sequence[Any]]
    ) -> Callable[[Iterable[Any]], list[Any]]:
        """Return what makes rows of what the driver fetches."""
        statement: Any = self._statement
        asks = isinstance(statement, SelectBase)
        columns = list(statement.selected_columns if asks else statement.exported_columns)
        make_kind: Any = namedtuple  # whose own typing wants to see the names  # noqa: PYI024
        # What _make() does, which also counts the columns.
        make = partial(tuple.__new__, make_kind("Row", [each.key for each in columns]))
        found = [
            (place, reader(column.type, dialect, told[1]))
            for place, (column, told) in enumerate(zip(columns, described, strict=True))
        ]
        processes = [(place, process) for place, process in found if process is not None]
        if not processes:
            return lambda fetched: list(map(make, fetched))

        def read(fetched: Iterable[Any]) -> list[Any]:
            rows = []
            for each in fetched:
                row = list(each)
                for place, process in processes:
                    row[place] = process(row[place])
                rows.append(make(row))
            return rows

        return read


def _said(connection: Connection, plan: _Plan, values: Any, *, many: bool = False) -> Any:
    if not connection.in_transaction():
        connection.begin()
    return said(connection, plan.text, values, many=many, ready=plan.ready)


def _counted(cursor: Any) -> int:
    count: int = cursor.rowcount
    cursor.close()
    return count


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Process | None:
    """Return what makes of a value what the driver takes."""
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _keep(plans: dict[Any, _Plan], shape: Any, plan: _Plan) -> None:
    if len(plans) >= _PLANS_MAX:
        plans.clear()
    plans[shape] = plan

"""The SQL of an operation, as the driver of the database was handed it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Engine, event

_ID: Final = re.compile(r"id(__\d+|_m\d+)?")


@dataclass
class Transaction:
    """What was said between its begin and its end."""

    ends: str  # "commit" or "rollback"; empty: each statement stood for itself
    steps: list[tuple[str, Any, bool]] = field(default_factory=list)  # with parameters; many?


@dataclass
class Recording:
    """Statements with their parameters, and which ids in them stand for what is asked for."""

    samples: list[str] = field(default_factory=list)  # hexadecimal, in the order of a request
    transactions: list[Transaction] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)  # ids that every call makes anew

    def begin(self, connection: Connection) -> None:
        last = self.transactions[-1] if self.transactions else None
        if last is None or last.steps or last.ends != "rollback":  # else BEGIN was said of it
            self.transactions.append(Transaction("" if _stands_alone(connection) else "rollback"))

    def commit(self, _connection: Connection) -> None:
        if self.transactions[-1].ends:
            self.transactions[-1].ends = "commit"

    def take(  # as SQLAlchemy tells of it
        self,
        _connection: Connection,
        _cursor: Any,
        statement: str,
        parameters: Any,
        _context: Any,
        many: bool,
    ) -> None:
        if statement.startswith("BEGIN"):
            self.transactions.append(Transaction("rollback"))
        elif not statement.startswith("PRAGMA"):
            # A batch of INSERT that has become one statement has one set of parameters.
            several = many and isinstance(parameters, list)
            self.transactions[-1].steps.append((statement, parameters, several))
            if statement.startswith("INSERT"):
                for each in parameters if several else [parameters]:
                    self.fresh += set(_ids(each, statement)) - set(self.samples)


@contextmanager
def recording(engine: Engine, samples: Iterable[UUID]) -> Iterator[Recording]:
    """Take down what is executed in the block."""
    found = Recording([each.hex for each in samples])
    listeners = {
        "begin": found.begin,
        "commit": found.commit,
        "before_cursor_execute": found.take,
    }
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    try:
        yield found
    finally:
        for name, listener in listeners.items():
            event.remove(engine, name, listener)


def columns(statement: str) -> list[str]:
    """Return what an INSERT names: every table that is written here names its columns first."""
    return [each.strip(' `"') for each in statement.split("(", 1)[1].split(")", 1)[0].split(",")]


def _stands_alone(connection: Connection) -> bool:
    """Say whether each statement is a transaction of its own, unless BEGIN is said."""
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "postgresql":
        return bool(driver.autocommit)
    return connection.dialect.name == "sqlite" or bool(driver.get_autocommit())


def _ids(parameters: Any, statement: str) -> list[str]:
    """Return the rows' own ids, where rows have one."""
    if isinstance(parameters, dict):
        found = [value for name, value in parameters.items() if _ID.fullmatch(name)]
    else:
        names = columns(statement)
        found = list(parameters[names.index("id") :: len(names)]) if "id" in names else []
    return [str(each).replace("-", "") for each in found]

"""The SQL of an operation, as the driver of the database was handed it."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, event

_ID: Final = re.compile(r"id(__\d+|_m\d+)?")


@dataclass
class Recording:
    """Statements with their parameters, and which ids in them stand for what is asked for."""

    reads: bool
    samples: list[str] = field(default_factory=list)  # hexadecimal, in the order of a request
    steps: list[tuple[str, Any, bool]] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)  # ids that every call makes anew


@contextmanager
def recording(engine: Engine, samples: Iterable[UUID], *, reads: bool) -> Iterator[Recording]:
    """Take down what is executed in the block."""
    found = Recording(reads, [each.hex for each in samples])

    def take(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _ctx: Any, many: bool
    ) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            # A batch of INSERT that has become one statement has one set of parameters.
            found.steps.append((statement, parameters, many and isinstance(parameters, list)))

    event.listen(engine, "before_cursor_execute", take)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", take)
    for statement, parameters, many in found.steps:
        if statement.startswith("INSERT"):
            for each in parameters if many else [parameters]:
                found.fresh += _ids(each, statement)


def _ids(parameters: Any, statement: str) -> list[str]:
    """Return the rows' own ids: every table that is written here names its columns first."""
    if isinstance(parameters, dict):
        found = [value for name, value in parameters.items() if _ID.fullmatch(name)]
    else:
        names = statement.split("(", 1)[1].split(")", 1)[0].split(",")
        place = [each.strip(' `"') for each in names].index("id")
        found = list(parameters[place :: len(names)])
    return [str(each).replace("-", "") for each in found]

"""Statements that PostgreSQL keeps ready on a connection, and is then told by their names.

Where a key leads to the rows, to parse and plan a statement takes the server longer than to do it.
What is said often is therefore prepared (PREPARE) on each connection that says it, and told by its
name from then on (EXECUTE). Nobody else sees anything of it: listeners, errors and the log are
told the statement itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from itertools import count
from time import monotonic
from typing import Any, Final

from sqlalchemy import Dialect
from sqlalchemy.types import NullType, TypeEngine

STALE: Final = "erp_stale"  # in a connection's info: what is ready there is no longer good
_READY: Final = "erp_ready"  # the names it knows
_PLANNED: Final = "erp_planned"  # until when its plans are good, and for how long they were

OFTEN = 2  # times that a statement is said before it is kept ready
MOST = 256  # kept ready on one connection: what is beyond them is said in full
_PARAMETERS_MAX: Final = 500  # of one statement: twenty lines of an order

# A plan is good for so long: a table may have grown a hundredfold. A young connection often is a
# young program's, and its tables are small.
PLANS_SECONDS = 16.0
_FIRST_SECONDS: Final = 0.5

# The columns of its result have changed (feature_not_supported), the name is not known
# (invalid_sql_statement_name), since somebody said DEALLOCATE or a pooler gave us another
# connection, or it is taken (duplicate_prepared_statement), since we never heard that we took it.
STALE_SQLSTATES: Final = frozenset({"0A000", "26000", "42P05"})

_NAME_LENGTH: Final = 63  # of PostgreSQL's identifiers
_ABOUT: Final = re.compile(r"\b(?:FROM|INTO|UPDATE) (\w+)")

_numbers: Final = count(1)


class Ready:
    """One statement, kept ready on the connections on which it is said."""

    __slots__ = ("_execute", "_name", "_often", "_prepare", "_text")

    def __init__(self, text: str, names: Sequence[str], kinds: Sequence[str]) -> None:
        self._text = text
        self._often = 0
        self._name = _name_of(text)
        types = f" ({', '.join(kinds)})" if kinds else ""
        places = {name: f"${place}" for place, name in enumerate(names, 1)}
        self._prepare = f"PREPARE {self._name}{types} AS {text % places}"
        given = f" ({', '.join(f'%({name})s' for name in names)})" if names else ""
        self._execute = f"EXECUTE {self._name}{given}"

    def execute(self, cursor: Any, info: MutableMapping[Any, Any], text: str, values: Any) -> None:
        """Have the statement done; one whose *text* a listener has changed is said as it is."""
        ready: set[str] | None = info.get(_READY)
        if ready is None:
            ready = info[_READY] = set()
        try:
            if text is self._text and (self._name in ready or self._kept(cursor, ready)):
                self._plan_anew(cursor, info)
                text = self._execute
            cursor.execute(text, values)
        except Exception as error:
            # The transaction is lost, and is tried again on another connection.
            if getattr(error, "pgcode", None) in STALE_SQLSTATES:
                info[STALE] = True
            raise

    @staticmethod
    def _plan_anew(cursor: Any, info: MutableMapping[Any, Any]) -> None:
        """Have plans made anew now and then, by how large the tables are: not only autovacuum."""
        now = monotonic()
        ends, seconds = info.setdefault(_PLANNED, (now + _FIRST_SECONDS, _FIRST_SECONDS))
        if now >= ends:
            seconds = min(2 * seconds, PLANS_SECONDS)
            info[_PLANNED] = (now + seconds, seconds)
            cursor.execute("DISCARD PLANS")

    def _kept(self, cursor: Any, ready: set[str]) -> bool:
        """Have the statement kept ready, if it is worth it."""
        self._often += 1
        if self._often <= OFTEN or len(ready) >= MOST:
            return False
        cursor.execute(self._prepare)
        ready.add(self._name)  # which stays known where the transaction is rolled back
        return True


def readied(dialect: Dialect, text: str, kinds: Mapping[str, TypeEngine[Any]]) -> Ready | None:
    """Return the statement to be kept ready, with the *kinds* of its parameters; None: not this.

    How many rows are wanted, where that is said, decides on the way to them: such a statement is
    planned each time. One with very many parameters would fill the server's memory.
    """
    if dialect.name != "postgresql" or " LIMIT " in text or len(kinds) > _PARAMETERS_MAX:
        return None
    return Ready(text, tuple(kinds), [_spelled(each, dialect) for each in kinds.values()])


def _name_of(text: str) -> str:
    """Return a name that nothing else has, and by which a person knows the statement."""
    verb, about = text.split(None, 1)[0].lower(), _ABOUT.search(text)
    words = ["erp", str(next(_numbers)), verb, *(about.groups() if about else ())]
    return "_".join(words)[:_NAME_LENGTH]


def _spelled(kind: TypeEngine[Any], dialect: Dialect) -> str:
    """Return how PostgreSQL calls the type of a parameter."""
    if isinstance(kind, NullType):
        return "unknown"  # as if it were not said: the statement tells what it must be
    spelled: str = dialect.type_compiler_instance.process(kind)
    return spelled.partition(" COLLATE ")[0]  # which a column has, and a type has not

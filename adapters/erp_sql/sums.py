"""Sums of exact decimals that are exact however large they get, on every database.

SQLite keeps millionths in whole numbers of 64 bits, and refuses to add up more than nine million
million of anything. There the whole parts and the rest are added up apart from each other.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from erp_core.kernel.exact import LIMIT, PLACES
from erp_sql.types import ExactSum, Process

_UNIT = 10**PLACES
_MOST = 2 * int(LIMIT)  # units: more than any value it is compared with


class _ToldSum(ExactSum):
    """A sum as it comes back: on SQLite as text, the whole units before the millionths."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Process | None:
        return _told if dialect.name == "sqlite" else super().result_processor(dialect, coltype)


def _told(value: str | None) -> Decimal | None:
    if value is None:
        return None
    units, millionths = value.split(":")
    return Decimal(int(units) * _UNIT + int(millionths)).scaleb(-PLACES)


class exact_sum(FunctionElement[Decimal]):  # noqa: N801  # it is written like a SQL function
    """The sum of a column, to be read and nothing else; nothing where there are no rows."""

    type = _ToldSum()
    inherit_cache = True


class compared_sum(FunctionElement[Decimal]):  # noqa: N801  # it is written like a SQL function
    """The sum of a column, to be compared with values that a column can hold.

    A sum beyond all of them may be smaller than it is, and is beyond all of them even so.
    """

    type = ExactSum()
    inherit_cache = True


@compiles(exact_sum)
@compiles(compared_sum)
def _plain(element: Any, compiler: Any, **options: Any) -> str:
    return f"COALESCE(SUM({_column(element, compiler, options)}), 0)"


@compiles(exact_sum, "sqlite")
def _in_two(element: Any, compiler: Any, **options: Any) -> str:
    units, millionths = _parts(_column(element, compiler, options))
    return f"({units} || ':' || {millionths})"


@compiles(compared_sum, "sqlite")
def _within(element: Any, compiler: Any, **options: Any) -> str:
    units, millionths = _parts(_column(element, compiler, options))
    whole = f"({units} + {millionths} / {_UNIT})"
    return f"(MAX(-{_MOST}, MIN({_MOST}, {whole})) * {_UNIT} + {millionths} % {_UNIT})"


def _column(element: Any, compiler: Any, options: dict[str, Any]) -> str:
    (column,) = (compiler.process(each, **options) for each in element.clauses)
    return f"({column})"


def _parts(column: str) -> tuple[str, str]:
    return f"COALESCE(SUM({column} / {_UNIT}), 0)", f"COALESCE(SUM({column} % {_UNIT}), 0)"

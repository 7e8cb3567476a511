"""What a quantity costs in whole minor units, rounded by the database as the core rounds.

``minor_units(quantity, cost, currency)`` is a SQL expression whose value is a whole number: exact
on every engine, so that sums of it and comparisons with it are too.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from sqlalchemy import BigInteger
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from erp_core.kernel.currencies import UNUSUAL_MINOR_DIGITS
from erp_core.kernel.money import minor_digits
from erp_core.kernel.totals import Worth

_USUAL: Final = 2
_SHORT: Final = 3 * 10**9  # millionths; the square of it fits 63 bits


class minor_units(FunctionElement[int]):  # noqa: N801  # it is written like a SQL function
    """``round(quantity * cost)`` to the currency's minor unit, half away from zero."""

    type = BigInteger()
    inherit_cache = True


def read_worth(units: int, currency: str) -> Worth:
    """Say what the whole number that a database has counted is worth."""
    return Worth(Decimal(int(units)).scaleb(-minor_digits(currency)), currency)


def write_minor_units(amount: Decimal, currency: str) -> int:
    """Count an amount in minor units."""
    return int(amount.scaleb(minor_digits(currency)))


@compiles(minor_units)
def _in_decimals(element: Any, compiler: Any, **options: Any) -> str:
    quantity, cost, currency = (compiler.process(each, **options) for each in element.clauses)
    return f"ROUND({quantity} * {cost} * {_factor(currency)})"


@compiles(minor_units, "sqlite")
def _in_millionths(element: Any, compiler: Any, **options: Any) -> str:
    """Multiply two scaled integers in parts of six digits: the product has up to 36.

    The parts worth a millionth of a millionth and a millionth are *low*, whose rounding carries
    into what the others make; all of them stay below 2 ** 63 as long as the value itself does.
    """
    quantity, cost, currency = (compiler.process(each, **options) for each in element.clauses)
    q = [f"(abs({quantity}) / {10**power} % 1000000)" for power in (0, 6)]
    q.append(f"(abs({quantity}) / {10**12})")
    c = [f"({cost} / {10**power} % 1000000)" for power in (0, 6)]
    c.append(f"({cost} / {10**12})")
    low = f"{q[0]} * {c[0]} + ({q[0]} * {c[1]} + {q[1]} * {c[0]}) * 1000000"
    high = (
        f"{q[0]} * {c[2]} + {q[1]} * {c[1]} + {q[2]} * {c[0]}"
        f" + ({q[1]} * {c[2]} + {q[2]} * {c[1]}) * 1000000 + {q[2]} * {c[2]} * {10**12}"
    )
    factor = _factor(currency)
    step = f"({10**12} / {factor})"
    sign = f"CASE WHEN {quantity} < 0 THEN -1 ELSE 1 END"
    # Where both factors are short, as most are, the product itself fits.
    short = f"abs({quantity}) < {_SHORT} AND {cost} < {_SHORT}"
    # SQLite would go on in floats: an absolute value that 64 bits do not hold is an error instead.
    beyond = f"({high}) >= {2**63 - 1} / {factor} - 1 THEN abs({-(2**63) + 1} - 1)"
    at_once = f"(abs({quantity}) * {cost} + {step} / 2) / {step}"
    in_parts = f"({high}) * {factor} + ({low} + {step} / 2) / {step}"
    value = f"CASE WHEN {short} THEN {at_once} WHEN {beyond} ELSE {in_parts} END"
    return f"(({sign}) * ({value}))"


def _factor(currency: str) -> str:
    """Write how many minor units make one of the currency; ISO 4217 codes are all letters.

    That of most is known by a single look into one list, which is asked for row by row.
    """
    by_digits: dict[int, list[str]] = {}
    for code, digits in sorted(UNUSUAL_MINOR_DIGITS.items()):
        by_digits.setdefault(digits, []).append(f"'{code}'")
    whens = " ".join(
        f"WHEN {currency} IN ({', '.join(codes)}) THEN {10**digits}"
        for digits, codes in sorted(by_digits.items())
    )
    unusual = ", ".join(code for codes in by_digits.values() for code in codes)
    usual = f"WHEN {currency} NOT IN ({unusual}) THEN {10**_USUAL}"
    return f"(CASE {usual} {whens} END)"

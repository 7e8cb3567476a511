"""Exact decimals: a fixed number of places, a limit, and one canonical form."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Final

from erp_core.kernel.errors import InvariantError, ensure

# Twelve digits before the point and six after fit NUMERIC(18, 6) and a 64-bit scaled integer.
PLACES: Final = 6
LIMIT: Final = Decimal(10) ** 12

# Working precision: products of two exact values stay exact. A private context, since the
# thread's own belongs to the program that embeds us.
_WORK: Final = Context(prec=60)
_HALF_UP: Final = Context(prec=60, rounding=ROUND_HALF_UP)
_UNITS: Final = tuple(Decimal(1).scaleb(-places) for places in range(13))
_LEAST: Final = -LIMIT


def exact(value: Decimal, places: int, code: str) -> Decimal:
    """Return *value* with exactly *places* decimals.

    Raises:
        InvariantError: it is not finite, too large, or finer than that.
    """
    # What is wrong is only put into words where something is: that costs more than to find out.
    if value.is_finite() and _LEAST < value < LIMIT:
        rounded = _HALF_UP.quantize(value, _UNITS[places])
        if rounded == value:
            return rounded or abs(rounded)
    ensure(value.is_finite(), f"{code}.finite", f"{value} is no amount")
    ensure(abs(value) < LIMIT, f"{code}.limit", f"{value:.3E} is beyond {LIMIT:,}")
    raise InvariantError(f"{value} has more than {places} decimals", code=f"{code}.places")


def rounded_half_up(value: Decimal, places: int) -> Decimal:
    """Round half away from zero: what commerce and most tax offices expect."""
    rounded = value.quantize(_UNITS[places], ROUND_HALF_UP, _WORK)
    return rounded or abs(rounded)  # never "-0"


def plain(value: Decimal) -> Decimal:
    """Drop trailing zeros, without ever falling into the 1E+2 notation."""
    whole = value.quantize(_UNITS[0], context=_WORK)
    return whole if whole == value else value.normalize(_WORK)


def canonical(value: Decimal, places: int, code: str) -> Decimal:
    """Return *value*, which has at most *places* decimals, in its one spelling.

    What ``plain`` makes of ``exact``, in half of the time: there are several in every row.

    Raises:
        InvariantError: it is not finite, too large, or finer than that.
    """
    if value.is_finite() and _LEAST < value < LIMIT:
        rounded = _HALF_UP.quantize(value, _UNITS[places])
        if rounded == value:
            whole = _HALF_UP.quantize(rounded, _UNITS[0])
            found = whole if whole == rounded else rounded.normalize(_WORK)
            return found or abs(found)  # never "-0"
    return plain(exact(value, places, code))


def product(left: Decimal, right: Decimal, places: int) -> Decimal:
    """Multiply without losing a digit, then round once."""
    return rounded_half_up(_WORK.multiply(left, right), places)


def added(left: Decimal, right: Decimal) -> Decimal:
    """Add without losing a digit, also where the sum has more of them than any amount may."""
    return _WORK.add(left, right)


def quotient(left: Decimal, right: Decimal, places: int) -> Decimal:
    """Divide in working precision, then round once; *right* is not zero."""
    return rounded_half_up(_WORK.divide(left, right), places)


def rounded_ratio(numerator: int, denominator: int, places: int) -> Decimal:
    """Divide two whole numbers of any length, and round once; *denominator* is above zero."""
    doubled = 2 * abs(numerator) * 10**places
    units = (doubled + denominator) // (2 * denominator)
    return _WORK.scaleb(Decimal(units if numerator >= 0 else -units), -places)


def weighted_mean(*parts: tuple[Decimal, Decimal], places: int = PLACES) -> Decimal:
    """Return the mean of ``(value, weight)`` pairs; the weights do not add up to zero."""
    total, weights = Decimal(0), Decimal(0)
    for value, weight in parts:
        total = _WORK.fma(value, weight, total)
        weights = _WORK.add(weights, weight)
    return quotient(total, weights, places)


def shares(total: Decimal, weights: Sequence[Decimal], places: int) -> tuple[Decimal, ...]:
    """Split *total* by *weights* so that the parts add up to it, to the last unit.

    Each part is cut down to *places*; the units left over go, one each, to the parts that lost
    most by the cut, the earlier first (the method of the largest remainder).

    Raises:
        InvariantError: no weight, a negative one, or all of them zero.
    """
    ensure(bool(weights), "allocation.weights", "nothing to allocate to")
    ensure(all(each >= 0 for each in weights), "allocation.weights", "a weight is negative")
    whole = sum(weights, Decimal(0))
    ensure(whole > 0, "allocation.weights", "all weights are zero")
    exact_parts = [_WORK.divide(_WORK.multiply(total, each), whole) for each in weights]
    unit = _UNITS[places]
    parts = [each.quantize(unit, ROUND_DOWN, _WORK) for each in exact_parts]
    missing = int((total - sum(parts, Decimal(0))) / unit)
    step = unit if missing >= 0 else -unit
    by_loss = sorted(range(len(parts)), key=lambda i: (-abs(exact_parts[i] - parts[i]), i))
    for index in by_loss[: abs(missing)]:
        parts[index] += step
    return tuple(part or abs(part) for part in parts)

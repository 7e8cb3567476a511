"""A part of a document as a document of its own: what is ordered of a quote, invoiced of an order.

Percentages stay as they are. Of a discount that is an amount, the part takes what belongs to it:
reckoned from what was taken before and what is taken in all, so that the parts add up to the
whole, however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from erp_core.catalog.entities import Discount, DocumentLine, DocumentTerms, PricedLine
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.exact import quotient
from erp_core.kernel.money import minor_digits
from erp_core.kernel.quantity import ZERO, Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A line of a document, how much of it was taken before, and how much is taken now."""

    priced: PricedLine
    before: Quantity
    now: Quantity


def excerpt(
    lines: Sequence[Taken], terms: DocumentTerms
) -> tuple[tuple[DocumentLine, ...], DocumentTerms]:
    """Return the lines of which something is taken now, with that quantity, and their terms.

    *lines* are all of the document's. Those that are text are returned as they are; leave out
    the ones that are not wanted. The ids are those of the document: give the lines new ones.
    """
    cut = tuple(
        _cut(each, terms.currency)
        for each in lines
        if each.now > ZERO or not each.priced.line.kind.is_priced
    )
    amount = terms.discount.amount
    if amount is None:
        return cut, terms
    whole = sum((Fraction(each.priced.net.amount) for each in lines), Fraction(0))
    before = sum((_net(each, each.before) for each in lines), Fraction(0))
    after = sum((_net(each, each.before + each.now) for each in lines), Fraction(0))
    if not whole:
        return cut, terms
    part = _part(amount, after / whole, terms.currency) - _part(
        amount, before / whole, terms.currency
    )
    return cut, replace(terms, discount=Discount(amount=max(part, Decimal(0))))


def _cut(taken: Taken, currency: str) -> DocumentLine:
    line = taken.priced.line
    if not line.kind.is_priced or taken.now == line.quantity:
        return line
    amount = line.discount.amount
    if amount is None:
        return replace(line, quantity=taken.now)
    before = Fraction(taken.before.value) / Fraction(line.quantity.value)
    after = before + Fraction(taken.now.value) / Fraction(line.quantity.value)
    part = _part(amount, after, currency) - _part(amount, before, currency)
    return replace(line, quantity=taken.now, discount=Discount(amount=part))


def _net(taken: Taken, quantity: Quantity) -> Fraction:
    """Return what *quantity* of a line comes to, not rounded; nothing where it is text."""
    line = taken.priced.line
    if not line.kind.is_priced:
        return Fraction(0)
    part = Fraction(quantity.value) / Fraction(line.quantity.value)
    return Fraction(taken.priced.net.amount) * part


def _part(amount: Decimal, part: Fraction, currency: str) -> Decimal:
    whole = Fraction(amount) * part
    return quotient(Decimal(whole.numerator), Decimal(whole.denominator), minor_digits(currency))

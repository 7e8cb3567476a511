"""The arithmetic of a whole document: from lines and terms to amounts that add up.

Each line is reckoned as if it stood alone, and rounded; the document is the sum of its lines. A
discount of the whole document takes the same part off every line, or spreads an amount over them
by what they come to. Where the tax is rounded for the whole document, each tax is reckoned once
more on the sum of its bases, and the last line that bears it takes up the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from erp_core.catalog.entities.document_line import DocumentLine, LineKind, require_lines
from erp_core.catalog.entities.document_terms import DocumentTerms
from erp_core.catalog.entities.priced import (
    DocumentTotals,
    PricedDocument,
    PricedLine,
    added_up,
    tax_key,
)
from erp_core.catalog.entities.tax import TaxedLine, TaxFactors, factors_of, money_of
from erp_core.identity.entities import Rounding
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import at, ensure
from erp_core.kernel.exact import product, quotient
from erp_core.kernel.money import Money, Rate, minor_digits

_NOTHING: Final = Fraction(0)


def price_document(lines: Sequence[DocumentLine], terms: DocumentTerms) -> PricedDocument:
    """Reckon the amounts of a document.

    Raises:
        InvariantError: too many lines, a discount that takes more than there is, or amounts
            beyond what can be said; a line is named by its place, ``lines/3``.
    """
    values = line_values(lines, terms)
    reckoned: dict[int, _Reckoned] = {}
    for index, (line, value) in enumerate(zip(lines, values, strict=True)):
        if line.kind.is_priced:
            factors = factors_of(line.components, includes_tax=line.price_includes_tax)
            with at(f"lines/{index}"):
                reckoned[index] = _Reckoned(factors, factors.reckon(value, terms.currency))
    if terms.rounding is Rounding.PER_DOCUMENT:
        _round_once(list(reckoned.values()), terms.currency)
    priced = _priced(lines, reckoned, terms.currency)
    return PricedDocument(lines=priced, totals=_totals(priced, terms))


def line_values(lines: Sequence[DocumentLine], terms: DocumentTerms) -> list[Fraction]:
    """Return what each line comes to at its own price, less every discount, not rounded.

    It contains the taxes that the price contains; zero for a line that is only text.

    Raises:
        InvariantError: too many lines, or a discount that takes more than there is.
    """
    require_lines(lines)
    values: list[Fraction] = []
    for index, line in enumerate(lines):
        value = Fraction(line.quantity.value) * Fraction(line.unit_price)
        if line.discount.percent.percent:
            value *= line.discount.remainder
        elif line.discount.amount:
            with at(f"lines/{index}"):
                (value,) = _less([value], line.discount.money(terms.currency))
        values.append(value)
    if terms.discount.percent.percent:
        return [each * terms.discount.remainder for each in values]
    if terms.discount.amount:
        return _less(values, terms.discount.money(terms.currency))
    return values


def _less(values: Sequence[Fraction], wanted: Money) -> list[Fraction]:
    """Take *wanted*, more than nothing, off the sum of *values*, from each by what it comes to.

    What goes in one direction bears what is taken off that direction: a deduction among the
    items is not deducted from. Each value is scaled rather than subtracted from, so that its
    rounded amount falls by whole cents and none ever changes its sign.
    """
    currency = wanted.currency
    rounded = [money_of(each, currency).amount for each in values]
    whole = sum(rounded, Decimal(0))
    ensure(
        wanted.amount <= abs(whole),
        "catalog.discount.too_large",
        f"a discount of {wanted} is more than the {abs(whole)} it is taken off",
        field="discount_amount",
        discount=wanted,
        most=Money(abs(whole), currency),
    )
    weights = [abs(each) if (each > 0) == (whole > 0) else Decimal(0) for each in rounded]
    return [
        value * (1 - Fraction(taken.amount) / Fraction(weight)) if taken.amount else value
        for value, weight, taken in zip(values, weights, wanted.allocate(weights), strict=True)
    ]


@dataclass(slots=True)
class _Reckoned:
    """An item on its way to its final amounts."""

    factors: TaxFactors
    taxed: TaxedLine

    @property
    def unrounded_net(self) -> Fraction:
        """What the taxes are reckoned on: the net, or what is left of a total that is fixed."""
        if self.factors.all_inside:
            return Fraction(self.taxed.total.amount) / (1 + self.factors.added)
        return Fraction(self.taxed.net.amount)

    def correct(self, index: int, difference: Decimal) -> None:
        """Let one tax be more by *difference*; the total stays where the price contains it."""
        amounts = [each.amount for each in self.taxed.taxes]
        change = Money(difference, amounts[index].currency)
        amounts[index] += change
        net = self.taxed.net
        if self.factors.all_inside and not self.factors.components[index].withheld:
            net -= change
        self.taxed = self.factors.listed(net, amounts)


def _round_once(items: Sequence[_Reckoned], currency: str) -> None:
    """Round each tax for the whole document, the difference on the last line that bears it."""
    exact: dict[tuple[str, Rate, bool], Fraction] = {}
    shown: dict[tuple[str, Rate, bool], Decimal] = {}
    last: dict[tuple[str, Rate, bool], tuple[_Reckoned, int]] = {}
    for item in items:
        base = item.unrounded_net
        for index, each in enumerate(item.taxed.taxes):
            key = tax_key(each.component)
            exact[key] = exact.get(key, _NOTHING) + base * item.factors.each[index]
            shown[key] = shown.get(key, Decimal(0)) + each.amount.amount
            if base or key not in last:
                last[key] = item, index
    for key, (item, index) in last.items():
        difference = money_of(exact[key], currency).amount - shown[key]
        if difference:
            item.correct(index, difference)


def _priced(
    lines: Sequence[DocumentLine], reckoned: dict[int, _Reckoned], currency: str
) -> tuple[PricedLine, ...]:
    nothing = Money.zero(currency)
    priced: list[PricedLine] = []
    since: list[PricedLine] = []  # the last heading or subtotal
    for index, line in enumerate(lines):
        if line.kind.is_priced:
            taxed = reckoned[index].taxed
            item = PricedLine(line=line, net=taxed.net, total=taxed.total, taxes=taxed.taxes)
            priced.append(item)
            since.append(item)
            continue
        text = PricedLine(line=line, net=nothing, total=nothing)
        if line.kind is LineKind.SUBTOTAL:
            net = added_up((each.net for each in since), nothing)
            text = replace(text, net=net, total=added_up((each.total for each in since), nothing))
        if line.kind is not LineKind.NOTE:
            since = []
        priced.append(text)
    return tuple(priced)


def _totals(lines: Sequence[PricedLine], terms: DocumentTerms) -> DocumentTotals:
    items = [each for each in lines if each.line.kind.is_priced]
    nothing = Money.zero(terms.currency)
    totals = DocumentTotals(
        net=added_up((each.net for each in items), nothing),
        total=added_up((each.total for each in items), nothing),
        withheld=added_up((each.withheld for each in items), nothing),
        cash_rounding=nothing,
    )
    if terms.cash_step is None:
        return totals
    steps = quotient(totals.payable.amount, terms.cash_step, 0)
    paid = product(steps, terms.cash_step, minor_digits(terms.currency))
    return replace(totals, cash_rounding=Money(paid, terms.currency) - totals.payable)

"""The arithmetic of one line: from quantity, price, discounts and taxes to net and total.

Where the taxes come on top, the net is rounded, the total is rounded from the *unrounded* net, and
the tax is their difference. Where the price contains them, the total is rounded and the net is
rounded from the unrounded total. With some of each, both are rounded from the unrounded net.
Nothing else is rounded on the way: fractions are exact, however many digits they take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from erp_core.catalog.entities.tax_class import TaxComponent, require_components
from erp_core.kernel.errors import ensure
from erp_core.kernel.exact import PLACES, exact, plain, quotient
from erp_core.kernel.money import Money, Rate, UnitPrice, minor_digits, require_currency
from erp_core.kernel.quantity import Quantity

_WHOLE: Final = 100  # percent
_WEIGHT_PLACES: Final = 12
_NOTHING: Final = Fraction(0)
_NO_DISCOUNT: Final = Rate()


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxableLine:
    """What a line must say before its amounts are known."""

    quantity: Quantity  # negative: given back
    unit_price: Decimal  # major units, up to six decimals; negative: a deduction
    currency: str  # ISO 4217 alphabetic code
    price_includes_tax: bool = False  # every component, whatever it says of itself
    discount: Rate = _NO_DISCOUNT
    document_discount: Rate = _NO_DISCOUNT  # what the whole document is reduced by
    components: tuple[TaxComponent, ...] = ()

    def __post_init__(self) -> None:
        require_currency(self.currency)
        price = plain(exact(self.unit_price, PLACES, "catalog.line.unit_price"))
        object.__setattr__(self, "unit_price", price)
        for field, discount in (
            ("discount_percent", self.discount),
            ("document_discount_percent", self.document_discount),
        ):
            ensure(
                discount.percent <= _WHOLE,
                "catalog.line.discount",
                "a discount is at most 100 percent",
                field=field,
            )
        require_components(self.components)

    @property
    def discounted(self) -> Fraction:
        """The price of the whole line less its discounts, not rounded."""
        return (
            Fraction(self.quantity.value)
            * Fraction(self.unit_price)
            * (1 - _share(self.discount))
            * (1 - _share(self.document_discount))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxAmount:
    """What one component comes to."""

    component: TaxComponent
    base: Money  # what it was reckoned on
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxedLine:
    """A line with its amounts, each rounded to the currency's minor unit."""

    net: Money
    total: Money  # net and taxes; what is withheld is still in it
    taxes: tuple[TaxAmount, ...]  # in order of the components; those not withheld add up to tax

    @property
    def tax(self) -> Money:
        """What the taxes add to the net."""
        return self.total - self.net

    @property
    def withheld(self) -> Money:
        """What the buyer keeps back for the tax office."""
        kept = (each.amount for each in self.taxes if each.component.withheld)
        return sum(kept, Money.zero(self.net.currency))


def taxed(line: TaxableLine) -> TaxedLine:
    """Reckon the amounts of *line*.

    Raises:
        InvariantError: they are beyond what an amount can say.
    """
    factors = tax_factors(line.components)
    added = [
        _NOTHING if each.withheld else factor
        for each, factor in zip(line.components, factors, strict=True)
    ]
    unrounded_net = line.discounted / (1 + _contained(line.components, line.price_includes_tax))
    net = _money(unrounded_net, line.currency)
    total = _money(unrounded_net * (1 + sum(added)), line.currency)
    amounts = _split(total - net, added)
    for index, component in enumerate(line.components):
        if component.withheld:
            amounts[index] = _money(unrounded_net * factors[index], line.currency)
    return TaxedLine(net=net, total=total, taxes=_listed(net, line.components, amounts))


def tax_factors(components: Sequence[TaxComponent]) -> list[Fraction]:
    """Return what each component comes to for a net of one.

    A compound one is reckoned on the net and the components before it that are added to the net;
    what is withheld is no part of the price, hence of no base.
    """
    factors: list[Fraction] = []
    before = Fraction(1)
    for component in components:
        factor = _share(component.rate) * (before if component.compound else 1)
        factors.append(factor)
        if not component.withheld:
            before += factor
    return factors


def net_price(
    price: UnitPrice, components: Sequence[TaxComponent], *, includes_tax: bool
) -> Fraction:
    """Return *price* without the taxes it contains, not rounded: what prices are compared by."""
    return Fraction(price.amount) / (1 + _contained(components, includes_tax))


def _contained(components: Sequence[TaxComponent], price_includes_tax: bool) -> Fraction:  # noqa: FBT001  # a fact, not a switch
    """Return the taxes that the price contains, for a net of one."""
    return sum(
        (
            factor
            for each, factor in zip(components, tax_factors(components), strict=True)
            if (price_includes_tax or each.included) and not each.withheld
        ),
        _NOTHING,
    )


def _share(rate: Rate) -> Fraction:
    return Fraction(rate.percent) / _WHOLE


def _money(value: Fraction, currency: str) -> Money:
    places = minor_digits(currency)
    return Money(quotient(Decimal(value.numerator), Decimal(value.denominator), places), currency)


def _split(tax: Money, factors: Sequence[Fraction]) -> list[Money]:
    """Divide *tax* among the components, so that their amounts add up to it."""
    if not any(factors):
        return [Money.zero(tax.currency)] * len(factors)
    weights = [
        quotient(Decimal(each.numerator), Decimal(each.denominator), _WEIGHT_PLACES)
        for each in factors
    ]
    return list(tax.allocate(weights))


def _listed(
    net: Money, components: Sequence[TaxComponent], amounts: Sequence[Money]
) -> tuple[TaxAmount, ...]:
    listed: list[TaxAmount] = []
    before = net
    for component, amount in zip(components, amounts, strict=True):
        base = before if component.compound else net
        listed.append(TaxAmount(component=component, base=base, amount=amount))
        if not component.withheld:
            before += amount
    return tuple(listed)

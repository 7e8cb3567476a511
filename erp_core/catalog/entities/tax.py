"""The arithmetic of one line: from quantity, price, discounts and taxes to net and total.

Where the taxes come on top, the net is rounded, the total is rounded from the *unrounded* net, and
the tax is their difference. Where the price contains them, the total is rounded and the net is
rounded from the unrounded total. With some of each, both are rounded from the unrounded net.
Nothing else is rounded on the way: fractions are exact, however many digits they take.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from erp_core.catalog.entities.tax_class import TaxComponent, require_components
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.exact import PLACES, exact, plain, rounded_ratio
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
            * (1 - share_of(self.discount))
            * (1 - share_of(self.document_discount))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxFactors:
    """What taxes come to for a net of one: reckoned once for all lines that bear the same."""

    components: tuple[TaxComponent, ...]
    each: tuple[Fraction, ...]  # of every component, in their order
    added: Fraction  # those the buyer pays on the net
    contained: Fraction  # those of them that the price contains
    weights: tuple[Decimal, ...]  # of each in the tax of a line

    @property
    def all_inside(self) -> bool:
        """Say whether the price is what is paid, and the net what is left of it."""
        return bool(self.contained) and self.contained == self.added

    def reckon(self, value: Fraction, currency: str) -> TaxedLine:
        """Reckon the amounts of a line whose price less discounts comes to *value*.

        Raises:
            InvariantError: they are beyond what an amount can say.
        """
        unrounded_net = value / (1 + self.contained) if self.contained else value
        net = money_of(unrounded_net, currency)
        total = money_of(unrounded_net * (1 + self.added), currency) if self.added else net
        amounts = self._split(total - net)
        for index, component in enumerate(self.components):
            if component.withheld:
                amounts[index] = money_of(unrounded_net * self.each[index], currency)
        return self.listed(net, amounts)

    def listed(self, net: Money, amounts: Sequence[Money]) -> TaxedLine:
        """Return the line whose taxes come to *amounts*, each with what it was reckoned on."""
        listed: list[TaxAmount] = []
        before = net
        for component, amount in zip(self.components, amounts, strict=True):
            base = before if component.compound else net
            listed.append(TaxAmount(component=component, base=base, amount=amount))
            if not component.withheld:
                before += amount
        return TaxedLine(net=net, total=before, taxes=tuple(listed))

    def _split(self, tax: Money) -> list[Money]:
        """Divide *tax* among the components, so that their amounts add up to it."""
        if not self.added:
            return [Money.zero(tax.currency)] * len(self.weights)
        if len(self.weights) == 1:
            return [tax]
        return list(tax.allocate(self.weights))


def taxed(line: TaxableLine) -> TaxedLine:
    """Reckon the amounts of *line*.

    Raises:
        InvariantError: they are beyond what an amount can say.
    """
    factors = factors_of(line.components, includes_tax=line.price_includes_tax)
    return factors.reckon(line.discounted, line.currency)


@lru_cache(maxsize=1024)
def factors_of(components: tuple[TaxComponent, ...], *, includes_tax: bool) -> TaxFactors:
    """Return what *components* come to where the price contains them all, or only some."""
    factors = tax_factors(components)
    borne = [
        _NOTHING if each.withheld else factor
        for each, factor in zip(components, factors, strict=True)
    ]
    inside = [
        factor
        for each, factor in zip(components, borne, strict=True)
        if includes_tax or each.included
    ]
    return TaxFactors(
        components=components,
        each=tuple(factors),
        added=sum(borne, _NOTHING),
        contained=sum(inside, _NOTHING),
        weights=tuple(
            rounded_ratio(each.numerator, each.denominator, _WEIGHT_PLACES) for each in borne
        ),
    )


def tax_factors(components: Sequence[TaxComponent]) -> list[Fraction]:
    """Return what each component comes to for a net of one.

    A compound one is reckoned on the net and the components before it that are added to the net;
    what is withheld is no part of the price, hence of no base.
    """
    factors: list[Fraction] = []
    before = Fraction(1)
    for component in components:
        factor = share_of(component.rate) * (before if component.compound else 1)
        factors.append(factor)
        if not component.withheld:
            before += factor
    return factors


def net_price(
    price: UnitPrice, components: Sequence[TaxComponent], *, includes_tax: bool
) -> Fraction:
    """Return *price* without the taxes it contains, not rounded: what prices are compared by."""
    factors = factors_of(tuple(components), includes_tax=includes_tax)
    return Fraction(price.amount) / (1 + factors.contained)


def share_of(rate: Rate) -> Fraction:
    """Return *rate* as a part of one."""
    return Fraction(rate.percent) / _WHOLE


def money_of(value: Fraction, currency: str) -> Money:
    """Round *value*, in major units, to the minor unit of *currency*.

    Raises:
        InvariantError: it is beyond what an amount can say.
    """
    digits = minor_digits(currency)
    return Money(rounded_ratio(value.numerator, value.denominator, digits), currency)

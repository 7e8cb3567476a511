"""What a priced document says: its lines, its totals, its taxes, and what is earned on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, Self

from erp_core.catalog.entities.document_line import DocumentLine
from erp_core.catalog.entities.tax import TaxAmount
from erp_core.catalog.entities.tax_class import TaxComponent
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.exact import quotient
from erp_core.kernel.money import Money, Rate

_PERCENT_PLACES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """What is left of a net when the cost is paid."""

    net: Money
    cost: Money

    @property
    def amount(self) -> Money:
        """What is earned; below zero where something is sold at a loss."""
        return self.net - self.cost

    @property
    def percent(self) -> Decimal | None:
        """The margin in percent of the net, two decimals; None where there is no net."""
        if not self.net.amount:
            return None
        return quotient(self.amount.amount * 100, self.net.amount, _PERCENT_PLACES)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLine:
    """A line with its amounts, each rounded to the currency's minor unit.

    A heading and a note have amounts of zero; a subtotal has the sums of the items above it, up
    to the last heading or subtotal, and is no part of the document's totals.
    """

    line: DocumentLine
    net: Money  # after every discount
    total: Money  # net and taxes; what is withheld is still in it
    taxes: tuple[TaxAmount, ...] = ()  # in order of the components; those not withheld are the tax

    def __post_init__(self) -> None:
        added = (each.amount.amount for each in self.taxes if not each.component.withheld)
        ensure(
            not self.line.kind.is_priced or sum(added, self.net.amount) == self.total.amount,
            "catalog.line.total",
            "the total of a line is its net and its taxes",
            field="total",
        )

    @property
    def tax(self) -> Money:
        """What the taxes add to the net."""
        return self.total - self.net

    @property
    def withheld(self) -> Money:
        """What the buyer keeps back for the tax office."""
        kept = (each.amount for each in self.taxes if each.component.withheld)
        return sum(kept, Money.zero(self.net.currency))

    @property
    def cost(self) -> Money | None:
        """What the items cost; None where nobody knows in this currency."""
        unit_cost = self.line.unit_cost
        if unit_cost is None or unit_cost.currency != self.net.currency:
            return None
        return unit_cost.times(self.line.quantity)

    @property
    def margin(self) -> Margin | None:
        """What is earned on the line; None where its cost is unknown."""
        cost = self.cost
        return None if cost is None else Margin(net=self.net, cost=cost)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxTotal:
    """What one tax comes to over a document, at one rate."""

    name: str
    rate: Rate
    withheld: bool
    base: Money
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTotals:
    """The amounts at the foot of a document, all in its currency."""

    net: Money
    total: Money  # net and taxes
    withheld: Money  # what the buyer keeps back for the tax office
    cash_rounding: Money  # what rounding to coins adds to what is paid, or takes off it

    @property
    def tax(self) -> Money:
        """What the taxes add to the net."""
        return self.total - self.net

    @property
    def payable(self) -> Money:
        """What the buyer pays: the total, less what he withholds, rounded to coins."""
        return self.total - self.withheld + self.cash_rounding

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return the totals of a document that nobody has written on."""
        nothing = Money.zero(currency)
        return cls(net=nothing, total=nothing, withheld=nothing, cash_rounding=nothing)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedDocument:
    """Lines and totals that add up, to the last cent."""

    lines: tuple[PricedLine, ...]
    totals: DocumentTotals

    def __post_init__(self) -> None:
        items = [each for each in self.lines if each.line.kind.is_priced]
        nothing = Money.zero(self.totals.net.currency)
        for name, summed in (
            ("net", added_up((each.net for each in items), nothing)),
            ("total", added_up((each.total for each in items), nothing)),
        ):
            ensure(
                getattr(self.totals, name) == summed,
                "catalog.document.totals",
                "the totals of a document are the sums of its lines",
                field=name,
            )

    @property
    def net(self) -> Money:
        """The sum of the nets."""
        return self.totals.net

    @property
    def tax(self) -> Money:
        """What the taxes add to the net."""
        return self.totals.tax

    @property
    def total(self) -> Money:
        """Net and taxes."""
        return self.totals.total

    @property
    def withheld(self) -> Money:
        """What the buyer keeps back for the tax office."""
        return self.totals.withheld

    @property
    def cash_rounding(self) -> Money:
        """What rounding to coins adds to what is paid, or takes off it."""
        return self.totals.cash_rounding

    @property
    def payable(self) -> Money:
        """What the buyer pays."""
        return self.totals.payable

    @property
    def taxes(self) -> tuple[TaxTotal, ...]:
        """Every tax of the document, at each of its rates, in order of appearance."""
        return tax_totals(self.lines)

    @property
    def margin(self) -> Margin | None:
        """What is earned on the document; None where the cost of an item is unknown."""
        costs = [each.cost for each in self.lines if each.line.kind.is_priced]
        known = [each for each in costs if each is not None]
        if len(known) < len(costs):
            return None
        return Margin(net=self.net, cost=added_up(known, Money.zero(self.net.currency)))


def added_up(amounts: Iterable[Money], nothing: Money) -> Money:
    """Return the sum of *amounts*, all in the currency of *nothing*.

    Raises:
        InvariantError: it is beyond what an amount can say.
    """
    # Decimals, not Money: a thousand partial sums need not each be checked.
    whole = sum((each.amount for each in amounts), Decimal(0))
    return Money(whole, nothing.currency)


def tax_key(component: TaxComponent) -> tuple[str, Rate, bool]:
    """Return what makes two components one and the same tax."""
    return component.name, component.rate, component.withheld


def tax_totals(lines: Sequence[PricedLine]) -> tuple[TaxTotal, ...]:
    """Sum the taxes of *lines*, one for each name and rate, in order of appearance."""
    found: dict[tuple[str, Rate, bool], list[TaxAmount]] = {}
    for line in lines:
        for each in line.taxes:
            found.setdefault(tax_key(each.component), []).append(each)
    return tuple(
        TaxTotal(
            name=name,
            rate=rate,
            withheld=withheld,
            base=added_up((each.base for each in parts), parts[0].base),
            amount=added_up((each.amount for each in parts), parts[0].amount),
        )
        for (name, rate, withheld), parts in found.items()
    )

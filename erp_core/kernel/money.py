"""Money: exact, in one currency. Amounts are rounded; unit prices are finer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, Self

from erp_core.kernel.currencies import CURRENCIES, UNUSUAL_MINOR_DIGITS
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.exact import (
    PLACES,
    canonical,
    exact,
    product,
    quotient,
    shares,
    weighted_mean,
)
from erp_core.kernel.quantity import Quantity

_KNOWN_MAX: Final = 256


def minor_digits(currency: str) -> int:
    """Return how many decimals amounts in *currency* (ISO 4217, alphabetic) carry."""
    return UNUSUAL_MINOR_DIGITS.get(currency, 2)


@lru_cache(_KNOWN_MAX)  # asked for every amount there is; what is refused is not remembered
def require_currency(code: str) -> None:
    """Raise InvariantError unless *code* is an alphabetic code of ISO 4217."""
    ensure(
        code in CURRENCIES,
        "money.currency",
        "a currency is a code of ISO 4217 in capital letters, such as BRL",
        field="currency",
    )


@dataclass(frozen=True, slots=True)
class Money:
    """What a document says: major units, rounded to the currency's minor unit."""

    amount: Decimal
    currency: str  # ISO 4217 alphabetic code, upper case

    def __post_init__(self) -> None:
        require_currency(self.currency)
        amount = exact(self.amount, minor_digits(self.currency), "money")
        object.__setattr__(self, "amount", amount)

    def __add__(self, other: Money) -> Money:
        require_same_currency(self.currency, other.currency)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        require_same_currency(self.currency, other.currency)
        return Money(self.amount - other.amount, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        require_same_currency(self.currency, other.currency)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        require_same_currency(self.currency, other.currency)
        return self.amount <= other.amount

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return nothing, in *currency*."""
        return cls(Decimal(0), currency)

    def allocate(self, weights: Sequence[Decimal]) -> tuple[Money, ...]:
        """Split by *weights*, losing no cent: the parts add up to the whole.

        Raises:
            InvariantError: no weight, a negative one, or all of them zero.
        """
        parts = shares(self.amount, weights, minor_digits(self.currency))
        return tuple(Money(part, self.currency) for part in parts)


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage, up to four decimals: ``Rate(Decimal("5.5"))`` is 5.5 %."""

    percent: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "percent", canonical(self.percent, 4, "rate"))
        ensure(
            0 <= self.percent <= 1000,  # noqa: PLR2004  # said in words beside
            "rate.range",
            "a rate is from 0 to 1000 percent",
        )

    def of(self, money: Money) -> Money:
        """Return this share of *money*, rounded once, half away from zero."""
        places = minor_digits(money.currency)
        return Money(product(money.amount, self.percent / 100, places), money.currency)

    def __str__(self) -> str:
        return f"{self.percent:f}"


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """The price or cost of one unit: major units, up to six decimals, never negative."""

    amount: Decimal
    currency: str  # ISO 4217 alphabetic code, upper case

    def __post_init__(self) -> None:
        require_currency(self.currency)
        amount = canonical(self.amount, PLACES, "unit_price")
        if amount < 0:
            raise InvariantError("a unit price is never negative", code="unit_price.negative")
        object.__setattr__(self, "amount", amount)

    def times(self, quantity: Quantity) -> Money:
        """Multiply and round once, half away from zero."""
        places = minor_digits(self.currency)
        return Money(product(self.amount, quantity.value, places), self.currency)

    def blend(self, weight: Quantity, other: UnitPrice, other_weight: Quantity) -> UnitPrice:
        """Return the average of two prices, each weighted by the quantity it applies to."""
        require_same_currency(self.currency, other.currency)
        if not weight.value and other_weight.value:
            return other
        mean = weighted_mean((self.amount, weight.value), (other.amount, other_weight.value))
        return UnitPrice(mean, self.currency)

    def per(self, factor: Decimal) -> UnitPrice:
        """Return the price of a unit that is *factor* times smaller."""
        return UnitPrice(quotient(self.amount, factor, PLACES), self.currency)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"


def require_same_currency(ours: str, theirs: str) -> None:
    """Raise InvariantError where two amounts cannot be put together."""
    ensure(
        ours == theirs,
        "money.currency_mismatch",
        f"cannot mix {ours} and {theirs}",
        ours=ours,
        theirs=theirs,
    )

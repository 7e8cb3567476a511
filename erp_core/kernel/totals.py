"""What many rows come to together: as exact as each of them, and without a limit to it.

A quantity and an amount have twelve digits before the point, for a column holds no more. What is
added up or multiplied for a reader need not fit one: a report that refused to tell a large total
would hide every row beside it.
"""

from __future__ import annotations

from decimal import Decimal

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.exact import added, plain, product
from erp_core.kernel.money import UnitPrice, minor_digits, require_same_currency
from erp_core.kernel.quantity import Quantity


@dataclass(frozen=True, slots=True, order=True)
class Total:
    """How much there is in all, in the unit of whatever it counts."""

    value: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", plain(self.value) or Decimal(0))

    def __add__(self, other: Total | Quantity) -> Total:
        return Total(added(self.value, other.value))

    def __sub__(self, other: Total | Quantity) -> Total:
        return Total(added(self.value, -other.value))

    def __str__(self) -> str:
        return f"{self.value:f}"


@dataclass(frozen=True, slots=True)
class Worth:
    """What something is worth in all, rounded to the currency's minor unit."""

    amount: Decimal
    currency: str  # ISO 4217 alphabetic code, upper case

    def __add__(self, other: Worth) -> Worth:
        require_same_currency(self.currency, other.currency)
        return Worth(added(self.amount, other.amount), self.currency)

    def __sub__(self, other: Worth) -> Worth:
        require_same_currency(self.currency, other.currency)
        return Worth(added(self.amount, -other.amount), self.currency)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    @classmethod
    def of(cls, quantity: Quantity | Total, each: UnitPrice) -> Worth:
        """Multiply and round once, half away from zero."""
        places = minor_digits(each.currency)
        return cls(product(each.amount, quantity.value, places), each.currency)

    @classmethod
    def zero(cls, currency: str) -> Worth:
        """Return nothing, in *currency*."""
        return cls(Decimal(0).scaleb(-minor_digits(currency)), currency)

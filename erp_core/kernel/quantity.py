"""How much of something: exact, in the unit of whatever it counts."""

from __future__ import annotations

from decimal import Decimal

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.exact import PLACES, canonical


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """A signed amount of stock, up to six decimals."""

    value: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", canonical(self.value, PLACES, "quantity"))

    @classmethod
    def of(cls, digits: str) -> Quantity:
        """Read a quantity from its digits."""
        return cls(Decimal(digits))

    # Most of what is added or taken away is nothing, of which nothing new has to be made.
    def __add__(self, other: Quantity) -> Quantity:
        if not other.value:
            return self
        return Quantity(self.value + other.value)

    def __sub__(self, other: Quantity) -> Quantity:
        if not other.value:
            return self
        return Quantity(self.value - other.value)

    def __neg__(self) -> Quantity:
        return Quantity(-self.value)

    def __str__(self) -> str:
        return f"{self.value:f}"


ZERO = Quantity()

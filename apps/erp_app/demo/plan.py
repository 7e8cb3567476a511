"""How much of everything a demo has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

SIZES: Final = {"small": 300, "medium": 5_000, "large": 100_000}  # stock movements
MOVEMENTS_MIN: Final = 100
MOVEMENTS_MAX: Final = 1_000_000
DAYS: Final = 365

_MOVEMENTS_A_SALE: Final = 6
_SALES: Final = (20, 1500)  # at least, at most: each is a dozen transactions
_PRODUCTS: Final = (20, 1500)
_CUSTOMERS: Final = (12, 300)
_SUPPLIERS: Final = (4, 30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """So many things; the movements that documents do not make go over the counter."""

    movements: int
    sales: int
    products: int
    customers: int
    suppliers: int

    @classmethod
    def of(cls, movements: int) -> Self:
        """Return the plan of a company whose goods move about so many times."""
        sales = _within(movements // _MOVEMENTS_A_SALE, _SALES)
        return cls(
            movements=movements,
            sales=sales,
            products=_within(movements // 100, _PRODUCTS),
            customers=_within(sales // 5, _CUSTOMERS),
            suppliers=_within(sales // 25, _SUPPLIERS),
        )


def _within(number: int, bounds: tuple[int, int]) -> int:
    return max(bounds[0], min(number, bounds[1]))

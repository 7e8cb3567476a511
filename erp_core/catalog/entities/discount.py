"""What a price is reduced by: a part of it, or an amount."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

from erp_core.catalog.entities.tax import share_of
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import at, ensure
from erp_core.kernel.exact import PLACES, exact, plain
from erp_core.kernel.money import Money, Rate

_WHOLE: Final = 100  # percent
_NOTHING: Final = Rate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """A discount of one line or of a whole document: in percent, or as an amount, never both.

    An amount is taken off what the prices say: off the net where taxes come on top of them, off
    the total where they contain their taxes. It is never negative; of what is given back it
    leaves less to give back.
    """

    percent: Rate = _NOTHING
    amount: Decimal | None = None  # major units of the document's currency

    def __post_init__(self) -> None:
        ensure(
            self.percent.percent <= _WHOLE,
            "catalog.line.discount",
            "a discount is at most 100 percent",
            field="discount_percent",
        )
        if self.amount is None:
            return
        amount = plain(exact(self.amount, PLACES, "catalog.discount.amount"))
        object.__setattr__(self, "amount", amount)
        ensure(
            amount >= 0,
            "catalog.discount.negative",
            "a discount is zero or more",
            field="discount_amount",
        )
        ensure(
            not self.percent.percent,
            "catalog.discount.twice",
            "a discount is a percentage or an amount, not both",
            field="discount_amount",
        )

    @property
    def remainder(self) -> Fraction:
        """What the percentage leaves of one."""
        return 1 - share_of(self.percent)

    def money(self, currency: str) -> Money:
        """Return the amount in *currency*: nothing where there is none.

        Raises:
            InvariantError: it is finer than the currency's minor unit.
        """
        with at("discount_amount"):
            return Money(self.amount or Decimal(0), currency)


NO_DISCOUNT: Final = Discount()

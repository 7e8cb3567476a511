"""What holds for a document as a whole, and turns its lines into its totals."""

from __future__ import annotations

from decimal import Decimal
from typing import Self

from erp_core.catalog.entities.discount import NO_DISCOUNT, Discount
from erp_core.identity.entities import CompanySettings, Rounding
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.exact import PLACES, exact, plain, rounded_half_up
from erp_core.kernel.money import minor_digits, require_currency


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTerms:
    """The currency, the discount of the whole document, and how it is rounded."""

    currency: str  # ISO 4217 alphabetic code
    discount: Discount = NO_DISCOUNT
    rounding: Rounding = Rounding.PER_LINE
    cash_step: Decimal | None = None  # major units, such as 0.05; None: paid to the last cent

    def __post_init__(self) -> None:
        require_currency(self.currency)
        self.discount.money(self.currency)
        if self.cash_step is None:
            return
        step = plain(exact(self.cash_step, PLACES, "catalog.document.cash_step"))
        object.__setattr__(self, "cash_step", step)
        ensure(
            step > 0 and rounded_half_up(step, minor_digits(self.currency)) == step,
            "catalog.document.cash_step",
            f"a cash step is more than zero and no finer than the coins of {self.currency}",
            field="cash_step",
            currency=self.currency,
        )

    @classmethod
    def of_company(
        cls,
        currency: str,
        settings: CompanySettings,
        *,
        books: str,
        discount: Discount = NO_DISCOUNT,
    ) -> Self:
        """Return the terms of a document of a company that keeps its *books* in some currency.

        Its cash step is one of its own coins, and holds for no other currency.

        Raises:
            InvariantError: the discount is finer than the currency's minor unit.
        """
        return cls(
            currency=currency,
            discount=discount,
            rounding=settings.rounding,
            cash_step=settings.cash_step if currency == books else None,
        )

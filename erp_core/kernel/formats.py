"""Dates, numbers and money as a reader writes them (Unicode CLDR 46, in the forms of business).

Everything between digits and signs is a no-break space, so that no line ends inside an amount.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.exact import plain
from erp_core.kernel.money import Money, Rate, minor_digits
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.translations import ENGLISH, known

_SPACE: Final = "\u00a0"
_GROUP_DIGITS: Final = 3
_MONTHS: Final = "JanFebMarAprMayJunJulAugSepOctNovDec"
_MONTH_LETTERS: Final = 3
# The signs that readers of any of our languages know; other currencies go by their codes.
_SIGNS: Final[Mapping[str, str]] = {
    "BRL": "R$",
    "EUR": "€",
    "GBP": "£",
    "JPY": "¥",
    "USD": "US$",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Custom:
    """How one language writes."""

    decimal: str
    group: str
    dash: str  # between day, month and year
    month_named: bool = False
    sign_first: bool
    sign_space: str
    percent: str


_CUSTOMS: Final[Mapping[str, _Custom]] = {
    "en": _Custom(
        decimal=".",
        group=",",
        dash=_SPACE,
        month_named=True,
        sign_first=True,
        sign_space="",
        percent="%",
    ),
    "pt-BR": _Custom(
        decimal=",",
        group=".",
        dash="/",
        sign_first=True,
        sign_space=_SPACE,
        percent="%",
    ),
    "es": _Custom(
        decimal=",",
        group=".",
        dash="/",
        sign_first=False,
        sign_space=_SPACE,
        percent=f"{_SPACE}%",
    ),
    "fr": _Custom(
        decimal=",",
        group=_SPACE,
        dash="/",
        sign_first=False,
        sign_space=_SPACE,
        percent=f"{_SPACE}%",
    ),
}


@dataclass(frozen=True, slots=True)
class Formats:
    """Writes values for a reader of one language; one we do not speak is written in English."""

    locale: str  # BCP 47

    def day(self, day: date) -> str:
        """Write a day: ``23/11/2026``, or ``23 Nov 2026`` where that is read in two ways."""
        custom = self._custom
        ends = day.month * _MONTH_LETTERS
        named = _MONTHS[ends - _MONTH_LETTERS : ends]
        month = named if custom.month_named else f"{day.month:02d}"
        return f"{day.day:02d}{custom.dash}{month}{custom.dash}{day.year:04d}"

    def number(self, value: Decimal, *, least: int = 0) -> str:
        """Write a number with *least* decimals or as many as it needs; nothing is rounded."""
        digits = f"{abs(plain(value)):f}"
        whole, _, rest = digits.partition(".")
        rest = rest.ljust(least, "0")
        sign = "-" if value < 0 else ""
        point = self._custom.decimal if rest else ""
        return f"{sign}{self._grouped(whole)}{point}{rest}"

    def quantity(self, quantity: Quantity) -> str:
        """Write how many: ``1.234,5``."""
        return self.number(quantity.value)

    def price(self, price: Decimal, currency: str) -> str:
        """Write a unit price, as fine as it is, without its currency."""
        return self.number(price, least=minor_digits(currency))

    def amount(self, money: Money) -> str:
        """Write an amount to its minor unit, without its currency."""
        return self.number(money.amount, least=minor_digits(money.currency))

    def money(self, money: Money) -> str:
        """Write an amount with its currency: ``R$ 1.234,50``, ``1 234,50 €``."""
        custom = self._custom
        written = self.amount(Money(abs(money.amount), money.currency))
        minus = "-" if money.amount < 0 else ""
        sign = _SIGNS.get(money.currency, money.currency)
        if not custom.sign_first:
            return f"{minus}{written}{custom.sign_space}{sign}"
        space = _SPACE if sign.isalpha() else custom.sign_space
        return f"{minus}{sign}{space}{written}"

    def percent(self, rate: Rate) -> str:
        """Write a rate: ``5,5%``, ``5,5 %``."""
        return f"{self.number(rate.percent)}{self._custom.percent}"

    @property
    def _custom(self) -> _Custom:
        return _CUSTOMS[known(self.locale) or ENGLISH]

    def _grouped(self, digits: str) -> str:
        first = len(digits) % _GROUP_DIGITS or _GROUP_DIGITS
        groups = [digits[:first]]
        groups += [
            digits[at : at + _GROUP_DIGITS] for at in range(first, len(digits), _GROUP_DIGITS)
        ]
        return self._custom.group.join(groups)

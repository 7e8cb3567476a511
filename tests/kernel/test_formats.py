"""How dates, numbers and money are written in the languages of our readers."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.kernel.formats import Formats
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.translations import LOCALES

DAY = date(2026, 3, 9)


def money(amount: str, currency: str = "EUR") -> Money:
    return Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("locale", "day", "amount", "percent", "quantity"),
    [
        ("en", "09 Mar 2026", "-€1,234,567.50", "5.5%", "1,234.5"),
        ("pt-BR", "09/03/2026", "-€ 1.234.567,50", "5,5%", "1.234,5"),
        ("es", "09/03/2026", "-1.234.567,50 €", "5,5 %", "1.234,5"),
        ("fr", "09/03/2026", "-1 234 567,50 €", "5,5 %", "1 234,5"),
    ],
)
def test_each_language_has_its_own_forms(
    locale: str, day: str, amount: str, percent: str, quantity: str
) -> None:
    formats = Formats(locale)
    assert formats.day(DAY).replace("\u00a0", " ") == day
    assert formats.money(money("-1234567.5")).replace("\u00a0", " ") == amount
    assert formats.percent(Rate(Decimal("5.5"))).replace("\u00a0", " ") == percent
    assert formats.quantity(Quantity.of("1234.5")).replace("\u00a0", " ") == quantity


@pytest.mark.parametrize("locale", LOCALES)
def test_no_line_ends_inside_an_amount(locale: str) -> None:
    written = Formats(locale).money(money("1234567.5", "CHF"))
    assert " " not in written
    assert "CHF" in written


@pytest.mark.parametrize(
    ("currency", "written"),
    [("BRL", "R$1,000.00"), ("USD", "US$1,000.00"), ("CHF", "CHF\u00a01,000.00")],
)
def test_a_currency_goes_by_its_sign_or_by_its_code(currency: str, written: str) -> None:
    assert Formats("en").money(money("1000", currency)) == written


def test_an_amount_has_the_decimals_of_its_currency() -> None:
    assert Formats("en").amount(money("5000", "JPY")) == "5,000"
    assert Formats("en").amount(money("5", "BHD")) == "5.000"


def test_a_price_is_as_fine_as_it_is_and_no_coarser_than_its_currency() -> None:
    formats = Formats("pt-BR")
    assert formats.price(Decimal("0.1234"), "BRL") == "0,1234"
    assert formats.price(Decimal("12.5"), "BRL") == "12,50"


def test_what_we_do_not_speak_is_written_in_english() -> None:
    assert Formats("de-DE").day(DAY) == Formats("en").day(DAY)


@given(st.decimals(-(10**11), 10**11, places=6), st.sampled_from(LOCALES))
def test_a_number_can_be_read_back(value: Decimal, locale: str) -> None:
    written = Formats(locale).number(value)
    group, point = (",", ".") if locale == "en" else (".", ",")
    plain = written.replace("\u00a0", "").replace(group, "").replace(point, ".")
    assert Decimal(plain) == value


@given(st.dates(), st.sampled_from(LOCALES))
def test_no_two_days_are_written_alike(day: date, locale: str) -> None:
    written = Formats(locale).day(day)
    assert f"{day.year:04d}" in written
    assert written != Formats(locale).day(day.replace(month=day.month % 12 + 1, day=1))

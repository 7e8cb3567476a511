"""Exactness, over all the numbers hypothesis can think of."""

from collections.abc import Callable
from decimal import Decimal, getcontext, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.kernel.errors import InvariantError
from erp_core.kernel.exact import canonical, exact, plain, quotient, rounded_half_up, shares
from erp_core.kernel.money import Money, Rate, UnitPrice
from erp_core.kernel.quantity import Quantity

amounts = st.decimals(min_value=0, max_value=10**9, places=6).map(Decimal)
weights = amounts.filter(lambda amount: amount > 0)
cents = st.decimals(min_value=-(10**9), max_value=10**9, places=2).map(Decimal)


@given(amounts)
def test_a_value_reads_as_it_was_given(amount: Decimal) -> None:
    assert Quantity(amount).value == amount
    assert "E" not in str(Quantity(amount))


@given(st.decimals(places=7) | cents | st.sampled_from([Decimal("-0"), Decimal("1E+3")]))
def test_the_one_spelling_is_found_in_one_pass_or_in_two(amount: Decimal) -> None:
    def twice() -> Decimal:
        return plain(exact(amount, 6, "x"))

    assert outcome(lambda: canonical(amount, 6, "x")) == outcome(twice)


def outcome(asked: Callable[[], Decimal]) -> str:
    try:
        return str(asked())
    except InvariantError as error:
        return error.code


@given(amounts, weights, amounts, weights)
def test_an_average_lies_between_its_parts(one: Decimal, a: Decimal, other: Decimal, b: Decimal):
    low, high = sorted([one, other])
    mean = UnitPrice(low, "EUR").blend(Quantity(a), UnitPrice(high, "EUR"), Quantity(b))

    assert low <= mean.amount <= high


@given(cents, st.lists(amounts, min_size=1, max_size=30).filter(any))
def test_an_allocation_loses_no_cent(amount: Decimal, parts: list[Decimal]) -> None:
    whole = Money(amount, "EUR")
    allocated = whole.allocate(parts)

    assert sum((each.amount for each in allocated), Decimal(0)) == whole.amount
    for part, weight in zip(allocated, parts, strict=True):
        fair = amount * weight / sum(parts)
        assert abs(part.amount - fair) < Decimal("0.01") + Decimal("1e-12")


@given(cents, st.integers(min_value=1, max_value=12))
def test_equal_weights_differ_by_one_cent_at_most(amount: Decimal, parts: int) -> None:
    shared = [each.amount for each in Money(amount, "EUR").allocate([Decimal(1)] * parts)]

    assert max(shared) - min(shared) <= Decimal("0.01")


def test_the_odd_cents_go_to_the_first_of_equals() -> None:
    shared = Money(Decimal(100), "EUR").allocate([Decimal(1)] * 3)

    assert [each.amount for each in shared] == [
        Decimal("33.34"),
        Decimal("33.33"),
        Decimal("33.33"),
    ]


@pytest.mark.parametrize("bad", [[], [Decimal(0)], [Decimal(1), Decimal(-1)]])
def test_nothing_is_allocated_to_nobody(bad: list[Decimal]) -> None:
    with pytest.raises(InvariantError) as refusal:
        shares(Decimal(1), bad, 2)

    assert refusal.value.code == "allocation.weights"


@pytest.mark.parametrize(
    ("unit_price", "quantity", "amount", "currency"),
    [
        ("19.99", "2.5", "49.98", "EUR"),  # 49.975: half goes away from zero
        ("19.99", "-2.5", "-49.98", "EUR"),
        ("0.5", "1", "1", "JPY"),
        ("0.0005", "1", "0.001", "KWD"),
    ],
)
def test_a_product_is_rounded_once_to_the_minor_unit(unit_price, quantity, amount, currency):
    product = UnitPrice(Decimal(unit_price), currency).times(Quantity.of(quantity))

    assert product == Money(Decimal(amount), currency)


@given(cents)
def test_half_goes_away_from_zero_on_both_sides(amount: Decimal) -> None:
    half = amount + Decimal("0.005").copy_sign(amount)

    assert rounded_half_up(half, 2) == amount + Decimal("0.01").copy_sign(amount)
    assert rounded_half_up(-half, 2) == -rounded_half_up(half, 2)


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "0.0000001", "1000000000000"])
def test_what_would_not_be_exact_is_refused(bad: str) -> None:
    with pytest.raises(InvariantError):
        Quantity.of(bad)
    with pytest.raises(InvariantError):
        UnitPrice(Decimal(bad), "EUR")


def test_zero_has_one_spelling() -> None:
    assert str(exact(Decimal("-0"), 2, "money")) == "0.00"
    assert str(plain(Decimal("0E+3"))) == "0"
    assert str(plain(Decimal("1.20E+3"))) == "1200"
    assert str(Money(Decimal("-0.00"), "EUR")) == "0.00 EUR"


def test_the_embedding_programs_decimal_context_changes_nothing() -> None:
    with localcontext() as thread:
        thread.prec = 3
        price = UnitPrice(Decimal("123456.789"), "EUR")
        assert price.times(Quantity.of("1000")) == Money(Decimal("123456789.00"), "EUR")
        assert quotient(Decimal(1), Decimal(3), 6) == Decimal("0.333333")
    assert getcontext().prec == 28


def test_money_adds_compares_and_turns_round_in_one_currency() -> None:
    one, two = Money(Decimal(1), "EUR"), Money(Decimal(2), "EUR")

    assert (one + one, two - one, -one) == (two, one, Money(Decimal(-1), "EUR"))
    assert one < two
    assert one <= one + Money.zero("EUR")
    for mixed in (
        lambda: one + Money(Decimal(1), "BRL"),
        lambda: one - Money(Decimal(1), "BRL"),
        lambda: one < Money(Decimal(1), "BRL"),
        lambda: one <= Money(Decimal(1), "BRL"),
    ):
        with pytest.raises(InvariantError) as refusal:
            mixed()
        assert refusal.value.code == "money.currency_mismatch"


@pytest.mark.parametrize("bad", ["", "eur", "EURO", "E1R", "EUX"])
def test_a_currency_is_one_of_iso_4217(bad: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        Money(Decimal(1), bad)

    assert refusal.value.field == "currency"


def test_a_rate_is_a_share_of_money() -> None:
    assert Rate(Decimal("5.5")).of(Money(Decimal("10.10"), "EUR")) == Money(Decimal("0.56"), "EUR")
    assert str(Rate(Decimal("5.50"))) == "5.5"
    for bad in ("-1", "1000.0001", "0.00001"):
        with pytest.raises(InvariantError):
            Rate(Decimal(bad))


def test_a_unit_price_is_never_negative_and_divides() -> None:
    dozen = UnitPrice(Decimal(10), "EUR")

    assert dozen.per(Decimal(12)) == UnitPrice(Decimal("0.833333"), "EUR")
    assert str(dozen) == "10 EUR"
    with pytest.raises(InvariantError):
        UnitPrice(Decimal(-1), "EUR")

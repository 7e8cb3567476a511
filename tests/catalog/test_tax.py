"""The arithmetic of a line: the recorded numbers, the hard cases, and what always holds."""

import json
from dataclasses import replace
from decimal import Decimal
from importlib import resources
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.catalog.entities import TaxableLine, TaxComponent, TaxedLine, taxed
from erp_core.kernel.errors import InvariantError
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.quantity import Quantity

RECORDED: Final = json.loads(resources.files("tests").joinpath("data/lines.json").read_text())
TEN: Final = TaxableLine(quantity=Quantity.of("1"), unit_price=Decimal(100), currency="BRL")


def rate(digits: str) -> Rate:
    return Rate(Decimal(digits))


def money(digits: str, currency: str = "BRL") -> Money:
    return Money(Decimal(digits), currency)


def amounts(line: TaxedLine) -> tuple[str, ...]:
    return tuple(str(each.amount.amount) for each in line.taxes)


def bases(line: TaxedLine) -> tuple[str, ...]:
    return tuple(str(each.base.amount) for each in line.taxes)


@pytest.mark.parametrize("row", RECORDED)
def test_every_recorded_line_is_met(row: dict[str, str]) -> None:
    line = taxed(
        TaxableLine(
            quantity=Quantity.of(row["quantity"]),
            unit_price=Decimal(row["unit_price"]),
            currency="BRL",
            price_includes_tax=bool(row["price_includes_tax"]),
            discount=rate(row["discount_percent"]),
            document_discount=rate(row["document_discount_percent"]),
            components=(TaxComponent(name="VAT", rate=rate(row["rate"])),),
        )
    )
    assert (line.net, line.tax, line.total) == tuple(
        money(row[name]) for name in ("net", "tax", "total")
    )
    assert line.taxes[0].amount == line.tax


def test_the_recorded_lines_are_all_there() -> None:
    assert len(RECORDED) == 46


def test_a_line_without_taxes_is_exempt() -> None:
    line = taxed(TEN)
    assert (line.net, line.tax, line.total) == (money("100"), money("0"), money("100"))
    assert line.taxes == ()


def test_a_rate_of_zero_is_listed_with_nothing() -> None:
    exempt = TaxComponent(name="VAT", rate=rate("0"))
    line = taxed(replace(TEN, components=(exempt,)))
    assert amounts(line) == ("0.00",)


def test_components_are_each_reckoned_on_the_net() -> None:
    both = (TaxComponent(name="CBS", rate=rate("9")), TaxComponent(name="IBS", rate=rate("18")))
    line = taxed(replace(TEN, components=both))
    assert (amounts(line), bases(line)) == (("9.00", "18.00"), ("100.00", "100.00"))
    assert line.total == money("127")


def test_a_compound_component_is_reckoned_on_the_ones_before_it_too() -> None:
    both = (
        TaxComponent(name="IPI", rate=rate("10")),
        TaxComponent(name="ICMS", rate=rate("18"), compound=True),
    )
    line = taxed(replace(TEN, components=both))
    assert (amounts(line), bases(line)) == (("10.00", "19.80"), ("100.00", "110.00"))
    assert line.total == money("129.80")


def test_what_is_withheld_is_listed_and_enters_neither_total_nor_base() -> None:
    service = (
        TaxComponent(name="ISS", rate=rate("5"), withheld=True),
        TaxComponent(name="PIS", rate=rate("2"), compound=True),
    )
    line = taxed(replace(TEN, components=service))
    assert (amounts(line), bases(line)) == (("5.00", "2.00"), ("100.00", "100.00"))
    assert (line.total, line.withheld) == (money("102"), money("5"))


def test_a_price_may_contain_some_taxes_and_bear_others_on_top() -> None:
    both = (
        TaxComponent(name="ICMS", rate=rate("25"), included=True),
        TaxComponent(name="IPI", rate=rate("10")),
    )
    line = taxed(replace(TEN, components=both))
    assert (line.net, line.total) == (money("80"), money("108"))
    assert amounts(line) == ("20.00", "8.00")


def test_a_price_with_tax_contains_every_component_but_what_is_withheld() -> None:
    components = (
        TaxComponent(name="CBS", rate=rate("10")),
        TaxComponent(name="IBS", rate=rate("15")),
        TaxComponent(name="IR", rate=rate("1.5"), withheld=True, included=True),
    )
    line = taxed(replace(TEN, price_includes_tax=True, components=components))
    assert (line.net, line.total) == (money("80"), money("100"))
    assert amounts(line) == ("8.00", "12.00", "1.20")


def test_half_a_cent_goes_to_one_of_two_equal_taxes() -> None:
    both = (TaxComponent(name="CGST", rate=rate("9")), TaxComponent(name="SGST", rate=rate("9")))
    line = taxed(replace(TEN, unit_price=Decimal("10.25"), components=both))
    assert line.tax == money("1.85")  # 1.845
    assert amounts(line) == ("0.93", "0.92")


@pytest.mark.parametrize(
    ("currency", "total"), [("JPY", "1333"), ("BRL", "1332.75"), ("KWD", "1332.747")]
)
def test_amounts_carry_the_minor_unit_of_their_currency(currency: str, total: str) -> None:
    line = taxed(
        TaxableLine(
            quantity=Quantity.of("1"),
            unit_price=Decimal("1211.588"),
            currency=currency,
            components=(TaxComponent(name="VAT", rate=rate("10")),),
        )
    )
    assert line.total == money(total, currency)


@pytest.mark.parametrize("field", ["discount", "document_discount"])
def test_a_discount_is_at_most_all_of_it(field: str) -> None:
    with pytest.raises(InvariantError) as caught:
        replace(TEN, **{field: rate("100.0001")})
    assert caught.value.field == f"{field}_percent"


def test_a_line_has_few_taxes_of_different_names() -> None:
    nine = tuple(TaxComponent(name=f"T{number}", rate=rate("1")) for number in range(9))
    for components, code in ((nine, "components"), ((nine[0], nine[0]), "component_twice")):
        with pytest.raises(InvariantError) as caught:
            replace(TEN, components=components)
        assert caught.value.code == f"catalog.tax_class.{code}"


RATES = st.decimals(0, 100, places=4).map(Rate)
COMPONENTS = st.lists(
    st.tuples(RATES, st.booleans(), st.booleans(), st.booleans()), max_size=8
).map(
    lambda rows: tuple(
        TaxComponent(name=f"T{n}", rate=each, included=inside, compound=compound, withheld=kept)
        for n, (each, inside, compound, kept) in enumerate(rows)
    )
)
LINES = st.builds(
    TaxableLine,
    quantity=st.decimals(-9999, 9999, places=6).map(Quantity),
    unit_price=st.decimals(-9999, 9999, places=6),
    currency=st.sampled_from(["BRL", "JPY", "KWD"]),
    price_includes_tax=st.booleans(),
    discount=RATES,
    document_discount=RATES,
    components=COMPONENTS,
)


@given(LINES)
def test_taxes_that_are_not_withheld_add_up_to_the_tax_of_the_line(line: TaxableLine) -> None:
    result = taxed(line)
    added = [each.amount for each in result.taxes if not each.component.withheld]
    assert sum(added, Money.zero(line.currency)) == result.tax
    assert result.net + result.tax == result.total


@given(LINES)
def test_what_is_given_back_is_exactly_what_was_charged(line: TaxableLine) -> None:
    charged, returned = taxed(line), taxed(replace(line, quantity=-line.quantity))
    assert (returned.net, returned.total) == (-charged.net, -charged.total)
    assert [each.amount for each in returned.taxes] == [-each.amount for each in charged.taxes]


@given(LINES)
def test_taxes_never_turn_against_the_line(line: TaxableLine) -> None:
    result = taxed(line)
    sign = -1 if line.discounted < 0 else 1
    assert all(each.amount.amount * sign >= 0 for each in result.taxes)
    assert result.total.amount * sign >= result.net.amount * sign


@given(LINES)
def test_where_the_price_contains_everything_the_total_is_the_price(line: TaxableLine) -> None:
    inclusive = taxed(replace(line, price_includes_tax=True))
    plain = taxed(replace(line, price_includes_tax=False, components=()))
    assert inclusive.total == plain.total

"""Discounts as amounts: spread over the lines, to the last cent."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from erp_core.catalog.entities import (
    NO_DISCOUNT,
    Discount,
    DocumentLine,
    LineKind,
    price_document,
)
from erp_core.kernel.errors import InvariantError
from erp_core.kernel.money import Money
from tests.catalog.documents import (
    SIGNED,
    TERMS,
    a_line,
    a_text,
    adds_up,
    mirrored,
    money,
    off,
    percent,
    rate,
    vat,
)


def nets(lines: list[DocumentLine], discount: Discount) -> list[str]:
    document = price_document(lines, replace(TERMS, discount=discount))
    adds_up(document)
    return [str(each.net.amount) for each in document.lines]


def test_an_amount_is_spread_by_what_the_lines_come_to() -> None:
    lines = [a_line(price="10"), a_line(price="20"), a_line(price="30")]
    assert nets(lines, off("6")) == ["9.00", "18.00", "27.00"]


def test_the_cents_that_are_left_go_to_those_who_lost_most() -> None:
    lines = [a_line(price="10"), a_line(price="10"), a_line(price="10")]
    assert nets(lines, off("10")) == ["6.66", "6.67", "6.67"]


def test_an_amount_is_taken_off_the_price_that_is_paid() -> None:
    line = a_line(price="120", price_includes_tax=True, components=vat("20"))
    document = price_document([line], replace(TERMS, discount=off("12")))
    assert (document.net, document.total) == (money("90"), money("108"))


def test_an_amount_of_a_line_is_taken_off_its_price() -> None:
    document = price_document([a_line("3", "10", discount=off("5"))], TERMS)
    assert (document.net, document.total) == (money("25"), money("30"))


def test_the_documents_discount_is_taken_off_what_the_lines_discount_leaves() -> None:
    line = a_line("3", "10", discount=off("5"))
    assert nets([line], percent("10")) == ["22.50"]
    assert nets([line], off("5")) == ["20.00"]


def test_all_of_it_may_be_taken_off() -> None:
    lines = [a_line("1", "0.005"), a_line("3", "0.333333"), a_text(LineKind.NOTE)]
    assert nets(lines, off("1.01")) == ["0.00", "0.00", "0.00"]


@pytest.mark.parametrize(
    ("line", "discount", "field"),
    [
        (a_line(price="10"), off("10.01"), "discount_amount"),
        (a_line(price="10", discount=off("10.01")), NO_DISCOUNT, "lines/0/discount_amount"),
        (a_line(price="0"), off("0.01"), "discount_amount"),
    ],
)
def test_more_than_there_is_cannot_be_taken_off(
    line: DocumentLine, discount: Discount, field: str
) -> None:
    with pytest.raises(InvariantError) as caught:
        nets([line], discount)
    assert (caught.value.code, caught.value.field) == ("catalog.discount.too_large", field)


def test_a_deduction_is_not_deducted_from() -> None:
    lines = [a_line(price="100"), a_line(price="-40"), a_line(price="100")]
    assert nets(lines, off("20")) == ["90.00", "-40.00", "90.00"]


def test_what_is_given_back_is_reduced_too() -> None:
    assert nets([a_line("-1", "100")], off("10")) == ["-90.00"]
    assert nets([a_line("-2", "50", discount=off("10"))], NO_DISCOUNT) == ["-90.00"]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"amount": Decimal("-0.01")}, "catalog.discount.negative"),
        ({"amount": Decimal(1), "percent": rate("1")}, "catalog.discount.twice"),
        ({"percent": rate("100.0001")}, "catalog.line.discount"),
        ({"amount": Decimal("0.0000001")}, "catalog.discount.amount.places"),
    ],
)
def test_a_discount_is_a_part_or_an_amount(said: dict[str, object], code: str) -> None:
    with pytest.raises(InvariantError) as caught:
        Discount(**said)  # type: ignore[arg-type]  # by name
    assert caught.value.code == code


def test_an_amount_is_no_finer_than_the_currency() -> None:
    with pytest.raises(InvariantError) as caught:
        replace(TERMS, discount=off("0.005"))
    assert (caught.value.code, caught.value.field) == ("money.places", "discount_amount")
    with pytest.raises(InvariantError) as caught:
        price_document([a_line(discount=off("0.005"))], TERMS)
    assert caught.value.field == "lines/0/discount_amount"


def test_no_amount_and_an_amount_of_nothing_are_the_same() -> None:
    lines = [a_line(price="0.005"), a_line(price="7")]
    assert nets(lines, off("0")) == nets(lines, NO_DISCOUNT)


@given(st.lists(SIGNED, min_size=1, max_size=8), st.integers(0, 10**6))
def test_no_cent_is_lost_in_spreading(lines: list[DocumentLine], millionths: int) -> None:
    untaxed = [replace(each, components=()) for each in lines]
    before = price_document(untaxed, TERMS)
    most = abs(before.net.amount)
    taken = Money((most * millionths / 10**6).quantize(Decimal("0.01")), "BRL")
    assume(taken.amount <= most)
    terms = replace(TERMS, discount=off(str(taken.amount)))
    after = price_document(untaxed, terms)
    assert abs(after.net.amount) == most - taken.amount
    for was, now in zip(before.lines, after.lines, strict=True):
        assert abs(now.net.amount) <= abs(was.net.amount)
        assert now.net.amount * was.net.amount >= 0
    back = price_document([mirrored(each) for each in untaxed], terms)
    assert [each.net for each in back.lines] == [-each.net for each in after.lines]


@given(st.lists(SIGNED, min_size=1, max_size=6), st.integers(0, 100))
def test_a_line_reduced_by_an_amount_never_turns(lines: list[DocumentLine], share: int) -> None:
    before = price_document([replace(each, components=()) for each in lines], TERMS)
    most = abs(before.net.amount)
    terms = replace(TERMS, discount=off(str((most * share / 100).quantize(Decimal("0.01")))))
    assume((terms.discount.amount or 0) <= most)
    document = price_document(lines, terms)
    adds_up(document)
    for each in document.lines:
        sign = -1 if each.line.quantity.value < 0 else 1
        assert each.net.amount * sign >= 0
        assert each.tax.amount * sign >= 0

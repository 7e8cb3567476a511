"""What a mask may say, and what numbers come of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.documents.entities import (
    MASK_LENGTH_MAX,
    NUMBER_LENGTH_MAX,
    NumberMask,
    Reset,
)
from erp_core.kernel.errors import InvariantError
from erp_core.testing import expect

LEAP_DAY = date(2024, 2, 29)

dates = st.dates(date(1900, 1, 1), date(2099, 12, 31))
codes = st.text("ABC019._-", min_size=1, max_size=32)
spelled = st.builds(
    "".join,
    st.tuples(
        st.text("INV0-/._", max_size=4),
        st.sampled_from(["{yyyy}", "{yyyy}{mm}", "{yy}-{mm}-{dd}", "{mm}.{yy}"]),
        st.sampled_from(["", "-", "{customer}/"]),
        st.builds(
            "{{{}{}{}}}".format,
            st.sampled_from(["0", "000", "0" * 12]),
            st.sampled_from(["", "@year"]),
            st.sampled_from(["", "+0", "+99"]),
        ),
    ),
).filter(lambda text: len(text) <= MASK_LENGTH_MAX)


@pytest.mark.parametrize(
    ("mask", "count", "number"),
    [
        ("INV{yyyy}-{00000}", 1, "INV2024-00001"),
        ("{yy}{mm}{dd}/{0}", 7, "240229/7"),
        ("{000@year}.{yy}", 1000, "1000.24"),
        ("A_{mm}{yyyy}{000000000000@month+7}", 8, "A_022024000000000008"),
        ("{customer}-{00}", 3, "C000042-03"),
        ("{00+120}", 121, "121"),
    ],
)
def test_a_number_is_what_its_mask_says(mask: str, count: int, number: str) -> None:
    assert NumberMask(mask).number(count, LEAP_DAY, "C000042") == number


@pytest.mark.parametrize(
    ("mask", "reset", "after", "period"),
    [
        ("{00}", Reset.NEVER, 0, ""),
        ("{yy}-{00@year}", Reset.YEAR, 0, "2024"),
        ("{yyyy}{mm}-{00@month+100}", Reset.MONTH, 100, "2024-02"),
    ],
)
def test_a_counter_has_a_period_and_a_beginning(
    mask: str, reset: Reset, after: int, period: str
) -> None:
    found = NumberMask(mask)
    assert (found.reset, found.after, found.period(LEAP_DAY)) == (reset, after, period)
    assert str(found) == mask


@pytest.mark.parametrize(
    ("mask", "code"),
    [
        ("", "length"),
        ("A" * 40 + "{0}", "length"),
        ("INV", "counter"),
        ("{yyyy}", "counter"),
        ("{}{0}", "token"),
        ("{00}-{00}", "counter"),
        ("{0000000000000}", "digits"),
        ("{00@day}", "option"),
        ("{00@}", "option"),
        ("{00+}", "option"),
        ("{00+1@year}", "option"),
        ("{00-1}", "option"),
        ("{00+\N{ARABIC-INDIC DIGIT ONE}}", "option"),
        ("{00+1234567890}", "after"),
        ("{week}-{00}", "token"),
        ("{YYYY}-{00}", "token"),
        ("{00} ", "literal"),
        ("Nº{00}", "literal"),
        ("A\n{00}", "literal"),
        ("A%{00}", "literal"),
        ("{00", "brace"),
        ("00}", "brace"),
        ("{{00}}", "brace"),
        ("{00@year}", "year"),
        ("{mm}-{00@month}", "year"),
        ("{yyyy}-{00@month}", "month"),
        ("{customer}{customer}{00}", "customer"),
        ("A" * 25 + "{customer}{0}", "number"),
    ],
)
def test_a_mistake_has_a_code_and_says_what_to_do(mask: str, code: str) -> None:
    with expect(InvariantError, f"documents.mask.{code}") as refusal:
        NumberMask(mask)
    assert refusal[0].field == "mask"
    assert str(refusal[0])


def test_a_customer_without_a_code_is_asked_for_one() -> None:
    for wrong in ("", "C" * 33):
        with expect(InvariantError, "documents.number.customer"):
            NumberMask("{customer}{0}").number(1, LEAP_DAY, wrong)


@given(text=spelled, on=dates, count=st.integers(1, 10**12 - 1), code=codes)
def test_no_number_is_ever_too_long(text: str, on: date, count: int, code: str) -> None:
    assert len(NumberMask(text).number(count, on, code)) <= NUMBER_LENGTH_MAX


@given(text=spelled, counts=st.sets(st.integers(1, 10**12 - 1), min_size=2, max_size=5), on=dates)
def test_two_counts_of_a_period_are_two_numbers(text: str, counts: set[int], on: date) -> None:
    mask = NumberMask(text)
    assert len({mask.number(each, on, "C1") for each in counts}) == len(counts)


@given(text=spelled, days=st.tuples(dates, dates), count=st.integers(1, 10**12 - 1))
def test_the_same_count_of_two_periods_is_two_numbers(
    text: str, days: tuple[date, date], count: int
) -> None:
    mask = NumberMask(text)
    one, other = days
    if one.year % 100 != other.year % 100 and mask.period(one) != mask.period(other):
        assert mask.number(count, one, "C1") != mask.number(count, other, "C1")

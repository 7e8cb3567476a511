"""When recurring invoices come again."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.invoicing.entities import Course, Frequency, Recurrence
from erp_core.kernel.errors import InvariantError
from erp_core.testing import expect

MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.YEAR: 12}
DAYS = {Frequency.DAY: 1, Frequency.WEEK: 7}
CENTURY = st.dates(date(1999, 1, 1), date(2101, 12, 31))
RECURRENCES = st.builds(
    Recurrence,
    frequency=st.sampled_from(Frequency),
    interval=st.integers(1, 15),
    start_on=CENTURY,
)
INDEXES = st.integers(0, 400)


def every(frequency: Frequency, start: str, interval: int = 1, count: int = 5) -> list[str]:
    found = Recurrence(frequency=frequency, interval=interval, start_on=date.fromisoformat(start))
    return [str(found.on(index)) for index in range(count)]


def test_the_end_of_the_month_is_kept() -> None:
    assert every(Frequency.MONTH, "2023-12-31") == [
        "2023-12-31",
        "2024-01-31",
        "2024-02-29",
        "2024-03-31",
        "2024-04-30",
    ]
    assert every(Frequency.MONTH, "2025-01-30", count=3)[1:] == ["2025-02-28", "2025-03-30"]
    assert every(Frequency.MONTH, "2025-02-28", count=2) == ["2025-02-28", "2025-03-28"]
    assert every(Frequency.QUARTER, "2024-11-30", count=3)[1:] == ["2025-02-28", "2025-05-30"]
    assert every(Frequency.YEAR, "2024-02-29") == [
        "2024-02-29",
        "2025-02-28",
        "2026-02-28",
        "2027-02-28",
        "2028-02-29",
    ]


def test_days_and_weeks_are_counted() -> None:
    assert every(Frequency.DAY, "2024-02-28", 2, 3) == ["2024-02-28", "2024-03-01", "2024-03-03"]
    assert every(Frequency.WEEK, "2023-12-27", 1, 2) == ["2023-12-27", "2024-01-03"]


@given(RECURRENCES, INDEXES)
def test_each_date_is_counted_from_the_anchor(recurrence: Recurrence, index: int) -> None:
    found, start = recurrence.on(index), recurrence.start_on
    months = MONTHS.get(recurrence.frequency)
    if months is None:
        days = DAYS[recurrence.frequency] * recurrence.interval
        assert found - start == timedelta(days=days * index)
        return
    passed = (found.year - start.year) * 12 + found.month - start.month
    assert passed == months * recurrence.interval * index
    last = monthrange(found.year, found.month)[1]
    assert found.day == min(start.day, last)


@given(RECURRENCES, CENTURY)
def test_the_first_date_from_a_day_on_is_found(recurrence: Recurrence, day: date) -> None:
    index = recurrence.index_from(day)
    assert recurrence.on(index) >= day
    assert index == 0 or recurrence.on(index - 1) < day


@given(RECURRENCES, st.integers(0, 60), st.integers(0, 20), st.integers(0, 4000))
def test_periods_follow_each_other_without_gap_or_overlap(
    recurrence: Recurrence, position: int, most: int, days: int
) -> None:
    course = Course(recurrence=recurrence, position=position)
    today = recurrence.start_on + timedelta(days=days)
    due = course.due(today, most)
    assert len(due) <= most
    for period_on in due:
        assert course.next_on == period_on <= today
        following = course.step()
        assert following.next_on == course.last_day + timedelta(days=1)
        assert (following.made, following.last_period_on) == (course.made + 1, period_on)
        course = following
    if len(due) < most:
        assert course.next_on > today


@given(RECURRENCES, st.integers(1, 9), st.integers(0, 9))
def test_no_more_is_due_than_the_count_or_the_end_leaves(
    recurrence: Recurrence, count: int, last: int
) -> None:
    much_later = recurrence.on(50)
    counted = Course(recurrence=recurrence, count=count)
    assert len(counted.due(much_later, 50)) == count
    ended = Course(recurrence=recurrence, ends_on=recurrence.on(last))
    assert ended.due(much_later, 50)[-1] == recurrence.on(last)
    for _ in range(count):
        assert counted.next_on is not None
        counted = counted.step()
    for _ in range(last + 1):
        assert ended.next_on is not None
        ended = ended.step()
    assert (counted.next_on, ended.next_on) == (None, None)


def test_a_pause_is_left_out_and_never_goes_back() -> None:
    monthly = Recurrence(frequency=Frequency.MONTH, start_on=date(2024, 1, 31))
    course = Course(recurrence=monthly, position=1, made=1, last_period_on=date(2024, 1, 31))
    assert course.from_day(date(2024, 4, 1)).next_on == date(2024, 4, 30)
    assert course.from_day(date(2024, 1, 1)) == course


def test_another_rhythm_begins_after_what_was_made() -> None:
    monthly = Recurrence(frequency=Frequency.MONTH, start_on=date(2024, 1, 31))
    course = Course(recurrence=monthly, position=2, made=2, last_period_on=date(2024, 2, 29))
    weekly = Recurrence(frequency=Frequency.WEEK, start_on=date(2024, 3, 1))
    changed = course.anew(weekly)
    assert (changed.next_on, changed.made, changed.last_period_on) == (
        date(2024, 3, 1),
        2,
        date(2024, 2, 29),
    )
    assert course.anew(monthly) is course
    with expect(InvariantError, "invoicing.recurring.made"):
        course.anew(Recurrence(frequency=Frequency.WEEK, start_on=date(2024, 2, 29)))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"interval": 0}, "invoicing.recurrence.interval"),
        ({"interval": 367}, "invoicing.recurrence.interval"),
        ({"start_on": date(1899, 12, 31)}, "invoicing.recurrence.start"),
        ({"start_on": date(9001, 1, 1)}, "invoicing.recurrence.start"),
    ],
)
def test_a_recurrence_that_cannot_be_is_refused(changes: dict, code: str) -> None:
    given_ = {"frequency": Frequency.DAY, "start_on": date(2024, 1, 1)} | changes
    with expect(InvariantError, code):
        Recurrence(**given_)


def test_the_longest_recurrence_has_a_calendar() -> None:
    longest = Recurrence(frequency=Frequency.YEAR, interval=366, start_on=date(9000, 12, 31))
    assert longest.on(2) == date(9732, 12, 31)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"count": 0}, "invoicing.recurring.count"),
        ({"count": 10_001}, "invoicing.recurring.count"),
        ({"count": 1, "made": 2}, "invoicing.recurring.count"),
        ({"count": 1, "ends_on": date(2025, 1, 1)}, "invoicing.recurring.end"),
        ({"ends_on": date(2023, 12, 31)}, "invoicing.recurring.ends_on"),
    ],
)
def test_a_course_that_cannot_be_is_refused(changes: dict, code: str) -> None:
    daily = Recurrence(frequency=Frequency.DAY, start_on=date(2024, 1, 1))
    with expect(InvariantError, code):
        Course(recurrence=daily, **changes)

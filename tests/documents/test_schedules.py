"""Which period a moment belongs to."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.documents.entities import Daily, Every, Schedule, ScheduleName
from erp_core.kernel.errors import InvariantError, TransitionError

HOURLY = Every(interval=timedelta(hours=1))
NIGHTLY = Daily(at=time(2, 30))
PARIS = ZoneInfo("Europe/Paris")
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_every_hour_begins_at_the_full_hour_whatever_the_zone() -> None:
    assert HOURLY.period(utc("2024-02-29T12:59:59.999"), PARIS) == "2024-02-29T12:00:00Z"
    assert HOURLY.period(utc("2024-02-29T13:00"), UTC) == "2024-02-29T13:00:00Z"


def test_a_day_begins_at_its_time_by_the_companys_clocks() -> None:
    assert NIGHTLY.period(utc("2024-02-29T01:29"), PARIS) == "2024-02-28"
    assert NIGHTLY.period(utc("2024-02-29T01:30"), PARIS) == "2024-02-29"
    assert NIGHTLY.period(utc("2024-02-29T01:30"), UTC) == "2024-02-28"


def test_a_time_that_summer_leaves_out_comes_all_the_same() -> None:
    # On 2024-03-31 the clocks of Paris went from 02:00 to 03:00, at 01:00 UTC.
    assert NIGHTLY.period(utc("2024-03-31T00:59"), PARIS) == "2024-03-30"
    assert NIGHTLY.period(utc("2024-03-31T01:00"), PARIS) == "2024-03-31"


def test_a_time_that_comes_twice_is_one_period() -> None:
    # On 2024-10-27 they went from 03:00 back to 02:00, at 01:00 UTC. The first 02:30 is the one:
    # what an hour taken back makes of the day before was made before.
    schedule = Schedule(name=ScheduleName("documents.tidy"))
    made = []
    for minute in range(0, 240, 10):
        period = NIGHTLY.period(utc("2024-10-26T23:00") + timedelta(minutes=minute), PARIS)
        if schedule.behind(period):
            schedule = schedule.advance(period)
            made.append(period)
    assert made == ["2024-10-26", "2024-10-27"]


@pytest.mark.parametrize("rhythm", [HOURLY, NIGHTLY, Every(interval=timedelta(days=7))])
@given(one=MOMENTS, other=MOMENTS)
def test_the_names_of_periods_are_in_the_order_of_time(
    rhythm: Daily | Every, one: datetime, other: datetime
) -> None:
    first, second = sorted([one, other])
    assert rhythm.period(first, UTC) <= rhythm.period(second, UTC)


def test_a_period_is_made_once() -> None:
    schedule = Schedule(name=ScheduleName("documents.tidy")).advance("2024-02-29")
    for past in ("2024-02-29", "2024-02-28"):
        with pytest.raises(TransitionError) as refused:
            schedule.advance(past)
        assert refused.value.code == "documents.schedule.made"


@pytest.mark.parametrize("name", ["", "tidy", "Documents.tidy", "a." + "b" * 63])
def test_a_schedule_is_named_after_area_and_deed(name: str) -> None:
    with pytest.raises(InvariantError) as refused:
        Schedule(name=ScheduleName(name))
    assert refused.value.code == "documents.schedule.name"


@pytest.mark.parametrize("interval", [timedelta(0), timedelta(days=367)])
def test_an_interval_has_its_bounds(interval: timedelta) -> None:
    with pytest.raises(InvariantError) as refused:
        Every(interval=interval)
    assert refused.value.code == "documents.schedule.interval"

"""Recurring invoices when several make them at once, and what they cost."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from erp_core.invoicing.entities import Frequency
from erp_core.invoicing.use_cases import RunRecurringInvoicesCommand
from erp_core.kernel.errors import TransitionError
from erp_core.testing import at_once
from tests.databases import KINDS, database
from tests.invoicing.offices import CLERK
from tests.invoicing.standing import Standing, a_standing, of
from tests.sql.test_statements import House

ONE, MANY = 1, 300


@pytest.fixture(params=KINDS)
def sql(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


@pytest.fixture
def house(sql: House) -> Standing:
    return a_standing(sql.store)


def test_of_two_runs_at_once_each_period_is_made_by_one(house: Standing) -> None:
    kept = [house.add(frequency=Frequency.WEEK, start_on=date(2024, 1, 31)) for _ in range(4)]
    runs = at_once(house.run, house.run)
    weeks = [date(2024, 1, 31), *(date(2024, 2, day) for day in (7, 14, 21, 28))]
    for each in kept:
        made = house.made(each)
        assert [one.period_on for one in made] == weeks
        assert len({one.id for one in made}) == len(weeks)
        assert house.find(each).course.made == len(weeks)
    done = [each for run in runs for each in run if each.invoice is not None]
    numbers = sorted(each.invoice.number for each in done)
    assert numbers == [f"INV2024-{n:05d}" for n in range(1, 21)]
    assert not [each for run in runs for each in run if each.problem]
    assert house.office.is_consistent()


def test_a_run_and_a_pause_are_one_after_the_other(house: Standing) -> None:
    recurring = house.add(start_on=date(2024, 2, 29))
    at_once(house.run, partial(house.pause, recurring))
    found = house.find(recurring)
    assert len(house.made(recurring)) == found.course.made <= 1
    with pytest.raises(TransitionError):
        house.pause(recurring)


def test_many_lines_cost_what_one_does(sql: House, house: Standing) -> None:
    house.office.issued()  # the first of a year makes its counter
    costs = []
    for lines in (ONE, MANY):
        wanted = [of() for _ in range(lines)]
        sql.said.clear()
        recurring = house.add(*wanted, start_on=date(2024, 2, 29))
        added = len(sql.said)
        sql.said.clear()
        house.change(recurring, changes={"lines": tuple(of() for _ in range(lines))})
        changed = len(sql.said)
        sql.said.clear()
        house.clock.move(1)
        (result,) = house.run()
        assert len(result.invoice.lines) == lines
        costs.append((added, changed, len(sql.said)))
    assert costs[0] == costs[1]
    assert max(costs[1]) <= 26


def test_a_run_that_finds_nothing_asks_twice(sql: House, house: Standing) -> None:
    house.add(start_on=date(2024, 3, 1))
    with sql.costs(2):
        found = house.office.use.run_recurring_invoices(CLERK, RunRecurringInvoicesCommand())
    assert found.done == ()

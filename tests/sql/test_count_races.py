"""People who count, goods that move and two who close, all at once, on every database."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from erp_core.inventory.entities import CountState, Reason, StockCount, StockKey, Uncounted
from erp_core.inventory.ports import CountLineQuery, MovementQuery
from erp_core.inventory.use_cases import (
    CloseCountCommand,
    CountCommand,
    EnterCountsCommand,
    Found,
    IssueStockCommand,
    VerifyStockQuery,
)
from erp_core.kernel.errors import TransitionError
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import at_once, context
from erp_core.testing.counts import a_count
from tests.databases import KINDS, database
from tests.sql.test_count_statements import CLERK, a_full_warehouse
from tests.sql.test_statements import ONE, House

PEOPLE = 8


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def started(house: House, keys: list[StockKey]) -> StockCount:
    draft = house.erp.inventory.add_count(CLERK, a_count(keys[0].warehouse_id)).count
    return house.erp.inventory.start_count(CLERK, CountCommand(id=draft.id)).count


def enter(house: House, count: StockCount, keys: list[StockKey], counted: int, by: str) -> None:
    ctx = replace(CLERK, principal=replace(CLERK.principal, id=by))
    quantity = Quantity.of(str(counted))
    found = tuple(Found(product_id=key.product_id, counted=quantity) for key in keys)
    house.erp.inventory.enter_counts(ctx, EnterCountsCommand(id=count.id, entries=found))


def issue(house: House, keys: list[StockKey]) -> None:
    for key in keys:
        house.erp.inventory.issue_stock(CLERK, IssueStockCommand(key=key, quantity=ONE))


def close(house: House, count: StockCount, uncounted: Uncounted | None = None) -> bool:
    try:
        command = CloseCountCommand(id=count.id, uncounted=uncounted)
        house.erp.inventory.close_count(CLERK, command)
    except TransitionError:
        return False
    return True


def on_hand(house: House, keys: list[StockKey]) -> list[Quantity]:
    with house.store(CLERK) as uow:
        items = uow.stock.lock(CLERK, keys).items
    return [items[key].on_hand for key in keys]


def corrections(house: House, key: StockKey) -> list[Quantity]:
    query = MovementQuery(page=PageRequest(limit=200), product_id=key.product_id)
    told = house.erp.inventory.list_movements(CLERK, query).items
    return [each.quantity for each in told if each.posting.reason is Reason.COUNT]


def is_consistent(house: House) -> bool:
    return house.erp.inventory.verify_stock(CLERK, VerifyStockQuery()).consistent


def test_eight_people_enter_the_same_and_different_lines(house: House) -> None:
    keys = a_full_warehouse(house, 2 * PEOPLE)
    count = started(house, keys)
    shared, own = keys[:PEOPLE], keys[PEOPLE:]

    def counts(person: int) -> None:
        order = shared if person % 2 else shared[::-1]
        enter(house, count, [*order, own[person]], person, str(person))

    at_once(*(partial(counts, person) for person in range(PEOPLE)))
    query = CountLineQuery(page=PageRequest(limit=200), count_id=count.id)
    lines = {line.key: line for line in house.erp.inventory.list_count_lines(CLERK, query).items}
    for person, key in enumerate(own):
        entry = lines[key].entry
        assert entry is not None
        assert (entry.by, lines[key].version) == (str(person), 2)
    assert {lines[key].version for key in shared} == {1 + PEOPLE}
    with house.store(CLERK, read_only=True) as uow:
        asked = AuditQuery(page=PageRequest(limit=200), action="inventory.count.enter")
        records = uow.audit.page(CLERK, asked).items
    assert {record.by for record in records} == {str(person) for person in range(PEOPLE)}
    told = [change.id for record in records for change in record.changes]
    assert sorted(told) == sorted(
        [*[lines[key].name for key in shared] * PEOPLE] + [lines[key].name for key in own]
    )


def test_closing_amid_issues_keeps_every_issue(house: House) -> None:
    keys = a_full_warehouse(house, 6)
    count = started(house, keys)
    enter(house, count, keys, 9, "ada")
    movers = [partial(issue, house, order) for order in (keys, keys[::-1]) * 3]
    at_once(*movers, partial(close, house, count))

    assert on_hand(house, keys) == [Quantity.of("3")] * 6  # ten, six issued, one was not there
    assert [corrections(house, key) for key in keys] == [[-ONE]] * 6
    assert is_consistent(house)


def test_people_count_while_goods_move_and_somebody_closes(house: House) -> None:
    keys = a_full_warehouse(house, 4)
    count = started(house, keys)
    enter(house, count, keys, 10, "ada")
    jobs: list[Callable[[], object]] = [partial(issue, house, keys) for _ in range(3)]

    def counts_again(person: int) -> bool:
        try:
            enter(house, count, keys[person:] + keys[:person], 10, str(person))
        except TransitionError:
            return False
        return True

    jobs += [partial(counts_again, person) for person in range(4)]
    at_once(*jobs, partial(close, house, count, Uncounted.KEEP))
    query = CountLineQuery(page=PageRequest(), count_id=count.id)
    lines = house.erp.inventory.list_count_lines(CLERK, query).items
    for line, left in zip(lines, on_hand(house, [line.key for line in lines]), strict=True):
        made = [line.difference] if line.difference != ZERO else []
        assert corrections(house, line.key) == made
        assert left == Quantity.of("7") + line.difference
    assert is_consistent(house)


def test_of_two_who_close_one_wins(house: House) -> None:
    keys = a_full_warehouse(house, 5)
    count = started(house, keys)
    enter(house, count, keys, 8, "ada")

    assert sorted(at_once(*[partial(close, house, count)] * 2)) == [False, True]
    assert on_hand(house, keys) == [Quantity.of("8")] * 5
    assert [len(corrections(house, key)) for key in keys] == [1] * 5
    read = house.erp.inventory.get_count(context("*.*.read"), CountCommand(id=count.id))
    assert read.count.state is CountState.CLOSED


def test_who_cancels_and_who_closes_do_not_both(house: House) -> None:
    keys = a_full_warehouse(house, 3)
    count = started(house, keys)
    enter(house, count, keys, 8, "ada")

    def cancel() -> bool:
        try:
            house.erp.inventory.cancel_count(CLERK, CountCommand(id=count.id))
        except TransitionError:
            return False
        return True

    cancelled, closed = at_once(cancel, partial(close, house, count))
    assert cancelled is not closed
    assert on_hand(house, keys) == [Quantity.of("10" if cancelled else "8")] * 3

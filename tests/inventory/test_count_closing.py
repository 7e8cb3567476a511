"""What closing a stock count corrects, and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities import (
    CountShortageError,
    CountState,
    CountTotals,
    InsufficientStockError,
    Reason,
    Uncounted,
)
from erp_core.inventory.use_cases import (
    AdjustStockCommand,
)
from erp_core.kernel.errors import (
    InvariantError,
    TransitionError,
)
from erp_core.testing import NOON
from tests.inventory.halls import CLERK, COST, Hall, a_hall, of


@pytest.fixture
def hall() -> Hall:
    return a_hall()


def test_closing_writes_one_movement_for_each_difference(hall: Hall) -> None:
    less, more, same = hall.row(10), hall.row(10), hall.row(10)
    count = hall.started()
    hall.enter(count, {less: 7, more: 12, same: 10})
    closed = hall.close(count)

    assert hall.on_hand(less, more, same) == ["7", "12", "10"]
    assert closed.totals == CountTotals(lines=3, counted=3, differing=2)
    assert (closed.count.state, closed.count.ended_by) == (CountState.CLOSED, "tester")
    assert len(hall.story(same)) == 1
    (_, movement) = hall.story(less)
    assert (movement.quantity, movement.unit_cost) == (of(-3), COST)
    posting = movement.posting
    assert (posting.reason, posting.origin) == (
        Reason.COUNT,
        f"inventory.stock_count:{count.id}",
    )
    assert (posting.label, posting.at, posting.by) == (count.label, NOON, "tester")
    assert hall.is_consistent()


def test_what_moved_before_an_entry_is_in_it_and_what_moved_after_is_kept(hall: Hall) -> None:
    key = hall.row(10)
    count = hall.started()
    hall.issue(key, 2)
    (line,) = hall.enter(count, {key: 7})
    hall.receive(key, 5)
    hall.close(count)

    assert (line.expected, line.difference) == (of(10), of(-1))
    assert line.entry is not None
    assert line.entry.on_hand_when_counted == of(8)
    assert hall.on_hand(key) == ["12"]


moves = st.lists(
    st.tuples(st.sampled_from(["receive", "issue", "count"]), st.integers(1, 9)), max_size=12
)


@given(moves=moves, counted=st.integers(0, 40), later=moves)
def test_after_closing_there_is_what_was_counted_and_what_moved_since(
    moves: list, counted: int, later: list
) -> None:
    hall = a_hall(may_go_negative=True)
    key = hall.row(100)
    count = hall.started()
    moved = 0
    for what, quantity in [*moves, ("entered", counted), *later]:
        if what in ("count", "entered"):  # entered again and again: the last one stands
            counted, moved = quantity, 0
            hall.enter(count, {key: quantity})
        else:
            getattr(hall, what)(key, quantity)
            moved += quantity if what == "receive" else -quantity
    if counted + moved < 0:
        with pytest.raises(CountShortageError):
            hall.close(count)
        return
    hall.close(count)
    assert hall.on_hand(key) == [str(counted + moved)]
    assert hall.is_consistent()


def test_lines_that_nobody_counted_need_a_word(hall: Hall) -> None:
    counted, other, gone = hall.row(10), hall.row(10), hall.row(1)
    hall.issue(gone, 1)
    count = hall.started()
    hall.enter(count, {counted: 9})
    with pytest.raises(TransitionError) as refusal:
        hall.close(count)
    assert refusal.value.code == "inventory.count.uncounted"
    assert refusal.value.details["missing"] == 2
    hall.receive(other, 5)
    closed = hall.close(count, Uncounted.ZERO)

    assert hall.on_hand(counted, other, gone) == ["9", "0", "0"]
    assert closed.totals == CountTotals(lines=3, counted=3, differing=2)
    zeroed = hall.lines(count)[other]
    assert zeroed.entry is not None
    assert (zeroed.entry.on_hand_when_counted, zeroed.entry.by) == (of(15), "tester")
    assert len(hall.story(gone)) == 2  # received and issued: there was nothing to correct


def test_lines_that_nobody_counted_may_stay_as_they_are(hall: Hall) -> None:
    key = hall.row(10)
    count = hall.started()
    closed = hall.close(count, Uncounted.KEEP)

    assert hall.on_hand(key) == ["10"]
    assert closed.totals == CountTotals(lines=1, counted=0, differing=0)


def test_a_closing_that_takes_what_is_reserved_is_refused_by_name(hall: Hall) -> None:
    one, two = hall.row(10, sku="ONE"), hall.row(10, "L-2", sku="TWO", tracking=Tracking.LOT)
    fine = hall.row(10)
    count = hall.started()
    hall.enter(count, {one: 3, two: 2, fine: 1})
    hall.reserve(one, 4)
    hall.reserve(two, 4)
    with pytest.raises(InsufficientStockError) as refusal:
        hall.close(count)

    error = refusal.value
    assert (error.code, error.field) == ("insufficient_stock", "")
    first, second = error.details["rows"]
    assert (first["sku"], second["sku"], second["lot"]) == ("ONE", "TWO", "L-2")
    assert (second["reserved"], second["difference"]) == (of(4), of(-8))
    assert "ONE: 10 on hand, 4 reserved, -7 counted; TWO L-2: 10 on hand" in str(error)
    assert (error.details["wanted"], error.details["available"]) == (of(7), of(6))
    assert hall.on_hand(one, two, fine) == ["10", "10", "10"]
    with hall.store(CLERK, read_only=True) as uow:
        assert uow.counts.get(CLERK, count.id).state is CountState.COUNTING
    hall.enter(count, {one: 4, two: 12})
    hall.close(count)
    assert hall.on_hand(one, two, fine) == ["4", "12", "1"]


def test_a_closing_never_leaves_less_than_nothing() -> None:
    hall = a_hall(may_go_negative=True)
    key = hall.row(10, sku="TEA")
    count = hall.started()
    hall.enter(count, {key: 12})
    hall.issue(key, 20)
    with pytest.raises(CountShortageError) as refusal:
        hall.close(count)
    assert "TEA: -10 on hand, 0 reserved, +2 counted" in str(refusal.value)
    assert refusal.value.details["wanted"] == of(8)  # to be back at nothing

    hall.enter(count, {key: 1})
    hall.close(count)
    assert hall.on_hand(key) == ["1"]


def test_where_stock_may_go_negative_more_may_be_reserved_than_was_counted() -> None:
    hall = a_hall(may_go_negative=True)
    key = hall.row(10)
    count = hall.started()
    hall.enter(count, {key: 3})
    hall.reserve(key, 4)
    hall.close(count)

    assert hall.on_hand(key) == ["3"]


def test_of_many_short_rows_a_message_names_the_first_twenty(hall: Hall) -> None:
    keys = [hall.row(1, sku=f"SKU-{number}") for number in range(23)]
    count = hall.started()
    for key in keys:
        hall.reserve(key, 1)
    with pytest.raises(CountShortageError) as refusal:
        hall.close(count, Uncounted.ZERO)

    assert str(refusal.value).endswith("; and 3 more")
    assert len(refusal.value.details["rows"]) == 23


def test_an_archived_product_is_counted_and_restored_before_it_is_corrected(hall: Hall) -> None:
    key = hall.row(10)
    count = hall.started()
    with hall.store(CLERK) as uow:
        uow.products.save(CLERK, uow.products.get(CLERK, key.product_id).archive(NOON))
    hall.enter(count, {key: 9})
    with pytest.raises(InvariantError) as refusal:
        hall.close(count)
    assert refusal.value.code == "inventory.product_archived"

    hall.enter(count, {key: 10})
    assert hall.close(count).totals.differing == 0


def test_a_serial_is_found_or_not(hall: Hall) -> None:
    here, gone = (hall.row(1, lot, tracking=Tracking.SERIAL) for lot in ("S-1", "S-2"))
    count = hall.started()
    hall.enter(count, {here: 1, gone: 0})
    hall.close(count)

    assert hall.on_hand(here, gone) == ["1", "0"]


def test_an_adjustment_made_after_an_entry_is_a_movement_like_any_other(hall: Hall) -> None:
    key = hall.row(10)
    count = hall.started()
    hall.enter(count, {key: 8})
    adjust = AdjustStockCommand(key=key, counted=of(9), label="one broke")
    hall.erp.inventory.adjust_stock(CLERK, adjust)
    hall.close(count)

    assert hall.on_hand(key) == ["7"]

"""Shipments, when many want the same goods at once."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from erp_core.catalog.entities import Tracking
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.sales.entities import OrderState, ShipmentState
from erp_core.testing import at_once
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.sales.docks import Dock, a_dock, some
from tests.sales.shops import of


@pytest.fixture(params=KINDS)
def dock(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Dock]:
    with database(request.param, tmp_path) as engine:
        yield a_dock(SqlStore(engine))


def tried(step: Callable[[], object]) -> bool:
    """Say whether it was done; being refused by a rule is the only way in which it may not."""
    try:
        step()
    except (InvariantError, TransitionError):
        return False
    return True


def all_tried(*steps: Callable[[], object]) -> int:
    return sum(at_once(*(partial(tried, each) for each in steps)))


def test_never_more_of_an_order_is_shipped_than_was_ordered(dock: Dock) -> None:
    tea = dock.product(50)
    order = dock.sold((tea, 10))
    drafts = [dock.draft(order, some(order.lines[0], 3)) for _ in range(8)]

    assert all_tried(*(partial(dock.validate, each) for each in drafts)) == 3
    assert dock.find(order).lines[0].shipped == of(9)
    assert dock.stock(tea) == ("41", "1")
    numbers = {dock.shown(each).number for each in drafts}
    assert numbers == {"", "SHP2024-00001", "SHP2024-00002", "SHP2024-00003"}
    assert dock.is_consistent()


def test_one_shipment_is_validated_once_and_cancelled_once(dock: Dock) -> None:
    tea = dock.product(tracking=Tracking.LOT)
    dock.receive(tea.id, 5, "L")
    draft = dock.draft(dock.sold((tea, 5)))

    assert all_tried(*[partial(dock.validate, draft)] * 6) == 1
    assert dock.stock(tea) == ("0", "0")
    assert all_tried(*[partial(dock.call_off, draft)] * 6) == 1
    assert dock.stock(tea) == ("5", "5")
    assert dock.is_consistent()


def test_of_orders_that_fight_for_the_last_lot_one_gets_it(dock: Dock) -> None:
    tea = dock.product(tracking=Tracking.LOT)
    orders = [dock.sold((tea, 5)) for _ in range(6)]  # nothing is there to be kept
    dock.receive(tea.id, 5, "last", date(2024, 12, 1))
    drafts = [dock.draft(each) for each in orders]

    assert all_tried(*(partial(dock.validate, each) for each in drafts)) == 1
    states = [dock.find(each).state for each in orders]
    assert sorted(states) == [OrderState.CONFIRMED] * 5 + [OrderState.SHIPPED]
    assert dock.lots(tea) == {"last": ("0", "0")}
    assert dock.is_consistent()


def test_of_serials_that_all_want_each_gets_another(dock: Dock) -> None:
    clock = dock.product(tracking=Tracking.SERIAL)
    orders = [dock.sold((clock, 1)) for _ in range(8)]
    for turn in range(12):
        dock.receive(clock.id, 1, f"S{turn:02}")
    drafts = [dock.draft(each) for each in orders]

    assert all_tried(*(partial(dock.validate, each) for each in drafts)) == 8
    gone = {each.lot for draft in drafts for each in dock.shown(draft).lines[0].lots}
    assert gone == {f"S{turn:02}" for turn in range(8)}
    assert dock.is_consistent()


def test_shipments_and_cancellations_of_the_same_goods_do_not_deadlock(dock: Dock) -> None:
    teas = [dock.product(20) for _ in range(3)]
    teas.append(dock.product(tracking=Tracking.LOT))
    for lot in ("a", "b"):
        dock.receive(teas[3].id, 10, lot)
    orders = [
        dock.sold(*((tea, 2) for tea in teas[turn % 4 :] + teas[: turn % 4])) for turn in range(6)
    ]

    def comes_and_goes(turn: int) -> None:
        for _ in range(2):
            dock.call_off(dock.ship(orders[turn]))

    at_once(*(partial(comes_and_goes, turn) for turn in range(6)))
    assert [dock.stock(each) for each in teas] == [("20", "12")] * 4
    assert dock.is_consistent()


def test_an_order_is_shipped_or_cancelled_but_not_both(dock: Dock) -> None:
    tea = dock.product(50)
    for _ in range(4):
        order = dock.sold((tea, 1))
        draft = dock.draft(order)
        assert all_tried(partial(dock.validate, draft), partial(dock.cancel, order)) == 1
        is_out = dock.shown(draft).state is ShipmentState.VALIDATED
        assert dock.find(order).state is (OrderState.SHIPPED if is_out else OrderState.CANCELLED)
    assert dock.stock(tea)[1] == "0"
    assert dock.is_consistent()

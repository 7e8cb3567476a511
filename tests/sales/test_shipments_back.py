"""What cancelling a shipment does: goods come back as they went, the order is where it was."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erp_core.catalog.entities import Tracking
from erp_core.identity.entities import StockLeavesAt
from erp_core.inventory.entities import Reason
from erp_core.inventory.use_cases import ReceiveStockCommand, ReturnStockCommand
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO
from erp_core.parties.use_cases import MergePartiesCommand
from erp_core.sales.entities import OrderState, ShipmentState
from erp_core.testing import MovableClock
from erp_core.testing.parties import another_party
from tests.failing import FailingStore, fails_everywhere
from tests.sales.docks import CLERK, Dock, a_dock, some
from tests.sales.shops import SELLER, of

SOON, LATE = date(2024, 3, 1), date(2024, 12, 1)


@pytest.fixture
def dock() -> Dock:
    return a_dock()


def test_goods_come_back_are_kept_again_and_the_order_is_where_it_was(dock: Dock) -> None:
    tea = dock.product(10)
    order = dock.sold((tea, 6))
    first = dock.ship(order, some(order.lines[0], 4))
    dock.ship(order)
    cancelled = dock.call_off(first, "wrong address")

    assert (cancelled.state, cancelled.reason) == (ShipmentState.CANCELLED, "wrong address")
    assert cancelled.number == "SHP2024-00001"
    assert dock.stock(tea) == ("8", "4")
    seen = dock.find(order)
    assert (seen.state, seen.lines[0].left_to_ship) == (OrderState.IN_SHIPMENT, of(4))
    dock.ship(order)
    assert dock.find(order).state is OrderState.SHIPPED
    assert dock.is_consistent()


def test_goods_come_back_at_the_cost_they_went_out_with(dock: Dock) -> None:
    tea = dock.product(10)  # at 2.50
    shipment = dock.ship(dock.sold((tea, 10)))
    key = dock.receive(tea.id, 10)
    dear = UnitPrice(Decimal("7.50"), "EUR")
    command = ReceiveStockCommand(key=key, quantity=of(10), unit_cost=dear)
    dock.erp.inventory.receive_stock(CLERK, command)
    dock.call_off(shipment)

    (back,) = dock.moves(tea, Reason.RETURN)
    assert back.unit_cost == UnitPrice(Decimal("2.50"), "EUR")
    assert back.average_cost_after == UnitPrice(Decimal("4.166667"), "EUR")
    assert dock.stock(tea) == ("30", "10")
    assert dock.is_consistent()


def test_lots_come_back_to_where_they_were_and_what_has_expired_is_not_kept() -> None:
    clock = MovableClock()
    dock = a_dock(clock=clock)
    tea = dock.product(tracking=Tracking.LOT)
    dock.receive(tea.id, 3, "soon", SOON)
    dock.receive(tea.id, 9, "late", LATE)
    order = dock.sold((tea, 5))
    shipment = dock.ship(order)
    assert dock.lots(tea) == {"soon": ("0", "0"), "late": ("7", "0")}
    clock.move(timedelta(days=30).total_seconds())
    dock.call_off(shipment)

    assert dock.lots(tea) == {"soon": ("3", "0"), "late": ("9", "2")}
    assert dock.is_consistent()


def test_what_came_back_by_hand_does_not_come_back_again(dock: Dock) -> None:
    tea = dock.product(10)
    order = dock.sold((tea, 6))
    shipment = dock.ship(order)
    (out,) = dock.moves(tea, Reason.SALE)
    command = ReturnStockCommand(movement_id=out.id, quantity=of(2))
    dock.erp.inventory.return_stock(CLERK, command)
    dock.call_off(shipment)

    assert dock.stock(tea) == ("10", "4")
    assert dock.find(order).state is OrderState.CONFIRMED
    assert dock.is_consistent()


def test_an_order_is_cancelled_once_all_its_shipments_are(dock: Dock) -> None:
    tea = dock.product(10)
    order = dock.sold((tea, 6))
    draft = dock.draft(order)
    shipment = dock.ship(order)
    with pytest.raises(TransitionError):
        dock.cancel(order)
    dock.call_off(shipment)
    dock.cancel(order)

    assert dock.stock(tea) == ("10", "0")
    for refused in (lambda: dock.validate(draft), lambda: dock.draft(order)):
        with pytest.raises(TransitionError) as refusal:
            refused()
        assert refusal.value.code == "sales.order.not_open"
    dock.delete(draft)
    assert dock.is_consistent()


def test_the_shipments_of_a_merged_customer_are_the_survivors(dock: Dock) -> None:
    order = dock.sold((dock.product(9), 6))
    shipment, draft = dock.ship(order, some(order.lines[0], 1)), dock.draft(order)
    with dock.store(SELLER) as uow:
        survivor = uow.parties.add(SELLER, another_party("Grace"))
    command = MergePartiesCommand(id=survivor.id, version=None, from_id=dock.buyer.id)
    dock.erp.parties.merge_parties(SELLER, command)

    assert dock.shown(shipment).party_id == survivor.id
    customer = dock.validate(draft).customer
    assert customer is not None
    assert customer.name == "Grace"


@pytest.mark.parametrize("paper", StockLeavesAt)
def test_a_failure_anywhere_leaves_nothing_of_a_validation(paper: StockLeavesAt) -> None:
    def prepare(store: FailingStore):
        dock = a_dock(store)
        dock.leaves_at(paper)
        tea = dock.product(tracking=Tracking.LOT)
        dock.receive(tea.id, 4, "L", LATE)
        order = dock.sold((dock.product(9), 2), (tea, 2))
        dock.receive(tea.id, 4, "S", SOON)
        draft = dock.draft(order)
        return lambda: dock.validate(draft)

    assert fails_everywhere(prepare) >= (14 if paper is StockLeavesAt.SHIPMENT else 9)


def test_a_failure_anywhere_leaves_nothing_of_a_cancellation() -> None:
    def prepare(store: FailingStore):
        dock = a_dock(store)
        tea = dock.product(tracking=Tracking.LOT)
        dock.receive(tea.id, 4, "L", LATE)
        shipment = dock.ship(dock.sold((dock.product(9), 2), (tea, 2)))
        return lambda: dock.call_off(shipment)

    assert fails_everywhere(prepare) >= 11


steps = st.lists(
    st.tuples(
        st.sampled_from(["ship", "cancel"]),
        st.integers(0, 2),  # the order's line, or the shipment
        st.integers(1, 7),
        st.sampled_from(["", "soon", "late"]),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(steps)
def test_whatever_is_shipped_and_called_off_nothing_is_lost_or_shipped_twice(
    asked: list[tuple[str, int, int, str]],
) -> None:
    dock = a_dock()
    tea, coffee = dock.product(tracking=Tracking.LOT), dock.product(6)
    dock.receive(tea.id, 6, "soon", SOON)
    order = dock.sold((tea, 8), (coffee, 7), (tea, 4))
    dock.receive(tea.id, 5, "late", LATE)
    out = []
    for step, place, quantity, lot in asked:
        lots = {lot: quantity} if lot and place != 1 else {}
        line = order.lines[place]
        try:
            if step == "ship":
                out.append(dock.ship(order, some(line, quantity, **lots)))
            elif place < len(out):
                out[place] = dock.call_off(out[place])
        except (InvariantError, TransitionError):
            continue
    gone = [each for each in out if each.state is ShipmentState.VALIDATED]
    by_line = {
        line.id: sum((p.quantity for s in gone for p in s.parts if p.line_id == line.id), ZERO)
        for line in order.lines
    }
    seen = dock.find(order)
    assert {line.id: line.shipped for line in seen.lines} == by_line
    left = [line.left_to_ship for line in seen.lines]
    kept = dock.kept(order)
    for place, rest in enumerate(left, start=1):
        assert of(kept.get(str(place), 0)) <= rest
    teas = by_line[order.lines[0].id] + by_line[order.lines[2].id]
    assert of(dock.stock(tea)[0]) == of(11) - teas
    assert of(dock.stock(coffee)[0]) == of(6) - by_line[order.lines[1].id]
    assert dock.is_consistent()

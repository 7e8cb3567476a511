"""Every command on a shipment in every state: done, or refused by name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from erp_core.catalog.entities import LineId
from erp_core.inventory.entities import transit_warehouse
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    TransitionError,
)
from erp_core.sales.entities import (
    SHIPMENT_LIFECYCLE,
    LotPart,
    OrderState,
    Shipment,
    ShipmentState,
)
from erp_core.sales.use_cases import ShipmentCommand
from erp_core.testing import NOON, MovableClock
from erp_core.testing.sales import CUSTOMER
from tests.sales.docks import CLERK, Dock, a_dock, some
from tests.sales.shops import SELLER, of

COMMANDS: dict[str, Callable[[Dock, Shipment], object]] = {
    "note": lambda dock, shipment: dock.change(shipment, note="ring twice"),
    "lines": lambda dock, shipment: dock.change(shipment, lines=None),
    "place": lambda dock, shipment: dock.change(shipment, warehouse_id=dock.another_place()),
    "carrier": lambda dock, shipment: dock.change(shipment, carrier="A", tracking_number="1"),
    "delete": lambda dock, shipment: dock.delete(shipment),
    "validate": lambda dock, shipment: dock.validate(shipment),
    "deliver": lambda dock, shipment: dock.deliver(shipment),
    "cancel": lambda dock, shipment: dock.call_off(shipment),
}
STATES: dict[ShipmentState, Callable[[Dock, Shipment], Shipment]] = {
    ShipmentState.DRAFT: lambda _, shipment: shipment,
    ShipmentState.VALIDATED: lambda dock, shipment: dock.validate(shipment),
    ShipmentState.DELIVERED: lambda dock, shipment: dock.deliver(dock.validate(shipment)),
    ShipmentState.CANCELLED: lambda dock, shipment: dock.call_off(dock.validate(shipment)),
}
DRAFT, VALIDATED = ShipmentState.DRAFT, ShipmentState.VALIDATED
ALLOWED: dict[tuple[ShipmentState, str], ShipmentState | None] = {
    (DRAFT, "note"): DRAFT,
    (DRAFT, "lines"): DRAFT,
    (DRAFT, "place"): DRAFT,
    (DRAFT, "carrier"): DRAFT,
    (DRAFT, "delete"): None,
    (DRAFT, "validate"): VALIDATED,
    (VALIDATED, "carrier"): VALIDATED,
    (VALIDATED, "deliver"): ShipmentState.DELIVERED,
    (VALIDATED, "cancel"): ShipmentState.CANCELLED,
}


@pytest.fixture
def dock() -> Dock:
    return a_dock()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("state", ShipmentState)
def test_a_shipment_takes_a_command_in_the_states_that_allow_it(
    dock: Dock, state: ShipmentState, command: str
) -> None:
    tea = dock.product(9)
    order = dock.sold((tea, 6))
    shipment = STATES[state](dock, dock.draft(order, some(order.lines[0], 2)))
    before = shipment.version, dock.find(order), dock.stock(tea)
    if (state, command) not in ALLOWED:
        with pytest.raises(TransitionError):
            COMMANDS[command](dock, shipment)
        assert (dock.shown(shipment).version, dock.find(order), dock.stock(tea)) == before
        return
    COMMANDS[command](dock, shipment)
    wanted = ALLOWED[state, command]
    if wanted is None:
        with pytest.raises(NotFoundError):
            dock.shown(shipment)
        return
    assert dock.shown(shipment).state is wanted
    assert dock.is_consistent()


def test_the_lifecycle_is_total() -> None:
    assert set(SHIPMENT_LIFECYCLE.steps) == set(ShipmentState)


@pytest.mark.parametrize("state", [OrderState.DRAFT, OrderState.CANCELLED])
def test_only_a_confirmed_order_is_shipped(dock: Dock, state: OrderState) -> None:
    order = dock.order(dock.line(dock.product(9), 6))
    if state is OrderState.CANCELLED:
        order = dock.cancel(dock.confirm(order))
    with pytest.raises(TransitionError) as refusal:
        dock.draft(order)
    assert refusal.value.code == "sales.order.not_open"


def test_all_that_is_left_is_shipped_where_nothing_else_is_said(dock: Dock) -> None:
    there = dock.another_place()
    here = dock.line(dock.product(9), 6)
    anywhere = replace(dock.line(dock.product(9), 2), warehouse_id=None)
    away = replace(dock.line(dock.product(9), 4), warehouse_id=there)
    order = dock.confirm(dock.order(here, anywhere, away))
    draft = dock.draft(order)
    assert [line.order_line_id for line in draft.lines] == [line.id for line in order.lines[:2]]
    dock.validate(draft)
    with pytest.raises(InvariantError) as refusal:
        dock.draft(order)
    assert refusal.value.code == "sales.order.nothing_to_ship"
    (line,) = dock.draft(order, warehouse_id=there).lines
    assert (line.order_line_id, line.quantity) == (order.lines[2].id, of(4))


def test_a_draft_is_written_anew_in_part(dock: Dock) -> None:
    order, there = dock.sold((dock.product(9), 6)), dock.another_place()
    draft = dock.draft(order, note="ring", on=date(2024, 2, 20))
    changed = dock.change(
        draft, lines=(some(order.lines[0], 1),), warehouse_id=there, on=date(2024, 3, 1)
    )
    assert (changed.note, changed.warehouse_id, changed.on) == ("ring", there, date(2024, 3, 1))
    assert changed.lines[0].quantity == of(1)
    assert dock.change(changed, warehouse_id=there, tracking_number="7") == replace(
        changed, version=3, tracking_number="7"
    )
    with pytest.raises(InvariantError) as refusal:
        dock.change(draft, lines=(some(order.lines[0], 7),))
    assert refusal.value.code == "sales.order.over_shipped"


def test_what_the_order_does_not_know_is_not_shipped(dock: Dock) -> None:
    order, other = dock.sold((dock.product(9), 6)), dock.sold((dock.product(9), 6))
    for refused, field in (
        (lambda: dock.draft(order, some(other.lines[0], 1)), "lines/0/order_line_id"),
        (lambda: dock.draft(order, order_id=new_id()), "order_id"),
        (lambda: dock.draft(order, warehouse_id=new_id()), "warehouse_id"),
    ):
        with pytest.raises(NotFoundError) as refusal:
            refused()
        assert refusal.value.field == field


def test_goods_under_way_ship_from_no_transit(dock: Dock) -> None:
    order = dock.sold((dock.product(9), 6))
    with dock.store(SELLER) as uow:
        transit = uow.warehouses.add(SELLER, transit_warehouse())
    with pytest.raises(InvariantError) as refusal:
        dock.draft(order, warehouse_id=transit.id)
    assert refusal.value.code == "inventory.warehouse.in_transit"


def test_a_line_of_the_order_is_named_once(dock: Dock) -> None:
    order = dock.sold((dock.product(9), 6))
    twice = [some(order.lines[0], 1) for _ in range(2)]
    with pytest.raises(InvariantError) as refusal:
        dock.draft(order, *twice)
    assert refusal.value.code == "sales.shipment.line_twice"


def test_goods_are_delivered_after_they_left_and_before_now() -> None:
    clock = MovableClock()
    dock = a_dock(clock=clock)
    shipment = dock.ship(dock.sold((dock.product(9), 6)))
    clock.move(7200)
    for moment in (NOON - timedelta(seconds=1), NOON + timedelta(hours=3)):
        with pytest.raises(InvariantError) as refusal:
            dock.deliver(shipment, moment)
        assert refusal.value.code == "sales.shipment.delivered_at"
    hour = NOON + timedelta(hours=1)
    assert dock.deliver(shipment, hour).delivered_at == hour
    assert dock.shown(shipment).delivered_at == hour


def test_a_shipment_has_lines_and_not_too_many_lots(dock: Dock) -> None:
    order = dock.sold((dock.product(9999), 3000))
    draft = dock.draft(order)
    with pytest.raises(InvariantError) as refusal:
        replace(draft, lines=())
    assert refusal.value.code == "sales.shipment.lines"
    one = of(1)
    lots = {draft.lines[0].id: tuple(LotPart(lot=f"S{n}", quantity=one) for n in range(3000))}
    with pytest.raises(InvariantError) as refusal:
        draft.validate(number="S1", customer=CUSTOMER, lots=lots, now=NOON)
    assert refusal.value.code == "sales.shipment.too_many_lots"
    line = replace(draft.lines[0], lots=(), id=LineId(new_id()))
    with pytest.raises(InvariantError) as refusal:
        replace(line, lots=(LotPart(lot="a", quantity=of(1500)),) * 2)
    assert refusal.value.code == "sales.shipment.lot_twice"
    with pytest.raises(InvariantError) as refusal:
        replace(draft, number="S1")
    assert refusal.value.code == "sales.shipment.settled"


def test_who_may_not_ship_does_not(dock: Dock) -> None:
    draft = dock.draft(dock.sold((dock.product(9), 6)))
    with pytest.raises(PermissionDeniedError):
        dock.erp.sales.validate_shipment(SELLER, ShipmentCommand(id=draft.id))
    assert dock.erp.sales.validate_shipment(CLERK, ShipmentCommand(id=draft.id)).number

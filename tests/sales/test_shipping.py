"""What validating a shipment does: goods leave, reservations go, the order moves on."""

from datetime import date

import pytest

from erp_core.catalog.entities import Tracking
from erp_core.identity.entities import StockLeavesAt
from erp_core.inventory.entities import InsufficientStockError, Reason
from erp_core.inventory.ports import LotQuery
from erp_core.kernel.errors import (
    InvariantError,
    TransitionError,
)
from erp_core.parties.entities import PartyState
from erp_core.sales.entities import OrderState, ShipmentState
from tests.sales.docks import Dock, a_dock, some
from tests.sales.shops import PAGE, SELLER, of

SOON, LATE, OLD = date(2024, 3, 1), date(2024, 12, 1), date(2024, 2, 28)


@pytest.fixture
def dock() -> Dock:
    return a_dock()


def test_goods_leave_their_reservation_goes_and_the_order_moves_on(dock: Dock) -> None:
    tea = dock.product(10)
    order = dock.sold((tea, 6))
    shipment = dock.ship(order, some(order.lines[0], 4))

    assert (shipment.number, shipment.state) == ("SHP2024-00001", ShipmentState.VALIDATED)
    assert shipment.customer is not None
    assert dock.stock(tea) == ("6", "2")
    seen = dock.find(order)
    assert (seen.state, seen.lines[0].shipped) == (OrderState.IN_SHIPMENT, of(4))
    assert seen.lines[0].issued == of(4)
    rest = dock.ship(order)
    assert (rest.number, rest.lines[0].quantity) == ("SHP2024-00002", of(2))
    assert dock.stock(tea) == ("4", "0")
    assert dock.find(order).state is OrderState.SHIPPED
    assert dock.is_consistent()


def test_each_movement_says_which_shipment_caused_it(dock: Dock) -> None:
    tea = dock.product(10)
    shipment = dock.ship(dock.sold((tea, 6)))
    (out,) = dock.moves(tea, Reason.SALE)

    assert (out.quantity, out.posting.origin) == (of(-6), f"sales.shipment:{shipment.id}")
    dock.call_off(shipment)
    (back,) = dock.moves(tea, Reason.RETURN)
    assert (back.posting.origin, back.posting.reference_id) == (out.posting.origin, out.id)


def test_what_is_not_reserved_is_taken_from_what_is_available(dock: Dock) -> None:
    tea = dock.product(2)
    order = dock.sold((tea, 5))
    assert dock.kept(order) == {"1": "2"}
    dock.receive(tea.id, 3)
    dock.ship(order)

    assert dock.stock(tea) == ("0", "0")
    assert dock.is_consistent()


def test_what_is_kept_for_another_order_is_not_taken(dock: Dock) -> None:
    tea, coffee = dock.product(5), dock.product(9)
    mine = dock.sold((tea, 5))
    other = dock.sold((coffee, 3), (tea, 4))
    draft = dock.draft(other)
    with pytest.raises(InsufficientStockError) as refusal:
        dock.validate(draft)

    assert refusal.value.field == "lines/1/quantity"
    assert [refusal.value.details[each] for each in ("wanted", "available")] == [of(4), of(0)]
    assert dock.shown(draft) == draft
    assert dock.stock(coffee) == ("9", "3")
    dock.ship(mine)
    assert dock.is_consistent()


def test_all_lines_that_lack_goods_are_named_at_once(dock: Dock) -> None:
    teas = [dock.product() for _ in range(3)]
    dock.receive(teas[1].id, 5)
    order = dock.sold(*((each, 5) for each in teas))
    with pytest.raises(InsufficientStockError) as refusal:
        dock.ship(order)
    named = [each["field"] for each in refusal.value.details["rows"]]
    assert named == ["lines/0/quantity", "lines/2/quantity"]


@pytest.mark.parametrize("at_once", [True, False])
def test_more_than_is_left_is_refused_and_the_line_named(dock: Dock, *, at_once: bool) -> None:
    order = dock.sold((dock.product(20), 3), (dock.product(20), 6))
    first = dock.draft(order, some(order.lines[1], 4))
    if at_once:
        with pytest.raises(InvariantError) as refusal:
            dock.draft(order, some(order.lines[0], 1), some(order.lines[1], 7))
        left = of(6)
    else:
        second = dock.draft(order, some(order.lines[0], 1), some(order.lines[1], 4))
        dock.validate(first)
        with pytest.raises(InvariantError) as refusal:
            dock.validate(second)
        left = of(2)

    assert (refusal.value.code, refusal.value.field) == (
        "sales.order.over_shipped",
        "lines/1/quantity",
    )
    assert (refusal.value.details["line_id"], refusal.value.details["left"]) == (
        order.lines[1].id,
        left,
    )


def test_of_lots_what_is_kept_goes_first_then_what_expires_first(dock: Dock) -> None:
    tea = dock.product(tracking=Tracking.LOT)
    dock.receive(tea.id, 4, "late", LATE)
    order = dock.sold((tea, 9))  # keeps all of the late lot
    dock.receive(tea.id, 3, "soon", SOON)
    dock.receive(tea.id, 9, "ever")
    dock.receive(tea.id, 9, "old", OLD)
    shipment = dock.ship(order)

    taken = {each.lot: str(each.quantity) for each in shipment.lines[0].lots}
    assert taken == {"late": "4", "soon": "3", "ever": "2"}
    assert dock.lots(tea) == {
        "late": ("0", "0"),
        "soon": ("0", "0"),
        "ever": ("7", "0"),
        "old": ("9", "0"),
    }
    assert dock.shown(shipment) == shipment
    assert dock.is_consistent()


def test_lots_that_were_kept_and_have_expired_since_stay_here(dock: Dock) -> None:
    tea = dock.product(tracking=Tracking.LOT)
    dock.receive(tea.id, 5, "bad", SOON)
    order = dock.sold((tea, 3))
    with dock.store(SELLER) as uow:
        (lot,) = uow.lots.page(SELLER, LotQuery(page=PAGE)).items
        uow.lots.save(SELLER, lot.change({"expires_on": OLD}))
    with pytest.raises(InsufficientStockError) as refusal:
        dock.ship(order)
    assert refusal.value.details["available"] == of(0)
    dock.receive(tea.id, 5, "good", LATE)
    dock.ship(order)

    assert dock.lots(tea) == {"bad": ("5", "0"), "good": ("2", "0")}
    assert dock.is_consistent()


def test_who_chooses_lots_gets_them_and_no_more_stays_kept_than_is_left(dock: Dock) -> None:
    tea = dock.product(tracking=Tracking.LOT)
    dock.receive(tea.id, 5, "soon", SOON)
    dock.receive(tea.id, 9, "late", LATE)
    order = dock.sold((tea, 6))
    assert dock.lots(tea) == {"soon": ("5", "5"), "late": ("9", "1")}
    shipment = dock.ship(order, some(order.lines[0], 4, late=3, soon=1))

    assert [each.lot for each in shipment.lines[0].lots] == ["late", "soon"]
    assert dock.lots(tea) == {"soon": ("4", "2"), "late": ("6", "0")}
    assert dock.is_consistent()


def test_lots_chosen_for_one_line_are_not_taken_for_the_next(dock: Dock) -> None:
    tea = dock.product(tracking=Tracking.LOT)
    order = dock.sold((tea, 5), (tea, 5))
    dock.receive(tea.id, 5, "soon", SOON)
    dock.receive(tea.id, 5, "late", LATE)
    one, two = order.lines
    shipment = dock.ship(order, some(two, 5), some(one, 4, soon=4))

    assert [[(each.lot, str(each.quantity)) for each in line.lots] for line in shipment.lines] == [
        [("soon", "1"), ("late", "4")],
        [("soon", "4")],
    ]


def test_lines_of_one_product_do_not_take_what_is_kept_for_each_other(dock: Dock) -> None:
    tea = dock.product(tracking=Tracking.LOT)
    dock.receive(tea.id, 5, "soon", SOON)
    order = dock.sold((tea, 5), (tea, 5))  # the first keeps all
    dock.receive(tea.id, 5, "late", LATE)
    one, two = order.lines
    dock.ship(order, some(two, 5), some(one, 2))

    assert dock.lots(tea) == {"soon": ("3", "3"), "late": ("0", "0")}
    assert dock.kept(order) == {"1": "3"}
    assert dock.is_consistent()


@pytest.mark.parametrize(
    ("lots", "code", "field"),
    [
        ({"a": 1}, "sales.shipment.lots", "lines/0/lots"),
        ({"a": 3, "b": 0}, "sales.parts.quantity", "quantity"),
        ({"plain": 3}, "inventory.lot", "lines/0/lots"),
    ],
)
def test_lots_must_come_to_the_quantity_of_goods_kept_by_lot(
    dock: Dock, lots: dict[str, int], code: str, field: str
) -> None:
    tracking = Tracking.NONE if "plain" in lots else Tracking.LOT
    order = dock.sold((dock.product(tracking=tracking), 3))
    with pytest.raises(InvariantError) as refusal:
        dock.draft(order, some(order.lines[0], 3, **lots))
    assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_lot_of_which_there_is_less_is_named(dock: Dock) -> None:
    tea = dock.product(tracking=Tracking.LOT)
    dock.receive(tea.id, 2, "few")
    dock.receive(tea.id, 9, "many")
    order = dock.sold((tea, 3))
    with pytest.raises(InsufficientStockError) as refusal:
        dock.ship(order, some(order.lines[0], 3, few=3))
    assert (refusal.value.details["lot"], refusal.value.details["wanted"]) == ("few", of(3))


def test_each_serial_leaves_once_and_may_come_back(dock: Dock) -> None:
    clock = dock.product(tracking=Tracking.SERIAL)
    for serial in ("S1", "S2", "S3"):
        dock.receive(clock.id, 1, serial)
    order = dock.sold((clock, 3))
    first = dock.ship(order, some(order.lines[0], 2))
    assert [each.lot for each in first.lines[0].lots] == ["S1", "S2"]
    with pytest.raises(InsufficientStockError):
        dock.ship(order, some(order.lines[0], 1, S1=1))
    dock.call_off(first)
    assert dock.kept(order) == {"1": "3"}
    dock.ship(order, some(order.lines[0], 1, S1=1))
    assert dock.lots(clock) == {"S1": ("0", "0"), "S2": ("1", "1"), "S3": ("1", "1")}
    assert dock.is_consistent()


def test_a_serial_that_is_here_again_does_not_come_back_twice(dock: Dock) -> None:
    clock = dock.product(tracking=Tracking.SERIAL)
    dock.receive(clock.id, 1, "S1")
    shipment = dock.ship(dock.sold((clock, 1)))
    dock.receive(clock.id, 1, "S1")
    with pytest.raises(InvariantError) as refusal:
        dock.call_off(shipment)
    assert refusal.value.code == "inventory.serial"


def test_goods_shipped_from_elsewhere_leave_nothing_kept_where_they_were(dock: Dock) -> None:
    tea, there = dock.product(5), dock.another_place()
    order = dock.sold((tea, 5))
    home, dock.where = dock.where, there
    dock.receive(tea.id, 4)
    with pytest.raises(InvariantError) as refusal:
        dock.draft(order)
    assert refusal.value.code == "sales.order.nothing_to_ship"
    shipment = dock.ship(order, some(order.lines[0], 4))

    assert shipment.warehouse_id == there
    assert dock.kept(order) == {"1": "1"}
    assert dock.lies(tea) == {home: ("5", "1"), there: ("0", "0")}
    dock.call_off(shipment)
    assert dock.kept(order) == {"1": "5"}
    assert dock.is_consistent()


def test_goods_nobody_counts_are_shipped_without_stock(dock: Dock) -> None:
    leaflet = dock.product(stock_managed=False, reorder_point=None)
    tea = dock.product(5)
    order = dock.sold((leaflet, 100), (tea, 2))
    shipment = dock.ship(order)

    assert [line.product_id for line in shipment.lines] == [leaflet.id, tea.id]
    assert dock.moves(leaflet, Reason.SALE) == []
    assert dock.find(order).state is OrderState.SHIPPED
    alone = dock.ship(dock.sold((leaflet, 1)))
    assert dock.call_off(alone).state is ShipmentState.CANCELLED


def test_services_and_free_text_are_not_shipped(dock: Dock) -> None:
    tea = dock.product(5)
    free = dock.line(None, 1, description="freight", unit_price=of(5).value)
    order = dock.confirm(dock.order(dock.line(dock.service(), 2), free, dock.line(tea, 1)))
    (line,) = dock.draft(order).lines
    assert line.order_line_id == order.lines[2].id
    for place in (0, 1):
        with pytest.raises(InvariantError) as refusal:
            dock.draft(order, some(order.lines[place], 1))
        assert (refusal.value.code, refusal.value.field) == (
            "sales.order_line.not_goods",
            "lines/0/order_line_id",
        )
    dock.ship(order)
    assert dock.find(order).state is OrderState.SHIPPED


@pytest.mark.parametrize("paper", [StockLeavesAt.ORDER, StockLeavesAt.INVOICE])
def test_where_goods_leave_by_another_paper_a_shipment_moves_none(
    dock: Dock, paper: StockLeavesAt
) -> None:
    dock.leaves_at(paper)
    tea = dock.product(5)
    order = dock.sold((tea, 3))
    before = dock.stock(tea)
    shipment = dock.ship(order)

    assert dock.find(order).state is OrderState.SHIPPED
    assert dock.stock(tea) == before
    dock.call_off(shipment)
    assert dock.stock(tea) == before
    assert dock.find(order).state is OrderState.CONFIRMED
    assert dock.is_consistent()


def test_what_left_by_the_order_leaves_no_second_time_whatever_is_chosen_later(dock: Dock) -> None:
    dock.leaves_at(StockLeavesAt.ORDER)
    tea = dock.product(5)
    order = dock.sold((tea, 3))
    dock.leaves_at(StockLeavesAt.SHIPMENT)
    dock.ship(order)
    assert dock.stock(tea) == ("2", "0")


def test_what_is_to_leave_by_shipments_does_whatever_is_chosen_later(dock: Dock) -> None:
    tea = dock.product(5)
    order = dock.sold((tea, 3))
    dock.leaves_at(StockLeavesAt.INVOICE)
    shipment = dock.ship(order)
    assert dock.stock(tea) == ("2", "0")
    dock.leaves_at(StockLeavesAt.ORDER)
    dock.call_off(shipment)
    assert dock.stock(tea) == ("5", "3")
    assert dock.find(order).lines[0].issued == of(0)


def test_an_archived_customer_is_shipped_nothing(dock: Dock) -> None:
    draft = dock.draft(dock.sold((dock.product(5), 3)))
    dock.has_party(state=PartyState.ARCHIVED)
    with pytest.raises(TransitionError) as refusal:
        dock.validate(draft)
    assert refusal.value.code == "parties.party.not_active"


def test_a_shipment_keeps_its_customer_as_he_was(dock: Dock) -> None:
    shipment = dock.ship(dock.sold((dock.product(5), 3)))
    dock.has_party(name="Ada, Countess of Lovelace")
    seen = dock.shown(shipment)
    assert seen.customer is not None
    assert seen.customer.name == "Ada"

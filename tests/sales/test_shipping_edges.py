"""What ships nothing, who sees it, and the place that may go negative."""

from datetime import date

import pytest

from erp_core.inventory.entities import WarehouseState
from erp_core.kernel.errors import (
    InvariantError,
    NotFoundError,
    PreconditionFailedError,
)
from erp_core.sales.use_cases import ShipmentCommand
from erp_core.testing import NOON, context
from tests.sales.docks import CLERK, Dock, a_dock, some
from tests.sales.shops import SELLER, of

SOON, LATE, OLD = date(2024, 3, 1), date(2024, 12, 1), date(2024, 2, 28)


@pytest.fixture
def dock() -> Dock:
    return a_dock()


def test_archived_goods_and_closed_places_ship_nothing(dock: Dock) -> None:
    tea, there = dock.product(5), dock.another_place(state=WarehouseState.ARCHIVED)
    order = dock.sold((tea, 3))
    with pytest.raises(InvariantError) as refusal:
        dock.draft(order, warehouse_id=there)
    assert refusal.value.code == "inventory.warehouse_archived"
    draft = dock.draft(order)
    with dock.store(SELLER) as uow:
        product = uow.products.get(SELLER, tea.id)
        uow.products.save(SELLER, product.archive(NOON))
    with pytest.raises(InvariantError) as refusal:
        dock.validate(draft)
    assert (refusal.value.code, refusal.value.field) == (
        "inventory.product_archived",
        "lines/0/product_id",
    )


def test_who_saw_another_version_or_is_a_stranger_validates_nothing(dock: Dock) -> None:
    draft = dock.draft(dock.sold((dock.product(5), 3)))
    with pytest.raises(PreconditionFailedError):
        dock.erp.sales.validate_shipment(CLERK, ShipmentCommand(id=draft.id, version=7))
    rival = context("sales.*", company=draft.id)
    for refused in (
        lambda: dock.erp.sales.validate_shipment(rival, ShipmentCommand(id=draft.id)),
        lambda: dock.erp.sales.get_shipment(rival, draft.id),
    ):
        with pytest.raises(NotFoundError):
            refused()


def test_an_order_shows_its_shipments(dock: Dock) -> None:
    order = dock.sold((dock.product(5), 3))
    assert dock.erp.sales.get_order(SELLER, order.id).shipments == ()
    shipment, draft = dock.ship(order, some(order.lines[0], 1)), dock.draft(order)
    found = dock.erp.sales.get_order(SELLER, order.id)
    assert found.shipments == (shipment.summary, draft.summary)
    assert found.order.lines[0].left_to_ship == of(2)


def test_a_place_that_may_go_negative_ships_what_is_not_there(dock: Dock) -> None:
    tea, dock.where = dock.product(), dock.another_place(may_go_negative=True)
    order = dock.sold((tea, 3))
    shipment = dock.ship(order)
    assert dock.stock(tea) == ("-3", "0")
    dock.call_off(shipment)
    assert dock.stock(tea) == ("0", "0")  # nothing is available: nothing is kept
    assert dock.is_consistent()

"""What shipments cost the database: as many statements for 300 lines as for one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities import Receipt, StockKey
from erp_core.kernel.page import PageRequest
from erp_core.sales.entities import Order
from erp_core.sales.ports import ShipmentQuery
from erp_core.testing.stock import RECEIPT, TEN
from tests.databases import KINDS, database
from tests.inventory.halls import COST
from tests.sales.docks import CLERK, Dock
from tests.sales.shops import SELLER, a_plain_product
from tests.sql.test_sales_statements import MANY, Counted


@pytest.fixture(params=KINDS)
def counted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counted]:
    with database(request.param, tmp_path) as engine:
        yield Counted(engine)


def lots_of(dock: Dock, many: int) -> Order:
    """Confirm an order of as many products kept by lot; half of each there before, half after."""
    products = [replace(a_plain_product(), barcode="", tracking=Tracking.LOT) for _ in range(many)]
    with dock.store(SELLER) as uow:
        uow.products.add_many(SELLER, products)
    order = dock.order(*(dock.line(each, 15) for each in products))
    for lot in ("soon", "late"):
        keys = [StockKey(each.id, dock.where, lot) for each in products]
        with dock.store(SELLER) as uow:
            stock = uow.stock.lock(SELLER, keys, receiving=True)
            receipts = (
                Receipt(key=key, quantity=TEN, unit_cost=COST, posting=RECEIPT) for key in keys
            )
            uow.stock.save(SELLER, stock.receive_all(receipts))
        if lot == "soon":
            order = dock.confirm(order)
    return order


@pytest.mark.parametrize("many", [1, MANY])
def test_a_shipment_of_many_lines_costs_what_one_of_one_line_does(
    counted: Counted, many: int
) -> None:
    dock = Dock(**vars(counted.shop))
    order = dock.confirm(dock.order(*counted.lines(many)))
    with counted.costs(8):
        draft = dock.draft(order)
    with counted.costs(9):
        dock.change(draft, lines=None)
    with counted.costs(26):
        dock.validate(draft)
    with counted.costs(3):
        dock.shown(draft)
    with counted.costs(1):
        query = ShipmentQuery(page=PageRequest(), order_id=order.id)
        assert len(dock.erp.sales.list_shipments(CLERK, query).items) == 1
    with counted.costs(23):
        dock.call_off(draft)
    again = dock.draft(order)
    with counted.costs(7):
        dock.delete(again)


@pytest.mark.parametrize("many", [1, MANY])
def test_a_shipment_of_many_lots_costs_what_one_of_one_lot_does(
    counted: Counted, many: int
) -> None:
    dock = Dock(**vars(counted.shop))
    draft = dock.draft(lots_of(dock, many))
    with counted.costs(29):
        dock.validate(draft)
    with counted.costs(24):
        dock.call_off(draft)
    assert dock.is_consistent()

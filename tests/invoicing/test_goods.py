"""Goods that leave and come back by an invoice, where the company has chosen that."""

from dataclasses import replace
from datetime import date

import pytest

from erp_core.catalog.entities import Tracking
from erp_core.identity.entities import StockLeavesAt
from erp_core.inventory.entities import InsufficientStockError
from erp_core.invoicing.use_cases import InvoiceLineRequest
from erp_core.kernel.errors import InvariantError
from erp_core.sales.entities import OrderState
from erp_core.testing import expect
from tests.invoicing.offices import Office, an_office, part
from tests.invoicing.test_sources import some
from tests.sales.shops import of


@pytest.fixture
def office() -> Office:
    office = an_office()
    office.shop.leaves_at(StockLeavesAt.INVOICE)
    return office


def test_goods_leave_when_the_invoice_is_validated(office: Office) -> None:
    product = office.shop.product(10)
    draft = office.draft(office.line(product, 3), office.line())
    assert office.shop.stock(product) == ("10", "0")
    invoice = office.validate(draft)

    assert office.shop.stock(product) == ("7", "0")
    assert [each.issued for each in invoice.lines] == [of(3), of(0)]
    assert office.is_consistent()


def test_elsewhere_they_stay_where_they_are(office: Office) -> None:
    office.shop.leaves_at(StockLeavesAt.SHIPMENT)
    product = office.shop.product(10)
    invoice = office.issued(office.line(product, 3))
    assert office.shop.stock(product) == ("10", "0")
    with expect(InvariantError, "invoicing.credit_note.not_out") as refusals:
        office.credit(invoice, part(invoice, 0, "1", returns_stock=True))
    assert refusals[0].field == "lines/0/returns_stock"


def test_less_than_is_billed_stops_it_all(office: Office) -> None:
    enough, little = office.shop.product(10), office.shop.product(2)
    draft = office.draft(office.line(enough, 3), office.line(little, 3))
    with expect(InsufficientStockError) as refusals:
        office.validate(draft)
    assert refusals[0].field == "lines/1/quantity"
    assert [office.shop.stock(each) for each in (enough, little)] == [("10", "0"), ("2", "0")]
    assert office.find(draft) == draft


def test_goods_of_no_warehouse_cannot_leave(office: Office) -> None:
    product = office.shop.product(10)
    line: InvoiceLineRequest = replace(office.line(product), warehouse_id=None)
    with expect(InvariantError, "invoicing.line.warehouse") as refusals:
        office.issued(line)
    assert refusals[0].field == "lines/0/warehouse_id"


def test_what_an_order_kept_is_taken_first_and_shipments_alone_ship_it(office: Office) -> None:
    shop = office.shop
    product = shop.product(5)
    order = shop.confirm(shop.order(shop.line(product, 4)))
    assert shop.stock(product) == ("5", "4")
    office.validate(office.of_order(order))

    assert shop.stock(product) == ("1", "0")
    seen = shop.find(order)
    assert seen.state is OrderState.CONFIRMED
    assert (seen.lines[0].issued, seen.lines[0].shipped) == (of(4), of(0))
    assert office.is_consistent()


def test_goods_that_left_with_the_order_do_not_leave_again(office: Office) -> None:
    shop = office.shop
    shop.leaves_at(StockLeavesAt.ORDER)
    product = shop.product(5)
    order = shop.confirm(shop.order(shop.line(product, 4)))
    shop.leaves_at(StockLeavesAt.INVOICE)
    office.validate(office.of_order(order))
    assert shop.stock(product) == ("1", "0")


def test_goods_come_back_only_where_the_line_says_so(office: Office) -> None:
    product = office.shop.product(10)
    invoice = office.issued(office.line(product, 5))
    office.credit(invoice, part(invoice, 0, "1"))
    assert office.shop.stock(product) == ("5", "0")
    office.credit(invoice, part(invoice, 0, "2", returns_stock=True))
    assert office.shop.stock(product) == ("7", "0")
    office.credit(invoice, returns_stock=True)
    assert office.shop.stock(product) == ("9", "0")
    assert office.is_consistent()


def test_lots_that_expire_first_leave_first_and_come_back_as_they_went(office: Office) -> None:
    shop = office.shop
    product = shop.product(tracking=Tracking.LOT)
    shop.receive(product.id, 2, "LATE", date(2024, 12, 31))
    shop.receive(product.id, 2, "SOON", date(2024, 6, 30))
    invoice = office.issued(office.line(product, 3))
    assert {lot: str(each.on_hand) for lot, each in shop.items(product).items()} == {
        "LATE": "1",
        "SOON": "0",
    }
    with expect(InvariantError, "insufficient_stock"):
        office.issued(office.line(product, 2))
    office.credit(invoice, returns_stock=True)
    assert {lot: str(each.on_hand) for lot, each in shop.items(product).items()} == {
        "LATE": "2",
        "SOON": "2",
    }
    assert office.is_consistent()


def test_of_what_is_kept_a_part_leaves_and_the_rest_stays_kept(office: Office) -> None:
    shop = office.shop
    product = shop.product(tracking=Tracking.LOT)
    shop.receive(product.id, 2, "SOON", date(2024, 6, 30))
    shop.receive(product.id, 3, "LATE", date(2024, 12, 31))
    order = shop.confirm(shop.order(shop.line(product, 4), shop.line(product, 3)))
    first = some(order.lines[0].id, 3)
    office.validate(office.of_order(order, lines=(first,)))
    assert shop.stock(product) == ("2", "2")
    shop.receive(product.id, 5, "NEW", date(2025, 12, 31))
    office.validate(office.of_order(order))
    assert shop.stock(product) == ("3", "0")
    assert [each.issued for each in shop.find(order).lines] == [of(4), of(3)]
    assert office.is_consistent()


def test_what_is_credited_and_reopened_is_kept_and_can_leave_again(office: Office) -> None:
    shop = office.shop
    product, service = shop.product(5), shop.service()
    order = shop.confirm(shop.order(shop.line(product, 4), shop.line(service, 1)))
    invoice = office.validate(office.of_order(order))
    back = part(invoice, 0, "3", returns_stock=True)
    office.credit(invoice, back, part(invoice, 1, "1"), reopens_order=True)
    assert shop.stock(product) == ("4", "3")
    assert shop.find(order).lines[0].issued == of(1)
    again = office.validate(office.of_order(order))
    assert [each.line.quantity for each in again.lines] == [of(3), of(1)]
    assert shop.stock(product) == ("1", "0")
    assert office.is_consistent()


def test_a_replacement_gives_back_and_takes_out(office: Office) -> None:
    shop = office.shop
    product = shop.product(5)
    order = shop.confirm(shop.order(shop.line(product, 5)))
    wrong = office.validate(office.of_order(order))
    right = office.validate(office.replacing(wrong))
    assert shop.stock(product) == ("0", "0")
    assert right.lines[0].issued == shop.find(order).lines[0].issued == of(5)

    office.abandon(right, reopens_order=True)
    assert shop.stock(product) == ("5", "5")
    assert shop.find(order).lines[0].issued == of(0)
    assert office.is_consistent()

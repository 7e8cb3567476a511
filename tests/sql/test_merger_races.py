"""What is written about a party while it is merged into another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from erp_core.catalog.entities import PriceList, PriceListId
from erp_core.catalog.ports import PriceListQuery
from erp_core.invoicing.entities import InvoiceId
from erp_core.invoicing.ports import InvoiceQuery
from erp_core.invoicing.use_cases import AddInvoiceCommand
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import TransitionError
from erp_core.kernel.page import PageRequest
from erp_core.parties.entities import Party
from erp_core.parties.use_cases import MergePartiesCommand
from erp_core.sales.entities import OrderId, QuoteId, ShipmentId
from erp_core.sales.ports import OrderQuery, QuoteQuery, ShipmentQuery
from erp_core.sales.use_cases import AddOrderCommand, AddQuoteCommand, AddShipmentCommand
from erp_core.testing import at_once
from erp_core.testing.parties import another_party
from erp_core.treasury.ports import PaymentQuery
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.treasury.tills import CASHIER, Till, a_till

PAGE = PageRequest(limit=200)
ROUNDS = 4


@pytest.fixture(params=KINDS)
def till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Till]:
    with database(request.param, tmp_path) as engine:
        yield a_till(SqlStore(engine))


def customer(till: Till, name: str) -> Party:
    with till.office.shop.store(CASHIER) as uow:
        return uow.parties.add(CASHIER, another_party(name))


def merge(till: Till, survivor: Party, absorbed: Party) -> None:
    command = MergePartiesCommand(id=survivor.id, version=None, from_id=absorbed.id)
    till.office.shop.erp.parties.merge_parties(CASHIER, command)


def tried(step: Callable[[], object]) -> None:
    """Do it, unless the party is known to be merged: whoever asks is told with whom to go on."""
    try:
        step()
    except TransitionError as error:
        if error.code != "parties.party.merged":
            raise


def left_with(till: Till, party: Party) -> dict[str, int]:
    """Count what names the party."""
    mine = {"page": PAGE, "party_id": party.id}
    with till.office.shop.store(CASHIER, read_only=True) as uow:
        shipped = uow.shipments.page(CASHIER, ShipmentQuery(page=PAGE)).items
        found = {
            "quotes": uow.quotes.page(CASHIER, QuoteQuery(**mine)).items,
            "orders": uow.orders.page(CASHIER, OrderQuery(**mine)).items,
            "shipments": [each for each in shipped if each.party_id == party.id],
            "invoices": uow.invoices.page(CASHIER, InvoiceQuery(**mine)).items,
            "payments": uow.payments.page(CASHIER, PaymentQuery(**mine)).items,
            "price lists": uow.price_lists.page(CASHIER, PriceListQuery(**mine)).items,
        }
    return {name: len(each) for name, each in found.items()}


def test_what_is_written_of_a_party_while_it_is_merged_is_the_survivors_or_refused(
    till: Till,
) -> None:
    shop, sales = till.office.shop, till.office.shop.erp.sales
    survivor = shop.buyer
    for number in range(ROUNDS):
        absorbed = customer(till, f"Double {number}")
        who = {"party_id": absorbed.id}
        sold = (shop.line(None, description="advice", unit_price=Decimal(10)),)
        billed = (till.office.line(),)
        order = AddOrderCommand(id=OrderId(new_id()), lines=sold, **who)
        quote = AddQuoteCommand(id=QuoteId(new_id()), lines=sold, **who)
        invoice = AddInvoiceCommand(id=InvoiceId(new_id()), lines=billed, **who)
        agreed = PriceList(id=PriceListId(new_id()), name="agreed", currency="EUR", **who)
        at_once(
            partial(tried, partial(sales.add_order, CASHIER, order)),
            partial(tried, partial(sales.add_quote, CASHIER, quote)),
            partial(tried, partial(till.pay, 5, **who)),
            partial(tried, partial(till.office.use.add_invoice, CASHIER, invoice)),
            partial(tried, partial(shop.erp.catalog.add_price_list, CASHIER, agreed)),
            partial(merge, till, survivor, absorbed),
        )
        assert set(left_with(till, absorbed).values()) == {0}, left_with(till, absorbed)


def test_what_comes_of_a_paper_of_the_merged_is_the_survivors(till: Till) -> None:
    shop, sales = till.office.shop, till.office.shop.erp.sales
    survivor = shop.buyer
    for number in range(ROUNDS):
        shop.buyer = absorbed = customer(till, f"Double {number}")
        tea = shop.product(5)
        order = shop.confirm(shop.order(shop.line(tea, 2)))
        billed = till.invoice(10)
        ship = AddShipmentCommand(
            id=ShipmentId(new_id()), order_id=order.id, warehouse_id=shop.where
        )
        at_once(
            partial(sales.add_shipment, CASHIER, ship),
            partial(till.office.of_order, order),
            partial(till.office.note, billed),
            partial(merge, till, survivor, absorbed),
        )
        left, gained = left_with(till, absorbed), left_with(till, survivor)
        assert set(left.values()) == {0}, left
        assert gained["shipments"] == number + 1
        assert gained["invoices"] == 3 * (number + 1)

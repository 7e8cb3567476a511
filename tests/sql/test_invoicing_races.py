"""Invoices when many want the same at once."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from erp_core.catalog.entities import Tracking
from erp_core.identity.entities import StockLeavesAt
from erp_core.invoicing.entities import InvoiceState
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.kernel.quantity import ZERO
from erp_core.sales.entities import Invoiced
from erp_core.testing import at_once
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.invoicing.offices import Office, an_office, eur, part
from tests.sales.docks import Dock
from tests.sales.shops import of


@pytest.fixture(params=KINDS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    with database(request.param, tmp_path) as engine:
        yield an_office(SqlStore(engine))


def tried(step: Callable[[], object]) -> bool:
    """Say whether it was done; being refused by a rule is the only way in which it may not."""
    try:
        step()
    except (InvariantError, TransitionError):
        return False
    return True


def test_of_eight_who_validate_one_draft_one_does_and_takes_one_number(office: Office) -> None:
    draft = office.draft()
    assert sum(at_once(*[partial(tried, partial(office.validate, draft))] * 8)) == 1
    assert office.find(draft).number == "INV2024-00001"
    assert office.issued().number == "INV2024-00002"


def test_two_credit_notes_never_give_back_more_than_was_billed(office: Office) -> None:
    invoice = office.issued(office.line(None, 3))
    notes = [office.note(invoice, part(invoice, 0, "2")) for _ in range(4)]
    assert sum(at_once(*(partial(tried, partial(office.validate, each)) for each in notes))) == 1
    after = office.find(invoice)
    assert (after.credited, after.receivable.open_amount) == (eur(200), eur(100))
    assert office.is_consistent()


def test_one_order_is_billed_once_however_many_bill_it(office: Office) -> None:
    shop = office.shop
    shop.leaves_at(StockLeavesAt.INVOICE)
    product = shop.product(5)
    order = shop.confirm(shop.order(shop.line(product, 5)))
    drafts = [office.of_order(order) for _ in range(4)]
    assert sum(at_once(*(partial(tried, partial(office.validate, each)) for each in drafts))) == 1
    assert shop.find(order).invoiced is Invoiced.FULLY
    assert shop.stock(product) == ("0", "0")
    assert office.is_consistent()


def test_of_serials_that_all_invoices_want_each_gets_another(office: Office) -> None:
    shop = office.shop
    shop.leaves_at(StockLeavesAt.INVOICE)
    clock = shop.product(tracking=Tracking.SERIAL)
    orders = [shop.confirm(shop.order(shop.line(clock, 1))) for _ in range(6)]
    for turn in range(10):
        shop.receive(clock.id, 1, f"S{turn:02}")
    drafts = [*(office.of_order(each) for each in orders), office.draft(office.line(clock))]

    assert sum(at_once(*(partial(tried, partial(office.validate, each)) for each in drafts))) == 7
    gone = {lot for lot, each in shop.items(clock).items() if each.on_hand == ZERO}
    assert gone == {f"S{turn:02}" for turn in range(7)}
    assert office.is_consistent()


def test_goods_are_shipped_and_invoiced_at_once_and_leave_once(office: Office) -> None:
    dock = Dock(**vars(office.shop))
    dock.leaves_at(StockLeavesAt.INVOICE)
    product = dock.product(9)
    order = dock.sold((product, 6))
    jobs = [
        partial(dock.validate, dock.draft(order)),
        *(partial(office.validate, office.of_order(order)) for _ in range(3)),
    ]
    assert sum(at_once(*(partial(tried, each) for each in jobs))) == 2
    (line,) = dock.find(order).lines
    assert line.issued == line.shipped == line.invoiced == of(6)
    assert dock.stock(product) == ("3", "0")
    assert office.is_consistent()


def test_one_credit_pays_once_and_invoices_wait_for_each_other(office: Office) -> None:
    paid = office.issued(office.line(None, 3))
    office.pay(paid)
    note = office.credit(paid)
    others = [office.issued(office.line(None, 2)) for _ in range(4)]
    jobs = [partial(tried, partial(office.apply, note, each, 200)) for each in others]
    assert sum(at_once(*jobs)) == 1
    states = sorted(office.find(each).state for each in others)
    assert states == [InvoiceState.PAID, *[InvoiceState.VALIDATED] * 3]
    assert office.is_consistent()


def test_of_eight_who_take_one_credit_back_one_does(office: Office) -> None:
    invoice = office.issued(office.line(None, 3))
    note = office.credit(invoice)
    assert sum(at_once(*[partial(tried, partial(office.unapply, note, invoice))] * 8)) == 1
    assert office.find(note).receivable.spare() == eur(300)
    assert office.find(invoice).receivable.open_amount == eur(300)
    assert office.is_consistent()


def test_a_credit_that_goes_to_and_fro_is_somewhere_and_once(office: Office) -> None:
    paid = office.issued(office.line(None, 3))
    office.pay(paid)
    note = office.credit(paid)
    one, two = office.issued(office.line(None, 2)), office.issued(office.line(None, 2))
    steps = [
        partial(office.apply, note, one),
        partial(office.apply, note, two),
        partial(office.unapply, note, one),
        partial(office.unapply, note, two),
    ]
    at_once(*(partial(tried, each) for each in steps * 2))
    given = sum((each.amount for each in office.sheet(note).applied), eur(0))
    assert given + office.find(note).receivable.spare() == eur(300)
    opened = [office.find(each).receivable.open_amount for each in (one, two)]
    assert sum(opened, eur(0)) == eur(400) - given
    assert office.is_consistent()


def test_of_a_replacement_a_payment_and_an_end_one_takes_place(office: Office) -> None:
    invoice = office.issued()
    other = office.replacing(invoice)
    jobs = [
        partial(office.validate, other),
        partial(office.pay, invoice, 100),
        partial(office.abandon, invoice),
    ]
    assert sum(at_once(*(partial(tried, each) for each in jobs))) == 1
    assert office.is_consistent()

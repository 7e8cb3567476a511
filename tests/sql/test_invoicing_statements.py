"""What invoices cost the database: as many statements for many lines as for one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from erp_core.catalog.entities import Product
from erp_core.identity.entities import StockLeavesAt
from erp_core.invoicing.entities import InvoiceId, SettlementSource
from erp_core.invoicing.use_cases import (
    AbandonInvoiceCommand,
    AddCreditNoteCommand,
    AddInvoiceCommand,
    ApplyCreditCommand,
    ChangeInvoiceCommand,
    InvoiceCommand,
    ListInvoicesCommand,
    UnapplyCreditCommand,
    ValidateInvoiceCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.sales.entities import Order
from erp_core.testing import NOON
from erp_core.testing.invoicing import TODAY
from tests.databases import KINDS, database
from tests.invoicing.offices import CLERK, Office, an_office
from tests.sql.test_statements import House

ONE, MANY = 1, 300
Steps = dict[str, int]


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


@pytest.fixture
def office(house: House) -> Office:
    return an_office(house.store)


def goods(office: Office, count: int) -> list[Product]:
    return [office.shop.product(9) for _ in range(min(count, 40))]


def an_order(office: Office, lines: int) -> Order:
    products = goods(office, lines)
    wanted = (office.shop.line(products[n % len(products)], 1) for n in range(lines))
    office.shop.leaves_at(StockLeavesAt.SHIPMENT)
    return office.shop.confirm(office.shop.order(*wanted))


def add(order: Order) -> AddInvoiceCommand:
    return AddInvoiceCommand(id=InvoiceId(new_id()), order_id=order.id)


def first_numbers(office: Office) -> None:
    """Let the counters be there: the first number of a year makes its own."""
    office.credit(office.issued())


def said(house: House, step: Callable[[], object]) -> int:
    """Return how many statements a step takes."""
    house.said.clear()
    step()
    return len(house.said)


def invoicing(house: House, office: Office, lines: int) -> Steps:
    use, order = office.use, an_order(office, lines)
    command = add(order)
    one = InvoiceCommand(id=command.id)
    change = ChangeInvoiceCommand(id=command.id, version=None, changes={"note": "thanks"})
    query = ListInvoicesCommand(page=PageRequest())
    abandon = AbandonInvoiceCommand(id=command.id, reason="gone")
    validate = ValidateInvoiceCommand(id=command.id)
    costs = {
        "add": said(house, lambda: use.add_invoice(CLERK, command)),
        "change": said(house, lambda: use.change_invoice(CLERK, change)),
        "validate": said(house, lambda: use.validate_invoice(CLERK, validate)),
        "get": said(house, lambda: use.get_invoice(CLERK, one)),
        "list": said(house, lambda: use.list_invoices(CLERK, query)),
    }
    assert len(use.get_invoice(CLERK, one).invoice.lines) == lines
    return costs | {"abandon": said(house, lambda: use.abandon_invoice(CLERK, abandon))}


def crediting(house: House, office: Office, lines: int) -> Steps:
    invoice = office.issued(*(office.line() for _ in range(lines)))
    other = office.issued(*(office.line() for _ in range(lines)))
    office.pay(invoice, 1)
    command = AddCreditNoteCommand(id=InvoiceId(new_id()), invoice_id=invoice.id)
    validate = ValidateInvoiceCommand(id=command.id)
    give = ApplyCreditCommand(id=command.id, invoice_id=other.id)
    back = UnapplyCreditCommand(id=command.id, invoice_id=other.id)
    return {
        "credit": said(house, lambda: office.use.add_credit_note(CLERK, command)),
        "validate": said(house, lambda: office.use.validate_invoice(CLERK, validate)),
        "apply": said(house, lambda: office.use.apply_credit(CLERK, give)),
        "unapply": said(house, lambda: office.use.unapply_credit(CLERK, back)),
    }


def replacing(house: House, office: Office, lines: int) -> Steps:
    invoice = office.issued(*(office.line() for _ in range(lines)))
    other = office.replacing(invoice)
    validate = ValidateInvoiceCommand(id=other.id)
    draft = office.draft(*(office.line() for _ in range(lines)))
    delete = InvoiceCommand(id=draft.id)
    return {
        "replace": said(house, lambda: office.use.validate_invoice(CLERK, validate)),
        "delete": said(house, lambda: office.use.delete_invoice(CLERK, delete)),
    }


def delivering(house: House, office: Office, lines: int) -> Steps:
    office.shop.leaves_at(StockLeavesAt.INVOICE)
    products = goods(office, lines)
    draft = office.draft(*(office.line(products[n % len(products)]) for n in range(lines)))
    validate = ValidateInvoiceCommand(id=draft.id)
    return {"validate": said(house, lambda: office.use.validate_invoice(CLERK, validate))}


@pytest.mark.parametrize(
    ("steps", "most"),
    [
        (invoicing, {"add": 8, "change": 5, "validate": 22, "get": 6, "list": 2, "abandon": 6}),
        (crediting, {"credit": 8, "validate": 21, "apply": 9, "unapply": 10}),
        (replacing, {"replace": 19, "delete": 7}),
        (delivering, {"validate": 23}),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_many_lines_cost_what_one_does(
    house: House, office: Office, steps: Callable[[House, Office, int], Steps], most: Steps
) -> None:
    office.validate(office.replacing(office.issued()))  # the first of a year makes its counter
    office.credit(office.issued())
    one, many = steps(house, office, ONE), steps(house, office, MANY)
    assert one == many
    assert {name: most[name] for name, cost in many.items() if cost > most[name]} == {}
    assert office.is_consistent()


def test_a_payment_reads_no_lines(house: House, office: Office) -> None:
    invoice = office.issued(*(office.line() for _ in range(MANY)))
    with house.costs(5), house.store(CLERK) as uow:
        (owed,) = uow.receivables.lock(CLERK, [invoice.id])
        paid = owed.settle(SettlementSource.PAYMENT, new_id(), owed.open_amount, TODAY, NOON)
        uow.receivables.save(CLERK, [paid])

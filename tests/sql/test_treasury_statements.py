"""What payments cost the database: as many statements for many allocations as for one."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.treasury.entities import (
    Direction,
    PaymentId,
    Purpose,
)
from erp_core.treasury.ports import PaymentQuery
from erp_core.treasury.use_cases import (
    AllocatePaymentCommand,
    RecordPaymentCommand,
    ReversePaymentCommand,
)
from tests.databases import KINDS, database
from tests.sql.test_statements import House
from tests.treasury.tills import CASHIER, Till, a_till, eur, purpose

ONE, MANY = 1, 100


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def said(house: House, step: Callable[[], object]) -> int:
    """Return how many statements a step takes."""
    house.said.clear()
    step()
    return len(house.said)


def costs(house: House, till: Till, many: int) -> dict[str, int]:
    invoices = [till.invoice(100) for _ in range(many)]
    half = purpose(*((each, 50) for each in invoices))
    account = till.account().id
    record = RecordPaymentCommand(
        id=PaymentId(new_id()),
        party_id=till.buyer.id,
        direction=Direction.IN,
        amount=eur(100 * many),
        method="transfer",
        bank_account_id=account,
        purpose=half,
    )
    allocate = AllocatePaymentCommand(id=record.id, purpose=half)
    reverse = ReversePaymentCommand(id=record.id)
    query = PaymentQuery(page=PageRequest())
    found = {
        "record": said(house, lambda: till.use.record_payment(CASHIER, record)),
        "allocate": said(house, lambda: till.use.allocate_payment(CASHIER, allocate)),
        "get": said(house, lambda: till.use.get_payment(CASHIER, record.id)),
        "list": said(house, lambda: till.use.list_payments(CASHIER, query)),
        "balance": said(house, lambda: till.use.get_party_balance(CASHIER, till.buyer.id)),
    }
    assert len(till.use.get_payment(CASHIER, record.id).allocations) == 2 * many
    found["reverse"] = said(house, lambda: till.use.reverse_payment(CASHIER, reverse))
    oldest = Purpose(oldest=True)
    found["oldest"] = said(house, lambda: till.record(100 * many, purpose=oldest))
    found["credit"] = said(house, lambda: till.pay(1))
    return found


def test_many_allocations_cost_what_one_does(house: House) -> None:
    till = a_till(house.store)
    till.pay(1)  # the first of a year makes its counter
    one = costs(house, till, ONE)
    assert costs(house, till, MANY) == one
    assert one == {
        "record": 12,
        "allocate": 11,
        "get": 2,
        "list": 1,
        "balance": 5,
        "reverse": 11,
        "oldest": 14,
        "credit": 7,
    }

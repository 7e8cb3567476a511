"""Payments when many pay the same at once."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from erp_core.invoicing.entities import ExceedsOpenError, InvoiceState
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.testing import at_once
from erp_core.treasury.entities import ExceedsUnallocatedError, PaymentState, Purpose
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.treasury.tills import Till, a_till, eur

NOTHING = eur(0)


@pytest.fixture(params=KINDS)
def till(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Till]:
    with database(request.param, tmp_path) as engine:
        yield a_till(SqlStore(engine))


def refusal(step: Callable[[], object]) -> Exception | None:
    """Return the rule that refused it, or None; there is no other way not to be done."""
    try:
        step()
    except (InvariantError, TransitionError) as error:
        return error
    return None


def test_of_eight_who_pay_one_invoice_one_does_and_the_others_learn_what_is_open(
    till: Till,
) -> None:
    invoice = till.invoice(100)
    pay = partial(till.pay, 100, (invoice, 100))
    refused = [each for each in at_once(*[partial(refusal, pay)] * 8) if each]
    assert len(refused) == 7
    for each in refused:
        assert isinstance(each, ExceedsOpenError)
        assert each.code == "invoicing.exceeds_open"
        assert each.details["invoice_id"] == invoice.id
        assert each.details["open_amount"] == "0.00"
    assert till.office.find(invoice).state is InvoiceState.PAID
    assert till.pay(1).payment.number == "PAY2024-00002"  # who was refused has taken no number
    assert till.office.is_consistent()


def test_many_small_payments_of_one_invoice_come_in_turn(till: Till) -> None:
    invoice = till.invoice(100)
    paid = at_once(*[partial(till.pay, 20, (invoice, 10))] * 8)
    assert till.open_amount(invoice) == eur(20)
    numbers = sorted(each.payment.number for each in paid)
    assert numbers == [f"PAY2024-{each:05}" for each in range(1, 9)]
    (row,) = till.balance().currencies
    assert (row.credit, row.open_amount) == (eur(80), eur(20))


def test_payments_over_two_invoices_in_opposite_order_never_wait_for_each_other(
    till: Till,
) -> None:
    one, two = till.invoice(100), till.invoice(100)
    there, back = ((one, 5), (two, 5)), ((two, 5), (one, 5))
    jobs = [partial(till.pay, 10, *parts) for parts in (there, back) * 4]
    assert len({each.payment.id for each in at_once(*jobs)}) == 8
    assert (till.open_amount(one), till.open_amount(two)) == (eur(60), eur(60))
    assert till.office.is_consistent()


def test_one_payment_is_allocated_no_further_than_it_goes(till: Till) -> None:
    paid = till.pay(30)
    invoices = [till.invoice(10) for _ in range(8)]
    jobs = [partial(till.allocate, paid, (each, 10)) for each in invoices]
    refused = [each for each in at_once(*(partial(refusal, each) for each in jobs)) if each]
    assert [type(each) for each in refused] == [ExceedsUnallocatedError] * 5
    found = till.find(paid)
    assert (found.payment.unallocated, len(found.allocations)) == (NOTHING, 3)
    assert sum(till.open_amount(each) == NOTHING for each in invoices) == 3
    assert till.office.is_consistent()


def test_a_payment_reversed_by_many_is_reversed_once(till: Till) -> None:
    invoice = till.invoice(100)
    paid = till.pay(100, (invoice, 60))
    refused = list(at_once(*[partial(refusal, partial(till.reverse, paid))] * 4))
    assert sum(each is None for each in refused) == 1
    assert till.open_amount(invoice) == eur(100)
    assert till.office.is_consistent()


def test_of_allocating_and_reversing_whichever_comes_first_the_amounts_agree(till: Till) -> None:
    for _ in range(4):
        one, two = till.invoice(100), till.invoice(100)
        paid = till.pay(100, (one, 60))
        at_once(
            partial(refusal, partial(till.allocate, paid, (two, 40))),
            partial(refusal, partial(till.reverse, paid)),
        )
        found = till.find(paid)
        assert found.payment.state is PaymentState.REVERSED
        assert found.allocations == ()
        assert (till.open_amount(one), till.open_amount(two)) == (eur(100), eur(100))
        assert till.office.is_consistent()


def test_the_oldest_are_found_by_many_at_once_and_each_is_paid_once(till: Till) -> None:
    invoices = [till.invoice(10) for _ in range(4)]
    pay = partial(till.record, 10, purpose=Purpose(oldest=True))
    paid = at_once(*[pay] * 6)
    assert [till.open_amount(each) for each in invoices] == [NOTHING] * 4
    (row,) = till.balance().currencies
    assert (row.open_amount, row.credit) == (NOTHING, eur(20))
    assert sum(len(each.allocations) for each in paid) >= 4

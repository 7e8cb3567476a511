"""Recording, allocating and reversing payments, and what stands afterwards."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from erp_core.identity.entities import Company
from erp_core.invoicing.entities import ExceedsOpenError, InvoiceState, InvoiceType
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    InvariantError,
    NotFoundError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.parties.entities import PartyId
from erp_core.parties.use_cases import MergePartiesCommand, PartyCommand
from erp_core.testing import NOON, RIVAL, Witness, context, expect
from erp_core.testing.invoicing import TODAY
from erp_core.treasury.entities import Direction, Payment, PaymentId, PaymentState, Purpose
from erp_core.treasury.ports import PaymentQuery
from erp_core.treasury.use_cases import AllocatePaymentCommand, ReversePaymentCommand
from erp_memory.store import MemoryStore, MemoryUnitOfWork
from tests.failing import FailingStore, fails_everywhere
from tests.treasury.tills import CASHIER, Till, a_till, eur

NOTHING = eur(0)


@pytest.fixture
def till() -> Till:
    return a_till()


def test_a_payment_settles_what_it_names_and_the_rest_is_credit(till: Till) -> None:
    one, two = till.invoice(100), till.invoice(50)
    paid = till.pay("170.01", (one, 100), (two, "49.99"), reference="E2E 1")
    payment = paid.payment
    assert (payment.number, payment.paid_on, payment.version) == ("PAY2024-00001", TODAY, 1)
    assert (payment.allocated, payment.unallocated) == (eur("149.99"), eur("20.02"))
    assert [each.invoice_id for each in paid.allocations] == [one.id, two.id]
    assert till.office.find(one).state is InvoiceState.PAID
    assert till.open_amount(two) == eur("0.01")
    assert till.find(paid) == paid
    assert till.office.is_consistent()


def test_without_allocations_all_is_credit_and_may_be_used_later(till: Till) -> None:
    paid = till.pay(100)
    assert (paid.allocations, paid.payment.unallocated) == ((), eur(100))
    invoice = till.invoice(60)
    first = till.allocate(paid, (invoice, 10))
    again = till.allocate(paid, (invoice, 50))
    assert [each.amount for each in again.allocations] == [eur(10), eur(50)]
    assert (first.payment.version, again.payment.version) == (2, 3)
    assert again.payment.unallocated == eur(40)
    assert till.find(paid) == again
    assert till.office.find(invoice).state is InvoiceState.PAID


def test_what_is_due_first_is_paid_first(till: Till) -> None:
    later = till.invoice(100, invoiced_on=TODAY - timedelta(days=5))
    invoices = [till.invoice(50) for _ in range(3)]
    paid = till.record(170, purpose=Purpose(oldest=True))
    assert [each.invoice_id for each in paid.allocations] == [
        later.id,
        invoices[0].id,
        invoices[1].id,
    ]
    assert [till.open_amount(each) for each in invoices] == [NOTHING, eur(30), eur(50)]
    more = till.allocate_oldest(till.pay(500))
    assert [each.amount for each in more.allocations] == [eur(30), eur(50)]
    assert more.payment.unallocated == eur(420)


def test_where_nothing_is_open_the_oldest_leave_all_as_credit(till: Till) -> None:
    paid = till.record(10, purpose=Purpose(oldest=True))
    assert paid.payment.unallocated == eur(10)
    with expect(InvariantError, "treasury.allocation.nothing"):
        till.allocate_oldest(paid)
    with expect(InvariantError, "treasury.allocation.nothing"):
        till.allocate(paid)
    with expect(InvariantError, "treasury.allocation.oldest"):
        till.record(10, direction=Direction.OUT, purpose=Purpose(oldest=True))


def test_what_goes_out_refunds_a_credit_note(till: Till) -> None:
    note = till.note(80)
    assert till.open_amount(note) == eur(80)
    refunded = till.refund(100, (note, 80))
    assert refunded.payment.unallocated == eur(20)
    assert till.office.find(note).state is InvoiceState.PAID
    till.reverse(refunded)
    assert till.open_amount(note) == eur(80)
    assert till.office.is_consistent()


def test_reversing_opens_again_what_was_paid_and_happens_once(till: Till) -> None:
    one, two = till.invoice(100), till.invoice(50)
    paid = till.allocate(till.pay(150, (one, 60)), (one, 40), (two, 20))
    gone = till.reverse(paid, "no cover")
    payment = gone.payment
    assert (payment.state, payment.reversed_because) == (PaymentState.REVERSED, "no cover")
    assert (payment.allocated, payment.unallocated, payment.reversed_at) == (
        NOTHING,
        NOTHING,
        NOON,
    )
    assert [till.open_amount(each) for each in (one, two)] == [eur(100), eur(50)]
    assert till.office.find(one).state is InvoiceState.VALIDATED
    assert till.find(paid) == gone
    for step in (till.reverse, till.allocate_oldest):
        with expect(TransitionError, "treasury.payment.reversed"):
            step(paid)
    assert till.office.is_consistent()
    assert till.pay(100, (one, 100)).payment.number == "PAY2024-00002"


def test_what_a_bank_has_confirmed_is_not_reversed(till: Till) -> None:
    invoice = till.invoice(100)
    paid = till.pay(100, (invoice, 100))
    with till.office.shop.store(CASHIER) as uow:
        uow.payments.save(CASHIER, replace(paid.payment, reconciled_at=NOON))
    with expect(TransitionError, "treasury.payment.reconciled"):
        till.reverse(paid)
    assert till.open_amount(invoice) == NOTHING


def test_a_deposit_that_was_deducted_keeps_its_payment(till: Till) -> None:
    deposit = till.invoice(40, type=InvoiceType.DEPOSIT)
    paid = till.pay(40, (deposit, 40))
    final = till.invoice(100)
    till.office.apply(deposit, final, 40)
    with expect(TransitionError, "invoicing.deposit.used"):
        till.reverse(paid)
    assert till.open_amount(final) == eur(60)


def test_what_exceeds_is_refused_with_its_place_and_leaves_nothing(till: Till) -> None:
    one, two = till.invoice(100), till.invoice(50)
    with expect(ExceedsOpenError) as refusal:
        till.pay(500, (one, 100), (two, "50.01"))
    assert refusal[0].field == "allocations/1/amount"
    assert refusal[0].details["invoice_id"] == two.id
    assert refusal[0].details["open_amount"] == "50.00"
    assert till.open_amount(one) == eur(100)
    with expect(InvariantError, "treasury.payment.allocations"):
        till.pay(10, (one, 6), (two, 5))
    assert till.pay(1).payment.number == "PAY2024-00001"


def test_drafts_other_parties_and_unknown_things_are_refused(till: Till) -> None:
    invoice, draft, bob = till.invoice(), till.office.draft(), till.another()
    with expect(TransitionError, "invoicing.invoice.not_owed") as refusal:
        till.pay(10, (invoice, 1), (draft, 1))
    assert refusal[0].field == "allocations/1"
    with expect(InvariantError, "treasury.allocation.party"):
        till.pay(10, (invoice, 10), party_id=bob.id)
    with expect(NotFoundError):
        till.pay(10, (replace(invoice, id=new_id()), 10))
    with expect(NotFoundError):
        till.pay(10, party_id=PartyId(new_id()))
    with expect(NotFoundError):
        till.pay(10, bank_account_id=new_id())
    with expect(InvariantError, "treasury.payment.future"):
        till.pay(10, paid_on=TODAY + timedelta(days=2))
    paid = till.pay(10)
    with expect(AlreadyExistsError):
        till.pay(10, id=paid.payment.id)
    rival = context("*", company=RIVAL)
    with till.office.shop.store(rival) as uow:
        house = Company(id=RIVAL, name="B", currency="EUR", locale="en", time_zone="UTC")
        uow.companies.add(rival, house)
    for step in (
        lambda: till.use.get_payment(rival, paid.payment.id),
        lambda: till.use.reverse_payment(rival, ReversePaymentCommand(id=paid.payment.id)),
        lambda: till.use.allocate_payment(rival, AllocatePaymentCommand(id=paid.payment.id)),
        lambda: till.use.get_party_balance(rival, till.buyer.id),
        lambda: till.record(10, rival),
    ):
        with expect(NotFoundError):
            step()


def test_who_has_seen_an_older_version_is_told(till: Till) -> None:
    paid = till.pay(100)
    till.allocate(paid, (till.invoice(10), 10))
    key, invoice = paid.payment.id, till.invoice(10)
    with expect(PreconditionFailedError):
        till.use.reverse_payment(CASHIER, ReversePaymentCommand(id=key, version=1))
    with expect(PreconditionFailedError):
        command = AllocatePaymentCommand(id=key, version=1, purpose=Purpose(oldest=True))
        till.use.allocate_payment(CASHIER, command)
    assert till.open_amount(invoice) == eur(10)


def test_an_archived_party_pays_what_it_owes_and_a_merged_one_does_not(till: Till) -> None:
    invoice, bob = till.invoice(100), till.another()
    before = till.pay(30, (invoice, 10))
    parties = till.office.shop.erp.parties
    parties.archive_party(CASHIER, PartyCommand(id=till.buyer.id))
    till.pay(20, (invoice, 20))
    merge = MergePartiesCommand(id=bob.id, version=None, from_id=till.buyer.id)
    parties.merge_parties(CASHIER, merge)
    with expect(TransitionError):
        till.pay(1)
    assert till.find(before).payment.party_id == bob.id
    moved = till.allocate(before, (invoice, 20))
    assert moved.payment.unallocated == NOTHING
    (row,) = till.balance(bob).currencies
    assert (row.open_amount, row.credit) == (eur(50), NOTHING)
    query = PaymentQuery(page=PageRequest(), party_id=bob.id)
    assert len(till.use.list_payments(CASHIER, query).items) == 2


def test_the_balance_says_what_is_owed_and_what_is_left_of_the_limit(till: Till) -> None:
    shop = till.office.shop
    assert till.balance().currencies == ()
    assert till.balance().credit_left is None
    shop.limit(500)
    shop.confirm(shop.order(shop.line(shop.product(), 7)))
    invoice = till.invoice(100, invoiced_on=TODAY - timedelta(days=9))
    till.pay(50, (invoice, 30))
    found = till.balance()
    (row,) = found.currencies
    assert (row.open_amount, row.overdue, row.credit) == (eur(70), eur(70), eur(20))
    assert (row.to_invoice, row.balance) == (eur(70), eur(50))
    assert (found.on, found.credit_limit) == (TODAY, eur(500))
    assert (found.credit_used, found.credit_left) == (eur(140), eur(360))
    shop.limit(100, "BRL")
    assert till.balance().credit_used == type(eur(0)).zero("BRL")


class Overtaken:
    """A store in which a payment moves on between being read and being locked."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.times = 0  # that it will

    @contextmanager
    def __call__(self, ctx: Context, /, *, read_only: bool = False) -> Iterator[MemoryUnitOfWork]:
        with self.store(ctx, read_only=read_only) as uow:
            if self.times:
                uow.payments.get = partial(self._before, uow.payments.get)
            yield uow

    def _before(self, get: Callable[..., Payment], *asked: object) -> Payment:
        """Return the payment as it was before, the first time; locking reads it as it is."""
        behind, self.times = self.times, 0
        payment = get(*asked)
        return replace(payment, version=payment.version - behind)


def test_what_was_allocated_while_it_is_reversed_is_opened_again_too() -> None:
    store, witness = Overtaken(), Witness()
    till = a_till(store, observer=witness)
    invoice = till.invoice(100)
    paid = till.allocate(till.pay(100, (invoice, 60)), (invoice, 40))
    store.times = 1
    assert till.reverse(paid).payment.state is PaymentState.REVERSED
    assert witness.seen[-1].attempts == 2
    assert till.open_amount(invoice) == eur(100)
    assert till.office.is_consistent()


def test_a_recording_that_fails_anywhere_leaves_nothing() -> None:
    def prepare(store: FailingStore) -> Callable[[], object]:
        till = a_till(store)
        parts = [(till.invoice(100), 60), (till.invoice(50), 50)]
        account = till.account().id
        return lambda: till.pay(120, *parts, bank_account_id=account)

    assert fails_everywhere(prepare) >= 7


def test_an_allocation_that_fails_anywhere_leaves_nothing() -> None:
    def prepare(store: FailingStore) -> Callable[[], object]:
        till = a_till(store)
        paid, parts = till.pay(120), [(till.invoice(100), 60), (till.invoice(50), 50)]
        return lambda: till.allocate(paid, *parts)

    assert fails_everywhere(prepare) >= 7


def test_a_reversal_that_fails_anywhere_leaves_nothing() -> None:
    def prepare(store: FailingStore) -> Callable[[], object]:
        till = a_till(store)
        paid = till.pay(120, (till.invoice(100), 60), (till.invoice(50), 50))
        return lambda: till.reverse(paid)

    assert fails_everywhere(prepare) >= 6


def test_a_payment_has_the_id_that_was_chosen(till: Till) -> None:
    key = PaymentId(new_id())
    assert till.pay(1, id=key).payment.id == key

"""What is open of an invoice, whatever was paid, credited, deducted and reversed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.invoicing.entities import (
    Balance,
    DueDate,
    ExceedsOpenError,
    InvoiceId,
    InvoicePaid,
    InvoiceReopened,
    InvoiceState,
    InvoiceType,
    Receivable,
    Settlement,
    SettlementSource,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartyId
from erp_core.testing import NOON, expect
from erp_core.testing.invoicing import TODAY

PARTY = PartyId(new_id())
PAYMENT = new_id()
LATER = TODAY + timedelta(days=30)


def eur(amount: str | Decimal) -> Money:
    return Money(Decimal(amount), "EUR")


def owed(
    amount: str = "100",
    state: InvoiceState = InvoiceState.VALIDATED,
    kind: InvoiceType = InvoiceType.STANDARD,
    *due: DueDate,
) -> Receivable:
    """Make what is owed on an invoice; a paid one is paid."""
    balance = Balance.of(eur(amount), due)
    if state is InvoiceState.PAID:
        balance = balance.settle(eur(amount))
    return Receivable(
        id=InvoiceId(new_id()),
        type=kind,
        state=state,
        number="INV1",
        party_id=PARTY,
        invoiced_on=TODAY,
        balance=balance,
    )


def pay(invoice: Receivable, amount: str) -> Receivable:
    return invoice.settle(SettlementSource.PAYMENT, PAYMENT, eur(amount), TODAY, NOON)


def paid_before(invoice: Receivable) -> Settlement:
    return Settlement(
        invoice_id=invoice.id,
        source=SettlementSource.PAYMENT,
        source_id=PAYMENT,
        amount=eur(100),
        settled_on=TODAY,
    )


def credit(invoice: Receivable) -> Receivable:
    (_, target) = owed(kind=InvoiceType.CREDIT_NOTE).apply(invoice, eur(60), TODAY, NOON)
    return target


# What each step does to an invoice of 100 in each state: the state after it, or the refusal.
STEPS: dict[str, tuple[Callable[[Receivable], Receivable], dict[InvoiceState, object]]] = {
    "pay all": (
        lambda it: pay(it, "100"),
        {
            InvoiceState.DRAFT: TransitionError,
            InvoiceState.VALIDATED: InvoiceState.PAID,
            InvoiceState.PAID: ExceedsOpenError,
            InvoiceState.ABANDONED: TransitionError,
        },
    ),
    "pay a part": (
        lambda it: pay(it, "40"),
        {
            InvoiceState.DRAFT: TransitionError,
            InvoiceState.VALIDATED: InvoiceState.VALIDATED,
            InvoiceState.PAID: ExceedsOpenError,
            InvoiceState.ABANDONED: TransitionError,
        },
    ),
    "credit a part": (
        credit,
        {
            InvoiceState.DRAFT: TransitionError,
            InvoiceState.VALIDATED: InvoiceState.VALIDATED,
            InvoiceState.PAID: ExceedsOpenError,
            InvoiceState.ABANDONED: TransitionError,
        },
    ),
    "reverse": (
        lambda it: it.unsettle(paid_before(it), NOON),
        {
            InvoiceState.DRAFT: InvariantError,
            InvoiceState.VALIDATED: InvariantError,
            InvoiceState.PAID: InvoiceState.VALIDATED,
            InvoiceState.ABANDONED: InvariantError,
        },
    ),
}


@pytest.mark.parametrize("state", InvoiceState)
@pytest.mark.parametrize("step", STEPS)
def test_every_step_in_every_state_is_done_or_refused(step: str, state: InvoiceState) -> None:
    take, expected = STEPS[step]
    outcome = expected[state]
    if isinstance(outcome, InvoiceState):
        assert take(owed(state=state)).state is outcome
        return
    with pytest.raises(outcome):
        take(owed(state=state))


def test_what_settles_is_carried_along_and_the_last_cent_is_told() -> None:
    once = pay(owed(), "99.99")
    assert (once.open_amount, once.state, once.events) == (
        eur("0.01"),
        InvoiceState.VALIDATED,
        (),
    )
    twice = pay(once, "0.01")
    assert [each.amount for each in twice.settlements] == [eur("99.99"), eur("0.01")]
    (event,) = twice.events
    assert isinstance(event, InvoicePaid)
    assert event.invoice_id == twice.id
    assert twice.stored(3).settlements == ()


def test_more_than_is_open_names_the_invoice_and_what_is() -> None:
    invoice = pay(owed(), "30")
    with expect(ExceedsOpenError, "invoicing.exceeds_open") as refusals:
        pay(invoice, "70.01")
    assert refusals[0].details["open_amount"] == "70.00"
    assert refusals[0].details["number"] == "INV1"


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (Money(Decimal(1), "USD"), "money.currency_mismatch"),
        (eur(0), "invoicing.settlement.amount"),
        (eur("-1"), "invoicing.settlement.amount"),
    ],
)
def test_what_settles_nothing_is_refused(amount: Money, code: str) -> None:
    with expect(InvariantError, code):
        owed().settle(SettlementSource.PAYMENT, PAYMENT, amount, TODAY, NOON)


def test_a_settlement_is_reversed_once_and_by_its_own_invoice() -> None:
    invoice = pay(owed(), "100")
    (settlement,) = invoice.settlements
    open_again = invoice.unsettle(settlement, NOON)
    assert (open_again.open_amount, open_again.state) == (eur(100), InvoiceState.VALIDATED)
    gone = open_again.settlements[-1]
    assert (gone.id, gone.reversed_at) == (settlement.id, NOON)
    with expect(TransitionError, "invoicing.settlement.reversed"):
        invoice.unsettle(gone, NOON)
    with expect(InvariantError, "invoicing.settlement.other"):
        owed().unsettle(settlement, NOON)


def test_instalments_are_paid_in_order_of_time() -> None:
    due = (DueDate(due_on=LATER, amount=eur(60)), DueDate(due_on=TODAY, amount=eur(40)))
    invoice = owed("100", InvoiceState.VALIDATED, InvoiceType.STANDARD, *due)
    assert invoice.next_due_on == TODAY
    assert not invoice.is_overdue(TODAY)
    assert invoice.is_overdue(TODAY + timedelta(days=1))
    after = pay(invoice, "50")
    assert [each.open_amount for each in after.balance.open_due_dates] == [eur(0), eur(50)]
    assert after.next_due_on == LATER
    assert pay(after, "50").next_due_on is None


def test_a_credit_note_gives_what_it_has_and_no_more() -> None:
    note, invoice = owed("30", kind=InvoiceType.CREDIT_NOTE), owed("100")
    note, invoice = note.apply(invoice, eur(20), TODAY, NOON)
    assert (note.spare(), invoice.open_amount) == (eur(10), eur(80))
    (settlement,) = invoice.settlements
    assert (settlement.source, settlement.source_id) == (SettlementSource.CREDIT_NOTE, note.id)
    with expect(ExceedsOpenError):
        note.apply(invoice, eur("10.01"), TODAY, NOON)
    note, invoice = note.apply(invoice, eur(10), TODAY, NOON)
    assert (note.state, note.spare()) == (InvoiceState.PAID, eur(0))


def test_a_deposit_is_deducted_once_it_is_paid_and_never_twice() -> None:
    deposit, final = owed("40", kind=InvoiceType.DEPOSIT), owed("100")
    with expect(ExceedsOpenError):
        pay(deposit, "39").apply(final, eur(39), TODAY, NOON)
    deposit = pay(deposit, "40")
    (payment,) = deposit.settlements
    deposit, final = deposit.apply(final, eur(40), TODAY, NOON)
    assert (deposit.state, deposit.spare(), final.open_amount) == (
        InvoiceState.PAID,
        eur(0),
        eur(60),
    )
    with expect(ExceedsOpenError):
        deposit.apply(owed("100"), eur("0.01"), TODAY, NOON)
    with expect(TransitionError, "invoicing.deposit.used"):
        deposit.unsettle(payment, NOON)


def test_what_is_taken_back_of_a_paid_invoice_opens_it_again_and_says_so() -> None:
    note, invoice = owed("100", kind=InvoiceType.CREDIT_NOTE), owed("100")
    note, invoice = note.apply(invoice, eur(100), TODAY, NOON)
    (given,) = invoice.settlements
    note, invoice = note.stored(2).unapply(invoice.stored(2), given, NOON)
    assert (note.spare(), invoice.open_amount) == (eur(100), eur(100))
    assert (note.state, invoice.state) == (InvoiceState.VALIDATED, InvoiceState.VALIDATED)
    (event,) = invoice.events
    assert isinstance(event, InvoiceReopened)
    assert (event.invoice_id, event.number) == (invoice.id, invoice.number)
    assert invoice.settlements == (given.reverse(NOON),)
    with expect(TransitionError, "invoicing.settlement.reversed"):
        note.unapply(invoice, given.reverse(NOON), NOON)
    other = owed("100", kind=InvoiceType.CREDIT_NOTE)
    for stranger in (other, owed("100"), owed("100", kind=InvoiceType.DEPOSIT)):
        with expect(InvariantError, "invoicing.settlement.other"):
            stranger.unapply(invoice, given, NOON)


@pytest.mark.parametrize(
    ("giver", "target", "code"),
    [
        (owed(), owed(), "invoicing.apply.kind"),
        (
            owed(kind=InvoiceType.CREDIT_NOTE),
            owed(kind=InvoiceType.CREDIT_NOTE),
            "invoicing.apply.kind",
        ),
        (
            owed(kind=InvoiceType.CREDIT_NOTE),
            replace(owed(), party_id=PartyId(new_id())),
            "invoicing.apply.party",
        ),
        (
            owed(kind=InvoiceType.CREDIT_NOTE),
            replace(owed(), balance=Balance.of(Money(Decimal(9), "USD"))),
            "money.currency_mismatch",
        ),
    ],
)
def test_credit_goes_to_invoices_of_the_same_party_alone(
    giver: Receivable, target: Receivable, code: str
) -> None:
    with expect(InvariantError, code):
        giver.apply(target, eur(1), TODAY, NOON)


cents = st.integers(min_value=1, max_value=12_000).map(lambda each: eur(Decimal(each) / 100))


@given(st.lists(st.tuples(st.booleans(), cents), max_size=12))
def test_open_is_always_what_is_payable_less_what_settles_it(
    steps: list[tuple[bool, Money]],
) -> None:
    invoice, standing = owed("100"), list[Settlement]()
    for forwards, amount in steps:
        try:
            if forwards:
                invoice = pay(invoice, str(amount.amount))
                standing.append(invoice.settlements[-1])
            elif standing:
                invoice = invoice.unsettle(standing.pop(), NOON)
        except ExceedsOpenError:
            assert amount > invoice.open_amount  # else it is refused in vain
        settled = sum((each.amount for each in standing), eur(0))
        assert invoice.balance.open_amount == eur(100) - settled
        assert (invoice.state is InvoiceState.PAID) == (settled == eur(100))


@given(st.lists(cents, min_size=1, max_size=6), st.data())
def test_what_is_open_of_the_instalments_adds_up_to_what_is_open(
    parts: list[Money], data: st.DataObject
) -> None:
    due = [
        DueDate(due_on=date(2024, 3, data.draw(st.integers(1, 31))), amount=each) for each in parts
    ]
    payable = sum(parts, eur(0))
    paid = Decimal(data.draw(st.integers(0, int(payable.amount * 100)))) / 100
    balance = Balance.of(payable, due).settle(eur(paid))
    assert sum((each.open_amount for each in balance.open_due_dates), eur(0)) == eur(
        payable.amount - paid
    )
    assert all(eur(0) <= each.open_amount <= each.amount for each in balance.open_due_dates)
    with expect(InvariantError, "invoicing.balance.due_dates"):
        Balance.of(payable + eur("0.01"), due)

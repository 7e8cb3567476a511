"""Credit notes in the office: what they reduce, and what becomes of the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erp_core.invoicing.entities import (
    CreditExceededError,
    ExceedsOpenError,
    InvoiceState,
    InvoiceType,
    SettlementId,
    SettlementSource,
)
from erp_core.invoicing.use_cases import ChangeInvoiceCommand
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    ErpError,
    InvariantError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.testing import NOON, expect
from tests.invoicing.offices import CLERK, Office, an_office, eur, part


@pytest.fixture
def office() -> Office:
    return an_office()


def test_a_credit_note_reduces_what_is_open_of_its_invoice(office: Office) -> None:
    invoice = office.issued(office.line(None, 3))
    note = office.credit(invoice, part(invoice, 0, "1"))

    assert (note.number, note.state) == ("CRN2024-00001", InvoiceState.PAID)
    sheet = office.sheet(invoice)
    assert sheet.invoice.receivable.open_amount == eur(200)
    assert [(each.source, each.source_id) for each in sheet.settlements] == [
        (SettlementSource.CREDIT_NOTE, note.id)
    ]
    assert [each.id for each in sheet.referring] == [note.id]
    assert sheet.invoice.lines[0].credited == part(invoice, 0, "1").quantity
    assert office.is_consistent()


def test_what_goes_beyond_the_open_amount_stays_as_credit(office: Office) -> None:
    invoice = office.issued(office.line(None, 3))
    office.pay(invoice, 250)
    note = office.credit(invoice)
    assert (note.state, note.receivable.open_amount) == (InvoiceState.VALIDATED, eur(250))

    other = office.issued(office.line(None, 2))
    note = office.apply(note, other)
    assert (note.receivable.open_amount, office.find(other).state) == (
        eur(50),
        InvoiceState.PAID,
    )
    third = office.issued()
    office.apply(note, third, 20)
    assert office.find(third).receivable.open_amount == eur(80)
    with expect(ExceedsOpenError):
        office.apply(note, third, 31)
    office.apply(note, third)
    with expect(ExceedsOpenError):
        office.apply(note, third)
    assert office.is_consistent()


def test_what_a_credit_note_has_paid_is_taken_back_and_given_to_another(office: Office) -> None:
    invoice = office.issued(office.line(None, 3))
    office.pay(invoice)
    note = office.credit(invoice)
    one, two = office.issued(office.line(None, 3)), office.issued()
    note = office.apply(note, one, 100)
    note = office.apply(note, one)
    assert (note.state, office.find(one).state) == (InvoiceState.PAID, InvoiceState.PAID)
    first, second = office.sheet(note).applied

    note = office.unapply(note, one, settlement_id=second.id)
    assert (note.state, note.receivable.spare()) == (InvoiceState.VALIDATED, eur(200))
    assert office.find(one).receivable.open_amount == eur(200)
    assert office.sheet(note).applied == (first,)
    note = office.unapply(note, one)
    assert (note.receivable.spare(), office.sheet(note).applied) == (eur(300), ())
    back = office.sheet(one)
    assert back.invoice.receivable.open_amount == eur(300)
    assert all(each.reversed_at == NOON for each in back.settlements)
    assert office.apply(note, two).receivable.spare() == eur(200)
    assert office.is_consistent()


def test_what_a_credit_note_paid_of_its_own_invoice_is_taken_back(office: Office) -> None:
    invoice = office.issued(office.line(None, 3))
    note = office.credit(invoice, part(invoice, 0, "1"))
    note = office.unapply(note, invoice)
    after = office.find(invoice)
    assert (note.receivable.spare(), after.receivable.open_amount) == (eur(100), eur(300))
    assert after.credited == eur(100)  # what was given back stays given back
    with expect(CreditExceededError):
        office.credit(invoice, part(invoice, 0, "3"))
    assert office.is_consistent()


def test_what_was_taken_back_or_never_given_is_not_taken_back(office: Office) -> None:
    invoice, other = office.issued(), office.issued()
    note = office.credit(invoice)
    payment = office.issued()
    office.pay(payment)
    (settlement,) = office.sheet(invoice).settlements
    for giver, target, which in (
        (note, other, None),
        (other, payment, None),
        (note, other, settlement.id),
        (note, invoice, SettlementId(new_id())),
    ):
        with expect(TransitionError, "invoicing.unapply.nothing"):
            office.unapply(giver, target, settlement_id=which)
    with expect(PreconditionFailedError):
        office.unapply(note, invoice, version=1)
    office.unapply(note, invoice)
    with expect(TransitionError, "invoicing.unapply.nothing"):
        office.unapply(note, invoice)


def test_a_deposit_that_is_taken_back_is_free_and_so_is_its_payment(office: Office) -> None:
    deposit = office.issued(type=InvoiceType.DEPOSIT)
    payment = office.pay(deposit)
    final = office.issued(office.line(None, 3))
    office.apply(deposit, final)
    with expect(TransitionError, "invoicing.deposit.used"):
        office.reverse(payment)
    deposit = office.unapply(deposit, final)
    assert (deposit.state, deposit.receivable.spare()) == (InvoiceState.PAID, eur(100))
    assert office.find(final).receivable.open_amount == eur(300)
    office.reverse(payment)
    assert office.find(deposit).state is InvoiceState.VALIDATED
    assert office.is_consistent()


def test_of_two_credit_notes_the_second_gives_back_what_is_left(office: Office) -> None:
    invoice = office.issued(office.line(None, 3))
    one, two = office.note(invoice), office.note(invoice)
    office.validate(one)
    with expect(CreditExceededError):
        office.validate(two)
    assert office.find(two).state is InvoiceState.DRAFT


def test_a_credit_note_is_not_rewritten_nor_credited_nor_abandoned(office: Office) -> None:
    invoice = office.issued()
    office.pay(invoice)
    note = office.note(invoice)
    change = ChangeInvoiceCommand(
        id=note.id, version=None, changes={"note": "Sorry"}, lines=(office.line(),)
    )
    with expect(InvariantError, "invoicing.credit_note.lines"):
        office.use.change_invoice(CLERK, change)
    note = office.validate(note)
    with expect(TransitionError, "invoicing.credit_note.invoice"):
        office.note(note)
    with expect(InvariantError, "invoicing.credit_note.abandon"):
        office.abandon(note)


def test_an_invoice_that_is_credited_is_not_replaced(office: Office) -> None:
    invoice = office.issued(office.line(None, 2))
    office.credit(invoice, part(invoice, 0, "1"))
    with expect(TransitionError, "invoicing.replacement.invoice"):
        office.replacing(invoice)


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["pay", "credit", "reverse", "apply", "unapply"]),
            st.integers(1, 40_000),
        ),
        max_size=10,
    )
)
def test_whatever_is_paid_credited_and_reversed_the_books_agree(
    steps: list[tuple[str, int]],
) -> None:
    office = an_office()
    invoice, other = office.issued(office.line(None, 4)), office.issued()
    payments, notes = [], []
    for name, number in steps:
        try:
            if name == "pay":
                payments.append(office.pay(invoice, number / 100))
            elif name == "credit":
                notes.append(office.credit(invoice, part(invoice, 0, str(1 + number % 2))))
            elif name == "reverse" and payments:
                office.reverse(payments.pop())
            elif name == "apply" and notes:
                office.apply(notes[-1], other, number / 100)
            elif name == "unapply" and notes:
                office.unapply(notes[number % len(notes)], (invoice, other)[number % 2])
        except (ExceedsOpenError, CreditExceededError, TransitionError) as refusal:
            assert isinstance(refusal, ErpError)  # noqa: PT017  # by a rule, and by no other
        assert office.is_consistent()
        now = office.find(invoice)
        assert eur(0) <= now.balance.settled <= now.totals.payable
        assert now.credited <= now.totals.total

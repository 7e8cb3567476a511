"""Credit notes in the office: what they reduce, and what becomes of the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erp_core.invoicing.entities import (
    CreditExceededError,
    ExceedsOpenError,
    InvoiceState,
    SettlementSource,
)
from erp_core.invoicing.use_cases import ChangeInvoiceCommand
from erp_core.kernel.errors import ErpError, InvariantError, TransitionError
from erp_core.testing import expect
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
        st.tuples(st.sampled_from(["pay", "credit", "reverse", "apply"]), st.integers(1, 40_000)),
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
        except (ExceedsOpenError, CreditExceededError) as refusal:
            assert isinstance(refusal, ErpError)  # noqa: PT017  # by a rule, and by no other
        assert office.is_consistent()
        now = office.find(invoice)
        assert eur(0) <= now.balance.settled <= now.totals.payable
        assert now.credited <= now.totals.total

"""Payments: what each state of theirs, and of what they pay, allows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from erp_core.invoicing.entities import (
    ExceedsOpenError,
    Invoice,
    InvoiceState,
    InvoiceType,
    Receivable,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ErpError, InvariantError, TransitionError
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartyId
from erp_core.testing import NOON, expect
from erp_core.testing.invoicing import TODAY, a_credit_note, an_invoice, an_item, validated
from erp_core.testing.treasury import a_payment
from erp_core.treasury.entities import (
    ALLOCATIONS_AT_ONCE_MAX,
    ALLOCATIONS_MAX,
    AllocationRequest,
    Direction,
    ExceedsUnallocatedError,
    Payment,
    PaymentRecorded,
    PaymentReversed,
    PaymentState,
    Purpose,
    require_room,
)
from tests.treasury.tills import eur, purpose

ADA = PartyId(new_id())
NOTHING = eur(0)

STATES: dict[str, Callable[[], Payment]] = {
    "recorded": lambda: a_payment(ADA, version=1),
    "spent": lambda: a_payment(ADA, version=1, allocated=eur(100)),
    "reconciled": lambda: a_payment(ADA, version=1, reconciled_at=NOON),
    "reversed": lambda: a_payment(ADA, version=1).reverse("", NOON),
}
ALLOWED = {
    ("recorded", "allocate"): None,
    ("recorded", "reverse"): None,
    ("spent", "allocate"): "treasury.exceeds_unallocated",
    ("spent", "reverse"): None,
    ("reconciled", "allocate"): None,
    ("reconciled", "reverse"): "treasury.payment.reconciled",
    ("reversed", "allocate"): "treasury.payment.reversed",
    ("reversed", "reverse"): "treasury.payment.reversed",
}


def billed() -> Invoice:
    return validated(an_invoice(ADA, an_item("100")))


def owed(state: InvoiceState = InvoiceState.VALIDATED, **changes: object) -> Receivable:
    invoice = an_invoice(ADA, an_item("100")) if state is InvoiceState.DRAFT else billed()
    found = invoice.receivable
    if state is InvoiceState.PAID:
        found, _ = a_payment(ADA).allocate(found, eur(100), TODAY, NOON)[::-1]
    if state is InvoiceState.ABANDONED:
        found = invoice.abandon("gone", NOON).receivable
    return replace(found, **changes)


def owing() -> Receivable:
    """Return what is owed on a credit note: by the company."""
    return validated(a_credit_note(billed()), "CRN1").receivable


@pytest.mark.parametrize(("state", "command"), ALLOWED)
def test_every_command_in_every_state_is_obeyed_or_refused(state: str, command: str) -> None:
    payment, refusal = STATES[state](), ALLOWED[state, command]

    def step() -> Payment:
        if command == "reverse":
            return payment.reverse("bounced", NOON)
        return payment.allocate(owed(), eur(1), TODAY, NOON)[0]

    if refusal is not None:
        with expect(ErpError, refusal):
            step()
        return
    after = step()
    assert after.allocated + after.unallocated == (
        NOTHING if after.state is PaymentState.REVERSED else after.amount
    )


@pytest.mark.parametrize("state", InvoiceState)
def test_what_is_owed_in_each_state_of_an_invoice(state: InvoiceState) -> None:
    invoice, payment = owed(state), a_payment(ADA)
    if state is InvoiceState.VALIDATED:
        after, settled = payment.allocate(invoice, eur(100), TODAY, NOON)
        assert (after.unallocated, settled.state) == (NOTHING, InvoiceState.PAID)
        (settlement,) = settled.settlements
        assert (settlement.source_id, settlement.amount) == (payment.id, eur(100))
    elif state is InvoiceState.PAID:
        with expect(ExceedsOpenError) as refusal:
            payment.allocate(invoice, eur(1), TODAY, NOON)
        assert refusal[0].details["open_amount"] == "0.00"
    else:
        with expect(TransitionError, "invoicing.invoice.not_owed"):
            payment.allocate(invoice, eur(1), TODAY, NOON)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("kind", InvoiceType)
def test_what_comes_in_pays_invoices_and_what_goes_out_refunds_credit_notes(
    direction: Direction, kind: InvoiceType
) -> None:
    found = owing() if kind.is_credit else owed(type=kind)
    payment = a_payment(ADA, direction=direction)
    if kind.is_credit == (direction is Direction.OUT):
        assert payment.allocate(found, eur(100), TODAY, NOON)[1].open_amount == NOTHING
    else:
        with expect(InvariantError, "treasury.allocation.direction"):
            payment.allocate(found, eur(1), TODAY, NOON)


def test_no_more_is_allocated_than_is_open_nor_than_is_left() -> None:
    with expect(ExceedsOpenError) as refusal:
        a_payment(ADA, "500").allocate(owed(), eur("100.01"), TODAY, NOON)
    assert refusal[0].details["open_amount"] == "100.00"
    payment = a_payment(ADA, "50", allocated=eur("20"))
    with expect(ExceedsUnallocatedError) as refusal:
        payment.allocate(owed(), eur("30.01"), TODAY, NOON)
    assert refusal[0].details["unallocated"] == "30.00"
    assert payment.allocate(owed(), eur(30), TODAY, NOON)[0].unallocated == NOTHING


def test_another_party_and_another_currency_are_refused() -> None:
    with expect(InvariantError, "treasury.allocation.party"):
        a_payment(PartyId(new_id())).allocate(owed(), eur(1), TODAY, NOON)
    yen = Money(eur(100).amount, "JPY")
    other = replace(a_payment(ADA), amount=yen, allocated=Money.zero("JPY"))
    with expect(InvariantError, "treasury.allocation.currency"):
        other.allocate(owed(), yen, TODAY, NOON)


def test_recording_and_reversing_are_news() -> None:
    payment = a_payment(ADA, number="").record("PAY1", NOON)
    (recorded,) = payment.events
    assert isinstance(recorded, PaymentRecorded)
    assert (recorded.number, recorded.amount, recorded.direction) == ("PAY1", 100, "in")
    gone = payment.stored(1).reverse("bounced", NOON)
    (told,) = gone.events
    assert isinstance(told, PaymentReversed)
    assert (told.reason, gone.reversed_at, gone.reversed_because) == ("bounced", NOON, "bounced")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": "0"}, "treasury.payment.amount"),
        ({"amount": "-1"}, "treasury.payment.amount"),
        ({"method": ""}, "treasury.payment.method"),
        ({"method": "by hand"}, "treasury.payment.method"),
        ({"method": "x" * 33}, "treasury.payment.method"),
        ({"reference": "x" * 101}, "treasury.payment.reference"),
        ({"note": "x" * 2001}, "treasury.payment.note"),
        ({"reversed_because": "x" * 501}, "treasury.payment.reason"),
        ({"allocated": eur("100.01")}, "treasury.payment.allocated"),
        ({"allocated": eur(-1)}, "treasury.payment.allocated"),
        ({"reversed_at": NOON}, "treasury.payment.settled"),
        ({"state": PaymentState.REVERSED}, "treasury.payment.settled"),
        ({"number": "", "version": 1}, "treasury.payment.settled"),
        (
            {"state": PaymentState.REVERSED, "reversed_at": NOON, "allocated": eur(1)},
            "treasury.payment.allocated",
        ),
    ],
)
def test_what_is_no_payment_cannot_be_made(changes: dict[str, object], code: str) -> None:
    with expect(InvariantError, code):
        a_payment(ADA, **changes)


def test_a_method_is_a_word_in_small_letters() -> None:
    assert a_payment(ADA, method=" PIX ").method == "pix"


def test_a_payment_is_dated_by_the_day_after_today_at_latest() -> None:
    payment = a_payment(ADA, paid_on=TODAY)
    payment.require_dated(TODAY)
    payment.require_dated(TODAY - timedelta(days=1))
    with expect(InvariantError, "treasury.payment.future"):
        payment.require_dated(TODAY - timedelta(days=2))


def test_a_purpose_names_each_invoice_once_and_not_too_many() -> None:
    one = AllocationRequest(invoice_id=billed().id, amount=eur(1).amount)
    with expect(InvariantError, "treasury.allocation.twice") as refusal:
        Purpose(requests=(one, one))
    assert refusal[0].field == "allocations/1/invoice_id"
    with expect(InvariantError, "treasury.allocation.many"):
        Purpose(requests=(one,) * (ALLOCATIONS_AT_ONCE_MAX + 1))
    with expect(InvariantError, "treasury.allocation.both"):
        Purpose(requests=(one,), oldest=True)


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("0", "", "treasury.allocation.amount"),
        ("-1", "", "treasury.allocation.amount"),
        ("0.001", "", "money.places"),
        ("1", "BRL", "treasury.allocation.other_currency"),
        ("101", "EUR", "treasury.payment.allocations"),
    ],
)
def test_an_amount_that_cannot_be_meant_is_refused(amount: str, currency: str, code: str) -> None:
    invoice = billed()
    request = replace(purpose((invoice, amount)).requests[0], currency=currency)
    with expect(InvariantError, code) as refusal:
        Purpose(requests=(request,)).allocate(
            a_payment(ADA, number=""), [invoice.receivable], TODAY, NOON
        )
    assert refusal[0].field.startswith("allocations")


def test_the_oldest_are_paid_as_far_as_the_payment_goes_and_others_passed_over() -> None:
    gone = owed(InvoiceState.PAID)
    others = owed(party_id=PartyId(new_id()))
    found = [gone, owed(), others, owed(), owed()]
    done = Purpose(oldest=True).allocate(a_payment(ADA, "150"), found, TODAY, NOON)
    assert [each.id for each in done.receivables] == [found[1].id, found[3].id]
    assert [each.open_amount for each in done.receivables] == [NOTHING, eur(50)]
    assert done.payment.unallocated == NOTHING


def test_a_payment_has_no_more_allocations_than_can_be_undone() -> None:
    _, settled = a_payment(ADA).allocate(owed(), eur(1), TODAY, NOON)
    require_room(settled.settlements * (ALLOCATIONS_MAX - 1))
    with expect(InvariantError, "treasury.allocation.full"):
        require_room(settled.settlements * ALLOCATIONS_MAX)

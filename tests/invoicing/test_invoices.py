"""From a draft to a validated invoice, and on from there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from erp_core.catalog.entities import LineKind
from erp_core.invoicing.entities import (
    Invoice,
    InvoiceId,
    InvoiceState,
    InvoiceType,
)
from erp_core.invoicing.use_cases import (
    ChangeInvoiceCommand,
    InvoiceCommand,
    ListInvoicesCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.money import Rate
from erp_core.kernel.page import PageRequest
from erp_core.parties.entities import (
    Instalment,
    PartyRole,
    PaymentTerm,
    PaymentTermId,
)
from erp_core.parties.use_cases import MergePartiesCommand, PartyCommand
from erp_core.testing import context, expect
from erp_core.testing.invoicing import TODAY
from erp_core.testing.parties import another_party
from tests.failing import FailingStore, fails_everywhere
from tests.invoicing.offices import CLERK, Office, an_office, eur, part

WEEK = timedelta(days=7)


@pytest.fixture
def office() -> Office:
    return an_office()


def test_a_draft_has_no_number_and_owes_nothing(office: Office) -> None:
    draft = office.draft(office.line(tax_class_id=office.taxed()))

    assert (draft.number, draft.state, draft.party) == ("", InvoiceState.DRAFT, None)
    assert (draft.totals.net, draft.totals.total) == (eur(100), eur(120))
    assert draft.receivable.open_amount == eur(0)
    assert draft.invoiced_on == TODAY


def test_validating_gives_a_number_and_freezes_the_customer(office: Office) -> None:
    invoice = office.issued(office.line(tax_class_id=office.taxed()))

    assert (invoice.number, invoice.state) == ("INV2024-00001", InvoiceState.VALIDATED)
    assert invoice.receivable.open_amount == eur(120)
    assert [each.due_on for each in invoice.balance.due_dates] == [TODAY]
    office.shop.has_party(name="Ada, Countess of Lovelace")
    found = office.find(invoice)
    assert found.party is not None
    assert found.party.name == "Ada"
    assert [office.issued().number, office.issued(type=InvoiceType.DEPOSIT).number] == [
        "INV2024-00002",
        "DEP2024-00001",
    ]


def pay_all(office: Office, invoice: Invoice) -> object:
    return office.pay(invoice, 100)


def in_state(office: Office, state: InvoiceState) -> Invoice:
    if state is InvoiceState.DRAFT:
        return office.draft()
    invoice = office.issued()
    if state is InvoiceState.PAID:
        office.pay(invoice)
    if state is InvoiceState.ABANDONED:
        office.abandon(invoice)
    return office.find(invoice)


Step = Callable[[Office, Invoice], object]
COMMANDS: dict[str, tuple[Step, set[InvoiceState]]] = {
    "change": (
        lambda office, it: office.use.change_invoice(
            CLERK, ChangeInvoiceCommand(id=it.id, version=None, changes={"note": "x"})
        ),
        {InvoiceState.DRAFT},
    ),
    "delete": (
        lambda office, it: office.use.delete_invoice(CLERK, InvoiceCommand(id=it.id)),
        {InvoiceState.DRAFT},
    ),
    "validate": (lambda office, it: office.validate(it), {InvoiceState.DRAFT}),
    "abandon": (lambda office, it: office.abandon(it), {InvoiceState.VALIDATED}),
    "credit": (
        lambda office, it: office.credit(it),
        {InvoiceState.VALIDATED, InvoiceState.PAID},
    ),
    "replace": (
        lambda office, it: office.validate(office.replacing(it)),
        {InvoiceState.VALIDATED},
    ),
    "pay": (pay_all, {InvoiceState.VALIDATED}),
}


@pytest.mark.parametrize("state", InvoiceState)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_in_every_state_is_done_or_refused(
    office: Office, command: str, state: InvoiceState
) -> None:
    do, allowed = COMMANDS[command]
    invoice = in_state(office, state)
    assert invoice.state is state
    if state in allowed:
        do(office, invoice)
        return
    paid = command == "pay" and state is InvoiceState.PAID  # which is a matter of amounts
    with pytest.raises(InvariantError if paid else TransitionError):
        do(office, invoice)
    assert office.find(invoice) == invoice


def test_instalments_follow_the_customers_terms(office: Office) -> None:
    third, rest = Rate(Decimal("33.33")), Rate(Decimal("66.67"))
    term = PaymentTerm(
        id=PaymentTermId(new_id()),
        name="30/60",
        instalments=(Instalment(percent=third, days=30), Instalment(percent=rest, days=60)),
    )
    office.shop.erp.parties.create_payment_term(CLERK, term)
    office.shop.has_party(payment_term_id=term.id)
    invoice = office.issued(office.line(unit_price=Decimal("100.01")))

    assert [(each.due_on, each.amount) for each in invoice.balance.due_dates] == [
        (TODAY + timedelta(days=30), eur("33.33")),
        (TODAY + timedelta(days=60), eur("66.68")),
    ]


def test_lines_are_replaced_as_a_whole_and_priced_anew(office: Office) -> None:
    draft = office.draft(office.line(), office.line())
    heading = office.line(None, 0, kind=LineKind.HEADING, description="One", unit_price=None)
    command = ChangeInvoiceCommand(
        id=draft.id,
        version=draft.version,
        changes={"reference": "PO 7", "invoiced_on": TODAY - WEEK},
        lines=(heading, office.line(unit_price=Decimal(7))),
    )
    changed = office.use.change_invoice(CLERK, command)

    assert (changed.totals.total, changed.reference) == (eur(7), "PO 7")
    assert len(changed.lines) == 2
    with expect(PreconditionFailedError):
        office.use.change_invoice(CLERK, command)


def test_the_prices_of_the_customers_level_are_billed(office: Office) -> None:
    tea = office.shop.product()
    office.shop.level(2, tea, 8)
    office.shop.has_party(price_level=2)
    draft = office.draft(office.line(tea, 2))
    assert draft.totals.net == eur(16)
    command = ChangeInvoiceCommand(
        id=draft.id, version=draft.version, changes={}, lines=(office.line(tea, 3),)
    )
    assert office.use.change_invoice(CLERK, command).totals.net == eur(24)


@pytest.mark.parametrize(
    ("changes", "error", "code"),
    [
        ({"lines": ()}, InvariantError, "invoicing.invoice.empty"),
        ({"invoiced_on": TODAY + WEEK}, InvariantError, "invoicing.invoice.future"),
        ({"type": InvoiceType.CREDIT_NOTE}, InvariantError, "invoicing.credit_note.add"),
        ({"party_id": None}, InvariantError, "invoicing.invoice.party"),
        ({"lines": None}, InvariantError, "invoicing.source.none"),
        ({"reference": "x" * 101}, InvariantError, "invoicing.invoice.reference"),
        ({"replaces_id": InvoiceId(new_id())}, NotFoundError, "not_found"),
        ({"deposit_ids": (InvoiceId(new_id()),)}, NotFoundError, "not_found"),
    ],
)
def test_what_cannot_be_invoiced_is_refused(
    office: Office, changes: dict, error: type[Exception], code: str
) -> None:
    command = {"lines": (office.line(),)} | changes
    lines = command.pop("lines")
    with expect(error, code):
        office.validate(office.draft(**command, lines=lines))


def test_less_than_nothing_is_no_invoice(office: Office) -> None:
    less = office.line(unit_price=Decimal("-100.01"))
    with expect(InvariantError, "invoicing.invoice.negative"):
        office.issued(office.line(), less)
    nothing = office.issued(office.line(), office.line(unit_price=Decimal(-100)))
    assert nothing.state is InvoiceState.PAID


def test_numbers_never_run_back_in_date(office: Office) -> None:
    earlier = office.draft(invoiced_on=TODAY - WEEK)
    office.issued()
    with expect(InvariantError, "documents.number.backdated"):
        office.validate(earlier)
    assert office.validate(earlier, invoiced_on=TODAY).number == "INV2024-00002"


def test_a_prospect_becomes_a_customer_and_an_archived_party_none(office: Office) -> None:
    office.shop.has_party(roles=(PartyRole.PROSPECT,), customer_code=None, prospect_code="P000007")
    invoice = office.issued()
    party = office.shop.erp.parties.get_party(CLERK, PartyCommand(id=invoice.party_id))
    assert party.roles == (PartyRole.CUSTOMER,)
    assert invoice.party is not None
    assert invoice.party.code == party.customer_code

    draft = office.draft()
    office.shop.erp.parties.archive_party(CLERK, PartyCommand(id=party.id))
    with expect(TransitionError, "parties.party.not_active"):
        office.validate(draft)
    with expect(TransitionError, "parties.party.not_active"):
        office.draft()


def test_an_abandoned_invoice_says_why(office: Office) -> None:
    with expect(InvariantError, "invoicing.abandon.reason"):
        office.abandon(office.issued(), " ")
    invoice = office.issued()
    office.pay(invoice, 1)
    with expect(TransitionError, "invoicing.invoice.settled"):
        office.abandon(invoice)
    gone = office.abandon(office.issued())
    assert (gone.abandoned_because, gone.receivable.open_amount) == ("bankrupt", eur(0))
    assert gone.number == "INV2024-00003"


def test_invoices_that_are_late_are_listed(office: Office) -> None:
    late = office.issued(invoiced_on=TODAY - WEEK)
    office.issued()
    office.pay(office.issued(invoiced_on=TODAY))
    query = ListInvoicesCommand(page=PageRequest(), due_before=date(2025, 1, 1))
    listed = office.use.list_invoices(CLERK, replace(query, overdue=True))

    assert [each.id for each in listed.items] == [late.id]
    assert listed.items[0].summary.is_overdue(listed.items[0].today)
    assert len(office.use.list_invoices(CLERK, query).items) == 2


def test_invoices_follow_a_party_that_is_merged(office: Office) -> None:
    invoice = office.issued()
    with office.shop.store(CLERK) as uow:
        survivor = uow.parties.add(CLERK, another_party("Byron"))
    command = MergePartiesCommand(id=survivor.id, version=None, from_id=invoice.party_id)
    office.shop.erp.parties.merge_parties(CLERK, command)

    after = office.find(invoice)
    assert after.party_id == survivor.id
    assert after.party == invoice.party


def test_who_may_not_is_refused(office: Office) -> None:
    draft, stranger = office.draft(), context("invoicing.*.read")
    with expect(PermissionDeniedError):
        office.use.delete_invoice(stranger, InvoiceCommand(id=draft.id))
    assert office.use.get_invoice(stranger, InvoiceCommand(id=draft.id)).invoice == draft


def test_another_discount_needs_the_lines_along(office: Office) -> None:
    draft = office.draft()
    command = ChangeInvoiceCommand(
        id=draft.id, version=None, changes={}, discount=replace(draft.terms.discount)
    )
    with expect(InvariantError, "invoicing.invoice.discount"):
        office.use.change_invoice(CLERK, command)
    half = replace(command, discount=replace(draft.terms.discount, percent=Rate(Decimal(50))))
    changed = office.use.change_invoice(CLERK, replace(half, lines=(office.line(),)))
    assert changed.totals.total == eur(50)


def validating(store: FailingStore) -> Callable[[], object]:
    office = an_office(store)
    office.shop.has_party(roles=(PartyRole.PROSPECT,), customer_code=None, prospect_code="P000007")
    order = office.shop.confirm(office.shop.order(office.shop.line(office.shop.product(5), 3)))
    draft = office.of_order(order)
    return lambda: office.validate(draft)


def crediting(store: FailingStore) -> Callable[[], object]:
    office = an_office(store)
    invoice = office.issued(office.line(None, 3))
    note = office.note(invoice, part(invoice, 0, "2"))
    return lambda: office.validate(note)


def replacing(store: FailingStore) -> Callable[[], object]:
    office = an_office(store)
    draft = office.replacing(office.issued())
    return lambda: office.validate(draft)


@pytest.mark.parametrize("prepare", [validating, crediting, replacing])
def test_wherever_it_fails_nothing_is_left_of_it(
    prepare: Callable[[FailingStore], Callable[[], object]],
) -> None:
    assert fails_everywhere(prepare) > 5

"""A credit note gives back what was billed: all of it in the end, and never more."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erp_core.catalog.entities import Discount, DocumentTerms, TaxComponent
from erp_core.identity.entities import Rounding
from erp_core.invoicing.entities import (
    CreditExceededError,
    CreditPart,
    Invoice,
    InvoiceState,
    InvoiceType,
    Links,
    all_parts,
    credit_lines,
    credited_by,
    parts_of,
    require_creditable,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, NotFoundError, TransitionError
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.parties.entities import PartyId
from erp_core.testing import expect
from erp_core.testing.invoicing import (
    KEPT,
    VAT,
    a_credit_note,
    a_heading,
    an_invoice,
    an_item,
    blank,
    of_lines,
    validated,
)

PARTY = PartyId(new_id())


def of(value: str) -> Quantity:
    return Quantity.of(value)


def part(invoice: Invoice, index: int, quantity: str) -> CreditPart:
    return CreditPart(invoice_line_id=invoice.lines[index].id, quantity=of(quantity))


def test_everything_is_credited_to_the_cent_and_mere_text_is_not() -> None:
    invoice = validated(an_invoice(PARTY, a_heading(), an_item("0.333333", "3", VAT, KEPT)))
    note = a_credit_note(invoice)
    assert note.totals == invoice.totals
    assert [each.invoice_line_id for each in note.lines] == [invoice.lines[1].id]
    after = credited_by(invoice, note)
    assert after.credited == invoice.totals.total
    assert all_parts(after) == ()
    with expect(InvariantError, "invoicing.credit_note.nothing"):
        a_credit_note(after)


def test_three_thirds_of_a_cent_are_given_back_as_one_cent() -> None:
    invoice = validated(an_invoice(PARTY, an_item("0.003334", "3")))
    assert invoice.totals.total == Money(Decimal("0.01"), "EUR")
    given_back = []
    for _ in range(3):
        note = a_credit_note(invoice, part(invoice, 0, "1"))
        given_back.append(note.totals.total.amount)
        invoice = credited_by(invoice, note)
    assert sum(given_back) == Decimal("0.01")


@pytest.mark.parametrize("quantity", ["3.000001", "-1", "0", "4"])
def test_more_than_is_left_of_a_line_is_refused(quantity: str) -> None:
    invoice = validated(an_invoice(PARTY, an_item("10", "3")))
    with expect(CreditExceededError, "invoicing.credit_exceeded") as refusals:
        a_credit_note(invoice, part(invoice, 0, quantity))
    assert refusals[0].field == "lines/0/quantity"
    assert refusals[0].details["left"] == of("3")


def test_a_line_named_twice_is_not_credited_beyond_what_is_left() -> None:
    invoice = validated(an_invoice(PARTY, an_item("10", "3")))
    with expect(CreditExceededError) as refusals:
        a_credit_note(invoice, part(invoice, 0, "2"), part(invoice, 0, "2"))
    assert refusals[0].field == "lines/1/quantity"
    assert refusals[0].details["left"] == of("1")


def test_a_line_of_another_invoice_is_not_found() -> None:
    invoice, other = (validated(an_invoice(PARTY, an_item())) for _ in range(2))
    with expect(NotFoundError) as refusals:
        credit_lines(invoice, [part(other, 0, "1")])
    assert refusals[0].field == "lines/0/invoice_line_id"
    with expect(CreditExceededError):
        headed = validated(an_invoice(PARTY, a_heading(), an_item()))
        credit_lines(headed, [part(headed, 0, "1")])


def test_deductions_are_given_back_with_the_rest_or_the_whole_is_too_much() -> None:
    invoice = validated(an_invoice(PARTY, an_item("100"), an_item("-40")))
    note = a_credit_note(invoice, part(invoice, 0, "1"))
    with expect(InvariantError, "invoicing.credit_note.total"):
        credited_by(invoice, note)
    assert a_credit_note(invoice).totals == invoice.totals


@pytest.mark.parametrize("state", InvoiceState)
@pytest.mark.parametrize("kind", InvoiceType)
def test_only_what_is_owed_can_be_credited(state: InvoiceState, kind: InvoiceType) -> None:
    source = validated(an_invoice(PARTY, an_item()))
    links = Links(
        credits_id=source.id if kind is InvoiceType.CREDIT_NOTE else None,
        replaces_id=source.id if kind is InvoiceType.REPLACEMENT else None,
    )
    draft = an_invoice(PARTY, an_item(), type=kind, links=links)
    invoice = draft if state is InvoiceState.DRAFT else replace(validated(draft), state=state)
    owed = state in (InvoiceState.VALIDATED, InvoiceState.PAID)
    if owed and kind is not InvoiceType.CREDIT_NOTE:
        require_creditable(invoice)
        return
    with expect(TransitionError, "invoicing.credit_note.invoice"):
        require_creditable(invoice)


taxes = st.lists(
    st.builds(
        TaxComponent,
        name=st.sampled_from(["A", "B", "C"]),
        rate=st.integers(0, 400_000).map(lambda each: Rate(Decimal(each) / 10_000)),
        compound=st.booleans(),
        withheld=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda each: each.name,
).map(tuple)
items = st.builds(
    lambda price, quantity, components, percent: an_item(
        str(Decimal(price) / 10_000),
        str(Decimal(quantity) / 100),
        *components,
        discount=Discount(percent=Rate(Decimal(percent))),
    ),
    st.integers(1, 10_000_000),
    st.integers(1, 10_000),
    taxes,
    st.integers(0, 60),
)
terms = st.builds(
    DocumentTerms,
    currency=st.just("EUR"),
    discount=st.integers(0, 50).map(lambda each: Discount(percent=Rate(Decimal(each)))),
    rounding=st.sampled_from(Rounding),
    cash_step=st.sampled_from([None, Decimal("0.05")]),
)


@settings(max_examples=60)
@given(st.lists(items, min_size=1, max_size=4), terms, st.data())
def test_however_it_is_cut_the_credit_notes_add_up_to_the_invoice(
    lines: list, conditions: DocumentTerms, data: st.DataObject
) -> None:
    invoice = validated(of_lines(blank(PARTY), conditions, *lines))
    notes = []
    for _ in range(data.draw(st.integers(0, 3))):
        parts = tuple(
            replace(each, quantity=Quantity(each.quantity.value * share / 4))
            for each in all_parts(invoice)
            if (share := data.draw(st.integers(0, 4))) and each.quantity.value % 4 == 0
        )
        if parts:
            notes.append(a_credit_note(invoice, *parts))
            invoice = credited_by(invoice, notes[-1])
            assert invoice.credited <= invoice.totals.total
    if all_parts(invoice):
        notes.append(a_credit_note(invoice))
        invoice = credited_by(invoice, notes[-1])
    for name in ("net", "total", "withheld", "payable"):
        amounts = [getattr(each.totals, name) for each in notes]
        assert sum(amounts, Money.zero("EUR")) == getattr(invoice.totals, name)
    assert all(each.creditable == ZERO for each in invoice.lines)


def test_discounts_in_amounts_are_given_back_in_proportion() -> None:
    line = an_item("10", "3", discount=Discount(amount=Decimal("1.00")))
    conditions = DocumentTerms(currency="EUR", discount=Discount(amount=Decimal("2.00")))
    invoice = validated(of_lines(blank(PARTY), conditions, line))
    shares, discounts = [], []
    for _ in range(3):
        note = a_credit_note(invoice, part(invoice, 0, "1"))
        shares.append(note.totals.total.amount)
        discounts.append(note.lines[0].line.discount.amount)
        assert note.terms.discount.amount == Decimal("0.67")
        invoice = credited_by(invoice, note)
    assert shares == [Decimal("9.00"), Decimal("9.00"), Decimal("9.00")]
    assert discounts == [Decimal("0.33"), Decimal("0.34"), Decimal("0.33")]


def test_a_draft_note_says_what_it_gives_back_to_be_reckoned_anew() -> None:
    invoice = validated(an_invoice(PARTY, an_item("0.005", "2"), an_item("1", "3")))
    note = a_credit_note(invoice, part(invoice, 0, "1"), part(invoice, 1, "3"))
    again = credit_lines(invoice, parts_of(note))
    assert again == note.lines

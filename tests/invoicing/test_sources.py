"""What was ordered or offered is invoiced: line by line, in parts, and never twice."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erp_core.catalog.entities import LineId, LineRequest
from erp_core.invoicing.entities import InvoiceState, InvoiceType
from erp_core.invoicing.use_cases import (
    ChangeInvoiceCommand,
    DepositPart,
    InvoiceLineRequest,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, NotFoundError, TransitionError
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import Invoiced, OrderId, QuoteState
from erp_core.sales.use_cases import OrderQuoteCommand
from erp_core.testing import expect
from tests.invoicing.offices import CLERK, Office, an_office, eur, part
from tests.sales.shops import of


@pytest.fixture
def office() -> Office:
    return an_office()


def some(line_id: LineId, quantity: object = 0) -> InvoiceLineRequest:
    return InvoiceLineRequest(request=LineRequest(quantity=of(quantity)), source_line_id=line_id)


def test_all_that_is_left_of_an_order_is_invoiced(office: Office) -> None:
    shop = office.shop
    order = shop.confirm(shop.order(shop.line(shop.product(), 3), shop.line(shop.product(), 2)))
    first = office.validate(office.of_order(order, lines=(some(order.lines[0].id, 1),)))
    assert shop.find(order).invoiced is Invoiced.PARTLY
    second = office.validate(office.of_order(order))

    assert [each.line.quantity for each in second.lines] == [of(2), of(2)]
    assert first.totals.total + second.totals.total == order.totals.total
    assert shop.find(order).invoiced is Invoiced.FULLY
    assert [each.order_line_id for each in second.lines] == [each.id for each in order.lines]
    with expect(InvariantError, "invoicing.source.nothing"):
        office.of_order(order)


def test_drafts_that_bill_the_same_are_not_both_validated(office: Office) -> None:
    shop = office.shop
    order = shop.confirm(shop.order(shop.line(shop.product(), 3)))
    one, two = office.of_order(order), office.of_order(order)
    office.validate(one)
    with expect(InvariantError, "sales.order.over_invoiced"):
        office.validate(two)
    assert office.find(two).state is InvoiceState.DRAFT


def test_more_than_was_ordered_and_other_lines_are_refused(office: Office) -> None:
    shop = office.shop
    order = shop.confirm(shop.order(shop.line(shop.product(), 3)))
    line = order.lines[0].id
    with expect(InvariantError, "sales.order.over_invoiced"):
        office.validate(office.of_order(order, lines=(some(line, 4),)))
    with expect(NotFoundError):
        office.of_order(order, lines=(some(LineId(new_id()), 1),))
    with expect(InvariantError, "invoicing.source.twice"):
        office.of_order(order, lines=(some(line, 1), some(line, 1)))
    mixed = office.validate(office.of_order(order, lines=(some(line), office.line())))
    assert mixed.totals.total == eur(130)


def test_only_a_confirmed_order_of_the_customer_is_invoiced(office: Office) -> None:
    shop = office.shop
    draft = shop.order(shop.line(shop.product(), 3))
    with expect(TransitionError, "sales.order.not_open"):
        office.of_order(draft)
    order = shop.confirm(draft)
    with expect(InvariantError, "invoicing.invoice.other_party"):
        office.of_order(order, party_id=PartyId(new_id()))
    with expect(InvariantError, "invoicing.invoice.currency"):
        office.of_order(order, currency="USD")


def test_a_quote_is_invoiced_straight_away(office: Office) -> None:
    shop = office.shop
    quote = shop.accepted(shop.line(shop.product(), 3))
    invoice = office.validate(office.of_quote(quote))

    assert [each.quote_line_id for each in invoice.lines] == [quote.lines[0].id]
    with shop.store(CLERK) as uow:
        assert uow.quotes.get(CLERK, quote.id).state is QuoteState.INVOICED
    office.credit(invoice, reopens_order=True)
    with shop.store(CLERK) as uow:
        assert uow.quotes.get(CLERK, quote.id).state is QuoteState.ACCEPTED


def test_an_order_of_a_quote_counts_on_the_quote_too(office: Office) -> None:
    shop = office.shop
    quote = shop.accepted(shop.line(shop.product(), 3))
    order = shop.erp.sales.order_quote(
        CLERK, OrderQuoteCommand(id=quote.id, order_id=OrderId(new_id()))
    )
    invoice = office.validate(office.of_order(shop.confirm(order)))
    assert invoice.links.quote_id == quote.id
    with shop.store(CLERK) as uow:
        assert uow.quotes.get(CLERK, quote.id).state is QuoteState.INVOICED
    right = office.validate(office.replacing(invoice))
    assert right.links.quote_id == quote.id
    office.abandon(right, reopens_order=True)
    with shop.store(CLERK) as uow:
        assert uow.quotes.get(CLERK, quote.id).state is QuoteState.ACCEPTED


def test_the_lines_of_a_draft_are_taken_anew_from_its_order_or_quote(office: Office) -> None:
    shop = office.shop
    order = shop.confirm(shop.order(shop.line(shop.product(), 3)))
    quote = shop.accepted(shop.line(shop.product(), 3))
    for draft, source in (
        (office.of_order(order), order),
        (office.of_quote(quote), quote),
        (office.replacing(office.validate(office.of_quote(quote))), quote),
    ):
        lines = (some(source.lines[0].id, 2),)
        command = ChangeInvoiceCommand(id=draft.id, version=None, changes={}, lines=lines)
        assert office.use.change_invoice(CLERK, command).totals.total == eur(20)


def test_what_is_credited_may_be_billed_again_if_it_is_said(office: Office) -> None:
    shop = office.shop
    order = shop.confirm(shop.order(shop.line(shop.product(), 3)))
    invoice = office.validate(office.of_order(order))
    office.credit(invoice, part(invoice, 0, "1"))
    assert shop.find(order).invoiced is Invoiced.FULLY
    office.credit(invoice, reopens_order=True)
    assert shop.find(order).lines[0].left_to_invoice == of(2)


def test_a_replacement_takes_the_place_of_what_was_wrong(office: Office) -> None:
    shop = office.shop
    order = shop.confirm(shop.order(shop.line(shop.product(), 3)))
    wrong = office.validate(office.of_order(order))
    right = office.validate(office.replacing(wrong))

    assert (right.type, right.number) == (InvoiceType.REPLACEMENT, "REP2024-00001")
    gone = office.find(wrong)
    assert gone.state is InvoiceState.ABANDONED
    assert gone.abandoned_because == "replaced by REP2024-00001"
    assert shop.find(order).invoiced is Invoiced.FULLY
    assert [each.id for each in office.sheet(wrong).referring] == [right.id]
    with expect(TransitionError, "invoicing.replacement.invoice"):
        office.replacing(wrong)


def test_of_two_replacements_one_stands(office: Office) -> None:
    wrong = office.issued()
    one, two = office.replacing(wrong), office.replacing(wrong)
    office.validate(one)
    with expect(TransitionError, "invoicing.replacement.invoice"):
        office.validate(two)


def test_an_invoice_abandoned_by_mistake_reopens_its_order(office: Office) -> None:
    shop = office.shop
    order = shop.confirm(shop.order(shop.line(shop.product(), 3)))
    office.abandon(office.validate(office.of_order(order)))
    assert shop.find(order).invoiced is Invoiced.FULLY

    other = shop.confirm(shop.order(shop.line(shop.product(), 3)))
    office.abandon(office.validate(office.of_order(other)), reopens_order=True)
    assert shop.find(other).invoiced is Invoiced.NONE


def deposit(office: Office, order: object, **said: object) -> object:
    return office.of_order(order, type=InvoiceType.DEPOSIT, deposit=DepositPart(**said))


def test_a_paid_deposit_is_deducted_from_the_final_invoice(office: Office) -> None:
    shop = office.shop
    vat = office.taxed()
    order = shop.confirm(
        shop.order(
            shop.line(None, 1, description="job", unit_price=Decimal(100), tax_class_id=vat)
        )
    )
    asked = office.validate(deposit(office, order, percent=Rate(Decimal(30))))
    assert (asked.totals.net, asked.totals.total) == (eur(30), eur(36))
    assert office.of_order(order).links.deposit_ids == ()  # not paid yet
    payment = office.pay(asked)

    final = office.of_order(order)
    assert final.links.deposit_ids == (asked.id,)
    rival = office.of_order(order, lines=(office.line(),))
    final = office.validate(final)
    assert (final.totals.total, final.receivable.open_amount) == (eur(120), eur(84))
    with expect(TransitionError, "invoicing.deposit.not_paid"):
        office.validate(rival)
    with expect(TransitionError, "invoicing.deposit.used"):
        office.reverse(payment)
    assert office.is_consistent()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"percent": Rate(Decimal(0))}, "invoicing.deposit.size"),
        ({"percent": Rate(Decimal(101))}, "invoicing.deposit.size"),
        ({"amount": Decimal("30.01")}, "invoicing.deposit.size"),
        ({"amount": Decimal(1), "percent": Rate(Decimal(1))}, "invoicing.deposit.part"),
        ({}, "invoicing.deposit.part"),
    ],
)
def test_a_deposit_is_a_part_of_the_order(office: Office, said: dict, code: str) -> None:
    order = office.shop.confirm(office.shop.order(office.shop.line(office.shop.product(), 3)))
    with expect(InvariantError, code):
        deposit(office, order, **said)


def test_a_deposit_that_is_credited_is_deducted_from_nothing(office: Office) -> None:
    shop = office.shop
    order = shop.confirm(shop.order(shop.line(shop.product(), 3)))
    asked = office.validate(deposit(office, order, amount=Decimal(10)))
    office.pay(asked)
    note = office.credit(asked)
    assert note.receivable.spare() == eur(10)
    assert office.of_order(order).links.deposit_ids == ()
    assert office.is_consistent()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 99_999), st.integers(1, 30), st.integers(0, 25)),
        min_size=1,
        max_size=4,
    ),
    st.integers(1, 9_999),
)
def test_a_deposit_comes_to_what_was_asked_to_the_cent(
    lines: list[tuple[int, int, int]], percent: int
) -> None:
    office = an_office()
    shop = office.shop
    classes = {rate: office.taxed(str(rate)) for _, _, rate in lines}
    order = shop.confirm(
        shop.order(
            *(
                shop.line(
                    None,
                    quantity,
                    description="job",
                    unit_price=Decimal(price) / 100,
                    tax_class_id=classes[rate],
                )
                for price, quantity, rate in lines
            )
        )
    )
    rate = Rate(Decimal(percent) / 100)
    wanted: Money = rate.of(order.totals.total)
    if wanted.amount:
        assert deposit(office, order, percent=rate).totals.total == wanted


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
def test_however_an_order_is_billed_no_more_is_than_was_ordered(
    quantities: list[int], data: st.DataObject
) -> None:
    office = an_office()
    shop = office.shop
    order = shop.confirm(
        shop.order(
            *(shop.line(None, n, description="x", unit_price=Decimal(1)) for n in quantities)
        )
    )
    for _ in range(4):
        wanted = [data.draw(st.integers(0, n)) for n in quantities]
        lines = tuple(some(line.id, n) for line, n in zip(order.lines, wanted, strict=True) if n)
        before = shop.find(order)
        fits = all(
            Quantity(Decimal(n)) <= line.left_to_invoice
            for line, n in zip(before.lines, wanted, strict=True)
        )
        if not lines:
            continue
        draft = office.of_order(order, lines=lines)
        if fits:
            office.validate(draft)
        else:
            with expect(InvariantError, "sales.order.over_invoiced"):
                office.validate(draft)
            assert shop.find(order) == replace(before)

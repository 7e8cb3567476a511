"""Invoices on paper: what was owed when they were validated, whatever was paid since."""

from datetime import timedelta
from decimal import Decimal

import pytest

from erp_core.catalog.entities import TaxComponent
from erp_core.documents.entities import PaperRequest, Printed, PrintedDocument, Symbol
from erp_core.documents.use_cases import ChangeLetterheadCommand
from erp_core.invoicing.entities import Invoice, InvoiceType, SettlementSource
from erp_core.invoicing.use_cases import DepositPart
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Rate
from erp_core.parties.entities import Instalment, PaymentTerm, PaymentTermId
from erp_core.testing import NOON, context
from erp_memory.documents import PlainPaper
from tests.invoicing.offices import CLERK, Office, eur
from tests.sales.shops import a_shop

KEEPER = context("documents.*")
IBAN = "DE89370400440532013000"


class PrintingOffice(Office):
    """An office whose papers can be looked at before they are set."""

    def __init__(self) -> None:
        self.renderer = PlainPaper()
        super().__init__(a_shop(renderer=self.renderer))

    def print(self, invoice: Invoice) -> Printed:
        return self.use.print_invoice(CLERK, PaperRequest(id=invoice.id))

    def printed(self, invoice: Invoice) -> PrintedDocument:
        self.print(invoice)
        return self.renderer.rendered[-1]

    def facts(self, invoice: Invoice) -> dict[str, str]:
        return {each.label: each.text for each in self.printed(invoice).facts}

    def wants_transfers(self) -> None:
        command = ChangeLetterheadCommand(version=None, changes={"iban": IBAN})
        self.shop.erp.documents.change_letterhead(KEEPER, command)

    def term(self, *days: int) -> PaymentTermId:
        share = Rate(Decimal(100) / len(days))
        term = PaymentTerm(
            id=PaymentTermId(new_id()),
            name=f"in parts: {days}",
            instalments=tuple(Instalment(percent=share, days=each) for each in days),
        )
        with self.shop.store(CLERK) as uow:
            return uow.payment_terms.add(CLERK, term).id

    def pay(self, invoice: Invoice, amount: object) -> None:
        with self.shop.store(CLERK) as uow:
            (owed,) = uow.receivables.lock(CLERK, [invoice.id])
            paid = owed.settle(
                SettlementSource.PAYMENT, new_id(), eur(amount), invoice.invoiced_on, NOON
            )
            uow.receivables.save(CLERK, [paid])


@pytest.fixture
def office() -> PrintingOffice:
    return PrintingOffice()


def test_a_payment_changes_nothing_on_paper(office: PrintingOffice) -> None:
    unprinted, printed = office.issued(), office.issued()
    before = office.print(printed)
    for each in (unprinted, printed):
        office.pay(each, 100)
    assert office.print(printed).content == before.content
    said = office.printed(unprinted)
    assert (said.watermark, said.totals[-1].amount) == ("", "€100.00")


def test_one_instalment_is_a_fact_and_several_are_a_table(office: PrintingOffice) -> None:
    one = office.issued(payment_term_id=office.term(30))
    assert office.facts(one)["Due date"] == "30\u00a0Mar\u00a02024"
    assert office.facts(one)["Payment terms"] == "in parts: (30,)"
    two = office.issued(payment_term_id=office.term(30, 60))
    said = office.printed(two)
    assert "Due date" not in {each.label for each in said.facts}
    assert [row.cells for row in said.tables[-1].rows] == [
        ("30\u00a0Mar\u00a02024", "50.00"),
        ("29\u00a0Apr\u00a02024", "50.00"),
    ]


def test_the_code_pays_what_is_due_first(office: PrintingOffice) -> None:
    assert office.printed(office.issued()).codes == ()
    office.wants_transfers()
    invoice = office.issued(payment_term_id=office.term(30, 60))
    (code,) = office.printed(invoice).codes
    lines = code.payload.split("\n")
    assert code.symbol is Symbol.EPC
    assert (lines[5], lines[6], lines[7], lines[10]) == (
        "Acme",
        IBAN,
        "EUR50.00",
        invoice.number,
    )
    shown = {each.label: each.text.replace("\u00a0", " ") for each in code.facts}
    assert shown["IBAN"] == "DE89 3704 0044 0532 0130 00"


def test_nobody_is_asked_to_pay_drafts_credit_notes_and_what_was_given_up(
    office: PrintingOffice,
) -> None:
    office.wants_transfers()
    draft = office.printed(office.draft())
    note = office.printed(office.credit(office.issued()))
    gone = office.printed(office.abandon(office.issued()))
    assert [each.codes for each in (draft, note, gone)] == [(), (), ()]
    assert [each.watermark for each in (draft, note, gone)] == ["DRAFT", "", "CANCELLED"]


def test_a_deposit_is_deducted_by_its_number(office: PrintingOffice) -> None:
    shop = office.shop
    order = shop.confirm(
        shop.order(shop.line(None, 1, description="house", unit_price=Decimal(1000)))
    )
    deposit = office.validate(
        office.of_order(order, type=InvoiceType.DEPOSIT, deposit=DepositPart(amount=Decimal(300)))
    )
    office.pay(deposit, 300)
    final = office.validate(office.of_order(order, deposit_ids=(deposit.id,)))
    said = office.printed(final)
    assert office.printed(deposit).title == "Deposit invoice"
    assert [(each.label, each.amount) for each in said.totals] == [
        ("Total", "€1,000.00"),
        (f"Deposit {deposit.number}", "-€300.00"),
        ("To pay", "€700.00"),
    ]
    assert {each.label: each.text for each in said.facts}["Order"] == order.number


def test_what_puts_an_invoice_right_names_it(office: PrintingOffice) -> None:
    invoice = office.issued()
    note = office.credit(invoice)
    assert office.facts(note)["Credits invoice"] == invoice.number
    said = office.printed(note)
    assert (said.title, said.notes[0].text) == ("Credit note", "broken")
    wrong = office.issued()
    right = office.validate(office.replacing(wrong))
    assert office.facts(right)["Replaces invoice"] == wrong.number


def test_taxes_are_told_at_each_of_their_rates(office: PrintingOffice) -> None:
    kept = TaxComponent(name="ISS", rate=Rate(Decimal(5)), withheld=True)
    vat = TaxComponent(name="VAT", rate=Rate(Decimal(20)))
    said = office.printed(
        office.issued(office.line(components=(vat, kept)), office.line(components=(vat,)))
    )
    (taxes,) = said.tables
    assert [row.cells for row in taxes.rows] == [
        ("VAT", "20%", "200.00", "40.00"),
        ("ISS (withheld)", "5%", "100.00", "5.00"),
    ]


def test_the_day_of_the_file_is_the_documents(office: PrintingOffice) -> None:
    invoice = office.issued()
    assert office.printed(invoice).dated == invoice.invoiced_on
    earlier = invoice.invoiced_on - timedelta(days=1)
    assert office.printed(office.draft(invoiced_on=earlier)).dated == earlier

"""Invoices to try a store with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from erp_core.catalog.entities import (
    Discount,
    DocumentLine,
    DocumentTerms,
    LineId,
    LineKind,
    TaxComponent,
    price_document,
)
from erp_core.invoicing.entities import (
    Balance,
    CreditPart,
    DueDate,
    Invoice,
    InvoiceId,
    InvoiceLine,
    InvoiceType,
    Links,
    all_parts,
    credit_lines,
    credit_terms,
    credit_totals,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money, Rate, UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import Party, PartyId, PartySnapshot
from erp_core.testing import NOON

TODAY = date(2024, 2, 29)
VAT = TaxComponent(name="IVA", rate=Rate(Decimal(20)))
KEPT = TaxComponent(name="ISS", rate=Rate(Decimal("1.5")), withheld=True)


def an_item(
    price: str = "10", quantity: str = "1", *components: TaxComponent, **changes: object
) -> DocumentLine:
    """Make a line of something that is only described."""
    line = DocumentLine(
        id=LineId(new_id()),
        description="Conseil, São João ☕",
        quantity=Quantity.of(quantity),
        unit_price=Decimal(price),
        components=components,
    )
    return replace(line, **changes)  # type: ignore[arg-type]  # by name


def a_heading(text: str = "Travaux") -> DocumentLine:
    """Make a line of mere text."""
    return DocumentLine(id=LineId(new_id()), kind=LineKind.HEADING, description=text)


def an_invoice(party_id: PartyId, *lines: DocumentLine, **changes: object) -> Invoice:
    """Make a draft that bills *lines*."""
    terms = DocumentTerms(currency="EUR")
    draft = blank(party_id, **changes)
    return of_lines(draft, terms, *lines)


def blank(party_id: PartyId, **changes: object) -> Invoice:
    """Make a draft that nobody has written on."""
    terms = DocumentTerms(currency="EUR")
    totals = price_document((), terms).totals
    draft = Invoice(
        id=InvoiceId(new_id()),
        party_id=party_id,
        invoiced_on=TODAY,
        terms=terms,
        totals=totals,
        balance=Balance.of(totals.payable),
        credited=Money.zero(terms.currency),
    )
    return replace(draft, **changes)  # type: ignore[arg-type]  # by name


def of_lines(draft: Invoice, terms: DocumentTerms, *lines: DocumentLine) -> Invoice:
    """Return *draft* with *lines*, priced."""
    document = price_document(lines, terms)
    wrapped = [InvoiceLine(priced=each) for each in document.lines]
    return draft.with_lines(terms, wrapped, document.totals)


def a_full_invoice(party: Party, **changes: object) -> Invoice:
    """Make a draft of which only what needs another document is left at its default."""
    terms = DocumentTerms(
        currency="EUR",
        discount=Discount(percent=Rate(Decimal("2.5"))),
        cash_step=Decimal("0.05"),
    )
    priced = an_item(
        "123.456789",
        "3.000001",
        VAT,
        KEPT,
        unit="kg",
        price_includes_tax=True,
        discount=Discount(amount=Decimal("7.13")),
        unit_cost=UnitPrice(Decimal("99.000001"), "EUR"),
    )
    draft = blank(
        party.id,
        reference="PO 4711/ß",
        note="Merci.\nÀ bientôt.",
        reason="wrong address",
        payment_term_id=party.payment_term_id,
    )
    lines = (a_heading(), priced, an_item("0.01", "7"))
    return replace(of_lines(draft, terms, *lines), **changes)  # type: ignore[arg-type]  # by name


def validated(invoice: Invoice, number: str = "INV1", *due: DueDate) -> Invoice:
    """Return *invoice* validated, due today unless it is said when."""
    dates = due or (DueDate(due_on=invoice.invoiced_on, amount=invoice.totals.payable),)
    snapshot = PartySnapshot(code="C1", name="Zoë & Söhne")
    return invoice.validate(number, snapshot, () if invoice.type.is_credit else dates, NOON)


def a_credit_note(invoice: Invoice, *parts: CreditPart) -> Invoice:
    """Make a draft that gives *parts* of *invoice* back, or all that is left of it."""
    lines = credit_lines(invoice, parts or all_parts(invoice))
    totals = credit_totals(invoice, lines)
    credit = blank(
        invoice.party_id,
        type=InvoiceType.CREDIT_NOTE,
        links=Links(credits_id=invoice.id),
        reason="broken",
    )
    return credit.with_lines(credit_terms(invoice, totals), lines, totals)

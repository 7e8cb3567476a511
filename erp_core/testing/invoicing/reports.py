"""What everybody who reports about sales must say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from erp_core.catalog.entities import (
    DocumentLine,
    DocumentTerms,
    LineKind,
    Product,
    standard_units,
)
from erp_core.invoicing.entities import (
    CreditPart,
    Invoice,
    InvoiceType,
    credited_by,
)
from erp_core.invoicing.ports import (
    MarginBy,
    MarginQuery,
    MarginRow,
    SalesQuery,
    SalesReports,
    Sold,
    TaxBy,
    TaxQuery,
    TaxRow,
)
from erp_core.kernel.errors import InvariantError, MalformedError
from erp_core.kernel.money import Rate, UnitPrice
from erp_core.kernel.page import Cursor, Page, PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import Party
from erp_core.testing import NOON, RIVAL, context, expect
from erp_core.testing.catalog import a_product
from erp_core.testing.invoicing.builders import (
    KEPT,
    TODAY,
    VAT,
    a_credit_note,
    a_heading,
    an_item,
    blank,
    of_lines,
    validated,
)
from erp_core.testing.invoicing.repository import InvoicingContract

T = TypeVar("T")
ALL = PageRequest(limit=200)
MARCH = date(2024, 3, 1)
LOW = replace(VAT, rate=Rate(Decimal("5.5")))


class SalesReportsContract(InvoicingContract):
    """What was sold, earned and taxed: ``TODAY`` is the 29th of February."""

    def asked(self, ask: Callable[[SalesReports], Page[T]]) -> tuple[T, ...]:
        with self.unit_of_work(context(), read_only=True) as uow:
            return ask(uow.sales_reports).items

    def a_stored_product(self) -> Product:
        with self.unit_of_work(context()) as uow:
            uow.units.add_absent(context(), standard_units())
            return uow.products.add(context(), a_product())

    def sold(self, party: Party, number: str, *lines: DocumentLine, **changes: object) -> Invoice:
        """Store a validated document of *lines*; *currency* is among the changes."""
        currency = str(changes.pop("currency", "EUR"))
        draft = of_lines(blank(party.id, **changes), DocumentTerms(currency=currency), *lines)
        return self.stored(validated(draft, number))

    def credited(self, invoice: Invoice, number: str, quantity: str, on: date) -> Invoice:
        """Store a validated credit note of so much of the first line."""
        line = next(each for each in invoice.lines if each.line.kind.is_priced)
        part = CreditPart(invoice_line_id=line.id, quantity=Quantity.of(quantity))
        note = replace(a_credit_note(invoice, part), invoiced_on=on)
        stored = self.stored(validated(note, number))
        self.saved(credited_by(self.found(invoice.id), stored))
        return stored

    def margins(self, by: MarginBy) -> tuple[MarginRow, ...]:
        return self.asked(lambda reports: reports.margins(context(), MarginQuery(page=ALL, by=by)))

    def taxes(self, by: TaxBy) -> tuple[TaxRow, ...]:
        return self.asked(lambda reports: reports.taxes(context(), TaxQuery(page=ALL, by=by)))

    def test_sales_are_told_by_month_and_currency_less_what_was_credited(self) -> None:
        party = self.a_stored_party()
        first = self.sold(party, "A", a_heading(), an_item("10", "3", VAT, KEPT))
        self.sold(party, "B", an_item("1.5"), invoiced_on=MARCH)
        self.sold(party, "C", an_item("700", "1", VAT), currency="JPY")
        self.credited(first, "D", "1", MARCH)
        rows = self.asked(lambda reports: reports.by_month(context(), SalesQuery(page=ALL)))
        assert [(each.month, *said(each.sold)) for each in rows] == [
            (date(2024, 2, 1), "EUR", 1, "30.00", "6.00", "36.00"),
            (date(2024, 2, 1), "JPY", 1, "700", "140", "840"),
            (MARCH, "EUR", 2, "-8.50", "-2.00", "-10.50"),
        ]

    def test_a_period_has_both_its_days_and_a_party_and_a_currency_narrow_it(self) -> None:
        party, other = self.a_stored_party(), self.a_stored_party()
        self.sold(party, "A", an_item("1"), invoiced_on=date(2024, 2, 28))
        self.sold(party, "B", an_item("2"))
        self.sold(other, "C", an_item("4"))
        self.sold(party, "D", an_item("8"), currency="USD")
        self.sold(party, "E", an_item("16"), invoiced_on=MARCH)
        query = SalesQuery(page=ALL, date_from=TODAY, date_to=TODAY)
        for asked, nets in (
            (query, ["6.00", "8.00"]),
            (replace(query, party_id=party.id), ["2.00", "8.00"]),
            (replace(query, currency="USD"), ["8.00"]),
            (replace(query, date_to=MARCH, currency="EUR", party_id=party.id), ["2.00", "16.00"]),
        ):
            with self.unit_of_work(context(), read_only=True) as uow:
                rows = uow.sales_reports.by_month(context(), asked).items
            assert [f"{each.sold.net:f}" for each in rows] == nets
        with expect(InvariantError, "invoicing.report.period"):
            replace(query, date_from=MARCH)

    def test_customers_and_products_are_told_the_largest_first(self) -> None:
        small, large = self.a_stored_party(), self.a_stored_party()
        tea = self.a_stored_product()
        of_tea = {"product_id": tea.id, "unit": tea.unit}
        sum_of_all = replace(a_heading(), kind=LineKind.SUBTOTAL)
        lines = an_item("10", "1", VAT, **of_tea), an_item("1", "5"), sum_of_all
        self.sold(small, "A", *lines)
        first = self.sold(large, "B", an_item("10", "4", **of_tea), an_item("10", "1", **of_tea))
        self.credited(first, "C", "0.5", TODAY)
        customers = self.asked(
            lambda reports: reports.by_customer(context(), SalesQuery(page=ALL))
        )
        assert [(each.party.id, *said(each.sold)) for each in customers] == [
            (large.id, "EUR", 2, "45.00", "0.00", "45.00"),
            (small.id, "EUR", 1, "15.00", "2.00", "17.00"),
        ]
        assert (customers[0].party.name, customers[0].party.code) == (large.name, large.code)
        products = self.asked(lambda reports: reports.by_product(context(), SalesQuery(page=ALL)))
        assert [(each.product and each.product.sku, *said(each.sold)) for each in products] == [
            (tea.sku, "EUR", 3, "55.00", "2.00", "57.00"),
            (None, "EUR", 1, "5.00", "0.00", "5.00"),
        ]
        assert [each.quantity for each in products] == [Decimal("5.5"), None]

    def test_drafts_deposits_and_what_was_given_up_are_not_sold(self) -> None:
        party = self.a_stored_party()
        self.stored(of_lines(blank(party.id), DocumentTerms(currency="EUR"), an_item("1")))
        deposit = self.sold(party, "A", an_item("2", "2", VAT), type=InvoiceType.DEPOSIT)
        self.credited(deposit, "B", "1", TODAY)
        given_up = self.sold(party, "C", an_item("4", "1", VAT))
        self.saved(self.found(given_up.id).abandon("bankrupt", NOON))
        query = SalesQuery(page=ALL)
        assert self.asked(lambda reports: reports.by_month(context(), query)) == ()
        assert self.asked(lambda reports: reports.by_customer(context(), query)) == ()
        assert self.asked(lambda reports: reports.by_product(context(), query)) == ()
        for by in MarginBy:
            assert self.margins(by) == ()
        (tax,) = self.taxes(TaxBy.PERIOD)
        assert (tax.tax.deposit, f"{tax.base:f}", f"{tax.amount:f}") == (True, "2.00", "0.40")

    def test_the_margin_is_that_of_what_has_a_cost_in_its_currency(self) -> None:
        party, tea = self.a_stored_party(), self.a_stored_product()
        cost = UnitPrice(Decimal("3.333333"), "EUR")
        known = an_item("10", "2", product_id=tea.id, unit=tea.unit, unit_cost=cost)
        foreign = an_item("5", "1", unit_cost=UnitPrice(Decimal(1), "USD"))
        invoice = self.sold(party, "A", known, foreign, an_item("7"))
        note = self.credited(invoice, "B", "1", TODAY)
        lines = self.margins(MarginBy.LINE)
        assert {(each.document and each.document.id, *earned(each)) for each in lines} == {
            (invoice.id, "20.00", "0.00", "6.67", "13.33", "66.65"),
            (invoice.id, "5.00", "5.00", "0.00", "0.00", None),
            (invoice.id, "7.00", "7.00", "0.00", "0.00", None),
            (note.id, "-10.00", "0.00", "-3.33", "-6.67", "66.70"),
        }
        assert {each.description for each in lines} == {"Conseil, São João ☕"}
        documents = {
            each.document.id: each for each in self.margins(MarginBy.DOCUMENT) if each.document
        }
        assert earned(documents[invoice.id]) == ("32.00", "12.00", "6.67", "13.33", "66.65")
        assert earned(documents[note.id]) == ("-10.00", "0.00", "-3.33", "-6.67", "66.70")
        (customer,) = self.margins(MarginBy.CUSTOMER)
        assert earned(customer) == ("22.00", "12.00", "3.34", "6.66", "66.60")
        none, of_tea = self.margins(MarginBy.PRODUCT)
        assert (none.product, earned(none)) == (None, ("12.00", "12.00", "0.00", "0.00", None))
        assert of_tea.product is not None
        assert (of_tea.product.id, earned(of_tea)) == (
            tea.id,
            ("10.00", "0.00", "3.34", "6.66", "66.60"),
        )

    def test_taxes_are_told_by_name_rate_and_whether_they_are_withheld(self) -> None:
        party = self.a_stored_party()
        first = self.sold(party, "A", an_item("100", "2", VAT, KEPT), an_item("100", "1", LOW))
        self.sold(party, "B", an_item("50", "1", VAT), invoiced_on=MARCH)
        self.sold(party, "C", an_item("50", "1", VAT), type=InvoiceType.DEPOSIT)
        self.credited(first, "D", "1", MARCH)
        whole = [
            (None, "ISS", "1.5", True, False, 2, "100.00", "1.50"),
            (None, "IVA", "5.5", False, False, 1, "100.00", "5.50"),
            (None, "IVA", "20", False, False, 3, "150.00", "30.00"),
            (None, "IVA", "20", False, True, 1, "50.00", "10.00"),
        ]
        assert [taxed(each) for each in self.taxes(TaxBy.PERIOD)] == whole
        february = TODAY.replace(day=1)
        assert [taxed(each) for each in self.taxes(TaxBy.MONTH)] == [
            (february, "ISS", "1.5", True, False, 1, "200.00", "3.00"),
            (february, "IVA", "5.5", False, False, 1, "100.00", "5.50"),
            (february, "IVA", "20", False, False, 1, "200.00", "40.00"),
            (february, "IVA", "20", False, True, 1, "50.00", "10.00"),
            (MARCH, "ISS", "1.5", True, False, 1, "-100.00", "-1.50"),
            (MARCH, "IVA", "20", False, False, 2, "-50.00", "-10.00"),
        ]

    def test_every_report_is_read_page_by_page(self) -> None:
        products = [self.a_stored_product() for _ in range(2)]
        for number in range(4):
            party = self.a_stored_party()
            lines = [
                an_item("5", "1", VAT, KEPT, product_id=each.id, unit=each.unit)
                for each in products
            ]
            currency = ("EUR", "USD")[number % 2]
            on = date(2024, 1 + number // 2, 7)
            self.sold(party, f"N{number}", *lines, currency=currency, invoiced_on=on)
        for ask in reports_of():
            with self.unit_of_work(context(), read_only=True) as uow:
                whole = ask(uow.sales_reports, replace(ALL, count=True))
                one: list[Any] = []
                after: Cursor | None = None
                while after is not None or not one:
                    page = ask(uow.sales_reports, PageRequest(limit=1, after=after))
                    one += page.items
                    after = page.next
            assert whole.total == len(whole.items)
            assert tuple(one) == whole.items
            assert len(one) >= 4

    def test_another_companys_sales_are_in_no_report(self) -> None:
        self.sold(self.a_stored_party(), "A", an_item("5", "1", VAT))
        rival = context(company=RIVAL)
        with self.unit_of_work(rival, read_only=True) as uow:
            reports = uow.sales_reports
            query = SalesQuery(page=ALL)
            assert reports.by_month(rival, query).items == ()
            assert reports.by_customer(rival, query).items == ()
            assert reports.by_product(rival, query).items == ()
            for by in MarginBy:
                assert reports.margins(rival, MarginQuery(page=ALL, by=by)).items == ()
            assert reports.taxes(rival, TaxQuery(page=ALL)).items == ()

    def test_a_strange_cursor_or_order_is_malformed(self) -> None:
        invoice = self.sold(self.a_stored_party(), "A", an_item("5", "1", VAT))
        strange = [
            *("", "EUR", "EURNaN", "EUR1e99", "eur1", "2024-01-01", "2024-01-01Z", "a|b|c|d|e"),
            *("2024-01-01|EUR|1|07|x", "2024-01-01|EUR|-1|00|x", "2024-01-01|eur|1|00|x"),
        ]
        for value in strange:
            page = PageRequest(after=Cursor(value, invoice.id))
            for ask in reports_of():
                with (
                    self.unit_of_work(context(), read_only=True) as uow,
                    expect(MalformedError, "page.cursor"),
                ):
                    ask(uow.sales_reports, page)
        for page in (PageRequest(sort="name"), PageRequest(descending=True)):
            with expect(MalformedError, "page.sort"):
                SalesQuery(page=page)


Ask = Callable[[SalesReports, PageRequest], Page[Any]]


def reports_of() -> list[Ask]:
    """Return every report there is, to be asked for a page."""
    return [
        lambda reports, page: reports.by_month(context(), SalesQuery(page=page)),
        lambda reports, page: reports.by_customer(context(), SalesQuery(page=page)),
        lambda reports, page: reports.by_product(context(), SalesQuery(page=page)),
        *(_margins(by) for by in MarginBy),
        *(_taxes(by) for by in TaxBy),
    ]


def _margins(by: MarginBy) -> Ask:
    return lambda reports, page: reports.margins(context(), MarginQuery(page=page, by=by))


def _taxes(by: TaxBy) -> Ask:
    return lambda reports, page: reports.taxes(context(), TaxQuery(page=page, by=by))


def said(sold: Sold) -> tuple[str, int, str, str, str]:
    """Return sums as they are written."""
    return (sold.currency, sold.documents, f"{sold.net:f}", f"{sold.tax:f}", f"{sold.total:f}")


def earned(row: MarginRow) -> tuple[str | None, ...]:
    """Return what was earned as it is written."""
    it = row.earned
    amounts = (it.net, it.net_without_cost, it.cost, it.margin)
    percent = None if it.percent is None else f"{it.percent:f}"
    return (*(f"{each:f}" for each in amounts), percent)


def taxed(row: TaxRow) -> tuple[object, ...]:
    """Return a tax as it is written."""
    tax = row.tax
    which = (tax.month, tax.name, str(tax.rate), tax.withheld, tax.deposit)
    return (*which, row.documents, f"{row.base:f}", f"{row.amount:f}")

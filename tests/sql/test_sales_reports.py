"""Reports of selling: one statement each, and the same answers as memory gives, whatever was sold.

The history is drawn at random, and told to both: invoices in several currencies, replacements,
deposits, credit notes, payments that are reversed, invoices given up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from erp_core.catalog.entities import DocumentLine, DocumentTerms, standard_units
from erp_core.erp import ErpUnitOfWork
from erp_core.invoicing.entities import (
    CreditPart,
    DueDate,
    Invoice,
    InvoiceId,
    InvoiceState,
    InvoiceType,
    SettlementSource,
    credited_by,
)
from erp_core.invoicing.ports import (
    AgedBy,
    AgedQuery,
    MarginBy,
    MarginQuery,
    SalesQuery,
    TaxBy,
    TaxQuery,
)
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Rate, UnitPrice
from erp_core.kernel.page import Page, PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartySnapshot
from erp_core.testing import context
from erp_core.testing.catalog import a_product
from erp_core.testing.invoicing import KEPT, VAT, a_credit_note, an_item, blank, of_lines
from erp_core.testing.parties import another_party
from erp_memory.store import MemoryStore
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database

START = date(2024, 1, 20)
CURRENCIES = ("EUR", "JPY", "KWD")
WHOLE = PageRequest(limit=5000, export=True)
OTHER = replace(VAT, name="Ünused", rate=Rate(Decimal("5.5")))
DAYS = tuple(START + timedelta(days=each) for each in (-1, 0, 15, 40, 130, 999))

steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["invoice"] * 5
            + ["deposit", "credit", "credit", "pay", "pay", "pay", "reverse", "give up", "apply"]
            + ["take back"]
        ),
        st.integers(0, 11),  # which of those there are
        st.integers(1, 10**9).map(lambda n: Decimal(n).scaleb(-4)),  # how much
        st.integers(0, 9),  # how many days later, and how much later it is written down
    ),
    min_size=1,
    max_size=16,
)


def at(day: date) -> datetime:
    """Return an hour of the day, UTC."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


class History:
    """What happens to one company, told to a store."""

    def __init__(self, ctx: Context, *stores: Any) -> None:
        self.ctx, self.stores = ctx, stores
        self.parties = [another_party(name) for name in ("Ana", "Bo", "Cy")]
        self.products = [a_product() for _ in range(3)]
        self.issued: list[InvoiceId] = []
        self.payments: list[tuple[InvoiceId, Any]] = []
        self.today = START
        self.tell(self._begin)

    def tell(self, deed: Any) -> None:
        for store in self.stores:
            with store(self.ctx) as uow:
                deed(uow)

    def _begin(self, uow: ErpUnitOfWork) -> None:
        uow.units.add_absent(self.ctx, standard_units())
        for party in self.parties:
            uow.parties.add(self.ctx, party)
        for product in self.products:
            uow.products.add(self.ctx, product)

    def happens(self, deed: str, which: int, amount: Decimal, days: int) -> None:
        self.today += timedelta(days=days)
        if deed in ("invoice", "deposit"):
            self.bill(deed, which, amount, days)
        elif self.issued:
            does = {"credit": self.credit, "pay": self.pay, "give up": self.give_up}
            does |= {"reverse": self.reverse, "apply": self.apply, "take back": self.take_back}
            does[deed](self.issued[which % len(self.issued)], which, amount)

    def line(self, which: int, amount: Decimal, currency: str) -> DocumentLine:
        taxes = ((VAT,), (VAT, KEPT), (OTHER,), ())[which % 4]
        known = (currency, None, "USD")[which % 3]
        return an_item(
            f"{amount:f}",
            f"{which + 1}.5",
            *taxes,
            product_id=None if which % 4 == 3 else self.products[which % 3].id,
            unit=self.products[which % 3].unit,
            unit_cost=None if known is None else UnitPrice(amount / 7 // Decimal("0.0001"), known),
        )

    def bill(self, deed: str, which: int, amount: Decimal, days: int) -> None:
        currency = CURRENCIES[which % 3]
        lines = [self.line(which + n, amount, currency) for n in range(which % 3 + 1)]
        draft = blank(
            self.parties[which % 3].id,
            id=InvoiceId(new_id()),
            type=InvoiceType.DEPOSIT if deed == "deposit" else InvoiceType.STANDARD,
            invoiced_on=self.today - timedelta(days=days),
        )
        draft = of_lines(draft, DocumentTerms(currency=currency), *lines)
        parts = draft.totals.payable.allocate([Decimal(1), Decimal(which + 1)])
        later = [self.today + timedelta(days=20 * (n + 1) * which) for n in range(2)]
        due = [DueDate(due_on=on, amount=part) for on, part in zip(later, parts, strict=True)]
        self.issue(draft, due)

    def issue(self, draft: Invoice, due: list[DueDate]) -> None:
        number = f"N{len(self.issued)}"
        made = draft.validate(number, PartySnapshot(code="C", name="X"), due, at(self.today))
        self.tell(lambda uow: uow.invoices.add(self.ctx, made))
        self.issued.append(made.id)

    def known(self, invoice_id: InvoiceId) -> Invoice:
        with self.stores[0](self.ctx, read_only=True) as uow:
            return uow.invoices.get(self.ctx, invoice_id)

    def credit(self, invoice_id: InvoiceId, which: int, amount: Decimal) -> None:
        invoice = self.known(invoice_id)
        if invoice.type.is_credit or invoice.state is InvoiceState.ABANDONED:
            return
        line = invoice.lines[which % len(invoice.lines)]
        many = min(line.creditable.value, Quantity.of(f"{which + 1}").value)
        if not many:
            return
        draft = a_credit_note(
            invoice, CreditPart(invoice_line_id=line.id, quantity=Quantity(many))
        )
        note = replace(draft, invoiced_on=self.today - timedelta(days=which % 3))
        if not note.totals.payable.amount:
            return
        self.issue(note, [])
        after = credited_by(invoice, self.known(note.id))
        self.tell(lambda uow: uow.invoices.save(self.ctx, after))
        self.give(note.id, invoice_id, note.invoiced_on)

    def give(self, note_id: InvoiceId, invoice_id: InvoiceId, on: date) -> None:
        note, invoice = self.known(note_id).receivable, self.known(invoice_id).receivable
        amount = min(note.spare(), invoice.open_amount)
        if not amount.amount:
            return
        pair = note.apply(invoice, amount, on, at(self.today))
        self.tell(lambda uow: self._settle(uow, pair))

    def apply(self, invoice_id: InvoiceId, which: int, amount: Decimal) -> None:
        """Give what is left of a credit note to an invoice."""
        target = self.known(invoice_id)
        for each in self.issued:
            note = self.known(each)
            alike = (note.party_id, note.currency) == (target.party_id, target.currency)
            if note.type.is_credit and alike and not target.type.is_credit:
                self.give(note.id, target.id, self.today)

    def pay(self, invoice_id: InvoiceId, which: int, amount: Decimal) -> None:
        """Pay some of an invoice, or refund some of a credit note."""
        owed = self.known(invoice_id).receivable
        part = owed.open_amount.allocate([Decimal(1), Decimal(which % 3)])[0]
        if not part.amount:
            return
        on = self.today - timedelta(days=which % 5)
        source = new_id()
        after = owed.settle(SettlementSource.PAYMENT, source, part, on, at(self.today))
        self.tell(lambda uow: self._settle(uow, [after]))
        self.payments.append((invoice_id, after.settlements[0]))

    def reverse(self, _: InvoiceId, which: int, amount: Decimal) -> None:
        if not self.payments:
            return
        invoice_id, settlement = self.payments.pop(which % len(self.payments))
        after = self.known(invoice_id).receivable.unsettle(settlement, at(self.today))
        self.tell(lambda uow: self._settle(uow, [after]))

    def take_back(self, invoice_id: InvoiceId, which: int, amount: Decimal) -> None:
        """Take back what a credit note has given to the invoice."""
        with self.stores[0](self.ctx, read_only=True) as uow:
            found = uow.receivables.settlements(self.ctx, invoice_id)
        given = [
            each
            for each in found
            if each.source is SettlementSource.CREDIT_NOTE and each.reversed_at is None
        ]
        if not given:
            return
        one = given[which % len(given)]
        note = self.known(InvoiceId(one.source_id)).receivable
        pair = note.unapply(self.known(invoice_id).receivable, one, at(self.today))
        self.tell(lambda uow: self._settle(uow, pair))

    def give_up(self, invoice_id: InvoiceId, which: int, amount: Decimal) -> None:
        invoice = self.known(invoice_id)
        touched = invoice.balance.settled.amount or invoice.credited.amount
        if invoice.type.is_credit or invoice.state is not InvoiceState.VALIDATED or touched:
            return
        after = invoice.abandon("bankrupt", at(self.today))
        self.tell(lambda uow: uow.invoices.save(self.ctx, after))

    def _settle(self, uow: ErpUnitOfWork, receivables: Any) -> None:
        uow.receivables.lock(self.ctx, [each.id for each in receivables])
        uow.receivables.save(self.ctx, receivables)


def answers(uow: ErpUnitOfWork, ctx: Context, page: PageRequest) -> dict[object, Page[Any]]:
    sales, found = uow.sales_reports, {}
    periods = [
        (date.min, date.max),
        (START, START + timedelta(days=9)),
        (START + timedelta(days=12), date(2024, 3, 31)),
    ]
    for number, (first, last) in enumerate(periods):
        asked = {"page": page, "date_from": first, "date_to": last}
        query = SalesQuery(**asked)
        found |= {
            (number, "sales by month"): sales.by_month(ctx, query),
            (number, "sales by customer"): sales.by_customer(ctx, query),
            (number, "sales by product"): sales.by_product(ctx, query),
        }
        for by in MarginBy:
            found[number, by] = sales.margins(ctx, MarginQuery(**asked, by=by))
        for each in TaxBy:
            found[number, each] = sales.taxes(ctx, TaxQuery(**asked, by=each))
    for day in DAYS:
        until = at(day) + timedelta(hours=15)
        for by in AgedBy:
            query = AgedQuery(page=page, at=day, until=until, by=by)
            found[day, by] = uow.receivable_reports.aged(ctx, query)
    return found


def compare(engine: Engine, steps: list[tuple]) -> None:
    ctx = context("invoicing.*", company=CompanyId(new_id()))  # nothing of the example before
    stores = [MemoryStore(), SqlStore(engine)]
    history = History(ctx, *stores)
    for step in steps:
        history.happens(*step)
    told = []
    for store in stores:
        with store(ctx, read_only=True) as uow:
            told.append(answers(uow, ctx, WHOLE))
    expected, found = told
    for key, page in expected.items():
        assert found[key] == page, key
    require_sums(history, found)


def require_sums(history: History, found: dict[object, Page[Any]]) -> None:
    """The rows of every report come to what the documents come to."""
    documents = [history.known(each) for each in history.issued]
    sold = [each for each in documents if is_sold(history, each)]
    for currency in CURRENCIES:
        mine = [each for each in sold if each.currency == currency]
        net = sum((sign(each) * each.totals.net.amount for each in mine), Decimal(0))
        total = sum((sign(each) * each.totals.total.amount for each in mine), Decimal(0))
        for name in ("sales by month", "sales by customer", "sales by product"):
            rows = [each.sold for each in found[0, name].items if each.sold.currency == currency]
            assert sum(each.net for each in rows) == net
            assert sum(each.total for each in rows) == total
            assert "product" in name or sum(each.documents for each in rows) == len(mine)
        for by in MarginBy:
            earned = [each.earned for each in found[0, by].items]
            assert sum(each.net for each in earned if each.currency == currency) == net
        taxes = [each for each in found[0, TaxBy.MONTH].items if each.tax.currency == currency]
        added = [each for each in taxes if not (each.tax.withheld or each.tax.deposit)]
        assert sum(each.amount for each in added) == total - net
        owed = [each.receivable for each in documents if each.currency == currency]
        now = [each for each in found[DAYS[-1], AgedBy.PARTY].items if each.currency == currency]
        for is_credit, told in ((False, "open_amount"), (True, "credit")):
            parts = [each.open_amount.amount for each in owed if each.type.is_credit is is_credit]
            assert sum(getattr(each, told) for each in now) == sum(parts)


def is_sold(history: History, invoice: Invoice) -> bool:
    credited = invoice.links.credits_id
    of = invoice if credited is None else history.known(credited)
    gone = invoice.state is InvoiceState.ABANDONED
    return not gone and of.type is not InvoiceType.DEPOSIT


def sign(invoice: Invoice) -> int:
    return -1 if invoice.type.is_credit else 1


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    with database("sqlite", tmp_path) as made:
        yield made


quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=40, deadline=None, suppress_health_check=quiet)
@given(steps=steps)
def test_sqlite_and_memory_report_the_same(sqlite: Engine, steps: list[tuple]) -> None:
    compare(sqlite, steps)


@settings(max_examples=6, deadline=None, suppress_health_check=quiet)
@given(steps=steps)
def test_databases_and_memory_report_the_same(engine: Engine, steps: list[tuple]) -> None:
    compare(engine, steps)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def test_every_report_is_one_statement_and_a_second_counts(sqlite: Engine) -> None:
    ctx, store = context("invoicing.*", company=CompanyId(new_id())), SqlStore(sqlite)
    history = History(ctx, store)
    for which in range(6):
        history.happens("invoice", which, Decimal(10), 1)
    with store(ctx, read_only=True) as uow:
        many = len(answers(uow, ctx, PageRequest()))
        for page, each in ((PageRequest(limit=2), 1), (PageRequest(count=True), 2)):
            with counted(sqlite) as said:
                answers(uow, ctx, page)
            assert len(said) == each * many

"""What everybody who says who owes how much must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from erp_core.catalog.entities import DocumentTerms
from erp_core.invoicing.entities import (
    DueDate,
    Invoice,
    InvoiceId,
    InvoiceType,
    Settlement,
    SettlementSource,
    credited_by,
)
from erp_core.invoicing.ports import AgedBy, AgedQuery, AgedRow
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import MalformedError
from erp_core.kernel.money import Money
from erp_core.kernel.page import Cursor, PageRequest
from erp_core.parties.entities import Party, PartySnapshot
from erp_core.testing import NOON, RIVAL, context, expect
from erp_core.testing.invoicing.builders import TODAY, a_credit_note, an_item, blank, of_lines
from erp_core.testing.invoicing.receivables import eur
from erp_core.testing.invoicing.repository import InvoicingContract

ALL = PageRequest(limit=200)
DAY = timedelta(days=1)


class ReceivableReportsContract(InvoicingContract):
    """What is owed and how late it is, on any day."""

    def issued(
        self, party: Party, *late: tuple[str, int], on: date = TODAY, **changes: object
    ) -> Invoice:
        """Store an invoice validated on a day, of parts that are due so many days before TODAY."""
        currency = str(changes.pop("currency", "EUR"))
        draft = blank(party.id, invoiced_on=on, **changes)
        lines = [an_item(amount) for amount, _ in late]
        draft = of_lines(draft, DocumentTerms(currency=currency), *lines)
        due = [
            DueDate(due_on=TODAY - days * DAY, amount=each.priced.total)
            for each, (_, days) in zip(draft.lines, late, strict=True)
        ]
        number, who = f"N{new_id().hex[-12:]}", PartySnapshot(code="C1", name="Zoë")
        return self.stored(draft.validate(number, who, due, noon(on)))

    def noted(self, invoice: Invoice, on: date, validated_on: date | None = None) -> Invoice:
        """Store a credit note of all of an invoice, not applied to it."""
        note = replace(a_credit_note(invoice), invoiced_on=on)
        who = PartySnapshot(code="C1", name="Zoë")
        stored = self.stored(note.validate(f"G{note.id}", who, (), noon(validated_on or on)))
        self.saved(credited_by(self.found(invoice.id), stored))
        return stored

    def settled(self, invoice: Invoice, amount: str, on: date) -> Settlement:
        """Pay some of an invoice, or refund some of a credit note."""
        with self.unit_of_work(context()) as uow:
            (owed,) = uow.receivables.lock(context(), [invoice.id])
            paid = Money(eur(amount).amount, owed.currency)
            after = owed.settle(SettlementSource.PAYMENT, new_id(), paid, on, NOON)
            uow.receivables.save(context(), [after])
        return after.settlements[0]

    def applied(self, note: Invoice, invoice: Invoice, amount: str, on: date) -> None:
        with self.unit_of_work(context()) as uow:
            both = uow.receivables.lock(context(), [note.id, invoice.id])
            uow.receivables.save(context(), both[0].apply(both[1], eur(amount), on, noon(on)))

    def aged(self, at: date = TODAY, **asked: object) -> tuple[AgedRow, ...]:
        query = replace(AgedQuery(page=ALL, at=at, until=midnight(at)), **asked)  # type: ignore[arg-type]  # by name
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.receivable_reports.aged(context(), query).items

    def owes(self, at: date) -> tuple[str, str]:
        """Say what is open, and the credit, in all."""
        rows = self.aged(at, by=AgedBy.CURRENCY)
        return (f"{rows[0].open_amount:f}", f"{rows[0].credit:f}") if rows else ("0", "0")

    def test_what_is_open_stands_in_the_column_of_its_age(self) -> None:
        party = self.a_stored_party()
        for amount, days in (
            ("1", -5),
            ("2", 0),
            ("4", 1),
            ("8", 30),
            ("16", 31),
            ("32", 60),
            ("64", 61),
            ("128", 90),
            ("256", 91),
            ("512", 400),
        ):
            self.issued(party, (amount, days))
        (row,) = self.aged()
        assert columns(row) == ("3.00", "12.00", "48.00", "192.00", "768.00", "0.00")
        assert (row.open_amount, row.balance) == (eur("1023").amount, eur("1023").amount)
        assert row.party is not None
        assert (row.party.id, row.party.name, row.party.code) == (
            party.id,
            party.name,
            party.code,
        )

    def test_what_settles_pays_what_is_due_first(self) -> None:
        invoice = self.issued(self.a_stored_party(), ("100", 100), ("100", 45), ("100", -30))
        self.settled(invoice, "130", TODAY)
        (row,) = self.aged()
        assert columns(row) == ("100.00", "0.00", "70.00", "0.00", "0.00", "0.00")

    def test_credit_notes_have_a_column_of_their_own(self) -> None:
        party = self.a_stored_party()
        old, other = self.issued(party, ("100", 40)), self.issued(party, ("70", 0))
        note = self.noted(old, TODAY)
        self.applied(note, other, "30", TODAY)
        (row,) = self.aged()
        assert columns(row) == ("40.00", "0.00", "100.00", "0.00", "0.00", "70.00")
        assert row.balance == eur("70").amount
        self.settled(note, "70", TODAY)
        (row,) = self.aged()
        assert row.credit == 0

    def test_who_owes_most_comes_first_and_who_owes_nothing_not_at_all(self) -> None:
        small, large, done = (self.a_stored_party() for _ in range(3))
        self.issued(small, ("5", 3))
        self.issued(small, ("900", 3), currency="JPY")
        self.issued(large, ("50", 3))
        self.settled(self.issued(done, ("7", 3)), "7", TODAY)
        rows = self.aged()
        assert [(each.party and each.party.id, each.currency) for each in rows] == [
            (large.id, "EUR"),
            (small.id, "EUR"),
            (small.id, "JPY"),
        ]
        (yen,) = self.aged(currency="JPY")
        assert columns(yen) == ("0", "900", "0", "0", "0", "0")
        (only,) = self.aged(party_id=large.id)
        assert only == rows[0]

    def test_the_totals_are_the_rows_by_currency(self) -> None:
        for amount, late in (("5", 3), ("50", 95)):
            self.issued(self.a_stored_party(), (amount, late))
        self.issued(self.a_stored_party(), ("9", -3), currency="USD")
        euros, dollars = self.aged(by=AgedBy.CURRENCY)
        assert (euros.party, columns(euros)) == (
            None,
            ("0.00", "5.00", "0.00", "0.00", "50.00", "0.00"),
        )
        assert columns(dollars)[0] == "9.00"

    def test_the_past_is_told_as_it_was(self) -> None:
        invoice = self.issued(self.a_stored_party(), ("100", 10), on=TODAY - 20 * DAY)
        settlement = self.settled(invoice, "60", TODAY - 10 * DAY)
        with self.unit_of_work(context()) as uow:
            (owed,) = uow.receivables.lock(context(), [invoice.id])
            uow.receivables.save(context(), [owed.unsettle(settlement, noon(TODAY - 5 * DAY))])
        self.settled(invoice, "100", TODAY - 2 * DAY)
        for days, open_amount in (
            (21, "0"),  # it was not validated yet
            (20, "100.00"),
            (11, "100.00"),
            (10, "40.00"),
            (6, "40.00"),
            (5, "100.00"),  # reversed
            (3, "100.00"),
            (2, "0"),
        ):
            assert self.owes(TODAY - days * DAY)[0] == open_amount
        (row,) = self.aged(TODAY - 8 * DAY)
        assert row.days_1_30 == eur("40").amount
        (row,) = self.aged(TODAY - 10 * DAY)
        assert row.not_due == eur("40").amount

    def test_what_is_dated_earlier_counts_from_the_day_it_was_validated(self) -> None:
        party = self.a_stored_party()
        invoice = self.issued(party, ("100", 10), on=TODAY - 20 * DAY)
        note = self.noted(invoice, TODAY - 10 * DAY, TODAY - 7 * DAY)
        self.applied(note, invoice, "30", TODAY - 10 * DAY)
        assert self.owes(TODAY - 8 * DAY) == ("100.00", "0.00")
        assert self.owes(TODAY - 7 * DAY) == ("70.00", "70.00")

    def test_a_credit_that_was_given_later_was_open_before(self) -> None:
        party = self.a_stored_party()
        old = self.issued(party, ("100", 0), on=TODAY - 30 * DAY)
        note = self.noted(old, TODAY - 20 * DAY)
        new = self.issued(party, ("70", 0), on=TODAY - 10 * DAY)
        self.applied(note, new, "70", TODAY - 5 * DAY)
        self.settled(note, "30", TODAY - 3 * DAY)
        for days, owed in (
            (21, ("100.00", "0.00")),
            (15, ("100.00", "100.00")),
            (6, ("170.00", "100.00")),
            (5, ("100.00", "30.00")),
            (3, ("100.00", "0.00")),
        ):
            assert self.owes(TODAY - days * DAY) == owed

    def test_what_was_given_up_was_owed_until_then(self) -> None:
        invoice = self.issued(self.a_stored_party(), ("100", 0), on=TODAY - 20 * DAY)
        self.saved(self.found(invoice.id).abandon("bankrupt", noon(TODAY - 5 * DAY)))
        assert self.owes(TODAY - 6 * DAY)[0] == "100.00"
        assert self.owes(TODAY - 5 * DAY)[0] == "0"

    def test_a_deposit_is_owed_until_it_is_paid(self) -> None:
        deposit = self.issued(self.a_stored_party(), ("50", 1), type=InvoiceType.DEPOSIT)
        assert self.owes(TODAY)[0] == "50.00"
        self.settled(deposit, "50", TODAY)
        assert self.owes(TODAY)[0] == "0"

    def test_it_is_read_page_by_page(self) -> None:
        for number in range(3):
            party = self.a_stored_party()
            self.issued(party, ("5", number))
            self.issued(party, ("6", number), currency="USD")
        whole = self.aged()
        found: list[AgedRow] = []
        after: Cursor | None = None
        while after is not None or not found:
            page = PageRequest(limit=1, after=after, count=True)
            query = AgedQuery(page=page, at=TODAY, until=midnight(TODAY))
            with self.unit_of_work(context(), read_only=True) as uow:
                answer = uow.receivable_reports.aged(context(), query)
            assert answer.total == 6
            found += answer.items
            after = answer.next
        assert tuple(found) == whole

    def test_another_company_sees_nothing_and_a_strange_cursor_is_malformed(self) -> None:
        self.issued(self.a_stored_party(), ("5", 0))
        query, rival = (
            AgedQuery(page=ALL, at=TODAY, until=midnight(TODAY)),
            context(company=RIVAL),
        )
        with self.unit_of_work(rival, read_only=True) as uow:
            assert uow.receivable_reports.aged(rival, query).items == ()
        strange = replace(query, page=PageRequest(after=Cursor("EURx", InvoiceId(UUID(int=1)))))
        with (
            self.unit_of_work(context(), read_only=True) as uow,
            expect(MalformedError, "page.cursor"),
        ):
            uow.receivable_reports.aged(context(), strange)


def columns(row: AgedRow) -> tuple[str, ...]:
    """Return the columns as they are written, the credit last."""
    late = (row.not_due, row.days_1_30, row.days_31_60, row.days_61_90, row.over_90, row.credit)
    return tuple(f"{each:f}" for each in late)


def noon(day: date) -> datetime:
    """Return noon of a day, UTC."""
    return datetime.combine(day, time(12), UTC)


def midnight(day: date) -> datetime:
    """Return the moment at which a day is over, UTC."""
    return datetime.combine(day + DAY, time(), UTC)

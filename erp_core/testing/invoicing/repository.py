"""What every keeper of invoices must do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from erp_core.catalog.entities import LineId
from erp_core.invoicing.entities import (
    DueDate,
    Invoice,
    InvoiceId,
    InvoiceState,
    InvoiceType,
    Links,
    SettlementSource,
    credited_by,
)
from erp_core.invoicing.ports import InvoiceQuery, InvoicingUnitOfWork
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.money import Money
from erp_core.kernel.page import Cursor, PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.parties.entities import Party, PartyId
from erp_core.testing import NOON, RIVAL, context, expect
from erp_core.testing.invoicing.builders import (
    KEPT,
    TODAY,
    VAT,
    a_credit_note,
    a_full_invoice,
    an_invoice,
    an_item,
    blank,
    validated,
)
from erp_core.testing.parties import a_party

TOMORROW = TODAY + timedelta(days=1)
EUR_40 = Money(Decimal(40), "EUR")


class InvoicingContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[InvoicingUnitOfWork]

    def a_stored_party(self) -> Party:
        with self.unit_of_work(context()) as uow:
            return uow.parties.add(context(), a_party())

    def stored(self, invoice: Invoice) -> Invoice:
        with self.unit_of_work(context()) as uow:
            return uow.invoices.add(context(), invoice)

    def saved(self, invoice: Invoice) -> Invoice:
        with self.unit_of_work(context()) as uow:
            return uow.invoices.save(context(), invoice)

    def found(self, invoice_id: InvoiceId) -> Invoice:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.invoices.get(context(), invoice_id)

    def owed(
        self,
        amount: str = "100",
        number: str = "INV1",
        *due: DueDate,
        party_id: PartyId | None = None,
    ) -> Invoice:
        """Store a validated invoice of its own party, unless another is given."""
        party = party_id or self.a_stored_party().id
        return self.stored(validated(an_invoice(party, an_item(amount)), number, *due))

    def paid(self, invoice: Invoice, amount: Money) -> None:
        with self.unit_of_work(context()) as uow:
            (owed,) = uow.receivables.lock(context(), [invoice.id])
            after = owed.settle(SettlementSource.PAYMENT, new_id(), amount, TODAY, NOON)
            uow.receivables.save(context(), [after])

    def listed(self, request: PageRequest, **filters: object) -> list[InvoiceId]:
        found: list[InvoiceId] = []
        while True:
            query = replace(InvoiceQuery(page=request), **filters)  # type: ignore[arg-type]  # by name
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.invoices.page(context(), query)
            found += [each.id for each in page.items]
            if page.next is None:
                return found
            request = replace(request, after=page.next)


class InvoiceRepositoryContract(InvoicingContract):
    """One caller at a time."""

    def test_every_field_of_a_draft_survives_the_round_trip(self) -> None:
        draft = self.stored(a_full_invoice(self.a_stored_party()))
        assert self.found(draft.id) == draft
        assert (draft.version, draft.number, draft.party) == (1, "", None)

    def test_every_field_of_what_is_validated_survives_the_round_trip(self) -> None:
        draft = self.stored(a_full_invoice(self.a_stored_party()))
        payable = draft.totals.payable
        halves = payable.allocate([Decimal(1), Decimal(1)])
        due = [
            DueDate(due_on=TODAY, amount=halves[0]),
            DueDate(due_on=TOMORROW, amount=halves[1]),
        ]
        invoice = self.saved(validated(draft, "INV2024-1 ß", *due))
        assert self.found(invoice.id) == invoice
        note = self.stored(replace(a_credit_note(invoice), reopens_order=True, note="Retour"))
        assert self.found(note.id) == note
        after = self.saved(credited_by(invoice, note))
        found = self.found(invoice.id)
        assert found == after
        assert found.credited == note.totals.total

    def test_the_lines_of_a_draft_are_replaced_as_a_whole(self) -> None:
        draft = self.stored(an_invoice(self.a_stored_party().id, an_item(), an_item("7")))
        other = an_invoice(draft.party_id, an_item("3", "2", VAT, KEPT))
        after = self.saved(draft.with_lines(other.terms, other.lines, other.totals))
        assert self.found(draft.id) == after
        none = self.saved(after.with_lines(other.terms, (), blank(draft.party_id).totals))
        assert self.found(draft.id).lines == none.lines == ()

    def test_a_stale_draft_is_refused_and_so_is_a_stale_deletion(self) -> None:
        draft = self.stored(an_invoice(self.a_stored_party().id, an_item()))
        self.saved(draft.change({"note": "first"}))
        with expect(StaleVersionError):
            self.saved(draft.change({"note": "second"}))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.invoices.delete(context(), draft)
        assert self.found(draft.id).note == "first"

    def test_a_deleted_draft_is_gone_with_its_lines(self) -> None:
        draft = self.stored(an_invoice(self.a_stored_party().id, an_item()))
        with self.unit_of_work(context()) as uow:
            uow.invoices.delete(context(), draft)
        with expect(NotFoundError):
            self.found(draft.id)
        assert self.stored(replace(draft, version=0)).lines == draft.lines

    def test_ids_and_numbers_are_taken_once(self) -> None:
        draft = self.stored(an_invoice(self.a_stored_party().id, an_item()))
        again = replace(an_invoice(draft.party_id, an_item()), id=draft.id)
        with expect(AlreadyExistsError):
            self.stored(again)
        first = self.saved(validated(draft, "INV1"))
        twin = self.stored(an_invoice(draft.party_id, an_item()))
        with expect(AlreadyExistsError, "invoicing.invoice.number_taken"):
            self.saved(validated(twin, "INV1"))
        deposit = an_invoice(draft.party_id, an_item(), type=InvoiceType.DEPOSIT)
        self.stored(validated(deposit, "INV1"))  # another series
        assert self.found(first.id).number == "INV1"

    def test_what_it_refers_to_must_be_there(self) -> None:
        party = self.a_stored_party()
        unknown = InvoiceId(new_id())
        with expect(NotFoundError):
            self.stored(an_invoice(PartyId(new_id()), an_item()))
        with expect(NotFoundError):
            self.stored(
                an_invoice(
                    party.id,
                    an_item(),
                    type=InvoiceType.REPLACEMENT,
                    links=Links(replaces_id=unknown),
                )
            )
        with expect(NotFoundError):
            self.found(unknown)

    def test_anothers_invoice_does_not_exist(self) -> None:
        invoice, theirs = self.owed(), context(company=RIVAL)
        query = InvoiceQuery(page=PageRequest())
        with self.unit_of_work(theirs) as uow:
            with expect(NotFoundError):
                uow.invoices.get(theirs, invoice.id)
            with expect(NotFoundError):
                uow.invoices.lock(theirs, [invoice.id])
            with expect(NotFoundError):
                uow.receivables.lock(theirs, [invoice.id])
            assert uow.invoices.page(theirs, query).items == ()
            assert uow.invoices.referring(theirs, invoice.id) == ()
            assert uow.receivables.owed(theirs, invoice.party_id, TODAY) == ()
            assert uow.receivables.settlements(theirs, invoice.id) == ()

    def test_several_are_locked_in_the_order_asked(self) -> None:
        ids = [self.owed(number=f"INV{n}").id for n in range(3)]
        for asked in (ids, ids[::-1]):
            with self.unit_of_work(context()) as uow:
                assert [each.id for each in uow.invoices.lock(context(), asked)] == asked
            with self.unit_of_work(context()) as uow:
                assert [each.id for each in uow.receivables.lock(context(), asked)] == asked

    def test_lists_are_filtered(self) -> None:
        one = self.owed("10", "A1", DueDate(due_on=TODAY, amount=Money(Decimal(10), "EUR")))
        two = self.owed("40", "A2", DueDate(due_on=TOMORROW, amount=EUR_40))
        draft = self.stored(an_invoice(one.party_id, an_item(), invoiced_on=date(2024, 3, 2)))
        note = self.stored(validated(a_credit_note(two), "C1"))
        self.paid(two, EUR_40)
        page = PageRequest(limit=1)
        every = [one.id, two.id, draft.id, note.id]
        for wanted, filters in (
            (every, {}),
            ([two.id], {"states": (InvoiceState.PAID,)}),
            ([note.id], {"types": (InvoiceType.CREDIT_NOTE,)}),
            ([one.id, draft.id], {"party_id": one.party_id}),
            ([draft.id], {"date_from": date(2024, 3, 1)}),
            ([one.id, two.id, note.id], {"date_to": TODAY}),
            ([one.id], {"due_before": date(2024, 4, 1)}),
            ([], {"due_before": TODAY}),
            ([one.id, note.id], {"is_open": True}),
            ([two.id, draft.id], {"is_open": False}),
            ([one.id, two.id], {"number": "A"}),
        ):
            assert self.listed(page, **filters) == wanted, filters

    def test_lists_are_sorted_by_date_and_by_number(self) -> None:
        party = self.a_stored_party()
        days = [date(2024, 1, 3), date(2024, 1, 1), date(2024, 1, 2), date(2024, 1, 1)]
        ids = [
            self.stored(validated(an_invoice(party.id, an_item(), invoiced_on=day), number)).id
            for day, number in zip(days, ["N3", "N4", "N1", "N2"], strict=True)
        ]
        for limit in (1, 3, 200):
            by_date = PageRequest(limit=limit, sort="date")
            assert self.listed(by_date) == [ids[1], ids[3], ids[2], ids[0]]
            by_number = PageRequest(limit=limit, sort="number", descending=True)
            assert self.listed(by_number) == [ids[1], ids[0], ids[3], ids[2]]
        with expect(MalformedError):
            self.listed(PageRequest(sort="colour"))
        with expect(MalformedError):
            self.listed(PageRequest(sort="date", after=Cursor("tea", new_id())))

    def test_what_refers_to_an_invoice_is_found(self) -> None:
        invoice = self.owed()
        note = self.stored(a_credit_note(invoice))
        other = self.stored(
            an_invoice(
                invoice.party_id,
                an_item(),
                type=InvoiceType.REPLACEMENT,
                links=Links(replaces_id=invoice.id),
            )
        )
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.invoices.referring(context(), invoice.id)
            assert uow.invoices.deposits(context(), Links()) == ()
        assert [each.id for each in found] == [note.id, other.id]
        assert found[0] == note.summary

    def test_invoices_follow_a_party_that_is_merged(self) -> None:
        one, two = self.owed(number="A1"), self.owed(number="A2")
        with self.unit_of_work(context()) as uow:
            uow.invoices.reassign(context(), one.party_id, two.party_id)
            (change,) = uow.journal.take()
        assert change.after == {"party_id": str(two.party_id), "count": "1"}
        moved = self.found(one.id)
        assert (moved.party_id, moved.version) == (two.party_id, 2)
        assert self.found(two.id).version == 1

    def test_events_are_told_with_the_invoice(self) -> None:
        draft = self.stored(an_invoice(self.a_stored_party().id, an_item()))
        with self.unit_of_work(context()) as uow:
            before = {each.id for each in uow.outbox.pending(context(), 100)}
            uow.invoices.save(context(), validated(draft))
            told = [each for each in uow.outbox.pending(context(), 100) if each.id not in before]
        assert [each.name for each in told] == ["invoicing.invoice_validated"]
        assert told[0].payload["number"] == "INV1"

    def test_a_line_of_another_invoice_keeps_its_id(self) -> None:
        draft = self.stored(an_invoice(self.a_stored_party().id, an_item()))
        twin = an_item(id=LineId(draft.lines[0].id))
        with expect(AlreadyExistsError):
            self.stored(an_invoice(draft.party_id, twin))

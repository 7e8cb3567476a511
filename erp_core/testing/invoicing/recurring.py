"""What every keeper of recurring invoices must do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

from erp_core.catalog.entities import (
    Discount,
    LineId,
    LineKind,
    LineRequest,
    PriceListId,
    ProductId,
    TaxClassId,
)
from erp_core.inventory.entities import WarehouseId
from erp_core.invoicing.entities import (
    Course,
    Frequency,
    InvoiceId,
    Recurrence,
    RecurringInvoice,
    RecurringInvoiceId,
    RecurringLine,
    RecurringPeriod,
    RecurringProblem,
    RecurringState,
)
from erp_core.invoicing.ports import MadeQuery, RecurringQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    ErpError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.money import Rate
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_core.testing import NOON, RIVAL, context, expect
from erp_core.testing.catalog import a_price_list
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.invoicing.builders import TODAY, an_invoice, an_item
from erp_core.testing.invoicing.repository import InvoicingContract
from erp_core.testing.parties import a_payment_term

AFTER_NOON = NOON + timedelta(seconds=1)


def monthly(start_on: date = TODAY, interval: int = 1) -> Recurrence:
    return Recurrence(frequency=Frequency.MONTH, interval=interval, start_on=start_on)


def a_recurring_line(**changes: object) -> RecurringLine:
    """Make a line of something that is only described."""
    request = LineRequest(
        description="Wartung, São João ☕", quantity=Quantity.of("1"), unit_price=Decimal(100)
    )
    return RecurringLine(request=replace(request, **changes))  # type: ignore[arg-type]  # by name


def a_recurring_invoice(party_id: PartyId, **changes: object) -> RecurringInvoice:
    """Make one that bills something each month."""
    made = RecurringInvoice(
        id=RecurringInvoiceId(new_id()),
        name="Maintenance",
        party_id=party_id,
        currency="EUR",
        lines=(a_recurring_line(),),
        course=Course(recurrence=monthly()),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # by name


def a_full_recurring_invoice(party_id: PartyId, **changes: object) -> RecurringInvoice:
    """Make one of which only what needs another thing is left at its default."""
    heading = LineRequest(kind=LineKind.HEADING, description="Travaux")
    line = a_recurring_line(
        unit_price=Decimal("99.123456"),
        quantity=Quantity.of("2.000001"),
        unit="h",
        price_includes_tax=True,
        discount=Discount(percent=Rate(Decimal("7.5"))),
    )
    course = Course(
        recurrence=Recurrence(
            frequency=Frequency.QUARTER, interval=2, start_on=date(2023, 10, 31)
        ),
        position=3,
        count=12,
        made=2,
        last_period_on=date(2024, 10, 31),
    )
    full = a_recurring_invoice(
        party_id,
        lines=(RecurringLine(request=heading), line),
        discount=Discount(amount=Decimal("3.21")),
        reference="PO 4711/ß",
        note="Merci.\nÀ bientôt.",
        course=course,
        validates=True,
        sends=True,
        may_undercut=True,
        state=RecurringState.PAUSED,
        problem=RecurringProblem(code="catalog.price.unknown", text="no price — ☕", at=NOON),
        tried_at=NOON,
    )
    return replace(full, **changes)  # type: ignore[arg-type]  # by name


class RecurringInvoiceContract(InvoicingContract):
    """One caller at a time."""

    def kept(self, recurring: RecurringInvoice) -> RecurringInvoice:
        with self.unit_of_work(context()) as uow:
            return uow.recurring_invoices.add(context(), recurring)

    def changed(self, recurring: RecurringInvoice) -> RecurringInvoice:
        with self.unit_of_work(context()) as uow:
            return uow.recurring_invoices.save(context(), recurring)

    def got(self, recurring_id: RecurringInvoiceId) -> RecurringInvoice:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.recurring_invoices.get(context(), recurring_id)

    def plain(self, **changes: object) -> RecurringInvoice:
        return self.kept(a_recurring_invoice(self.a_stored_party().id, **changes))

    def names(self, request: PageRequest, **filters: object) -> list[str]:
        found: list[str] = []
        while True:
            query = replace(RecurringQuery(page=request), **filters)  # type: ignore[arg-type]  # by name
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.recurring_invoices.page(context(), query)
            found += [each.name for each in page.items]
            if page.next is None:
                return found
            request = replace(request, after=page.next)

    def due(
        self, today: date = TODAY, tried_before: datetime = NOON, limit: int = 10
    ) -> list[RecurringInvoiceId]:
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.recurring_invoices.due(context(), today, tried_before, limit)
        return [each.id for each in found]

    def test_every_field_survives_the_round_trip(self) -> None:
        party = self.a_stored_party()
        with self.unit_of_work(context()) as uow:
            term = uow.payment_terms.add(context(), a_payment_term())
            prices = uow.price_lists.add(context(), a_price_list())
            place = uow.warehouses.add(context(), a_warehouse())
        full = a_full_recurring_invoice(party.id, payment_term_id=term.id, price_list_id=prices.id)
        placed = replace(full.lines[1], warehouse_id=place.id)
        stored = self.kept(replace(full, lines=(full.lines[0], placed)))
        assert self.got(stored.id) == stored
        assert (stored.version, stored.discount) == (1, Discount(amount=Decimal("3.21")))
        ending = Course(recurrence=monthly(), ends_on=date(2025, 1, 1))
        other = self.changed(replace(stored, course=ending, problem=None, lines=stored.lines[1:]))
        assert self.got(stored.id) == other
        assert other.version == 2  # the second

    def test_lists_show_it_without_its_lines(self) -> None:
        full = self.kept(a_full_recurring_invoice(self.a_stored_party().id))
        query = RecurringQuery(page=PageRequest())
        with self.unit_of_work(context(), read_only=True) as uow:
            (found,) = uow.recurring_invoices.page(context(), query).items
        assert found == full.summary

    def test_what_is_not_there_is_not_found(self) -> None:
        unknown = RecurringInvoiceId(new_id())
        with self.unit_of_work(context()) as uow:
            with expect(NotFoundError):
                uow.recurring_invoices.get(context(), unknown)
            with expect(NotFoundError):
                uow.recurring_invoices.lock(context(), unknown)

    def test_another_companys_does_not_exist(self) -> None:
        ours = self.plain()
        rival = context(company=RIVAL)
        with self.unit_of_work(rival, read_only=True) as uow:
            with expect(NotFoundError):
                uow.recurring_invoices.get(rival, ours.id)
            query = RecurringQuery(page=PageRequest())
            assert uow.recurring_invoices.page(rival, query).items == ()
            assert uow.recurring_invoices.due(rival, TODAY, NOON, 10) == ()
            made = MadeQuery(page=PageRequest(), id=ours.id)
            assert uow.recurring_invoices.made(rival, made).items == ()

    def test_ids_are_taken_once(self) -> None:
        first = self.plain()
        other = a_recurring_invoice(first.party_id)
        self._refuses(AlreadyExistsError, lambda: self.kept(replace(other, id=first.id)))
        self._refuses(AlreadyExistsError, lambda: self.kept(replace(other, lines=first.lines)))

    def test_what_it_refers_to_must_be_there(self) -> None:
        stored = self.plain()
        request = replace(stored.lines[0].request, id=LineId(new_id()))
        nowhere = RecurringLine(request=request, warehouse_id=WarehouseId(new_id()))
        nothing = RecurringLine(request=replace(request, product_id=ProductId(new_id())))
        untaxed = RecurringLine(request=replace(request, tax_class_id=TaxClassId(new_id())))
        for changed in (
            replace(stored, party_id=PartyId(new_id())),
            replace(stored, payment_term_id=PaymentTermId(new_id())),
            replace(stored, price_list_id=PriceListId(new_id())),
            *(replace(stored, lines=(each,)) for each in (nowhere, nothing, untaxed)),
        ):
            self._refuses(NotFoundError, partial(self.changed, changed))
        assert self.got(stored.id) == stored

    def _refuses(self, error: type[ErpError], step: Callable[[], object]) -> None:
        with expect(error):
            step()

    def test_a_stale_change_is_refused(self) -> None:
        stored = self.plain()
        self.changed(replace(stored, name="Care"))
        self._refuses(StaleVersionError, lambda: self.changed(replace(stored, name="Cure")))
        assert self.got(stored.id).name == "Care"

    def test_lists_are_filtered_and_in_order(self) -> None:
        ada, bob = self.a_stored_party(), self.a_stored_party()
        problem = RecurringProblem(code="x", text="y", at=NOON)
        for party, name, more in (
            (ada, "Beta", {"state": RecurringState.PAUSED}),
            (ada, "Alpha", {"problem": problem, "tried_at": NOON}),
            (bob, "Betty", {}),
        ):
            self.kept(a_recurring_invoice(party.id, name=name, **more))
        assert self.names(PageRequest(sort="name")) == ["Alpha", "Beta", "Betty"]
        first = PageRequest(sort="name", descending=True, limit=1)
        assert self.names(first) == ["Betty", "Beta", "Alpha"]
        assert self.names(PageRequest(), states=(RecurringState.PAUSED,)) == ["Beta"]
        assert self.names(PageRequest(), party_id=bob.id) == ["Betty"]
        assert self.names(PageRequest(), has_problem=True) == ["Alpha"]
        assert self.names(PageRequest(sort="name"), has_problem=False) == ["Beta", "Betty"]
        assert self.names(PageRequest(sort="name"), name="Be") == ["Beta", "Betty"]
        self._refuses(MalformedError, lambda: self.names(PageRequest(sort="colour")))

    def test_due_is_what_is_active_and_has_begun(self) -> None:
        today = self.plain()
        self.plain(course=Course(recurrence=monthly(TODAY + timedelta(days=1))))
        self.plain(state=RecurringState.PAUSED)
        self.plain(state=RecurringState.ENDED)
        self.plain(course=Course(recurrence=monthly(), count=1, made=1, position=1))
        assert self.due() == [today.id]
        assert self.due(TODAY - timedelta(days=1)) == []

    def test_due_is_first_what_was_not_tried_for_longest(self) -> None:
        ids = [
            self.plain(tried_at=at).id
            for at in (NOON, datetime(2024, 1, 1, tzinfo=UTC), None, NOON - timedelta(seconds=1))
        ]
        assert self.due() == [ids[2], ids[1], ids[3]]
        assert self.due(tried_before=AFTER_NOON) == [ids[2], ids[1], ids[3], ids[0]]
        assert self.due(limit=1) == [ids[2]]

    def test_a_period_is_made_once(self) -> None:
        stored = self.plain()
        first = self.stored(an_invoice(stored.party_id, an_item()))
        made = self.changed(stored.make(first.id, NOON))
        assert self.got(stored.id) == made
        assert self.periods(stored.id) == [(TODAY, first.id)]
        again = RecurringPeriod(period_on=TODAY, invoice_id=InvoiceId(new_id()))
        self._refuses(StaleVersionError, lambda: self.changed(replace(made, periods=(again,))))
        assert self.periods(stored.id) == [(TODAY, first.id)]

    def test_what_was_made_is_listed_and_a_deleted_draft_is_not(self) -> None:
        recurring = self.plain()
        drafts = []
        for _ in range(3):
            drafts.append(self.stored(an_invoice(recurring.party_id, an_item())))
            recurring = self.changed(recurring.make(drafts[-1].id, NOON))
        dates = [date(2024, 2, 29), date(2024, 3, 29), date(2024, 4, 29)]
        assert [each[0] for each in self.periods(recurring.id, limit=1)] == dates
        down = self.periods(recurring.id, sort="period", descending=True, limit=2)
        assert [each[0] for each in down] == dates[::-1]
        with self.unit_of_work(context()) as uow:
            uow.invoices.delete(context(), drafts[1])
        assert [each[0] for each in self.periods(recurring.id)] == [dates[0], dates[2]]

    def periods(
        self, recurring_id: RecurringInvoiceId, **wanted: object
    ) -> list[tuple[date, InvoiceId]]:
        found: list[tuple[date, InvoiceId]] = []
        request = PageRequest(**wanted)  # type: ignore[arg-type]  # by name
        while True:
            query = MadeQuery(page=request, id=recurring_id)
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.recurring_invoices.made(context(), query)
            found += [(each.period_on, each.id) for each in page.items]
            if page.next is None:
                return found
            request = replace(request, after=page.next)

    def test_when_parties_become_one_theirs_become_the_survivors(self) -> None:
        stored, other = self.plain(), self.plain()
        survivor = self.a_stored_party()
        with self.unit_of_work(context()) as uow:
            uow.recurring_invoices.reassign(context(), stored.party_id, survivor.id)
            uow.recurring_invoices.reassign(context(), survivor.id, survivor.id)
        assert self.got(stored.id).party_id == survivor.id
        assert self.got(other.id) == other
        self._refuses(StaleVersionError, lambda: self.changed(replace(stored, name="x")))

"""Recurring invoices are made: each period once, and one that cannot be stops no other."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from erp_core.identity.entities import StockLeavesAt
from erp_core.invoicing.entities import Frequency, InvoiceState, RecurringState
from erp_core.invoicing.use_cases import (
    CATCH_UP_MAX,
    InvoiceCommand,
    RunRecurringInvoicesCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.errors import InvariantError, PermissionDeniedError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery
from erp_core.parties.entities import PartyState
from erp_core.parties.use_cases import MergePartiesCommand
from erp_core.testing import NOON, context, expect
from erp_core.testing.parties import another_party
from erp_memory.store import MemoryStore, MemoryUnitOfWork
from tests.failing import FailingStore, fails_everywhere
from tests.invoicing.offices import CLERK, eur
from tests.invoicing.standing import Standing, a_standing, of
from tests.sales.shops import a_prospect


def test_each_missed_period_has_its_own_invoice_and_date() -> None:
    house = a_standing()
    recurring = house.add(note="Thanks", reference="PO 7")
    results = house.run()

    assert [each.period.period_on for each in results] == [date(2024, 1, 31), date(2024, 2, 29)]
    first, second = (each.invoice for each in results)
    assert [first.number, second.number] == ["INV2024-00001", "INV2024-00002"]
    assert [first.invoiced_on, second.invoiced_on] == [date(2024, 1, 31), date(2024, 2, 29)]
    assert first.note == "Thanks\n2024-01-31 – 2024-02-28"
    assert second.note == "Thanks\n2024-02-29 – 2024-03-30"
    assert (first.reference, first.state, first.party.name) == (
        "PO 7",
        InvoiceState.VALIDATED,
        "Ada",
    )
    after = house.find(recurring)
    assert (after.next_on, after.course.made, after.tried_at) == (date(2024, 3, 31), 2, NOON)
    assert [each.period_on for each in house.made(recurring)] == [
        date(2024, 1, 31),
        date(2024, 2, 29),
    ]
    house.clock.move(1)
    assert house.run() == ()


def test_drafts_are_made_where_nobody_asked_for_more() -> None:
    house = a_standing()
    recurring = house.add(validates=False, note="")
    (first, second) = (each.invoice for each in house.run())
    assert (first.number, first.state) == ("", InvoiceState.DRAFT)
    assert (first.invoiced_on, first.note) == (date(2024, 1, 31), "2024-01-31 – 2024-02-28")
    house.office.use.delete_invoice(CLERK, InvoiceCommand(id=first.id))
    assert [each.id for each in house.made(recurring)] == [second.id]
    house.clock.move(1)
    assert house.run() == ()  # a period whose draft was thrown away is not made again


def test_numbers_never_run_backwards_in_date() -> None:
    house = a_standing()
    house.office.issued(invoiced_on=date(2024, 2, 10))
    house.add()
    results = house.run()
    assert [str(each.invoice.invoiced_on) for each in results] == ["2024-02-29", "2024-02-29"]
    assert results[0].invoice.note == "2024-01-31 – 2024-02-28"
    assert results[0].invoice.number == "INV2024-00002"


def test_a_price_that_is_given_stays_and_another_is_the_catalogues_of_the_day() -> None:
    house = a_standing()
    product = house.office.shop.product()
    house.add(
        of("7.50", product_id=product.id),
        of(None, product_id=product.id),
        start_on=date(2024, 2, 29),
    )
    (first,) = house.run()
    with house.office.shop.store(CLERK) as uow:
        stored = uow.products.get(CLERK, product.id)
        dearer = UnitPrice(eur(12).amount, "EUR")
        uow.products.save(CLERK, stored.change({"sale_price": dearer}))
    house.days(29)
    (second,) = house.run()
    for result, prices in ((first, ["7.5", "10"]), (second, ["7.5", "12"])):
        assert [f"{each.line.unit_price:f}" for each in result.invoice.lines] == prices
    assert {each.id for each in first.invoice.lines}.isdisjoint(
        each.id for each in second.invoice.lines
    )


def test_catching_up_takes_so_many_periods_at_a_time() -> None:
    house = a_standing()
    recurring = house.add(frequency=Frequency.DAY, start_on=date(2024, 2, 1))
    assert len(house.run()) == CATCH_UP_MAX
    assert house.find(recurring).next_on == date(2024, 2, 13)
    assert house.run() == ()  # it was tried just now
    house.clock.move(1)
    assert len(house.run()) == CATCH_UP_MAX
    house.clock.move(1)
    assert len(house.run()) == 29 - 2 * CATCH_UP_MAX


def test_a_run_in_several_calls_meets_each_once() -> None:
    house = a_standing()
    broken = house.add(start_on=date(2024, 2, 29))
    archive(house, broken.party_id)
    house.office.shop.buyer = another(house)
    good = house.add(start_on=date(2024, 2, 29))
    begun, run = house.clock.now(CLERK), house.office.use.run_recurring_invoices
    met = []
    for _ in range(3):
        house.clock.move(1)
        found = run(CLERK, RunRecurringInvoicesCommand(most=1, tried_before=begun))
        met.append(([each.period.id for each in found.done], found.more))
    assert met[0][1] is met[1][1] is True
    assert sorted(met[0][0] + met[1][0]) == sorted([broken.id, good.id])
    assert met[2] == ([], False)


def archive(house: Standing, party_id: object, state: PartyState = PartyState.ARCHIVED) -> None:
    with house.office.shop.store(CLERK) as uow:
        party = uow.parties.get(CLERK, party_id)
        archived = state is PartyState.ARCHIVED
        uow.parties.save(CLERK, party.archive() if archived else party.restore())


def another(house: Standing):
    with house.office.shop.store(CLERK) as uow:
        return uow.parties.add(CLERK, another_party("Bea"))


def test_what_cannot_be_made_says_why_stops_no_other_and_is_tried_again() -> None:
    house = a_standing()
    shop = house.office.shop
    product = shop.product()
    archived = house.add(name="archived", validates=False)
    archive(house, archived.party_id)
    shop.buyer = another(house)
    unpriced = house.add(of(None, product_id=product.id), name="unpriced")
    good = house.add(name="good")
    with shop.store(CLERK) as uow:
        stored = uow.products.get(CLERK, product.id)
        uow.products.save(CLERK, stored.change({"sale_price": None}))
    results = [each for each in house.run() if each.invoice or each.problem]

    assert [each.invoice is None for each in results if each.period.id == good.id] == [False] * 2
    for broken, code in (
        (archived, "parties.party.not_active"),
        (unpriced, "catalog.price.unknown"),
    ):
        (result,) = (each for each in results if each.period.id == broken.id)
        found = house.find(broken)
        assert result.problem == found.problem
        assert (found.problem.code, found.problem.at, found.tried_at) == (code, NOON, NOON)
        assert (found.next_on, found.state) == (date(2024, 1, 31), RecurringState.ACTIVE)
    assert house.find(unpriced).problem.text.startswith("lines/0")

    archive(house, archived.party_id, PartyState.ACTIVE)
    house.clock.move(1)
    retried = [each for each in house.run() if each.period.id == archived.id]
    assert [each.invoice is not None for each in retried] == [True, True]
    assert house.find(archived).problem is None


def test_goods_leave_by_what_is_validated_or_the_period_waits() -> None:
    house = a_standing()
    shop = house.office.shop
    shop.leaves_at(StockLeavesAt.INVOICE)
    product = shop.product(3)
    line = of(None, "2", product_id=product.id, warehouse_id=shop.where)
    recurring = house.add(line)
    first, second = house.run()
    assert first.invoice is not None
    assert second.problem.code == "insufficient_stock"
    assert shop.stock(product) == ("1", "0")
    shop.receive(product.id, 1)
    house.clock.move(1)
    (again,) = house.run()
    assert again.invoice is not None
    assert shop.stock(product) == ("0", "0")
    assert len(house.made(recurring)) == 2
    assert house.office.is_consistent()


def test_a_prospect_becomes_a_customer_by_what_is_validated_alone() -> None:
    house = a_standing()
    prospect = a_prospect(house.office.shop)
    house.add(validates=False, start_on=date(2024, 2, 29))
    house.run()
    assert "customer" not in roles(house)
    house.clock.move(1)
    house.add(start_on=date(2024, 2, 29))
    (result,) = house.run()
    assert result.invoice.party.code
    assert "customer" in roles(house)
    assert prospect.id == house.office.shop.buyer.id


def roles(house: Standing) -> set[str]:
    with house.office.shop.store(CLERK) as uow:
        return {each.value for each in uow.parties.get(CLERK, house.office.shop.buyer.id).roles}


class Meddler(MemoryStore):
    """Lets somebody do something before the writing transaction of that number."""

    def __init__(self) -> None:
        super().__init__()
        self.deeds: dict[int, Callable[[], object]] = {}

    def __call__(
        self, ctx: Context, /, *, read_only: bool = False
    ) -> AbstractContextManager[MemoryUnitOfWork]:
        if not read_only and self.deeds:
            self.deeds = {number - 1: deed for number, deed in self.deeds.items()}
            deed = self.deeds.pop(0, None)
            if deed is not None:
                deed()
        return super().__call__(ctx, read_only=read_only)


def test_what_was_changed_meanwhile_is_left_alone() -> None:
    store = Meddler()
    house = a_standing(store)
    recurring = house.add()
    store.deeds = {1: lambda: house.pause(recurring)}
    results = house.run()
    assert [(each.invoice, each.problem) for each in results] == [(None, None)] * 2
    assert house.find(recurring).state is RecurringState.PAUSED


def test_no_problem_is_kept_of_what_was_ended_meanwhile() -> None:
    store = Meddler()
    house = a_standing(store)
    recurring = house.add(start_on=date(2024, 2, 29))
    archive(house, recurring.party_id)
    store.deeds = {2: lambda: house.end(recurring)}  # after it was refused, before that is noted
    (result,) = house.run()
    assert (result.invoice, result.problem) == (None, None)
    assert house.find(recurring).problem is None


class Behind(MemoryStore):
    """Shows the first reader of a repository something old, as it was before he had the lock."""

    def __init__(self, repository: str, method: str, old: Callable[[Any], Any]) -> None:
        super().__init__()
        self._place = (repository, method)
        self.old: Callable[[Any], Any] | None = None
        self._shown = old

    def arm(self) -> None:
        self.old = self._shown

    @contextmanager
    def __call__(self, ctx: Context, /, *, read_only: bool = False) -> Iterator[MemoryUnitOfWork]:
        with super().__call__(ctx, read_only=read_only) as uow:
            repository, method = self._place
            if not read_only and self.old is not None:
                found = getattr(uow, repository)
                real, old, self.old = getattr(found, method), self.old, None

                def shown(*given: object) -> object:
                    delattr(found, method)  # the next one sees what there is
                    return old(real(*given))

                setattr(found, method, shown)
            yield uow


def test_what_changed_before_it_was_locked_is_looked_at_again() -> None:
    store = Behind(
        "recurring_invoices", "get", lambda found: replace(found, version=found.version - 1)
    )
    house = a_standing(store)
    recurring = house.add(start_on=date(2024, 2, 29))
    store.arm()
    (result,) = house.run()
    assert result.invoice.number == "INV2024-00001"
    assert house.find(recurring).version == recurring.version + 1


def test_a_number_that_was_taken_meanwhile_is_heeded() -> None:
    store = Behind("numbering", "earliest", lambda _: None)
    house = a_standing(store)
    house.office.issued(invoiced_on=date(2024, 2, 10))
    house.add(ends_on=date(2024, 2, 1))
    store.arm()
    (result,) = house.run()
    assert (result.problem, result.invoice.invoiced_on) == (None, date(2024, 2, 29))


def test_nothing_is_left_of_a_failure_wherever_it_happens() -> None:
    def prepare(store: FailingStore) -> Callable[[], object]:
        house = a_standing(store)
        house.office.shop.leaves_at(StockLeavesAt.INVOICE)
        product = house.office.shop.product(3)
        where = house.office.shop.where
        house.add(
            of(None, "2", product_id=product.id, warehouse_id=where), start_on=date(2024, 2, 29)
        )
        return house.run

    assert fails_everywhere(prepare) > 10


def test_when_parties_become_one_the_survivor_is_billed() -> None:
    house = a_standing()
    recurring = house.add(start_on=date(2024, 2, 29))
    survivor = another(house)
    merge = house.office.shop.erp.parties.merge_parties
    boss = context("*")
    merge(boss, MergePartiesCommand(id=survivor.id, version=None, from_id=recurring.party_id))
    (result,) = house.run()
    assert result.invoice.party.name == "Bea"


def test_a_run_needs_leave_and_is_of_a_size() -> None:
    house = a_standing()
    with expect(PermissionDeniedError):
        house.run(context("invoicing.invoice.*"))
    for most in (0, 51):
        with expect(InvariantError, "invoicing.recurring.most"):
            RunRecurringInvoicesCommand(most=most)


def test_it_is_audited_piece_by_piece() -> None:
    house = a_standing()
    house.add()
    house.run()
    with house.office.shop.store(CLERK, read_only=True) as uow:
        found = uow.audit.page(CLERK, AuditQuery(page=PageRequest(limit=200))).items
    runs = [each for each in found if each.action == "invoicing.recurring_invoice.run"]
    kinds = [sorted(change.kind for change in each.changes) for each in runs]
    one = ["invoicing.invoice", "invoicing.invoice", "invoicing.recurring_invoice"]
    assert kinds == [one, one]

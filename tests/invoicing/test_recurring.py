"""Recurring invoices: what is written, changed, paused and ended."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from erp_core.catalog.entities import Discount, LineKind, LineRequest
from erp_core.invoicing.entities import (
    COUNT_MAX,
    Frequency,
    RecurringInvoiceId,
    RecurringLine,
    RecurringProblem,
    RecurringState,
)
from erp_core.invoicing.ports import RecurringQuery
from erp_core.invoicing.use_cases import (
    AddRecurringInvoiceCommand,
    ChangeRecurringInvoiceCommand,
    Ending,
    RecurringInvoiceCommand,
    Rescheduling,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    ErpError,
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.money import Rate, UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.parties.entities import PartyId, PartyState
from erp_core.testing import NOON, context, expect
from erp_core.testing.invoicing import TODAY, a_full_recurring_invoice, a_recurring_invoice
from tests.invoicing.offices import CLERK
from tests.invoicing.standing import Standing, a_standing, of

PARTY = PartyId(new_id())
STATES = tuple(RecurringState)


@pytest.fixture
def house() -> Standing:
    return a_standing()


def test_what_is_left_out_is_the_customers_or_the_companys(house: Standing) -> None:
    made = house.add(start_on=None)
    assert (made.currency, made.discount, made.payment_term_id) == ("EUR", None, None)
    assert (made.next_on, made.state, made.version) == (TODAY, RecurringState.ACTIVE, 1)
    assert house.find(made) == made
    query = RecurringQuery(page=PageRequest())
    listed = house.office.use.list_recurring_invoices(CLERK, query)
    assert listed.items == (made.summary,)


def test_what_could_not_be_made_today_is_refused_at_once(house: Standing) -> None:
    unpriced = house.office.shop.product(sale_price=None)
    with expect(NotFoundError) as refusal:
        house.add(of(), of(None, product_id=unpriced.id))
    assert refusal[0].field.startswith("lines/1")
    with expect(NotFoundError):
        house.add(party_id=PartyId(new_id()))
    with expect(InvariantError, "catalog.line.unit_price"):
        house.add(of(None))
    house.office.shop.has_party(state=PartyState.ARCHIVED)
    with expect(TransitionError):
        house.add()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "invoicing.recurring.name"),
        ({"name": "x" * 101}, "invoicing.recurring.name"),
        ({"note": "x" * 1971}, "invoicing.recurring.note"),
        ({"reference": "x" * 101}, "invoicing.recurring.reference"),
        ({"lines": ()}, "invoicing.recurring.empty"),
        ({"lines": (of(),) * 2}, "invoicing.recurring.lines"),
        ({"validates": False, "sends": True}, "invoicing.recurring.sends"),
        ({"start_on": date(2023, 2, 27)}, "invoicing.recurring.start"),
        ({"count": COUNT_MAX + 1}, "invoicing.recurring.count"),
        ({"interval": 0}, "invoicing.recurrence.interval"),
    ],
)
def test_what_cannot_be_is_refused(house: Standing, changes: dict, code: str) -> None:
    with expect(InvariantError, code):
        house.add(**changes)


def test_a_price_is_in_the_currency_of_all(house: Standing) -> None:
    made = house.add(of("7.50", currency="EUR"), currency="EUR")
    (line,) = made.lines
    assert (f"{line.request.unit_price:f}", line.request.currency) == ("7.5", "")
    with expect(InvariantError, "money.currency_mismatch") as refusal:
        house.add(of(), of("7.50", currency="USD"))
    assert refusal[0].field == "lines/1/unit_price"


def test_taxes_and_costs_are_looked_up_each_time() -> None:
    for said in ({"components": ()}, {"unit_cost": UnitPrice(Decimal(1), "EUR")}):
        with expect(InvariantError, "invoicing.recurring.line"):
            of(**said)


def test_mere_text_bills_nothing(house: Standing) -> None:
    heading = RecurringLine(request=LineRequest(kind=LineKind.HEADING, description="care"))
    with expect(InvariantError, "invoicing.recurring.empty"):
        house.add(heading)
    assert len(house.add(heading, of()).lines) == 2


def test_nobody_lets_the_clock_validate_what_he_may_not(house: Standing) -> None:
    use = house.office.use
    clerk = context("invoicing.recurring_invoice.*")
    command = AddRecurringInvoiceCommand(
        id=RecurringInvoiceId(new_id()),
        name="Care",
        party_id=house.office.shop.buyer.id,
        lines=(of(),),
        frequency=Frequency.WEEK,
    )
    draft = use.add_recurring_invoice(clerk, command)
    with expect(PermissionDeniedError):
        use.add_recurring_invoice(
            clerk, replace(command, id=RecurringInvoiceId(new_id()), validates=True)
        )
    assert not house.find(draft).validates
    assert house.change(draft, changes={"validates": True}).validates
    with expect(PermissionDeniedError):
        use.change_recurring_invoice(
            clerk, ChangeRecurringInvoiceCommand(id=draft.id, version=None, changes={})
        )


def test_nobody_has_sent_by_the_clock_what_he_may_not_send(house: Standing) -> None:
    recurring = house.add(sends=True)
    clerk = context("invoicing.recurring_invoice.*", "invoicing.invoice.validate")
    unsent = ChangeRecurringInvoiceCommand(id=recurring.id, version=None, changes={"sends": False})
    sent = replace(unsent, changes={"sends": True})
    use = house.office.use.change_recurring_invoice
    assert not use(clerk, unsent).sends
    with expect(PermissionDeniedError):
        use(clerk, sent)


def test_who_may_undercut_is_who_wrote_the_lines(house: Standing) -> None:
    dear = house.office.shop.product(minimum_price=UnitPrice(Decimal(9), "EUR"))
    cheap = of("8", product_id=dear.id)
    with expect(InvariantError):
        house.add(cheap)
    command = AddRecurringInvoiceCommand(
        id=RecurringInvoiceId(new_id()),
        name="Care",
        party_id=house.office.shop.buyer.id,
        lines=(cheap,),
        frequency=Frequency.WEEK,
    )
    boss = context("*")
    bold = house.office.use.add_recurring_invoice(boss, command)
    assert bold.may_undercut
    (result,) = house.run()
    assert result.invoice is not None
    with expect(InvariantError):
        house.change(bold, changes={"lines": (of("8", product_id=dear.id),)})


def test_a_change_counts_from_the_next_period_on(house: Standing) -> None:
    recurring = house.add(note="Thanks")
    house.run()
    tenth = Discount(percent=Rate(Decimal(10)))
    changes = {"name": "Cure", "lines": (of("70"),), "discount": tenth}
    changed = house.change(recurring, changes=changes)
    assert (changed.name, changed.next_on, changed.course.made) == ("Cure", date(2024, 3, 31), 2)
    house.days(31)
    (result,) = house.run()
    assert str(result.invoice.totals.total) == "63.00 EUR"
    first, second, third = house.made(changed)
    assert [str(each.invoice.totals.total.amount) for each in (first, second, third)] == [
        "100.00",
        "100.00",
        "63.00",
    ]


def test_another_rhythm_begins_with_the_next_period(house: Standing) -> None:
    recurring = house.add()
    house.run()
    weekly = Rescheduling(frequency=Frequency.WEEK, interval=2)
    changed = house.change(recurring, rescheduling=weekly)
    assert (changed.next_on, changed.course.recurrence.start_on) == (date(2024, 3, 31),) * 2
    moved = house.change(changed, rescheduling=Rescheduling(start_on=date(2024, 3, 4)))
    assert (moved.next_on, moved.course.recurrence.interval) == (date(2024, 3, 4), 2)
    same = house.change(moved, rescheduling=Rescheduling(frequency=Frequency.WEEK))
    assert same.course == moved.course
    with expect(InvariantError, "invoicing.recurring.made"):
        house.change(moved, rescheduling=Rescheduling(start_on=date(2024, 2, 29)))
    with expect(InvariantError, "invoicing.recurring.start"):
        house.change(moved, rescheduling=Rescheduling(start_on=date(2022, 2, 28)))


def test_another_rhythm_of_what_has_not_begun_keeps_its_start(house: Standing) -> None:
    recurring = house.add(start_on=date(2024, 1, 31))
    house.days(700)  # that start could not be chosen any more
    changed = house.change(recurring, rescheduling=Rescheduling(interval=3))
    assert (changed.next_on, changed.course.recurrence.interval) == (date(2024, 1, 31), 3)


def test_another_end_may_be_set_and_taken_away(house: Standing) -> None:
    recurring = house.add(count=12)
    house.run()
    dated = house.change(recurring, ending=Ending(ends_on=date(2024, 4, 1)))
    assert (dated.course.count, dated.course.ends_on) == (None, date(2024, 4, 1))
    assert house.change(dated, ending=Ending()).course.ends_on is None
    over = house.change(dated, ending=Ending(count=2))
    assert (over.state, over.next_on) == (RecurringState.ENDED, None)
    with expect(TransitionError, "invoicing.recurring.ended"):
        house.change(over, ending=Ending(count=3))


def test_each_step_heeds_the_version_the_caller_saw(house: Standing) -> None:
    recurring = house.add()
    paused = house.pause(recurring, version=1)
    for step in (house.resume, house.end):
        with expect(PreconditionFailedError):
            step(recurring, version=1)
    with expect(PreconditionFailedError):
        house.change(recurring, version=1)
    resumed = house.resume(paused, version=2)
    with expect(PreconditionFailedError):
        house.pause(resumed, version=2)
    assert house.end(resumed).state is RecurringState.ENDED


def test_a_pause_is_not_made_up_for(house: Standing) -> None:
    recurring = house.add()
    house.run()
    house.pause(recurring)
    house.days(80)
    assert house.run() == ()
    resumed = house.resume(recurring)
    assert resumed.next_on == date(2024, 5, 31)
    assert house.run() == ()


def test_a_pause_beyond_the_end_ends_it(house: Standing) -> None:
    recurring = house.pause(house.add(ends_on=date(2024, 3, 1)))
    house.days(30)
    assert house.resume(recurring).state is RecurringState.ENDED


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", ["pause", "resume", "end", "change", "make", "fail"])
def test_every_command_in_every_state_is_done_or_refused(
    state: RecurringState, command: str
) -> None:
    recurring = a_recurring_invoice(PARTY, state=state)
    problem = RecurringProblem(code="x", text="y", at=NOON)
    steps = {
        "pause": (recurring.pause, {RecurringState.ACTIVE}, RecurringState.PAUSED),
        "resume": (
            lambda: recurring.resume(TODAY),
            {RecurringState.PAUSED},
            RecurringState.ACTIVE,
        ),
        "end": (
            recurring.end,
            {RecurringState.ACTIVE, RecurringState.PAUSED},
            RecurringState.ENDED,
        ),
        "change": (
            lambda: recurring.change({"name": "Cure"}),
            {RecurringState.ACTIVE, RecurringState.PAUSED},
            state,
        ),
        "make": (lambda: recurring.make(new_id(), NOON), {RecurringState.ACTIVE}, state),
        "fail": (lambda: recurring.fail(problem), set(STATES), state),
    }
    step, allowed, after = steps[command]
    if state in allowed:
        assert step().state is after
        return
    with expect(TransitionError):
        step()


def test_the_last_period_ends_it() -> None:
    full = a_full_recurring_invoice(PARTY, state=RecurringState.ACTIVE)
    almost = replace(full, course=replace(full.course, count=3))
    made = almost.make(new_id(), NOON)
    assert (made.state, made.next_on, made.problem) == (RecurringState.ENDED, None, None)
    (event,) = made.events
    assert (event.period_on, event.validated, event.send) == (date(2025, 4, 30), True, True)
    assert [each.period_on for each in made.periods] == [date(2025, 4, 30)]
    assert made.stored(9).periods == ()
    with expect(TransitionError, "invoicing.recurring.not_active"):
        made.make(new_id(), NOON)


def test_what_stood_in_the_way_is_told_by_its_place() -> None:
    error = ErpError("no price", code="catalog.price.unknown", field="lines/1/unit_price")
    problem = RecurringProblem.of(error, NOON)
    assert (problem.code, problem.text) == (
        "catalog.price.unknown",
        "lines/1/unit_price: no price",
    )
    assert RecurringProblem.of(ErpError("x" * 600), NOON).text == "x" * 500


def test_what_is_unknown_is_not_found(house: Standing) -> None:
    unknown = a_recurring_invoice(PARTY)
    for step in (house.find, house.pause, house.resume, house.end, house.change, house.made):
        with expect(NotFoundError):
            step(unknown)
    with expect(PermissionDeniedError):
        house.office.use.get_recurring_invoice(
            context("sales.*"), RecurringInvoiceCommand(id=unknown.id)
        )

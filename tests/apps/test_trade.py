"""What the program does by itself, hour by hour and night by night."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from erp_app.trade import trade
from erp_core.documents.entities import Job, JobState
from erp_core.documents.ports import JobQuery
from erp_core.kernel.access import Principal
from erp_core.kernel.context import NO_COMPANY, CompanyId
from erp_core.kernel.page import PageRequest
from erp_core.parties.entities import PartyState
from erp_core.sales.entities import QuoteState
from erp_core.sales.use_cases import SendQuoteCommand
from erp_core.testing import ACME, MovableClock, context
from erp_memory.store import MemoryStore
from erp_workers import Scheduler
from tests.invoicing.offices import CLERK
from tests.invoicing.standing import Standing, a_standing

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@dataclass
class Program:
    """The timetable over a store in memory; jobs are done when they are asked for."""

    store: MemoryStore = field(default_factory=MemoryStore)

    def __post_init__(self) -> None:
        self.house: Standing = a_standing(self.store)
        self.clock: MovableClock = self.house.clock
        self.trade = trade(self.house.office.shop.erp)
        self.scheduler = Scheduler(
            unit_of_work=self.store,
            clock=self.clock,
            timetable=self.trade.timetable,
            companies=lambda ctx: [(ACME, SAO_PAULO)],
        )

    def jobs(self, company: CompanyId) -> list[Job]:
        ctx = context(company=company)
        query = JobQuery(page=PageRequest(limit=200), states=(JobState.QUEUED,))
        with self.store(ctx, read_only=True) as uow:
            return list(uow.jobs.page(ctx, query).items)

    def work(self) -> list[str]:
        """Make what is due and do it, with the grants of its kind; return the kinds."""
        self.scheduler.step()
        tasks, done = {each.kind: each for each in self.trade.tasks}, []
        for company in (NO_COMPANY, ACME):
            for job in self.jobs(company):
                task = tasks[job.kind]
                principal = Principal(id="runner", grants=task.grants)
                ctx = replace(context(company=company), principal=principal)
                task.do(ctx, job, lambda done, total: None)
                with self.store(ctx) as uow:
                    now = self.clock.now(ctx)
                    running = uow.jobs.save(ctx, uow.jobs.lock(ctx, job.id).claim("x", now, now))
                    uow.jobs.save(ctx, running.finish(now, {}))
                done.append(job.kind)
        return sorted(done)


def test_what_recurs_is_made_every_hour_and_quotes_expire_every_night() -> None:
    program = Program()
    nightly = ["documents.tidy_files", "sales.expire_quotes"]
    hourly = ["documents.tidy_house", "identity.tidy_sessions", "invoicing.run_recurring_invoices"]
    assert program.work() == sorted(hourly[:2] + hourly[2:] + nightly)
    assert program.work() == []
    program.clock.move(3600)
    assert program.work() == sorted(hourly)
    program.clock.move(timedelta(hours=14, minutes=20).total_seconds())  # 00:20 in Sao Paulo
    assert program.work() == sorted(hourly + nightly)


def test_an_invoice_is_made_when_the_companys_day_has_come() -> None:
    program = Program()
    recurring = program.house.add(start_on=date(2024, 3, 1))
    program.work()
    program.clock.move(timedelta(hours=14).total_seconds())  # 02:00 in UTC, 23:00 the day before
    program.work()
    assert program.house.made(recurring) == ()
    program.clock.move(3600)
    program.work()
    (made,) = program.house.made(recurring)
    assert (made.invoice.number, made.invoice.invoiced_on) == ("INV2024-00001", date(2024, 3, 1))


def test_what_cannot_be_made_is_tried_once_in_each_run() -> None:
    program = Program()
    recurring = program.house.add()
    program.house.office.shop.has_party(state=PartyState.ARCHIVED)
    program.work()
    version = program.house.find(recurring).version
    program.clock.move(3600)
    program.work()
    assert program.house.find(recurring).version == version + 1
    program.house.office.shop.has_party(state=PartyState.ACTIVE)
    program.clock.move(3600)
    program.work()
    assert len(program.house.made(recurring)) == 2


def test_a_quote_nobody_answered_expires() -> None:
    program = Program()
    shop = program.house.office.shop
    quote = shop.quote(
        shop.line(None, 1, description="care", unit_price=Decimal(1)),
        valid_until=date(2024, 2, 29),
    )
    shop.erp.sales.send_quote(CLERK, SendQuoteCommand(id=quote.id))
    program.work()
    assert shop.erp.sales.get_quote(CLERK, quote.id).state is QuoteState.SENT
    program.clock.move(timedelta(hours=15, minutes=20).total_seconds())
    program.work()
    assert shop.erp.sales.get_quote(CLERK, quote.id).state is QuoteState.EXPIRED

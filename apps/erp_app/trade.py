"""What this program does by itself: which jobs it knows, what makes them, and when.

Here an area's later work is registered, by hand, as its use cases are wired in the composition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import time, timedelta
from typing import Final

from erp_app.mailing import Mailing
from erp_app.posting import invoice_to_send, sending_invoices
from erp_core.documents.entities import (
    NOTHING,
    WHENEVER,
    Daily,
    Every,
    Job,
    PlainMap,
    ScheduleName,
)
from erp_core.documents.use_cases import TidyFiles, TidyFilesCommand, TidyHouseCommand
from erp_core.erp import Erp
from erp_core.identity.use_cases import TidySessionsCommand
from erp_core.invoicing.entities import RecurringInvoiceMade
from erp_core.invoicing.use_cases import RunRecurringInvoices, RunRecurringInvoicesCommand
from erp_core.kernel.context import Context
from erp_core.sales.use_cases import ExpireQuotesCommand
from erp_workers import Handler, Maker, Recurring, Report, Task

_ROUNDS_MAX: Final = 1000  # of one sweep; what is left then, the next one takes
_HOURLY: Final = Every(interval=timedelta(hours=1))
_AT_NIGHT: Final = Daily(at=time(0, 10))  # by the company's clocks, when its day has changed
_EXPIRE_QUOTES: Final = "sales.expire_quotes"
_TIDY_FILES: Final = "documents.tidy_files"
_RUN_RECURRING: Final = "invoicing.run_recurring_invoices"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """The kinds of jobs, the makers of jobs by the name of their event, and the timetable."""

    tasks: tuple[Task, ...]
    makers: Mapping[str, Maker] = field(default_factory=dict)
    timetable: tuple[Recurring, ...] = ()


def trade(erp: Erp) -> Trade:
    """Return what the house itself needs done, and each of its companies."""
    sessions, house, quotes = TidySessionsCommand(), TidyHouseCommand(), ExpireQuotesCommand()
    tidy_sessions, tidy_house = erp.identity.tidy_sessions, erp.documents.tidy_house
    expire_quotes, run_recurring = erp.sales.expire_quotes, erp.invoicing.run_recurring_invoices
    return Trade(
        tasks=(
            Task(
                kind="identity.tidy_sessions",
                do=_sweeping(lambda ctx: tidy_sessions(ctx, sessions), sessions.limit),
                grants=frozenset({tidy_sessions.permission}),
            ),
            Task(
                kind="documents.tidy_house",
                do=_sweeping(lambda ctx: tidy_house(ctx, house), house.limit),
                grants=frozenset({tidy_house.permission}),
            ),
            Task(
                kind=_EXPIRE_QUOTES,
                do=_sweeping(lambda ctx: len(expire_quotes(ctx, quotes).quotes), quotes.most),
                grants=frozenset({expire_quotes.permission}),
            ),
            Task(
                kind=_RUN_RECURRING,
                do=_running(run_recurring),
                grants=frozenset({run_recurring.permission}),
            ),
            Task(
                kind=_TIDY_FILES,
                do=_tidying(erp.documents.tidy_files),
                grants=frozenset({erp.documents.tidy_files.permission}),
            ),
            sending_invoices(erp.invoicing.send_invoice),
        ),
        makers={RecurringInvoiceMade.name: invoice_to_send},
        timetable=(
            _hourly("identity.tidy_sessions"),
            _hourly("documents.tidy_house"),
            Recurring(
                name=ScheduleName(_EXPIRE_QUOTES),
                rhythm=_AT_NIGHT,
                kind=_EXPIRE_QUOTES,
                each_company=True,
                priority=WHENEVER,
            ),
            Recurring(
                name=ScheduleName(_TIDY_FILES),
                rhythm=_AT_NIGHT,
                kind=_TIDY_FILES,
                each_company=True,
                priority=WHENEVER,
            ),
            Recurring(
                name=ScheduleName(_RUN_RECURRING),
                rhythm=_HOURLY,
                kind=_RUN_RECURRING,
                each_company=True,
            ),
        ),
    )


def with_mails(trade: Trade, mailing: Mailing, erp: Erp) -> Trade:
    """Return the trade of a house that also sends its mails."""
    return replace(trade, tasks=(*trade.tasks, *mailing.tasks(erp)))


def _hourly(kind: str) -> Recurring:
    return Recurring(name=ScheduleName(kind), rhythm=_HOURLY, kind=kind, priority=WHENEVER)


def _sweeping(sweep: Callable[[Context], int], limit: int) -> Handler:
    """Sweep until a sweep finds less than it could have taken."""

    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        for _ in range(_ROUNDS_MAX):
            ctx.check()
            if sweep(ctx) < limit:
                break
        return NOTHING

    return do


def _tidying(tidy: TidyFiles) -> Handler:
    """Look through the company's files until none is left to look at."""

    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        after: str | None = ""
        for _ in range(_ROUNDS_MAX):
            if after is None:
                break
            ctx.check()
            after = tidy(ctx, TidyFilesCommand(after=after)).after
        return NOTHING

    return do


def _running(run: RunRecurringInvoices) -> Handler:
    """Run until every recurring invoice that was due at the beginning was tried once."""

    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        begun = run.clock.now(ctx)
        command = RunRecurringInvoicesCommand(tried_before=begun)
        for _ in range(_ROUNDS_MAX):
            ctx.check()
            if not run(ctx, command).more:
                break
        return NOTHING

    return do

"""Making what recurring invoices say is due: each period once, in a transaction of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from erp_core.identity.entities import Company
from erp_core.invoicing.entities import (
    Invoice,
    InvoiceType,
    RecurringInvoice,
    RecurringInvoiceId,
    RecurringProblem,
)
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.invoicing.use_cases.customers import customer_of
from erp_core.invoicing.use_cases.recurring import For, written
from erp_core.invoicing.use_cases.validating import Issue, issued
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ErpError, InvariantError, StaleVersionError, ensure
from erp_core.kernel.piecework import Piecework, Work
from erp_core.parties.entities import Party

RUN_AT_ONCE: Final = 50  # recurring invoices in one call
CATCH_UP_MAX: Final = 12  # periods of one of them in one call; the rest, the next run makes
_SERIES: Final = InvoiceType.STANDARD.document_type


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecurringInvoicesCommand:
    """What was tried since *tried_before* is left out; None: nothing that is due."""

    most: int = RUN_AT_ONCE
    tried_before: datetime | None = None  # aware, UTC

    def __post_init__(self) -> None:
        ensure(
            1 <= self.most <= RUN_AT_ONCE,
            "invoicing.recurring.most",
            f"from 1 to {RUN_AT_ONCE} are made at once",
            field="most",
            most=RUN_AT_ONCE,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePeriod:
    """A period that was found to be due."""

    id: RecurringInvoiceId
    period_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodResult:
    """What came of a period: an invoice, or a problem; neither, if another was first."""

    period: DuePeriod
    invoice: Invoice | None = None
    problem: RecurringProblem | None = None


RecurringRun = Work[DuePeriod, PeriodResult]


@dataclass(frozen=True, kw_only=True)
class RunRecurringInvoices(
    Piecework[InvoicingUnitOfWork, RunRecurringInvoicesCommand, DuePeriod, PeriodResult]
):
    """Make the invoices of all periods that have begun, up to the company's day.

    What cannot be made (the customer is archived, a product has no price) says so on the recurring
    invoice, is tried again by the next run, and stops no other.
    """

    permission = "invoicing.recurring_invoice.run"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: RunRecurringInvoicesCommand
    ) -> RecurringRun:
        now = self.clock.now(ctx)
        today = uow.companies.get(ctx).day(now)
        before = command.tried_before or now
        found = uow.recurring_invoices.due(ctx, today, before, command.most)
        pieces = tuple(
            DuePeriod(id=each.id, period_on=day)
            for each in found
            for day in each.course.due(today, CATCH_UP_MAX)
        )
        return Work(pieces=pieces, more=len(found) == command.most)

    def do(self, ctx: Context, uow: InvoicingUnitOfWork, piece: DuePeriod) -> PeriodResult:
        """Make the invoice of one period, unless somebody has."""
        seen = uow.recurring_invoices.get(ctx, piece.id)
        if not seen.is_due(piece.period_on):
            return PeriodResult(period=piece)
        party = _party(ctx, uow, seen)
        recurring = uow.recurring_invoices.lock(ctx, piece.id)
        if recurring.version != seen.version:
            raise StaleVersionError(f"recurring invoice {piece.id} has changed meanwhile")
        company, now = uow.companies.get(ctx), self.clock.now(ctx)
        ctx = replace(ctx, currency=company.currency)  # a job may not know it
        errand = _Errand(recurring=recurring, party=party, company=company, now=now)
        return PeriodResult(period=piece, invoice=_make(ctx, uow, errand, piece.period_on))

    def refused(
        self, ctx: Context, uow: InvoicingUnitOfWork, piece: DuePeriod, error: ErpError
    ) -> PeriodResult:
        """Keep why it could not be made; the period stays due."""
        recurring = uow.recurring_invoices.lock(ctx, piece.id)
        if not recurring.is_due(piece.period_on):
            return PeriodResult(period=piece)
        problem = RecurringProblem.of(error, self.clock.now(ctx))
        uow.recurring_invoices.save(ctx, recurring.fail(problem))
        return PeriodResult(period=piece, problem=problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """What an invoice is made of, and for whom."""

    recurring: RecurringInvoice
    party: Party
    company: Company
    now: datetime


def _party(ctx: Context, uow: InvoicingUnitOfWork, seen: RecurringInvoice) -> Party:
    """Return who is billed; he becomes a customer by it, if the invoice is validated."""
    if seen.validates:
        return customer_of(ctx, uow, seen.party_id)
    party = uow.parties.hold(ctx, seen.party_id)
    party.require_active()
    return party


def _make(ctx: Context, uow: InvoicingUnitOfWork, errand: _Errand, period_on: date) -> Invoice:
    recurring, today = errand.recurring, errand.company.day(errand.now)
    on = _dated(ctx, uow, period_on, today) if recurring.validates else period_on
    whom = For(company=errand.company, party=errand.party, on=on)
    draft = uow.invoices.add(ctx, written(ctx, uow, recurring, whom))
    uow.recurring_invoices.save(ctx, recurring.make(draft.id, errand.now))
    if not recurring.validates:
        return draft
    issue = Issue(company=errand.company, party=errand.party, on=on, now=errand.now)
    try:
        return issued(ctx, uow, draft.require_issuable(), issue)
    except InvariantError as error:
        if error.code != "documents.number.backdated":
            raise
        # A later number was taken since we looked: look again.
        raise StaleVersionError("another invoice was validated meanwhile") from error


def _dated(ctx: Context, uow: InvoicingUnitOfWork, period_on: date, today: date) -> date:
    """Return the day of the period, where numbers have not gone on since, else today."""
    earliest = uow.numbering.earliest(ctx, _SERIES, period_on)
    return period_on if earliest is None or earliest <= period_on else today

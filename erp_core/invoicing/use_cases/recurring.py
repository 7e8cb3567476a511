"""Writing, changing, pausing and ending recurring invoices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from erp_core.catalog.entities import PRICE_OVERRIDE, Discount, LineId, PriceListId
from erp_core.identity.entities import Company
from erp_core.invoicing.entities import (
    Course,
    Frequency,
    Invoice,
    InvoiceId,
    Recurrence,
    RecurringChanges,
    RecurringInvoice,
    RecurringInvoiceId,
    RecurringLine,
)
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.invoicing.use_cases.drafting import InvoiceLineRequest, Source, Wish, write_lines
from erp_core.invoicing.use_cases.drafts import AddInvoiceCommand, blank_draft
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ensure
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import Party, PartyId, PaymentTermId

# What lies further back is billed by hand: a slip of the pen would make a year of invoices.
BACK_MAX: Final = timedelta(days=366)
_VALIDATE: Final = "invoicing.invoice.validate"
_SEND: Final = "invoicing.invoice.send"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRecurringInvoiceCommand:
    id: RecurringInvoiceId
    name: str
    party_id: PartyId
    currency: str | None = None  # None: the party's, else the company's
    lines: tuple[RecurringLine, ...]
    discount: Discount | None = None  # None: the party's, each time
    price_list_id: PriceListId | None = None
    payment_term_id: PaymentTermId | None = None  # None: the party's, each time
    reference: str = ""
    note: str = ""
    frequency: Frequency
    interval: int = 1
    start_on: date | None = None  # None: today
    ends_on: date | None = None
    count: int | None = None
    validates: bool = False
    sends: bool = False


@dataclass(frozen=True, kw_only=True)
class AddRecurringInvoice(
    UseCase[InvoicingUnitOfWork, AddRecurringInvoiceCommand, RecurringInvoice]
):
    """Say what is billed again and again. It is written once on trial: today it could be made.

    Raises:
        PermissionDeniedError: what is made is to be validated or sent, which who asks may not do.
        AlreadyExistsError: its id, or that of a line, is taken.
        NotFoundError: no such party, product, tax class, price list, payment term or warehouse.
        TransitionError: the party is archived.
        InvariantError: a line cannot be, or it never begins or ends.
    """

    permission = "invoicing.recurring_invoice.add"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: AddRecurringInvoiceCommand
    ) -> RecurringInvoice:
        company = uow.companies.get(ctx)
        today = company.day(self.clock.now(ctx))
        party = uow.parties.hold(ctx, command.party_id)
        party.require_active()
        start_on = command.start_on or today
        _require_near(start_on, today)
        recurrence = Recurrence(
            frequency=command.frequency, interval=command.interval, start_on=start_on
        )
        recurring = RecurringInvoice(
            id=command.id,
            name=command.name,
            party_id=party.id,
            currency=command.currency or party.currency or company.currency,
            lines=command.lines,
            discount=command.discount,
            price_list_id=command.price_list_id,
            payment_term_id=command.payment_term_id,
            reference=command.reference,
            note=command.note,
            course=Course(recurrence=recurrence, ends_on=command.ends_on, count=command.count),
            validates=command.validates,
            sends=command.sends,
            may_undercut=ctx.principal.may(PRICE_OVERRIDE),
        )
        _require_allowed(ctx, recurring)
        written(ctx, uow, recurring, For(company=company, party=party, on=today))
        return uow.recurring_invoices.add(ctx, recurring)


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """For whom the invoice of a period is written, and when."""

    company: Company
    party: Party
    on: date


def written(
    ctx: Context, uow: InvoicingUnitOfWork, recurring: RecurringInvoice, whom: For
) -> Invoice:
    """Return the draft of the next period, priced as on its day; it is not stored.

    Raises:
        NotFoundError: no such product, tax class, unit or price list, or there is no price.
        InvariantError: a line that cannot be; it is named by its place.
    """
    command = AddInvoiceCommand(
        id=InvoiceId(new_id()),
        currency=recurring.currency,
        invoiced_on=whom.on,
        payment_term_id=recurring.payment_term_id,
        discount=recurring.discount,
        reference=recurring.reference,
        note=recurring.next_note,
    )
    wish = Wish(
        draft=blank_draft(command, whom.company, whom.party, Source(), whom.on),
        source=Source(),
        price_list_id=recurring.price_list_id,
        may_undercut=recurring.may_undercut,
        price_level=whom.party.price_level,
    )
    requests = [
        InvoiceLineRequest(
            request=replace(each.request, id=LineId(new_id())), warehouse_id=each.warehouse_id
        )
        for each in recurring.lines
    ]
    return write_lines(ctx, uow, wish, requests)


def _require_near(start_on: date, today: date) -> None:
    ensure(
        start_on >= today - BACK_MAX,
        "invoicing.recurring.start",
        f"it starts {BACK_MAX.days} days ago at the earliest: bill what is older by hand",
        field="start_on",
        earliest=today - BACK_MAX,
    )


def _require_allowed(ctx: Context, recurring: RecurringInvoice) -> None:
    """Let nobody have done by the clock what he may not do himself."""
    if recurring.validates:
        ctx.require(_VALIDATE)
    if recurring.sends:
        ctx.require(_SEND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescheduling:
    """What of the course is to be another; what is None stays."""

    frequency: Frequency | None = None
    interval: int | None = None
    start_on: date | None = None  # None: with another rhythm, the next period begins it


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Another end: on a day, or after so many invoices, or never."""

    ends_on: date | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRecurringInvoiceCommand:
    id: RecurringInvoiceId
    version: int | None
    changes: RecurringChanges
    rescheduling: Rescheduling = Rescheduling()
    ending: Ending | None = None  # None: it stays


@dataclass(frozen=True, kw_only=True)
class ChangeRecurringInvoice(
    UseCase[InvoicingUnitOfWork, ChangeRecurringInvoiceCommand, RecurringInvoice]
):
    """Change what is billed from the next period on; what was made stays.

    Raises:
        PermissionDeniedError: what is made is to be validated or sent, which who asks may not do.
        NotFoundError: no such recurring invoice, product, tax class or price list.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it has ended.
        InvariantError: a line cannot be, or a period would be made again.
    """

    permission = "invoicing.recurring_invoice.change"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: ChangeRecurringInvoiceCommand
    ) -> RecurringInvoice:
        company = uow.companies.get(ctx)
        today = company.day(self.clock.now(ctx))
        seen = uow.recurring_invoices.lock(ctx, command.id).expect(command.version)
        changes = command.changes.copy()
        changes["course"] = _course(seen, command, today)
        if "lines" in changes:
            changes["may_undercut"] = ctx.principal.may(PRICE_OVERRIDE)
        changed = seen.change(changes)
        if changed.lines != seen.lines or changed.discount != seen.discount:
            whom = For(company=company, party=uow.parties.get(ctx, seen.party_id), on=today)
            written(ctx, uow, changed, whom)
        _require_allowed(ctx, changed)
        return uow.recurring_invoices.save(ctx, changed)


def _course(seen: RecurringInvoice, command: ChangeRecurringInvoiceCommand, today: date) -> Course:
    course, wanted = seen.course, command.rescheduling
    old = course.recurrence
    rhythm = (wanted.frequency or old.frequency, wanted.interval or old.interval)
    if wanted.start_on is not None or rhythm != (old.frequency, old.interval):
        start_on = wanted.start_on or course.next_on or old.start_on
        if start_on != old.start_on:
            _require_near(start_on, today)
        new = Recurrence(frequency=rhythm[0], interval=rhythm[1], start_on=start_on)
        course = course.anew(new)
    ending = command.ending
    return course if ending is None else course.until(ending.ends_on, ending.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringInvoiceCommand:
    """Names a recurring invoice, and the version of it that the caller has seen (None: any)."""

    id: RecurringInvoiceId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class PauseRecurringInvoice(
    UseCase[InvoicingUnitOfWork, RecurringInvoiceCommand, RecurringInvoice]
):
    """Make nothing until it is resumed.

    Raises:
        NotFoundError: no such recurring invoice.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is paused, or has ended.
    """

    permission = "invoicing.recurring_invoice.pause"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: RecurringInvoiceCommand
    ) -> RecurringInvoice:
        seen = uow.recurring_invoices.lock(ctx, command.id).expect(command.version)
        return uow.recurring_invoices.save(ctx, seen.pause())


@dataclass(frozen=True, kw_only=True)
class ResumeRecurringInvoice(
    UseCase[InvoicingUnitOfWork, RecurringInvoiceCommand, RecurringInvoice]
):
    """Go on with the first period that begins today or later: a pause is not made up for.

    Raises:
        NotFoundError: no such recurring invoice.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is active, or has ended.
    """

    permission = "invoicing.recurring_invoice.resume"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: RecurringInvoiceCommand
    ) -> RecurringInvoice:
        today = uow.companies.get(ctx).day(self.clock.now(ctx))
        seen = uow.recurring_invoices.lock(ctx, command.id).expect(command.version)
        return uow.recurring_invoices.save(ctx, seen.resume(today))


@dataclass(frozen=True, kw_only=True)
class EndRecurringInvoice(UseCase[InvoicingUnitOfWork, RecurringInvoiceCommand, RecurringInvoice]):
    """Make nothing any more; what was made stays.

    Raises:
        NotFoundError: no such recurring invoice.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it has ended.
    """

    permission = "invoicing.recurring_invoice.end"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: RecurringInvoiceCommand
    ) -> RecurringInvoice:
        seen = uow.recurring_invoices.lock(ctx, command.id).expect(command.version)
        return uow.recurring_invoices.save(ctx, seen.end())

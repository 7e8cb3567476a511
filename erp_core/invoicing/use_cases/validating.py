"""Validating: a draft gets its number, and all that follows from it happens at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from erp_core.identity.entities import Company
from erp_core.inventory.entities import Load
from erp_core.invoicing.entities import (
    DueDate,
    Invoice,
    InvoiceId,
    InvoiceState,
    InvoiceType,
    Receivable,
    credit_lines,
    credit_terms,
    credit_totals,
    credited_by,
    parts_of,
)
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.invoicing.use_cases.customers import customer_of
from erp_core.invoicing.use_cases.goods import (
    Moves,
    Passage,
    given_back,
    leaving,
    move,
    withdrawn,
)
from erp_core.invoicing.use_cases.papers import Papers, lock_papers
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import Party, PartySnapshot, instalments


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateInvoiceCommand:
    id: InvoiceId
    version: int | None = None
    invoiced_on: date | None = None  # None: that of the draft


@dataclass(frozen=True, kw_only=True)
class ValidateInvoice(UseCase[InvoicingUnitOfWork, ValidateInvoiceCommand, Invoice]):
    """Give a draft its number, and freeze it.

    What of an order or a quote it bills is counted there; goods leave, where the company has
    chosen that; a prospect becomes a customer. Deposits are deducted, a credit note reduces what
    is open of its invoice, a replacement takes the place of the invoice that was wrong.

    Raises:
        NotFoundError: no such invoice.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is no draft, the party is archived, or what it credits, replaces or
            deducts is not as it must be.
        InvariantError: it has no line, is dated before the last of its series or in the future,
            or more would be billed or credited than is left.
        InsufficientStockError: goods leave by it, and less is there.
    """

    permission = "invoicing.invoice.validate"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: ValidateInvoiceCommand
    ) -> Invoice:
        seen = uow.invoices.get(ctx, command.id).expect(command.version).require_issuable()
        now, company = self.clock.now(ctx), uow.companies.get(ctx)
        on = command.invoiced_on or seen.invoiced_on
        ensure(
            on <= company.day(now),
            "invoicing.invoice.future",
            "an invoice is not dated after today: those that follow could not be either",
            field="date",
        )
        party = customer_of(ctx, uow, seen.party_id)
        return issued(ctx, uow, seen, Issue(company=company, party=party, on=on, now=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Whose invoice is validated, for whom and when."""

    company: Company
    party: Party  # as a customer
    on: date  # what the invoice is dated
    now: datetime

    @property
    def snapshot(self) -> PartySnapshot:
        """The customer as the invoice keeps him."""
        return PartySnapshot.of(self.party)

    def passage(self, invoice: Invoice, after: Papers) -> Passage:
        """Return how goods move by *invoice*, its papers being as they are *after* it."""
        return Passage(invoice=invoice, papers=after, company=self.company, now=self.now)


def issued(ctx: Context, uow: InvoicingUnitOfWork, seen: Invoice, issue: Issue) -> Invoice:
    """Validate the stored draft *seen*; return it with its number.

    Raises:
        StaleVersionError: it has changed since it was seen.
        ErpError: as ``ValidateInvoice`` does.
    """
    papers = lock_papers(ctx, uow, seen)
    dated = replace(papers, invoice=papers.invoice.change({"invoiced_on": issue.on}))
    if seen.type is InvoiceType.CREDIT_NOTE:
        return _give_back(ctx, uow, dated, issue)
    return _claim(ctx, uow, dated, issue)


def _claim(ctx: Context, uow: InvoicingUnitOfWork, papers: Papers, issue: Issue) -> Invoice:
    """Validate an invoice, a deposit or a replacement."""
    _require_deposits(papers)
    after, back = papers, None
    loads: tuple[Load, ...] = ()
    origin = papers.origin
    if origin is not None:
        after, back = withdrawn(after, origin.require_replaceable())
    if papers.invoice.type.is_final:
        after = after.bill(papers.invoice.lines)
        after, loads = leaving(ctx, uow, after, issue.company)
    after.save(ctx, uow, papers)
    moves = Moves(loads=loads, back=back)
    draft = papers.invoice.with_issued(moves.left)
    move(ctx, uow, moves, issue.passage(draft, after))
    due = _due_dates(ctx, uow, draft)
    stored = _numbered(ctx, uow, draft, issue, due)
    if origin is not None:
        gone = origin.abandon(f"replaced by {stored.number}", issue.now)
        uow.invoices.save(ctx, gone)
    return _deducted(ctx, uow, stored, papers.deposits, issue.now)


def _give_back(ctx: Context, uow: InvoicingUnitOfWork, papers: Papers, issue: Issue) -> Invoice:
    """Validate a credit note, and let it reduce what is open of its invoice."""
    origin = papers.origin
    if origin is None:
        raise AssertionError("unreachable: a credit note has an invoice")
    note = reckoned(papers.invoice, origin)
    credited = credited_by(origin, note)
    after, back = papers, given_back(note, origin)
    if note.reopens_order:
        after = after.unbill(note.lines)
    if back is not None:
        after = after.unissue(back.lines)
    after.save(ctx, uow, papers)
    move(ctx, uow, Moves(back=back), issue.passage(origin, after))
    stored = _numbered(ctx, uow, note, issue, ())
    credited = uow.invoices.save(ctx, credited)
    return _applied(ctx, uow, stored, credited, issue.now)


def reckoned(note: Invoice, origin: Invoice) -> Invoice:
    """Return the draft *note* with its amounts as they are now, after other notes perhaps.

    Raises:
        CreditExceededError: less is left of a line than it gives back.
    """
    lines = credit_lines(origin, parts_of(note))
    totals = credit_totals(origin, lines)
    return note.with_lines(credit_terms(origin, totals), lines, totals)


def _numbered(
    ctx: Context,
    uow: InvoicingUnitOfWork,
    draft: Invoice,
    issue: Issue,
    due: Sequence[DueDate],
) -> Invoice:
    """Take the number, after everything that could be waited for."""
    customer = issue.snapshot
    number = uow.numbering.take(
        ctx, draft.type.document_type, draft.invoiced_on, customer_code=customer.code
    )
    return uow.invoices.save(ctx, draft.validate(number, customer, due, issue.now))


def _due_dates(ctx: Context, uow: InvoicingUnitOfWork, draft: Invoice) -> tuple[DueDate, ...]:
    payable = draft.totals.payable
    if not payable.amount:
        return ()
    if draft.payment_term_id is None:
        return (DueDate(due_on=draft.invoiced_on, amount=payable),)
    term = uow.payment_terms.get(ctx, draft.payment_term_id)
    return tuple(
        DueDate(due_on=day, amount=amount)
        for day, amount in instalments(term, payable, draft.invoiced_on)
    )


def _require_deposits(papers: Papers) -> None:
    for each in papers.deposits:
        invoice = papers.invoice
        ensure(
            each.type is InvoiceType.DEPOSIT
            and each.party_id == invoice.party_id
            and each.currency == invoice.currency,
            "invoicing.deposit.other",
            f"{each.number or each.id} is no deposit of this customer in this currency",
            field="deposit_ids",
            id=each.id,
        )
        if each.state is not InvoiceState.PAID or not each.receivable.spare().amount:
            raise TransitionError(
                f"the deposit {each.number} is not paid, or was deducted before: leave it out",
                code="invoicing.deposit.not_paid",
                field="deposit_ids",
                id=each.id,
                number=each.number,
            )


def _deducted(
    ctx: Context,
    uow: InvoicingUnitOfWork,
    stored: Invoice,
    deposits: Sequence[Invoice],
    now: datetime,
) -> Invoice:
    """Let the deposits pay what they can of the invoice that was just stored."""
    owed, given = stored.receivable, list[Receivable]()
    for each in deposits:
        deposit = each.receivable
        amount = min(deposit.spare(), owed.open_amount)
        if amount.amount:
            deposit, owed = deposit.apply(owed, amount, stored.invoiced_on, now)
            given.append(deposit)
    if not given:
        return stored
    owed, *_ = uow.receivables.save(ctx, [owed, *given])
    return stored.settled_as(owed)


def _applied(
    ctx: Context, uow: InvoicingUnitOfWork, note: Invoice, origin: Invoice, now: datetime
) -> Invoice:
    """Let a credit note that was just stored pay what is open of its invoice.

    What is credited of a deposit can be deducted from nothing else.
    """
    credit, owed = note.receivable, origin.receivable
    amount = min(credit.spare(), owed.open_amount)
    if amount.amount:
        credit, owed = credit.apply(owed, amount, note.invoiced_on, now)
    if origin.type is InvoiceType.DEPOSIT and note.totals.payable.amount:
        owed = owed.withdraw(note.totals.payable)
    if credit == note.receivable and owed == origin.receivable:
        return note
    credit, _ = uow.receivables.save(ctx, [credit, owed])
    return note.settled_as(credit)

"""Giving back: credit notes, and what they are applied to."""

from __future__ import annotations

from datetime import date

from erp_core.invoicing.entities import (
    Balance,
    CreditPart,
    Invoice,
    InvoiceId,
    InvoiceType,
    Links,
    Receivable,
    Settlement,
    SettlementId,
    all_parts,
    credit_lines,
    credit_terms,
    credit_totals,
    require_creditable,
)
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import TransitionError
from erp_core.kernel.money import Money
from erp_core.kernel.use_case import UseCase
from erp_core.parties.ports import hold_named


@dataclass(frozen=True, slots=True, kw_only=True)
class AddCreditNoteCommand:
    id: InvoiceId
    invoice_id: InvoiceId
    parts: tuple[CreditPart, ...] | None = None  # None: all that is left
    reason: str = ""
    note: str = ""
    invoiced_on: date | None = None  # None: today
    returns_stock: bool = False  # where no parts are named: the goods of all come back
    reopens_order: bool = False  # what is credited may be billed again


@dataclass(frozen=True, kw_only=True)
class AddCreditNote(UseCase[InvoicingUnitOfWork, AddCreditNoteCommand, Invoice]):
    """Write a credit note that gives lines of an invoice back, whole or in part: a draft.

    Raises:
        AlreadyExistsError: its id is taken.
        NotFoundError: no such invoice, or no such line in it.
        TransitionError: the invoice is a draft, abandoned, or a credit note itself.
        CreditExceededError: less is left of a line.
        InvariantError: nothing is left to give back.
    """

    permission = "invoicing.credit_note.add"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: AddCreditNoteCommand
    ) -> Invoice:
        invoice = uow.invoices.get(ctx, command.invoice_id)
        require_creditable(invoice)
        hold_named(ctx, uow, invoice.party_id)
        parts = command.parts
        if parts is None:
            parts = all_parts(invoice, returns_stock=command.returns_stock)
        lines = credit_lines(invoice, parts)
        totals = credit_totals(invoice, lines)
        note = Invoice(
            id=command.id,
            type=InvoiceType.CREDIT_NOTE,
            party_id=invoice.party_id,
            invoiced_on=command.invoiced_on or uow.companies.get(ctx).day(self.clock.now(ctx)),
            terms=credit_terms(invoice, totals),
            reference=invoice.reference,
            note=command.note,
            reason=command.reason,
            reopens_order=command.reopens_order,
            links=Links(
                order_id=invoice.links.order_id,
                quote_id=invoice.links.quote_id,
                credits_id=invoice.id,
            ),
            lines=lines,
            totals=totals,
            balance=Balance.of(totals.payable),
            credited=Money.zero(invoice.currency),
        )
        return uow.invoices.add(ctx, note)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyCreditCommand:
    """Gives of a credit note to an invoice; *amount* None: as much as goes."""

    id: InvoiceId  # of the credit note, or of a paid deposit
    version: int | None = None
    invoice_id: InvoiceId
    amount: Money | None = None


@dataclass(frozen=True, kw_only=True)
class ApplyCredit(UseCase[InvoicingUnitOfWork, ApplyCreditCommand, Invoice]):
    """Let what is left of a credit note, or of a paid deposit, pay an invoice of its customer.

    Raises:
        NotFoundError: no such credit note or invoice.
        PreconditionFailedError: the credit note is not at the version the caller saw.
        TransitionError: one of them is a draft or abandoned.
        ExceedsOpenError: less is open of one of them.
        InvariantError: they differ in party or currency, or this is no credit note.
    """

    permission = "invoicing.credit_note.apply"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: ApplyCreditCommand
    ) -> Invoice:
        note, target = uow.invoices.lock(ctx, (command.id, command.invoice_id))
        credit, owed = note.expect(command.version).receivable, target.receivable
        now = self.clock.now(ctx)
        amount = command.amount or _most(credit, owed)
        today = uow.companies.get(ctx).day(now)
        credit, owed = credit.apply(owed, amount, today, now)
        credit, _ = uow.receivables.save(ctx, [credit, owed])
        return note.settled_as(credit)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnapplyCreditCommand:
    """Takes back what was given to an invoice; *settlement_id* None: all of it."""

    id: InvoiceId  # of the credit note, or of the deposit
    version: int | None = None
    invoice_id: InvoiceId
    settlement_id: SettlementId | None = None


@dataclass(frozen=True, kw_only=True)
class UnapplyCredit(UseCase[InvoicingUnitOfWork, UnapplyCreditCommand, Invoice]):
    """Take back what a credit note or a deposit has paid of an invoice: there it is open again.

    What is taken back may be applied to another invoice, or refunded.

    Raises:
        NotFoundError: no such credit note, invoice or settlement.
        PreconditionFailedError: the credit note is not at the version the caller saw.
        TransitionError: nothing of it is applied to the invoice, or the invoice is a deposit that
            is itself deducted elsewhere.
    """

    permission = "invoicing.credit_note.unapply"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: UnapplyCreditCommand
    ) -> Invoice:
        note, target = uow.invoices.lock(ctx, (command.id, command.invoice_id))
        credit, owed = note.expect(command.version).receivable, target.receivable
        now = self.clock.now(ctx)
        for each in _given(ctx, uow, command, credit):
            credit, owed = credit.unapply(owed, each, now)
        credit, _ = uow.receivables.save(ctx, [credit, owed])
        return note.settled_as(credit)


def _given(
    ctx: Context, uow: InvoicingUnitOfWork, command: UnapplyCreditCommand, credit: Receivable
) -> tuple[Settlement, ...]:
    """Return what *credit* has given to the invoice, and was not taken back."""
    source = credit.gives_as
    standing = () if source is None else uow.receivables.settled_by(ctx, source, credit.id)
    given = tuple(
        each
        for each in standing
        if each.invoice_id == command.invoice_id and command.settlement_id in (None, each.id)
    )
    if not given:
        raise TransitionError(
            f"nothing of {credit.number or credit.id} is applied to this invoice, or it was taken "
            "back before: read what the invoice was settled by",
            code="invoicing.unapply.nothing",
            field="invoice_id",
            invoice_id=command.invoice_id,
        )
    return given


def _most(credit: Receivable, owed: Receivable) -> Money:
    """Return all that can be given; where nothing can, all that is wanted, to be refused."""
    if credit.currency != owed.currency:
        return credit.spare()
    amount = min(credit.spare(), owed.open_amount)
    return amount if amount.amount else max(credit.balance.payable, owed.balance.payable)

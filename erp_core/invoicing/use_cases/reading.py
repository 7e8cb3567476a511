"""Reading invoices, and proving that what is open of them is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from erp_core.invoicing.entities import Invoice, InvoiceId, InvoiceSummary, Settlement
from erp_core.invoicing.ports import InvoiceQuery, InvoicingUnitOfWork
from erp_core.invoicing.use_cases.drafts import InvoiceCommand
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase

DIFFERENCES_MAX: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceSheet:
    """An invoice with all that a reader wants to know of it."""

    invoice: Invoice
    today: date  # the company's, by which it is overdue or not
    settlements: tuple[Settlement, ...] = ()
    applied: tuple[Settlement, ...] = ()  # of a credit note or a deposit: what it has paid
    referring: tuple[InvoiceSummary, ...] = ()  # its credit notes, and what replaces it


@dataclass(frozen=True, kw_only=True)
class GetInvoice(UseCase[InvoicingUnitOfWork, InvoiceCommand, InvoiceSheet]):
    """Read one invoice with its lines, what settled it, and what refers to it.

    Raises:
        NotFoundError: no such invoice.
    """

    permission = "invoicing.invoice.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: InvoiceCommand
    ) -> InvoiceSheet:
        invoice = uow.invoices.get(ctx, command.id)
        source = invoice.receivable.gives_as
        return InvoiceSheet(
            invoice=invoice,
            today=uow.companies.get(ctx).day(self.clock.now(ctx)),
            settlements=uow.receivables.settlements(ctx, command.id),
            applied=() if source is None else uow.receivables.settled_by(ctx, source, invoice.id),
            referring=uow.invoices.referring(ctx, command.id),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInvoicesCommand(InvoiceQuery):
    """Which invoices; *overdue* alone knows what day it is."""

    overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedSummary:
    """An invoice as lists show it, on a day."""

    summary: InvoiceSummary
    today: date

    @property
    def id(self) -> InvoiceId:
        return self.summary.id


@dataclass(frozen=True, kw_only=True)
class ListInvoices(UseCase[InvoicingUnitOfWork, ListInvoicesCommand, Page[DatedSummary]]):
    """Read invoices a page at a time, without their lines.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "invoicing.invoice.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: ListInvoicesCommand
    ) -> Page[DatedSummary]:
        today = uow.companies.get(ctx).day(self.clock.now(ctx))
        if command.overdue:
            before = today if command.due_before is None else min(today, command.due_before)
            command = replace(command, due_before=before)
        page = uow.invoices.page(ctx, command)
        dated = tuple(DatedSummary(summary=each, today=today) for each in page.items)
        return Page(items=dated, next=page.next, total=page.total)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceVerification:
    """Whether every invoice's settled amount is what settles it, and of which it is not."""

    differing: tuple[InvoiceId, ...]

    @property
    def consistent(self) -> bool:
        return not self.differing


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyInvoicesQuery:
    """All invoices of the company."""


@dataclass(frozen=True, kw_only=True)
class VerifyInvoices(UseCase[InvoicingUnitOfWork, VerifyInvoicesQuery, InvoiceVerification]):
    """Prove that what is settled of every invoice is the sum of what settles it; change none."""

    permission = "invoicing.consistency.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: VerifyInvoicesQuery
    ) -> InvoiceVerification:
        return InvoiceVerification(differing=uow.receivables.differences(ctx, DIFFERENCES_MAX))

"""Giving an invoice up."""

from __future__ import annotations

from erp_core.invoicing.entities import Invoice, InvoiceId
from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.invoicing.use_cases.goods import Moves, Passage, move, withdrawn
from erp_core.invoicing.use_cases.papers import lock_papers
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class AbandonInvoiceCommand:
    id: InvoiceId
    version: int | None = None
    reason: str
    reopens_order: bool = False  # it was never due: what it billed may be billed again


@dataclass(frozen=True, kw_only=True)
class AbandonInvoice(UseCase[InvoicingUnitOfWork, AbandonInvoiceCommand, Invoice]):
    """Give an invoice up that nobody will pay: it keeps its number, and nothing of it is open.

    The order stays invoiced and the goods are gone, unless the invoice was a mistake and
    ``reopens_order`` is said: then both are as they were before it.

    Raises:
        NotFoundError: no such invoice.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not validated, or something of it is paid or credited.
        InvariantError: no reason is given, or it is a credit note.
    """

    permission = "invoicing.invoice.abandon"

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: AbandonInvoiceCommand
    ) -> Invoice:
        now = self.clock.now(ctx)
        if not command.reopens_order:
            (invoice,) = uow.invoices.lock(ctx, [command.id])
            abandoned = invoice.expect(command.version).abandon(command.reason, now)
            return uow.invoices.save(ctx, abandoned)
        seen = uow.invoices.get(ctx, command.id).expect(command.version)
        papers = lock_papers(ctx, uow, seen)
        abandoned = papers.invoice.abandon(command.reason, now)
        after, back = withdrawn(papers, seen)
        after.save(ctx, uow, papers)
        passage = Passage(invoice=seen, papers=after, company=uow.companies.get(ctx), now=now)
        move(ctx, uow, Moves(back=back), passage)
        return uow.invoices.save(ctx, abandoned)

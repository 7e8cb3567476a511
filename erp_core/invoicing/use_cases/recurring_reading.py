"""Reading recurring invoices, and what they made."""

from __future__ import annotations

from erp_core.invoicing.entities import MadeInvoice, RecurringInvoice, RecurringSummary
from erp_core.invoicing.ports import InvoicingUnitOfWork, MadeQuery, RecurringQuery
from erp_core.invoicing.use_cases.recurring import RecurringInvoiceCommand
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, kw_only=True)
class GetRecurringInvoice(UseCase[InvoicingUnitOfWork, RecurringInvoiceCommand, RecurringInvoice]):
    """Read one recurring invoice with its lines, and with what stood in its way last.

    Raises:
        NotFoundError: no such recurring invoice.
    """

    permission = "invoicing.recurring_invoice.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: RecurringInvoiceCommand
    ) -> RecurringInvoice:
        return uow.recurring_invoices.get(ctx, command.id)


@dataclass(frozen=True, kw_only=True)
class ListRecurringInvoices(UseCase[InvoicingUnitOfWork, RecurringQuery, Page[RecurringSummary]]):
    """Read recurring invoices a page at a time, without their lines.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "invoicing.recurring_invoice.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: RecurringQuery
    ) -> Page[RecurringSummary]:
        return uow.recurring_invoices.page(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ListMadeInvoices(UseCase[InvoicingUnitOfWork, MadeQuery, Page[MadeInvoice]]):
    """Read what a recurring invoice has made, a page at a time; deleted drafts are gone.

    Raises:
        NotFoundError: no such recurring invoice.
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "invoicing.recurring_invoice.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: MadeQuery
    ) -> Page[MadeInvoice]:
        uow.recurring_invoices.get(ctx, command.id)
        return uow.recurring_invoices.made(ctx, command)

"""What a person can ask of all invoices at once."""

from __future__ import annotations

from datetime import date
from typing import Final

from erp_core.invoicing.ports import (
    AgedBy,
    AgedQuery,
    AgedRow,
    InvoicingUnitOfWork,
    MarginQuery,
    MarginRow,
    SalesOfMonth,
    SalesOfProduct,
    SalesQuery,
    SalesToParty,
    TaxQuery,
    TaxRow,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.page import Page, PageRequest
from erp_core.kernel.use_case import UseCase
from erp_core.parties.entities import PartyId

# Beyond these no calendar of an office reaches, and a day before or after them still exists.
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(9998, 12, 31)


@dataclass(frozen=True, kw_only=True)
class ReportMargins(UseCase[InvoicingUnitOfWork, MarginQuery, Page[MarginRow]]):
    """Read what was earned in a period: net, cost and margin, by whatever is asked.

    Invoices and replacements count by their own dates, less the credit notes on them; what was
    abandoned, and deposits, do not. The cost is that of when the line was written; what has none
    is told apart, and is in no margin.

    Raises:
        MalformedError: another order, or a cursor of another list.
    """

    permission = "invoicing.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: MarginQuery
    ) -> Page[MarginRow]:
        return uow.sales_reports.margins(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ReportSalesByMonth(UseCase[InvoicingUnitOfWork, SalesQuery, Page[SalesOfMonth]]):
    """Read what was invoiced, less what was credited, in each month and currency.

    Raises:
        MalformedError: another order, or a cursor of another list.
    """

    permission = "invoicing.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: SalesQuery
    ) -> Page[SalesOfMonth]:
        return uow.sales_reports.by_month(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ReportSalesByCustomer(UseCase[InvoicingUnitOfWork, SalesQuery, Page[SalesToParty]]):
    """Read what each customer was invoiced, less what was credited; the largest first.

    Raises:
        MalformedError: another order, or a cursor of another list.
    """

    permission = "invoicing.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: SalesQuery
    ) -> Page[SalesToParty]:
        return uow.sales_reports.by_customer(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ReportSalesByProduct(UseCase[InvoicingUnitOfWork, SalesQuery, Page[SalesOfProduct]]):
    """Read what was invoiced of each product, less what was credited; the largest first.

    Raises:
        MalformedError: another order, or a cursor of another list.
    """

    permission = "invoicing.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: SalesQuery
    ) -> Page[SalesOfProduct]:
        return uow.sales_reports.by_product(ctx, command)


@dataclass(frozen=True, kw_only=True)
class ReportTaxes(UseCase[InvoicingUnitOfWork, TaxQuery, Page[TaxRow]]):
    """Read the base and the amount of each tax, less what was credited.

    The taxes of deposits stand in rows of their own: the final invoice says them again.

    Raises:
        MalformedError: another order, or a cursor of another list.
    """

    permission = "invoicing.report.read"
    read_only = True

    def execute(self, ctx: Context, uow: InvoicingUnitOfWork, command: TaxQuery) -> Page[TaxRow]:
        return uow.sales_reports.taxes(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAgedCommand:
    """What is owed at the end of the day *at*; None: today, where the company is."""

    page: PageRequest
    at: date | None = None
    by: AgedBy = AgedBy.PARTY
    party_id: PartyId | None = None
    currency: str = ""

    def __post_init__(self) -> None:
        ensure(
            self.at is None or FIRST_DAY <= self.at <= LAST_DAY,
            "invoicing.report.day",
            f"ask for a day from {FIRST_DAY} to {LAST_DAY}",
            field="at",
        )


@dataclass(frozen=True, kw_only=True)
class ReportAgedReceivables(UseCase[InvoicingUnitOfWork, ReportAgedCommand, Page[AgedRow]]):
    """Read who owes how much, by how late it is: today, or as it was on any day.

    Raises:
        MalformedError: another order, or a cursor of another list.
    """

    permission = "invoicing.report.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: InvoicingUnitOfWork, command: ReportAgedCommand
    ) -> Page[AgedRow]:
        company = uow.companies.get(ctx)
        at = command.at or company.day(self.clock.now(ctx))
        query = AgedQuery(
            page=command.page,
            at=at,
            until=company.end_of(at),
            by=command.by,
            party_id=command.party_id,
            currency=command.currency,
        )
        return uow.receivable_reports.aged(ctx, query)

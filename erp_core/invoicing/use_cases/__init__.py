"""What a person can do with invoices."""

from erp_core.invoicing.use_cases.abandoning import AbandonInvoice, AbandonInvoiceCommand
from erp_core.invoicing.use_cases.crediting import (
    AddCreditNote,
    AddCreditNoteCommand,
    ApplyCredit,
    ApplyCreditCommand,
    UnapplyCredit,
    UnapplyCreditCommand,
)
from erp_core.invoicing.use_cases.customers import carry_invoices
from erp_core.invoicing.use_cases.deposits import DepositPart
from erp_core.invoicing.use_cases.drafting import InvoiceLineRequest
from erp_core.invoicing.use_cases.drafts import (
    AddInvoice,
    AddInvoiceCommand,
    ChangeInvoice,
    ChangeInvoiceCommand,
    DeleteInvoice,
    InvoiceCommand,
)
from erp_core.invoicing.use_cases.mailing import (
    RemindOfInvoice,
    SendInvoice,
    SendInvoiceCommand,
)
from erp_core.invoicing.use_cases.printing import PrintInvoice
from erp_core.invoicing.use_cases.reading import (
    DatedSummary,
    GetInvoice,
    InvoiceSheet,
    InvoiceVerification,
    ListInvoices,
    ListInvoicesCommand,
    VerifyInvoices,
    VerifyInvoicesQuery,
)
from erp_core.invoicing.use_cases.recurring import (
    AddRecurringInvoice,
    AddRecurringInvoiceCommand,
    ChangeRecurringInvoice,
    ChangeRecurringInvoiceCommand,
    Ending,
    EndRecurringInvoice,
    PauseRecurringInvoice,
    RecurringInvoiceCommand,
    Rescheduling,
    ResumeRecurringInvoice,
)
from erp_core.invoicing.use_cases.recurring_reading import (
    GetRecurringInvoice,
    ListMadeInvoices,
    ListRecurringInvoices,
)
from erp_core.invoicing.use_cases.recurring_run import (
    CATCH_UP_MAX,
    RUN_AT_ONCE,
    DuePeriod,
    PeriodResult,
    RecurringRun,
    RunRecurringInvoices,
    RunRecurringInvoicesCommand,
)
from erp_core.invoicing.use_cases.reports import (
    ReportAgedCommand,
    ReportAgedReceivables,
    ReportMargins,
    ReportSalesByCustomer,
    ReportSalesByMonth,
    ReportSalesByProduct,
    ReportTaxes,
)
from erp_core.invoicing.use_cases.validating import ValidateInvoice, ValidateInvoiceCommand
from erp_core.kernel.dataclass import dataclass

__all__ = [
    "CATCH_UP_MAX",
    "RUN_AT_ONCE",
    "AbandonInvoice",
    "AbandonInvoiceCommand",
    "AddCreditNote",
    "AddCreditNoteCommand",
    "AddInvoice",
    "AddInvoiceCommand",
    "AddRecurringInvoice",
    "AddRecurringInvoiceCommand",
    "ApplyCredit",
    "ApplyCreditCommand",
    "ChangeInvoice",
    "ChangeInvoiceCommand",
    "ChangeRecurringInvoice",
    "ChangeRecurringInvoiceCommand",
    "DatedSummary",
    "DeleteInvoice",
    "DepositPart",
    "DuePeriod",
    "EndRecurringInvoice",
    "Ending",
    "GetInvoice",
    "GetRecurringInvoice",
    "InvoiceCommand",
    "InvoiceLineRequest",
    "InvoiceSheet",
    "InvoiceVerification",
    "InvoicingUseCases",
    "ListInvoices",
    "ListInvoicesCommand",
    "ListMadeInvoices",
    "ListRecurringInvoices",
    "PauseRecurringInvoice",
    "PeriodResult",
    "PrintInvoice",
    "RecurringInvoiceCommand",
    "RecurringRun",
    "RemindOfInvoice",
    "ReportAgedCommand",
    "ReportAgedReceivables",
    "ReportMargins",
    "ReportSalesByCustomer",
    "ReportSalesByMonth",
    "ReportSalesByProduct",
    "ReportTaxes",
    "Rescheduling",
    "ResumeRecurringInvoice",
    "RunRecurringInvoices",
    "RunRecurringInvoicesCommand",
    "SendInvoice",
    "SendInvoiceCommand",
    "UnapplyCredit",
    "UnapplyCreditCommand",
    "ValidateInvoice",
    "ValidateInvoiceCommand",
    "VerifyInvoices",
    "VerifyInvoicesQuery",
    "carry_invoices",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicingUseCases:
    """All of invoicing, wired: what HTTP, the CLI and an embedding program call."""

    add_invoice: AddInvoice
    change_invoice: ChangeInvoice
    delete_invoice: DeleteInvoice
    validate_invoice: ValidateInvoice
    abandon_invoice: AbandonInvoice
    add_credit_note: AddCreditNote
    apply_credit: ApplyCredit
    unapply_credit: UnapplyCredit
    get_invoice: GetInvoice
    list_invoices: ListInvoices
    verify_invoices: VerifyInvoices
    print_invoice: PrintInvoice
    send_invoice: SendInvoice
    remind_of_invoice: RemindOfInvoice
    add_recurring_invoice: AddRecurringInvoice
    change_recurring_invoice: ChangeRecurringInvoice
    pause_recurring_invoice: PauseRecurringInvoice
    resume_recurring_invoice: ResumeRecurringInvoice
    end_recurring_invoice: EndRecurringInvoice
    get_recurring_invoice: GetRecurringInvoice
    list_recurring_invoices: ListRecurringInvoices
    list_made_invoices: ListMadeInvoices
    run_recurring_invoices: RunRecurringInvoices
    report_margins: ReportMargins
    report_sales_by_month: ReportSalesByMonth
    report_sales_by_customer: ReportSalesByCustomer
    report_sales_by_product: ReportSalesByProduct
    report_aged_receivables: ReportAgedReceivables
    report_taxes: ReportTaxes

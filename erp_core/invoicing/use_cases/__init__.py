"""What a person can do with invoices."""

from dataclasses import dataclass

from erp_core.invoicing.use_cases.abandoning import AbandonInvoice, AbandonInvoiceCommand
from erp_core.invoicing.use_cases.crediting import (
    AddCreditNote,
    AddCreditNoteCommand,
    ApplyCredit,
    ApplyCreditCommand,
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
from erp_core.invoicing.use_cases.validating import ValidateInvoice, ValidateInvoiceCommand

__all__ = [
    "AbandonInvoice",
    "AbandonInvoiceCommand",
    "AddCreditNote",
    "AddCreditNoteCommand",
    "AddInvoice",
    "AddInvoiceCommand",
    "ApplyCredit",
    "ApplyCreditCommand",
    "ChangeInvoice",
    "ChangeInvoiceCommand",
    "DatedSummary",
    "DeleteInvoice",
    "DepositPart",
    "GetInvoice",
    "InvoiceCommand",
    "InvoiceLineRequest",
    "InvoiceSheet",
    "InvoiceVerification",
    "InvoicingUseCases",
    "ListInvoices",
    "ListInvoicesCommand",
    "PrintInvoice",
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
    get_invoice: GetInvoice
    list_invoices: ListInvoices
    verify_invoices: VerifyInvoices
    print_invoice: PrintInvoice

"""What invoicing knows: invoices, what settles them, and what is credited."""

from erp_core.invoicing.entities.balance import Balance, DueDate, OpenDueDate
from erp_core.invoicing.entities.course import COUNT_MAX, Course
from erp_core.invoicing.entities.crediting import (
    CreditPart,
    all_parts,
    credit_lines,
    credit_terms,
    credit_totals,
    credited_by,
    parts_of,
    require_creditable,
)
from erp_core.invoicing.entities.events import (
    InvoiceAbandoned,
    InvoicePaid,
    InvoiceReopened,
    InvoiceValidated,
    RecurringInvoiceMade,
)
from erp_core.invoicing.entities.invoice import (
    DEPOSITS_MAX,
    NOTE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    REFERENCE_LENGTH_MAX,
    Invoice,
    InvoiceChanges,
)
from erp_core.invoicing.entities.invoice_line import CreditExceededError, InvoiceLine
from erp_core.invoicing.entities.mailing import mailed_invoice, reminded_invoice
from erp_core.invoicing.entities.papers import InvoicePapers, printed_invoice
from erp_core.invoicing.entities.receivable import ExceedsOpenError, Receivable
from erp_core.invoicing.entities.recurrence import INTERVAL_MAX, Frequency, Recurrence
from erp_core.invoicing.entities.recurring import (
    MADE_SORTS,
    RECURRING_LIFECYCLE,
    RECURRING_NAME_MAX,
    RECURRING_NOTE_MAX,
    RECURRING_SORTS,
    MadeInvoice,
    RecurringChanges,
    RecurringInvoice,
    RecurringInvoiceId,
    RecurringLine,
    RecurringPeriod,
    RecurringProblem,
    RecurringState,
    RecurringSummary,
)
from erp_core.invoicing.entities.settlement import Settlement, SettlementId, SettlementSource
from erp_core.invoicing.entities.states import (
    INVOICE_LIFECYCLE,
    InvoiceId,
    InvoiceState,
    InvoiceType,
)
from erp_core.invoicing.entities.summary import INVOICE_SORTS, InvoiceSummary, Links

__all__ = [
    "COUNT_MAX",
    "DEPOSITS_MAX",
    "INTERVAL_MAX",
    "INVOICE_LIFECYCLE",
    "INVOICE_SORTS",
    "MADE_SORTS",
    "NOTE_LENGTH_MAX",
    "REASON_LENGTH_MAX",
    "RECURRING_LIFECYCLE",
    "RECURRING_NAME_MAX",
    "RECURRING_NOTE_MAX",
    "RECURRING_SORTS",
    "REFERENCE_LENGTH_MAX",
    "Balance",
    "Course",
    "CreditExceededError",
    "CreditPart",
    "DueDate",
    "ExceedsOpenError",
    "Frequency",
    "Invoice",
    "InvoiceAbandoned",
    "InvoiceChanges",
    "InvoiceId",
    "InvoiceLine",
    "InvoicePaid",
    "InvoicePapers",
    "InvoiceReopened",
    "InvoiceState",
    "InvoiceSummary",
    "InvoiceType",
    "InvoiceValidated",
    "Links",
    "MadeInvoice",
    "OpenDueDate",
    "Receivable",
    "Recurrence",
    "RecurringChanges",
    "RecurringInvoice",
    "RecurringInvoiceId",
    "RecurringInvoiceMade",
    "RecurringLine",
    "RecurringPeriod",
    "RecurringProblem",
    "RecurringState",
    "RecurringSummary",
    "Settlement",
    "SettlementId",
    "SettlementSource",
    "all_parts",
    "credit_lines",
    "credit_terms",
    "credit_totals",
    "credited_by",
    "mailed_invoice",
    "parts_of",
    "printed_invoice",
    "reminded_invoice",
    "require_creditable",
]

"""All that is stored, as plain dictionaries of immutable things."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from uuid import UUID

from erp_core.catalog.entities import (
    PriceList,
    PriceListId,
    Product,
    ProductId,
    TaxClass,
    TaxClassId,
    Unit,
    UnitId,
)
from erp_core.documents.entities import (
    DocumentType,
    Job,
    JobId,
    Letterhead,
    MailContent,
    MailMessage,
    MailMessageId,
    MailTemplate,
    MailTemplateId,
    NumberSeries,
    Printout,
    PrintoutKey,
    Schedule,
    ScheduleName,
)
from erp_core.identity.entities import (
    ApiKey,
    ApiKeyId,
    Company,
    RefreshToken,
    RefreshTokenId,
    Role,
    RoleId,
    SignInAttempts,
    SignInAttemptsId,
    User,
    UserId,
)
from erp_core.inventory.entities import (
    CountId,
    CountLine,
    Lot,
    LotId,
    MovementId,
    Reservation,
    StockCount,
    StockItem,
    StockKey,
    StockMovement,
    StockTransfer,
    StockTransferId,
    Valuation,
    Warehouse,
    WarehouseId,
)
from erp_core.invoicing.entities import (
    Invoice,
    InvoiceId,
    RecurringInvoice,
    RecurringInvoiceId,
    Settlement,
    SettlementId,
)
from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import CompanyId
from erp_core.kernel.ports import Message
from erp_core.kernel.sealing import AuditSeal
from erp_core.parties.entities import CodeSeries, Party, PartyId, PaymentTerm, PaymentTermId
from erp_core.sales.entities import Order, OrderId, Quote, QuoteId, Shipment, ShipmentId
from erp_core.treasury.entities import BankAccount, BankAccountId, Payment, PaymentId


@dataclass(frozen=True, slots=True)
class Answered:
    """A request that was made under a key."""

    fingerprint: str
    claimed_at: datetime
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """How far the counter of a period has come."""

    last_number: int
    last_on: date  # the latest of its documents' dates


@dataclass(frozen=True, slots=True)
class Told:
    """A message that waits to be delivered, or was given up."""

    message: Message
    until: datetime | None = None
    given_up_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tables:
    """Not altered once committed, only replaced: so holding one is holding a snapshot."""

    messages: dict[UUID, Told] = field(default_factory=dict)
    audit: dict[tuple[CompanyId, UUID], AuditRecord] = field(default_factory=dict)
    audit_seals: dict[tuple[CompanyId, int], AuditSeal] = field(default_factory=dict)
    answered: dict[tuple[CompanyId, str, str], Answered] = field(default_factory=dict)
    jobs: dict[tuple[CompanyId, JobId], Job] = field(default_factory=dict)
    schedules: dict[tuple[CompanyId, ScheduleName], Schedule] = field(default_factory=dict)
    parties: dict[tuple[CompanyId, PartyId], Party] = field(default_factory=dict)
    party_codes: dict[tuple[CompanyId, CodeSeries], int] = field(default_factory=dict)
    payment_terms: dict[tuple[CompanyId, PaymentTermId], PaymentTerm] = field(default_factory=dict)
    products: dict[tuple[CompanyId, ProductId], Product] = field(default_factory=dict)
    units: dict[tuple[CompanyId, UnitId], Unit] = field(default_factory=dict)
    tax_classes: dict[tuple[CompanyId, TaxClassId], TaxClass] = field(default_factory=dict)
    price_lists: dict[tuple[CompanyId, PriceListId], PriceList] = field(default_factory=dict)
    letterheads: dict[CompanyId, Letterhead] = field(default_factory=dict)
    printouts: dict[tuple[CompanyId, PrintoutKey], Printout] = field(default_factory=dict)
    mail_messages: dict[tuple[CompanyId, MailMessageId], MailMessage] = field(default_factory=dict)
    mail_contents: dict[tuple[CompanyId, MailMessageId], MailContent] = field(default_factory=dict)
    mail_templates: dict[tuple[CompanyId, MailTemplateId], MailTemplate] = field(
        default_factory=dict
    )
    number_series: dict[tuple[CompanyId, DocumentType], NumberSeries] = field(default_factory=dict)
    numbers: dict[tuple[CompanyId, DocumentType, str], Counted] = field(default_factory=dict)
    companies: dict[CompanyId, Company] = field(default_factory=dict)
    users: dict[tuple[CompanyId, UserId], User] = field(default_factory=dict)
    roles: dict[tuple[CompanyId, RoleId], Role] = field(default_factory=dict)
    api_keys: dict[tuple[CompanyId, ApiKeyId], ApiKey] = field(default_factory=dict)
    refresh_tokens: dict[tuple[CompanyId, RefreshTokenId], RefreshToken] = field(
        default_factory=dict
    )
    sign_in_attempts: dict[tuple[CompanyId, SignInAttemptsId], SignInAttempts] = field(
        default_factory=dict
    )
    warehouses: dict[tuple[CompanyId, WarehouseId], Warehouse] = field(default_factory=dict)
    valuations: dict[tuple[CompanyId, ProductId], Valuation] = field(default_factory=dict)
    stock: dict[tuple[CompanyId, StockKey], StockItem] = field(default_factory=dict)
    movements: dict[tuple[CompanyId, MovementId], StockMovement] = field(default_factory=dict)
    lots: dict[tuple[CompanyId, LotId], Lot] = field(default_factory=dict)
    reservations: dict[tuple[CompanyId, StockKey, str], Reservation] = field(default_factory=dict)
    transfers: dict[tuple[CompanyId, StockTransferId], StockTransfer] = field(default_factory=dict)
    counts: dict[tuple[CompanyId, CountId], StockCount] = field(default_factory=dict)
    count_lines: dict[tuple[CompanyId, CountId, StockKey], CountLine] = field(default_factory=dict)

    quotes: dict[tuple[CompanyId, QuoteId], Quote] = field(default_factory=dict)
    orders: dict[tuple[CompanyId, OrderId], Order] = field(default_factory=dict)
    invoices: dict[tuple[CompanyId, InvoiceId], Invoice] = field(default_factory=dict)
    settlements: dict[tuple[CompanyId, SettlementId], Settlement] = field(default_factory=dict)
    recurring_invoices: dict[tuple[CompanyId, RecurringInvoiceId], RecurringInvoice] = field(
        default_factory=dict
    )
    recurring_periods: dict[tuple[CompanyId, RecurringInvoiceId, date], InvoiceId] = field(
        default_factory=dict
    )
    shipments: dict[tuple[CompanyId, ShipmentId], Shipment] = field(default_factory=dict)
    bank_accounts: dict[tuple[CompanyId, BankAccountId], BankAccount] = field(default_factory=dict)
    payments: dict[tuple[CompanyId, PaymentId], Payment] = field(default_factory=dict)

    def copy(self) -> Tables:
        return Tables(*(dict(getattr(self, each.name)) for each in fields(self)))

"""What invoicing tells others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from erp_core.invoicing.entities.states import InvoiceId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Event
from erp_core.parties.entities import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceValidated(Event):
    """An invoice has its number and is owed; a credit note is owed by the company."""

    name: ClassVar[str] = "invoicing.invoice_validated"

    invoice_id: InvoiceId
    type: str
    number: str
    party_id: PartyId
    date: date
    total: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicePaid(Event):
    """Nothing of an invoice is open any more."""

    name: ClassVar[str] = "invoicing.invoice_paid"

    invoice_id: InvoiceId
    number: str
    party_id: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceReopened(Event):
    """Something of an invoice that was paid is open again: what settled it was taken back."""

    name: ClassVar[str] = "invoicing.invoice_reopened"

    invoice_id: InvoiceId
    number: str
    party_id: PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceAbandoned(Event):
    """An invoice will not be paid."""

    name: ClassVar[str] = "invoicing.invoice_abandoned"

    invoice_id: InvoiceId
    number: str
    party_id: PartyId
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringInvoiceMade(Event):
    """A recurring invoice has made the invoice of a period; *send* it, if that is asked for."""

    name: ClassVar[str] = "invoicing.recurring_invoice_made"

    recurring_invoice_id: UUID
    invoice_id: InvoiceId
    party_id: PartyId
    period_on: date
    validated: bool
    send: bool

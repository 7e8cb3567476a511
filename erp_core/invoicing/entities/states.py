"""What kinds of invoices there are, and what becomes of them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from erp_core.kernel.entity import Lifecycle

InvoiceId = NewType("InvoiceId", UUID)


class InvoiceType(StrEnum):
    STANDARD = "standard"
    CREDIT_NOTE = "credit_note"
    DEPOSIT = "deposit"
    REPLACEMENT = "replacement"

    @property
    def is_credit(self) -> bool:
        """Say whether it is the company that owes."""
        return self is InvoiceType.CREDIT_NOTE

    @property
    def is_final(self) -> bool:
        """Say whether it bills what was delivered: what credit notes and deposits refer to."""
        return self in (InvoiceType.STANDARD, InvoiceType.REPLACEMENT)

    @property
    def document_type(self) -> str:
        """The series it takes its number from."""
        return "invoicing.invoice" if self is InvoiceType.STANDARD else f"invoicing.{self.value}"


class InvoiceState(StrEnum):
    DRAFT = "draft"
    VALIDATED = "validated"
    PAID = "paid"
    ABANDONED = "abandoned"


INVOICE_LIFECYCLE: Final = Lifecycle[InvoiceState](
    {
        InvoiceState.DRAFT: {InvoiceState.VALIDATED},
        InvoiceState.VALIDATED: {InvoiceState.PAID, InvoiceState.ABANDONED},
        InvoiceState.PAID: {InvoiceState.VALIDATED},  # what settled it was taken back
        InvoiceState.ABANDONED: set(),
    }
)

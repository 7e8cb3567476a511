"""What reduces the open amount of an invoice."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import NewType, Self
from uuid import UUID

from erp_core.invoicing.entities.states import InvoiceId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import TransitionError, ensure
from erp_core.kernel.money import Money

SettlementId = NewType("SettlementId", UUID)


def _new() -> SettlementId:
    return SettlementId(new_id())


class SettlementSource(StrEnum):
    PAYMENT = "payment"
    CREDIT_NOTE = "credit_note"
    DEPOSIT = "deposit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """So much of an invoice was paid, credited, or had been paid as a deposit.

    Of a credit note it is what was refunded. A mistake is reversed, never deleted.
    """

    id: SettlementId = field(default_factory=_new)
    invoice_id: InvoiceId
    source: SettlementSource
    source_id: UUID  # the payment, the credit note or the deposit
    amount: Money
    settled_on: date  # in the company's time zone
    reversed_at: datetime | None = None  # aware, UTC

    def __post_init__(self) -> None:
        ensure(
            self.amount.amount > 0,
            "invoicing.settlement.amount",
            "what settles an invoice is more than zero",
            field="amount",
        )

    def reverse(self, at: datetime) -> Self:
        """Return the settlement taken back.

        Raises:
            TransitionError: it was before.
        """
        if self.reversed_at is not None:
            raise TransitionError(
                "this settlement was reversed before",
                code="invoicing.settlement.reversed",
                reversed_at=self.reversed_at.isoformat(),
            )
        return replace(self, reversed_at=at)

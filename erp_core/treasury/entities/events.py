"""What treasury tells others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Event
from erp_core.parties.entities import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecorded(Event):
    """Money came in or went out."""

    name: ClassVar[str] = "treasury.payment_recorded"

    payment_id: UUID
    number: str
    direction: str
    party_id: PartyId
    date: date
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReversed(Event):
    """A payment did not take place after all: what it had settled is open again."""

    name: ClassVar[str] = "treasury.payment_reversed"

    payment_id: UUID
    number: str
    direction: str
    party_id: PartyId
    amount: Decimal
    currency: str
    reason: str

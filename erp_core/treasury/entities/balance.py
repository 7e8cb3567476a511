"""What stands between the company and a party."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Self

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import Money
from erp_core.parties.entities import Party, PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyBalance:
    """What stands in one currency; no amount is below zero but the *balance*."""

    open_amount: Money  # of validated invoices
    overdue: Money  # of that, what was due before today
    credit_notes: Money  # validated, neither used nor refunded
    payments: Money  # that came in, and are allocated to nothing
    advances: Money  # that went out, and are allocated to nothing
    to_invoice: Money  # of confirmed orders

    @property
    def currency(self) -> str:
        """The currency of them all (ISO 4217)."""
        return self.open_amount.currency

    @property
    def credit(self) -> Money:
        """What the party has paid or been credited, and may still use."""
        return self.payments + self.credit_notes

    @property
    def balance(self) -> Money:
        """What the party owes all in all; below zero: it is the company that owes."""
        return self.open_amount + self.advances - self.credit

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Return the balance of one with whom nothing was ever done in *currency*."""
        nothing = Money.zero(currency)
        return cls(
            open_amount=nothing,
            overdue=nothing,
            credit_notes=nothing,
            payments=nothing,
            advances=nothing,
            to_invoice=nothing,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyBalance:
    """What stands between the company and a party, and how much of its credit limit is left."""

    party_id: PartyId
    on: date  # the company's day, by which things are overdue
    currencies: tuple[CurrencyBalance, ...]  # in order of currency; none: nothing stands
    credit_limit: Money | None  # None: no limit
    credit_used: Money | None  # what is open and what is to be invoiced, in the limit's currency

    @classmethod
    def of(cls, party: Party, on: date, currencies: Sequence[CurrencyBalance]) -> Self:
        """Return the balance of *party*, measured against its credit limit."""
        limit, used = party.credit_limit, None
        if limit is not None:
            nothing = Money.zero(limit.currency)
            mine = (each for each in currencies if each.currency == limit.currency)
            used = sum((each.open_amount + each.to_invoice for each in mine), nothing)
        return cls(
            party_id=party.id,
            on=on,
            currencies=tuple(currencies),
            credit_limit=limit,
            credit_used=used,
        )

    @property
    def credit_left(self) -> Money | None:
        """What may still be ordered; below zero where somebody has sold beyond the limit."""
        if self.credit_limit is None or self.credit_used is None:
            return None
        return self.credit_limit - self.credit_used

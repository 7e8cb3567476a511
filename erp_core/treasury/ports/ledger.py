"""What treasury asks of whoever can tell a party's account."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Protocol

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import StatementEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountQuery:
    """Whose account, in which currency, and when."""

    party_id: PartyId
    currency: str  # ISO 4217
    since: date
    until: date  # that day included


class PartyAccounts(Protocol):
    """Tells what moved the account of a party: invoices, credit notes and payments that count.

    Drafts, abandoned invoices and reversed payments are left out. Each call is one statement.
    Proved by ``erp_core.testing.treasury.PartyAccountsContract``.
    """

    @abstractmethod
    def opening(self, ctx: Context, query: AccountQuery) -> Money:
        """Return what the party owed before the first day; below zero it was owed."""

    @abstractmethod
    def entries(self, ctx: Context, query: AccountQuery, limit: int) -> tuple[StatementEntry, ...]:
        """Return the first *limit* movements in order of day; what charges comes first in it."""

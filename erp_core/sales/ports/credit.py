"""How much of its credit a customer uses."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.kernel.context import Context
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartyId


class CreditLedger(Protocol):
    """Adds up what a customer has ordered and not paid.

    Proved by ``erp_core.testing.sales.CreditLedgerContract``.
    """

    @abstractmethod
    def used(self, ctx: Context, party_id: PartyId, currency: str) -> Money:
        """Return what the customer owes and what is agreed and not invoiced, in one currency.

        Whoever grants credit by it locks the party first, so that all who do come in turn.
        """

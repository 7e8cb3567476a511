"""What treasury asks of whoever can add up all that stands with a party."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from typing import Protocol

from erp_core.kernel.context import Context
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import CurrencyBalance


class PartyBalances(Protocol):
    """Adds up invoices, credit notes, payments and orders of a party.

    Proved by ``erp_core.testing.treasury.PartyBalancesContract``. It takes the same number of
    round trips however much there is.
    """

    @abstractmethod
    def of(self, ctx: Context, party_id: PartyId, today: date) -> tuple[CurrencyBalance, ...]:
        """Return what stands with a party, one for each currency, in order of currency.

        A currency in which nothing stands is left out; overdue is what was due before *today*.
        """

"""What is owed, by how late it is: on any day, as it was then."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol, Self

from erp_core.invoicing.ports.report_rows import (
    Ranking,
    ReportedParty,
    in_currency,
    ranking,
    ranking_cursor,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.money import require_currency
from erp_core.kernel.page import Cursor, Page, PageRequest, require_own_order
from erp_core.parties.entities import PartyId

AGES: Final = (0, 30, 60, 90)  # days after the due date: a column begins where one is exceeded


class AgedBy(StrEnum):
    PARTY = "party"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedQuery:
    """What was open at the end of the day *at*, which ends at the moment *until*.

    An invoice counts from the day it was validated until it was abandoned, a settlement from its
    own date until it was reversed; that of a credit note not before the note itself. By currency
    the rows are the totals: the sums of all rows by party.
    """

    page: PageRequest
    at: date
    until: datetime
    by: AgedBy = AgedBy.PARTY
    party_id: PartyId | None = None
    currency: str = ""  # empty: each by itself

    def __post_init__(self) -> None:
        require_own_order(self.page)
        if self.currency:
            require_currency(self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedRow:
    """What is open, by how late it is; who owes most comes first. Never nothing at all."""

    party: ReportedParty | None  # None: of all
    currency: str  # ISO 4217
    not_due: Decimal  # due on the day itself, or after it
    days_1_30: Decimal
    days_31_60: Decimal
    days_61_90: Decimal
    over_90: Decimal
    credit: Decimal  # of credit notes, not used: what the company owes

    @classmethod
    def of(
        cls, party: ReportedParty | None, currency: str, late: tuple[Decimal, ...], credit: Decimal
    ) -> Self:
        """Make a row of what is open, and of what of it is later than each of ``AGES``."""
        known = [in_currency(each, currency) for each in late]
        not_due, *columns = [
            more - less for more, less in zip(known, [*known[1:], Decimal(0)], strict=True)
        ]
        return cls(
            party=party,
            currency=currency,
            not_due=not_due,
            days_1_30=columns[0],
            days_31_60=columns[1],
            days_61_90=columns[2],
            over_90=columns[3],
            credit=in_currency(credit, currency),
        )

    @property
    def open_amount(self) -> Decimal:
        """What is open on invoices, however late; credit notes are not taken off it."""
        late = self.days_1_30 + self.days_31_60 + self.days_61_90 + self.over_90
        return self.not_due + late

    @property
    def balance(self) -> Decimal:
        """What is open, less the credit."""
        return self.open_amount - self.credit

    @property
    def place(self) -> Ranking:
        party_id = None if self.party is None else self.party.id
        return ranking(self.currency, self.open_amount, party_id)

    @property
    def cursor(self) -> Cursor:
        return ranking_cursor(self.place)


class ReceivableReports(Protocol):
    """Says who owes how much since when. Proved by ``erp_core.testing.invoicing``.

    The contract is ``ReceivableReportsContract``. Every page is one statement, and a second one
    counts where its request says so.
    """

    @abstractmethod
    def aged(self, ctx: Context, query: AgedQuery) -> Page[AgedRow]:
        """Return what was open, the largest open amount first within each currency.

        Raises:
            MalformedError: a cursor of another list.
        """

"""Questions about what was sold, and what they are answered with.

What counts is what was validated and not abandoned since, by its own date: invoices and
replacements, less the credit notes on them. Deposits bill beforehand what the final invoice bills
again: they are told among the taxes alone, apart. Every report has one order.
"""

from __future__ import annotations

from abc import abstractmethod
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from erp_core.catalog.entities import LineId
from erp_core.inventory.ports import ReportedProduct
from erp_core.invoicing.ports.report_rows import (
    NOBODY,
    Dated,
    Earned,
    Ranking,
    ReportedDocument,
    ReportedParty,
    Sold,
    dated_cursor,
    ranking,
    ranking_cursor,
    require_code,
    strange_cursor,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.money import Rate, require_currency
from erp_core.kernel.page import Cursor, Page, PageRequest, day, number, require_own_order
from erp_core.parties.entities import PartyId

_DAY_LENGTH: Final = 10
_TAX_PARTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesQuery:
    """What was sold in a period, both of its days included; to one customer, or to all."""

    page: PageRequest
    date_from: date = date.min
    date_to: date = date.max
    party_id: PartyId | None = None
    currency: str = ""  # empty: each by itself

    def __post_init__(self) -> None:
        require_own_order(self.page)
        ensure(
            self.date_from <= self.date_to,
            "invoicing.report.period",
            "a period ends on the day it begins, or later",
            field="to",
        )
        if self.currency:
            require_currency(self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesOfMonth:
    """What was sold in a month, as far as the period reaches."""

    month: date  # its first day
    sold: Sold

    @property
    def place(self) -> tuple[date, str]:
        return (self.month, self.sold.currency)

    @property
    def cursor(self) -> Cursor:
        return Cursor(f"{self.month}{self.sold.currency}", NOBODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesToParty:
    """What was sold to a customer; those with the largest net come first."""

    party: ReportedParty
    sold: Sold

    @property
    def place(self) -> Ranking:
        return ranking(self.sold.currency, self.sold.net, self.party.id)

    @property
    def cursor(self) -> Cursor:
        return ranking_cursor(self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class SalesOfProduct:
    """What was sold of a product; those with the largest net come first.

    Lines of no product make one row, whose quantity would mean nothing.
    """

    product: ReportedProduct | None
    quantity: Decimal | None  # in the product's unit
    sold: Sold

    @property
    def place(self) -> Ranking:
        return ranking(
            self.sold.currency, self.sold.net, None if self.product is None else self.product.id
        )

    @property
    def cursor(self) -> Cursor:
        return ranking_cursor(self.place)


class MarginBy(StrEnum):
    DOCUMENT = "document"
    LINE = "line"
    PRODUCT = "product"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginQuery(SalesQuery):
    """What was earned in a period, document by document or otherwise."""

    by: MarginBy = MarginBy.DOCUMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginRow:
    """What was earned; which of the names are there depends on what the report is by."""

    earned: Earned
    document: ReportedDocument | None = None
    line_id: LineId | None = None
    description: str = ""  # of a line
    product: ReportedProduct | None = None
    party: ReportedParty | None = None

    @property
    def place(self) -> Dated | Ranking:
        """Documents and their lines by day; products and customers the largest net first."""
        if self.document is not None:
            return (self.document.on, self.document.id, self.line_id or NOBODY)
        thing = self.product or self.party
        return ranking(self.earned.currency, self.earned.net, None if thing is None else thing.id)

    @property
    def cursor(self) -> Cursor:
        if self.document is not None:
            return dated_cursor((self.document.on, self.document.id, self.line_id or NOBODY))
        thing = self.product or self.party
        row_id = None if thing is None else thing.id
        return ranking_cursor(ranking(self.earned.currency, self.earned.net, row_id))


class TaxBy(StrEnum):
    PERIOD = "period"
    MONTH = "month"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxQuery(SalesQuery):
    """What taxes came to in a period, as a whole or month by month."""

    by: TaxBy = TaxBy.PERIOD


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPlace:
    """Which tax, of when, and in which currency."""

    month: date | None  # its first day; None: of the whole period
    currency: str
    name: str
    rate: Rate
    withheld: bool
    deposit: bool  # of deposits, and of what was credited of them

    @property
    def key(self) -> tuple[date, str, str, Decimal, bool, bool]:
        """The order of the report."""
        return (
            self.month or date.min,
            self.currency,
            self.name,
            self.rate.percent,
            self.withheld,
            self.deposit,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """What a tax comes to, at one rate."""

    tax: TaxPlace
    documents: int
    base: Decimal
    amount: Decimal

    @property
    def place(self) -> tuple[date, str, str, Decimal, bool, bool]:
        return self.tax.key

    @property
    def cursor(self) -> Cursor:
        month, currency, name, rate, withheld, deposit = self.tax.key
        said = f"{month}|{currency}|{rate:f}|{int(withheld)}{int(deposit)}|{name}"
        return Cursor(said, NOBODY)


class SalesReports(Protocol):
    """Answers questions about what was sold. Proved by ``erp_core.testing.invoicing``.

    The contract is ``SalesReportsContract``. Every page is one statement, and a second one counts
    where its request says so. The sums of all rows of a report are those of its documents.
    """

    @abstractmethod
    def by_month(self, ctx: Context, query: SalesQuery) -> Page[SalesOfMonth]:
        """Return what was sold in each month and currency, in order of time.

        Raises:
            MalformedError: a cursor of another list.
        """

    @abstractmethod
    def by_customer(self, ctx: Context, query: SalesQuery) -> Page[SalesToParty]:
        """Return what was sold to each customer, currency by currency.

        Raises:
            MalformedError: a cursor of another list.
        """

    @abstractmethod
    def by_product(self, ctx: Context, query: SalesQuery) -> Page[SalesOfProduct]:
        """Return what was sold of each product, currency by currency.

        Raises:
            MalformedError: a cursor of another list.
        """

    @abstractmethod
    def margins(self, ctx: Context, query: MarginQuery) -> Page[MarginRow]:
        """Return what was earned, at the costs of when the lines were written.

        Raises:
            MalformedError: a cursor of another list.
        """

    @abstractmethod
    def taxes(self, ctx: Context, query: TaxQuery) -> Page[TaxRow]:
        """Return what each tax comes to; those of deposits in rows of their own.

        Raises:
            MalformedError: a cursor of another list.
        """


def month_place(cursor: Cursor) -> tuple[date, str]:
    """Return the month and the currency that *cursor* stands for.

    Raises:
        MalformedError: it is the place of something else.
    """
    return (day(cursor.value[:_DAY_LENGTH]), require_code(cursor.value[_DAY_LENGTH:]))


def tax_place(cursor: Cursor) -> tuple[date, str, str, Decimal, bool, bool]:
    """Return the place among taxes that *cursor* stands for.

    Raises:
        MalformedError: it is the place of something else.
    """
    parts = cursor.value.split("|", _TAX_PARTS - 1)
    if len(parts) != _TAX_PARTS or parts[3] not in {"00", "01", "10", "11"}:
        raise strange_cursor()
    month, currency, rate, flags, name = parts
    percent = number(rate)
    try:
        Rate(percent)
    except InvariantError as error:
        raise strange_cursor() from error
    withheld, deposit = (each == "1" for each in flags)
    return (day(month), require_code(currency), name, percent, withheld, deposit)

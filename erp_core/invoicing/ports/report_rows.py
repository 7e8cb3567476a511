"""What reports about invoices are made of, and where a row lies in the order of its report."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Final, Self
from uuid import UUID

from erp_core.invoicing.entities import InvoiceId, InvoiceType
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import MalformedError
from erp_core.kernel.exact import PLACES, quotient, rounded_half_up
from erp_core.kernel.money import minor_digits
from erp_core.kernel.page import Cursor, day, number
from erp_core.parties.entities import PartyId

NOBODY: Final = UUID(int=0)  # sorts before every id
_CODE: Final = re.compile(r"[A-Z]{3}")
_DIGITS_MAX: Final = 24
_PERCENT_PLACES: Final = 2
_ID_DIGITS: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedParty:
    """What a reader of a report must know of a party to recognise it."""

    id: PartyId
    code: str
    name: str  # as it is called now


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedDocument:
    """What a reader of a report must know of an invoice or a credit note."""

    id: InvoiceId
    type: InvoiceType
    number: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """What was billed, less what was credited, in one currency.

    Sums are plain decimals: those of a large company do not fit an amount of money.
    """

    currency: str  # ISO 4217
    documents: int  # invoices and credit notes
    net: Decimal
    total: Decimal

    @classmethod
    def of(cls, currency: str, documents: int, net: Decimal, total: Decimal) -> Self:
        """Return sums with the decimals of their currency."""
        return cls(
            currency=currency,
            documents=documents,
            net=in_currency(net, currency),
            total=in_currency(total, currency),
        )

    @property
    def tax(self) -> Decimal:
        """What the taxes added; what is withheld is no part of it."""
        return self.total - self.net


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """What is left of a net when the cost is paid, in one currency.

    A line has no cost where nobody knew one, or only one in another currency, when it was written.
    It is in the net, and in no margin.
    """

    currency: str  # ISO 4217
    net: Decimal
    net_without_cost: Decimal  # of the net: what has no margin
    cost: Decimal

    @classmethod
    def of(cls, currency: str, net: Decimal, without_cost: Decimal, cost: Decimal) -> Self:
        """Return sums with the decimals of their currency."""
        return cls(
            currency=currency,
            net=in_currency(net, currency),
            net_without_cost=in_currency(without_cost, currency),
            cost=in_currency(cost, currency),
        )

    @property
    def margin(self) -> Decimal:
        """What was earned on what has a cost; below zero where it was sold at a loss."""
        return self.net - self.net_without_cost - self.cost

    @property
    def percent(self) -> Decimal | None:
        """The margin in percent of the net it was earned on; None where that is nothing."""
        base = self.net - self.net_without_cost
        return quotient(self.margin * 100, base, _PERCENT_PLACES) if base else None


def in_currency(amount: Decimal, currency: str) -> Decimal:
    """Return a sum of amounts with the decimals of their currency."""
    return rounded_half_up(amount, minor_digits(currency))


Ranking = tuple[str, Decimal, UUID]


def ranking(currency: str, value: Decimal, row_id: UUID | None) -> Ranking:
    """Return the place of a row: currencies by their code, then the largest first."""
    return (currency, -value, row_id or NOBODY)


def ranking_cursor(place: Ranking) -> Cursor:
    """Return the cursor after *place*."""
    currency, below, row_id = place
    return Cursor(f"{currency}{-below:f}", row_id)


def ranking_place(cursor: Cursor) -> Ranking:
    """Return the place in a ranking that *cursor* stands for.

    Raises:
        MalformedError: it is the place of something else.
    """
    currency, value = cursor.value[:3], number(cursor.value[3:])
    if not _CODE.fullmatch(currency) or not _is_sum(value):
        raise strange_cursor()
    return (currency, -value, cursor.id)


Dated = tuple[date, UUID, UUID]


def dated_cursor(place: Dated) -> Cursor:
    """Return the cursor after a line of a document of some day."""
    on, document_id, line_id = place
    return Cursor(f"{on}{document_id.hex}", line_id)


def dated_place(cursor: Cursor) -> Dated:
    """Return the place in a list of lines, in order of day and document, that *cursor* says.

    Raises:
        MalformedError: it is the place of something else.
    """
    on = day(cursor.value[:-_ID_DIGITS])
    try:
        document_id = UUID(hex=cursor.value[-_ID_DIGITS:])
    except ValueError as error:
        raise strange_cursor() from error
    return (on, document_id, cursor.id)


def strange_cursor() -> MalformedError:
    """Return the refusal of a cursor that no page of this report has held."""
    return MalformedError(
        "this cursor belongs to another list: begin again without it",
        code="page.cursor",
        field="cursor",
    )


def require_code(text: str) -> str:
    """Return *text* of a cursor, if it is spelled like a currency.

    Raises:
        MalformedError: it is not.
    """
    if not _CODE.fullmatch(text):
        raise strange_cursor()
    return text


def _is_sum(value: Decimal) -> bool:
    if not value.is_finite():
        return False
    _, digits, exponent = value.as_tuple()
    return len(digits) <= _DIGITS_MAX and -PLACES <= int(exponent) <= 0

"""When an amount is to be paid: at once, in so many days, in so many instalments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.page import SortKey
from erp_core.kernel.text import require_text
from erp_core.parties.entities.naming import name_key

PaymentTermId = NewType("PaymentTermId", UUID)

INSTALMENTS_MAX: Final = 60
DAYS_MAX: Final = 3650
_HUNDRED: Final = Decimal(100)
_SAFE_DAY: Final = 28  # the last day that every month has
_LAST_DATE: Final = date(9900, 1, 1)  # leaves room for the longest term before the calendar ends


class PaymentTermState(StrEnum):
    ACTIVE = "active"
    ARCHIVED = "archived"


PAYMENT_TERM_LIFECYCLE: Final = Lifecycle[PaymentTermState](
    {
        PaymentTermState.ACTIVE: {PaymentTermState.ARCHIVED},
        PaymentTermState.ARCHIVED: set(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    """One part of an amount, and how its due date is counted from the document's."""

    percent: Rate
    days: int = 0
    end_of_month: bool = False  # after adding the days: the last day of that month
    day_of_month: int | None = None  # after adding the days: the next such day
    extra_days: int = 0  # added last

    def __post_init__(self) -> None:
        ensure(
            0 < self.percent.percent <= _HUNDRED,
            "parties.instalment.percent",
            "an instalment is more than 0 and at most 100 percent",
            field="percent",
        )
        ensure(
            0 <= self.days <= DAYS_MAX,
            "parties.instalment.days",
            f"days are from 0 to {DAYS_MAX}",
            field="days",
        )
        ensure(
            0 <= self.extra_days <= DAYS_MAX,
            "parties.instalment.extra_days",
            f"days are from 0 to {DAYS_MAX}",
            field="extra_days",
        )
        ensure(
            self.day_of_month is None or 1 <= self.day_of_month <= 31,  # noqa: PLR2004  # the days of a month
            "parties.instalment.day_of_month",
            "a day of the month is from 1 to 31",
            field="day_of_month",
        )
        ensure(
            not (self.end_of_month and self.day_of_month),
            "parties.instalment.rule",
            "choose the end of the month or a day of it; the 15th after is 15 extra days",
            field="day_of_month",
        )

    def due(self, document_date: date) -> date:
        """Return when this instalment of a document of *document_date* is to be paid."""
        return due_date(
            document_date,
            self.days,
            end_of_month=self.end_of_month,
            day_of_month=self.day_of_month,
            extra_days=self.extra_days,
        )


class PaymentTermChanges(TypedDict, total=False):
    """What of a payment term may be changed; what is absent stays."""

    name: str
    instalments: tuple[Instalment, ...]
    deposit_percent: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTerm(Aggregate):
    """An agreement on when to pay. Documents copy what it gives: changing it changes none."""

    id: PaymentTermId
    name: str
    instalments: tuple[Instalment, ...]
    deposit_percent: Rate | None = None  # asked for before anything is delivered
    state: PaymentTermState = PaymentTermState.ACTIVE

    def __post_init__(self) -> None:
        # MySQL takes names that differ in spaces at the end for the same; so does everybody else.
        object.__setattr__(self, "name", self.name.strip())
        require_text(self.name, "parties.payment_term.name", shortest=1, longest=100, field="name")
        ensure(
            1 <= len(self.instalments) <= INSTALMENTS_MAX,
            "parties.payment_term.instalments",
            f"a payment term has 1 to {INSTALMENTS_MAX} instalments",
            field="instalments",
        )
        whole = sum((each.percent.percent for each in self.instalments), Decimal(0))
        ensure(
            whole == _HUNDRED,
            "parties.payment_term.sum",
            f"the instalments are {whole} percent together: make them 100",
            field="instalments",
            sum=whole,
        )
        ensure(
            self.deposit_percent is None or 0 < self.deposit_percent.percent <= _HUNDRED,
            "parties.payment_term.deposit_percent",
            "a deposit is more than 0 and at most 100 percent",
            field="deposit_percent",
        )

    @property
    def name_key(self) -> str:
        """The name as lists are sorted by it."""
        return name_key(self.name)

    def change(self, changes: PaymentTermChanges) -> Self:
        """Return the term with *changes* made.

        Raises:
            InvariantError: what would come of it is no payment term.
        """
        return replace(self, **changes)

    def archive(self) -> Self:
        """Offer the term no more; who has it keeps it.

        Raises:
            TransitionError: it is archived already.
        """
        state = PAYMENT_TERM_LIFECYCLE.step(self.state, PaymentTermState.ARCHIVED)
        return replace(self, state=state)

    def deposit(self, total: Money) -> Money:
        """Return what of *total* is asked for beforehand."""
        return (self.deposit_percent or Rate()).of(total)


PAYMENT_TERM_SORTS: Final[Mapping[str, SortKey[PaymentTerm]]] = {
    "name": SortKey(of=lambda term: term.name_key),
}


def due_date(
    document_date: date,
    days: int,
    *,
    end_of_month: bool = False,
    day_of_month: int | None = None,
    extra_days: int = 0,
) -> date:
    """Return when what is dated *document_date* is to be paid.

    First *days* are added. Then, if asked for, the date goes to the end of its month, or to the
    next *day_of_month*. *extra_days* come last.

    The days 1 to 28, which every month has, mean the next such day, that very day included. The
    days 29 to 31 mean the next such day strictly after, counted on from the first of its month:
    where the month is too short they fall into the following one, so that the 31st of February
    2024 is the 2nd of March (docs/adr/0010-due-on-a-day-of-the-month.md).

    Raises:
        InvariantError: the document's date is beyond the year 9899.
    """
    ensure(
        document_date < _LAST_DATE,
        "parties.payment_term.date",
        f"no due date is counted from {document_date}: check the year",
        field="date",
    )
    due = document_date + timedelta(days=days)
    if end_of_month:
        due = _next_month(due) - timedelta(days=1)
    elif day_of_month is not None:
        due = _next_day(due, day_of_month)
    return due + timedelta(days=extra_days)


def instalments(
    term: PaymentTerm, total: Money, document_date: date
) -> tuple[tuple[date, Money], ...]:
    """Split *total* into what is due and when; the parts add up to it, to the last cent.

    Each part is its percentage, rounded half away from zero, and never more than is left; the last
    takes the cents that are left.
    """
    left, parts = total, []
    for each in term.instalments[:-1]:
        part = each.percent.of(total)
        part = min(part, left) if total.amount >= 0 else max(part, left)
        parts.append((each.due(document_date), part))
        left -= part
    return (*parts, (term.instalments[-1].due(document_date), left))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _next_day(day: date, wanted: int) -> date:
    included = wanted <= _SAFE_DAY
    first = day.replace(day=1)
    candidate = first + timedelta(days=wanted - 1)
    if candidate > day or (included and candidate == day):
        return candidate
    return _next_month(day) + timedelta(days=wanted - 1)

"""Recurring invoices: what is billed again and again, once in each period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NewType, Self, TypedDict
from uuid import UUID

from erp_core.catalog.entities import LINES_MAX, Discount, LineRequest, PriceListId
from erp_core.inventory.entities import WarehouseId
from erp_core.invoicing.entities.course import Course
from erp_core.invoicing.entities.events import RecurringInvoiceMade
from erp_core.invoicing.entities.invoice import NOTE_LENGTH_MAX, REFERENCE_LENGTH_MAX
from erp_core.invoicing.entities.states import InvoiceId
from erp_core.invoicing.entities.summary import InvoiceSummary
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import ErpError, TransitionError, at, ensure
from erp_core.kernel.exact import PLACES, exact, plain
from erp_core.kernel.money import require_same_currency
from erp_core.kernel.page import SortKey, day
from erp_core.kernel.text import require_text
from erp_core.parties.entities import PartyId, PaymentTermId

RecurringInvoiceId = NewType("RecurringInvoiceId", UUID)

RECURRING_NAME_MAX: Final = 100
PROBLEM_LENGTH_MAX: Final = 500
# What is left of an invoice's note goes to the period, which is two dates and what joins them.
RECURRING_NOTE_MAX: Final = NOTE_LENGTH_MAX - 30


class RecurringState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


RECURRING_LIFECYCLE: Final = Lifecycle[RecurringState](
    {
        RecurringState.ACTIVE: {RecurringState.PAUSED, RecurringState.ENDED},
        RecurringState.PAUSED: {RecurringState.ACTIVE, RecurringState.ENDED},
        RecurringState.ENDED: set(),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringLine:
    """A line as it is asked for each time: a price that is given stays, another is looked up.

    Taxes are always those of the class, and costs what they are then.
    """

    request: LineRequest
    warehouse_id: WarehouseId | None = None  # where goods leave, if they leave by the invoice

    def __post_init__(self) -> None:
        request = self.request
        ensure(
            request.components is None and request.unit_cost is None,
            "invoicing.recurring.line",
            "taxes and costs are looked up each time: name a tax class instead",
            field="tax_class_id",
        )
        if request.unit_price is not None:
            price = plain(exact(request.unit_price, PLACES, "catalog.line.unit_price"))
            object.__setattr__(self, "request", replace(request, unit_price=price))

    def priced_in(self, currency: str) -> Self:
        """Return the line with its price in *currency*, which it need not repeat.

        Raises:
            InvariantError: its price is in another.
        """
        with at("unit_price"):
            require_same_currency(currency, self.request.currency)
        return replace(self, request=replace(self.request, currency=""))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringProblem:
    """Why an invoice could not be made; it is tried again."""

    code: str
    text: str
    at: datetime  # aware, UTC

    @classmethod
    def of(cls, error: ErpError, at: datetime) -> Self:
        """Return *error* as what is kept of it."""
        place = f"{error.field}: " if error.field else ""
        return cls(code=error.code, text=f"{place}{error}"[:PROBLEM_LENGTH_MAX], at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringPeriod:
    """A period, and the invoice that was made for it: the one and only."""

    period_on: date  # its first day
    invoice_id: InvoiceId


class RecurringChanges(TypedDict, total=False):
    """What of a recurring invoice may be changed; what is absent stays."""

    name: str
    lines: tuple[RecurringLine, ...]
    discount: Discount | None
    price_list_id: PriceListId | None
    payment_term_id: PaymentTermId | None
    reference: str
    note: str
    course: Course
    validates: bool
    sends: bool
    may_undercut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringSummary:
    """A recurring invoice without its lines, as lists show it."""

    id: RecurringInvoiceId
    version: int
    name: str
    party_id: PartyId
    currency: str
    course: Course
    state: RecurringState
    problem: RecurringProblem | None
    tried_at: datetime | None

    @property
    def next_on(self) -> date | None:
        """When the next period begins; None: there is none any more."""
        return None if self.state is RecurringState.ENDED else self.course.next_on


@dataclass(frozen=True, slots=True, kw_only=True)
class RecurringInvoice(Aggregate):
    """A model of invoices that are made by themselves, one for each period.

    What is made carries its period along until ``save`` writes both, so that no period is passed
    without its invoice, and none has two.
    """

    id: RecurringInvoiceId
    name: str
    party_id: PartyId
    currency: str  # ISO 4217
    lines: tuple[RecurringLine, ...]
    discount: Discount | None = None  # None: the customer's
    price_list_id: PriceListId | None = None
    payment_term_id: PaymentTermId | None = None  # None: the customer's
    reference: str = ""
    note: str = ""  # printed, with the period below it
    course: Course
    validates: bool = False  # else drafts are made
    sends: bool = False  # what is validated
    may_undercut: bool = False  # whoever wrote the lines may sell below the minimum price
    state: RecurringState = RecurringState.ACTIVE
    problem: RecurringProblem | None = None  # of the last attempt
    tried_at: datetime | None = None  # aware, UTC
    periods: tuple[RecurringPeriod, ...] = field(default=(), compare=False)  # to be written

    def __post_init__(self) -> None:
        self._require_texts()
        self._require_lines()
        ensure(
            self.validates or not self.sends,
            "invoicing.recurring.sends",
            "a draft is not sent: let it be validated too",
            field="sends",
        )

    def _require_texts(self) -> None:
        require_text(
            self.reference,
            "invoicing.recurring.reference",
            longest=REFERENCE_LENGTH_MAX,
            field="reference",
        )
        require_text(
            self.note, "invoicing.recurring.note", longest=RECURRING_NOTE_MAX, field="note"
        )
        require_text(
            self.name,
            "invoicing.recurring.name",
            shortest=1,
            longest=RECURRING_NAME_MAX,
            field="name",
        )

    def _require_lines(self) -> None:
        lines = []
        for index, each in enumerate(self.lines):
            with at(f"lines/{index}"):
                lines.append(each.priced_in(self.currency) if each.request.currency else each)
        object.__setattr__(self, "lines", tuple(lines))
        ids = [each.request.id for each in self.lines]
        ensure(
            len(ids) <= LINES_MAX and len(set(ids)) == len(ids),
            "invoicing.recurring.lines",
            f"at most {LINES_MAX} lines, each with an id of its own",
            field="lines",
            most=LINES_MAX,
        )
        ensure(
            any(each.request.kind.is_priced for each in self.lines),
            "invoicing.recurring.empty",
            "nothing would be billed: add a line",
            field="lines",
        )

    @property
    def next_on(self) -> date | None:
        """When the next period begins; None: there is none any more."""
        return None if self.state is RecurringState.ENDED else self.course.next_on

    @property
    def summary(self) -> RecurringSummary:
        """The recurring invoice without its lines, as lists show it."""
        return RecurringSummary(
            id=self.id,
            version=self.version,
            name=self.name,
            party_id=self.party_id,
            currency=self.currency,
            course=self.course,
            state=self.state,
            problem=self.problem,
            tried_at=self.tried_at,
        )

    def is_due(self, period_on: date) -> bool:
        """Say whether *period_on* is what is to be made next."""
        return self.state is RecurringState.ACTIVE and self.next_on == period_on

    @property
    def next_note(self) -> str:
        """The note of the next invoice, its period below it: digits need no translation."""
        period = f"{self.next_on} \N{EN DASH} {self.course.last_day}"
        return f"{self.note}\n{period}" if self.note else period

    def make(self, invoice_id: InvoiceId, at: datetime) -> Self:
        """Return it with the next period made: by *invoice_id*; the last one ends it.

        Raises:
            TransitionError: it is paused, or over.
        """
        period_on = self.next_on
        if self.state is not RecurringState.ACTIVE or period_on is None:
            raise TransitionError(
                f"it is {self.state}: nothing is made",
                code="invoicing.recurring.not_active",
                state=self.state.value,
            )
        made = RecurringInvoiceMade(
            occurred_at=at,
            recurring_invoice_id=self.id,
            invoice_id=invoice_id,
            party_id=self.party_id,
            period_on=period_on,
            validated=self.validates,
            send=self.sends,
        )
        return replace(
            self,
            course=self.course.step(),
            problem=None,
            tried_at=at,
            events=(*self.events, made),
            periods=(*self.periods, RecurringPeriod(period_on=period_on, invoice_id=invoice_id)),
        ).ended_if_over()

    def fail(self, problem: RecurringProblem) -> Self:
        """Return it with what stood in the way; the period is still to be made."""
        return replace(self, problem=problem, tried_at=problem.at)

    def change(self, changes: RecurringChanges) -> Self:
        """Return it with *changes* made; a course that is over ends it.

        Raises:
            TransitionError: it has ended.
            InvariantError: what would come of it is none.
        """
        if self.state is RecurringState.ENDED:
            raise TransitionError(
                "it has ended: make a new one",
                code="invoicing.recurring.ended",
                state=self.state.value,
            )
        return replace(self, **changes).ended_if_over()

    def pause(self) -> Self:
        """Make nothing until it is resumed.

        Raises:
            TransitionError: it is paused, or has ended.
        """
        return replace(self, state=RECURRING_LIFECYCLE.step(self.state, RecurringState.PAUSED))

    def resume(self, today: date) -> Self:
        """Go on with the first period that begins today or later: a pause is not made up for.

        Raises:
            TransitionError: it is active, or has ended.
        """
        state = RECURRING_LIFECYCLE.step(self.state, RecurringState.ACTIVE)
        return replace(self, state=state, course=self.course.from_day(today)).ended_if_over()

    def end(self) -> Self:
        """Make nothing any more.

        Raises:
            TransitionError: it has ended.
        """
        return replace(self, state=RECURRING_LIFECYCLE.step(self.state, RecurringState.ENDED))

    def stored(self, version: int) -> Self:
        """As the store now holds it: events told, periods written, version moved on."""
        return replace(self, version=version, events=(), periods=())

    def ended_if_over(self) -> Self:
        """Return it ended, if no period is left."""
        over = self.course.next_on is None and self.state is not RecurringState.ENDED
        return self.end() if over else self


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeInvoice:
    """An invoice that was made by a recurring one, and for which period."""

    period_on: date
    invoice: InvoiceSummary

    @property
    def id(self) -> InvoiceId:
        return self.invoice.id


RECURRING_SORTS: Final[Mapping[str, SortKey[RecurringSummary]]] = {
    "name": SortKey(of=lambda each: each.name),
}
MADE_SORTS: Final[Mapping[str, SortKey[MadeInvoice]]] = {
    "period": SortKey(of=lambda each: each.period_on, read=day),
}

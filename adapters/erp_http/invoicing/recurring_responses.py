"""What recurring invoices look like on the wire."""

from __future__ import annotations

from typing import Any, Final

from erp_core.catalog.entities import LINES_MAX, LineKind
from erp_core.invoicing.entities import (
    Frequency,
    InvoiceState,
    MadeInvoice,
    RecurringInvoice,
    RecurringLine,
    RecurringProblem,
    RecurringState,
    RecurringSummary,
)
from erp_core.invoicing.use_cases import CATCH_UP_MAX, RUN_AT_ONCE, PeriodResult, RecurringRun
from erp_http import show
from erp_http.dto import MoneyDto, ResponseDto
from erp_http.fields import Choice, Day, Exact, Flag, Id, List, Moment, Nested, Text, Whole
from erp_http.messages import Dto

_RESULTS_MAX: Final = RUN_AT_ONCE * CATCH_UP_MAX


class RecurringProblemDto(ResponseDto[RecurringProblem]):
    """Why an invoice could not be made; it is tried again by the next run."""

    code = Text(required=True, metadata={"description": "as in the table of errors"})
    detail = Text(required=True, length=1000)
    at = Moment(required=True)

    def show(self, thing: RecurringProblem) -> dict[str, Any]:
        return {"code": thing.code, "detail": thing.text, "at": show.moment(thing.at)}


class RecurringFields(Dto):
    """What lists of recurring invoices and they themselves say."""

    id = Id(required=True)
    version = Whole(required=True)
    name = Text(required=True)
    party_id = Id(required=True)
    currency = Text(required=True, length=3)
    state = Choice(RecurringState, required=True)
    frequency = Choice(Frequency, required=True)
    interval = Whole(required=True)
    start_date = Day(required=True)
    end_date = Day(required=True, allow_none=True)
    count = Whole(required=True, allow_none=True)
    made = Whole(required=True, metadata={"description": "invoices so far"})
    last_period = Day(required=True, allow_none=True, metadata={"description": "that was made"})
    next_date = Day(
        required=True, allow_none=True, metadata={"description": "null: there is none any more"}
    )
    problem = Nested(
        RecurringProblemDto,
        required=True,
        allow_none=True,
        metadata={"description": "of the last attempt"},
    )
    tried_at = Moment(required=True, allow_none=True)


def _head(thing: RecurringSummary) -> dict[str, Any]:
    course = thing.course
    return {
        "id": str(thing.id),
        "version": thing.version,
        "name": thing.name,
        "party_id": str(thing.party_id),
        "currency": thing.currency,
        "state": thing.state.value,
        "frequency": course.recurrence.frequency.value,
        "interval": course.recurrence.interval,
        "start_date": show.day(course.recurrence.start_on),
        "end_date": show.day(course.ends_on),
        "count": course.count,
        "made": course.made,
        "last_period": show.day(course.last_period_on),
        "next_date": show.day(thing.next_on),
        "problem": _problem(thing.problem),
        "tried_at": show.moment(thing.tried_at),
    }


def _problem(problem: RecurringProblem | None) -> dict[str, Any] | None:
    return None if problem is None else _PROBLEM.show(problem)


class RecurringHeadDto(RecurringFields, ResponseDto[RecurringSummary]):
    """A recurring invoice without its lines, as lists show it."""

    def show(self, thing: RecurringSummary) -> dict[str, Any]:
        return _head(thing)


class RecurringLineDto(ResponseDto[RecurringLine]):
    """A line of each invoice."""

    id = Id(required=True)
    kind = Choice(LineKind, required=True)
    product_id = Id(required=True, allow_none=True)
    description = Text(required=True)
    quantity = Exact(required=True)
    unit = Text(required=True)
    unit_price = Exact(
        required=True, allow_none=True, metadata={"description": "null: the catalogue's each time"}
    )
    price_includes_tax = Flag(required=True, allow_none=True)
    discount_percent = Exact(required=True)
    discount_amount = Exact(required=True, allow_none=True)
    tax_class_id = Id(required=True, allow_none=True)
    warehouse_id = Id(required=True, allow_none=True)

    def show(self, thing: RecurringLine) -> dict[str, Any]:
        line = thing.request
        return {
            "id": str(line.id),
            "kind": line.kind.value,
            "product_id": show.key(line.product_id),
            "description": line.description,
            "quantity": show.exact(line.quantity.value),
            "unit": line.unit,
            "unit_price": show.exact(line.unit_price),
            "price_includes_tax": line.price_includes_tax,
            "discount_percent": show.exact(line.discount.percent.percent),
            "discount_amount": show.exact(line.discount.amount),
            "tax_class_id": show.key(line.tax_class_id),
            "warehouse_id": show.key(thing.warehouse_id),
        }


class RecurringInvoiceDto(RecurringFields, ResponseDto[RecurringInvoice]):
    """A recurring invoice with its lines."""

    lines = List(Nested(RecurringLineDto), required=True, most=LINES_MAX)
    discount_percent = Exact(
        required=True, allow_none=True, metadata={"description": "null: the customer's each time"}
    )
    discount_amount = Exact(required=True, allow_none=True)
    price_list_id = Id(required=True, allow_none=True)
    payment_term_id = Id(required=True, allow_none=True)
    reference = Text(required=True)
    note = Text(required=True)
    auto_validate = Flag(required=True)
    auto_send = Flag(required=True)

    def show(self, thing: RecurringInvoice) -> dict[str, Any]:
        discount = thing.discount
        return _head(thing.summary) | {
            "lines": [_LINE.show(each) for each in thing.lines],
            "discount_percent": None if discount is None else show.exact(discount.percent.percent),
            "discount_amount": None if discount is None else show.exact(discount.amount),
            "price_list_id": show.key(thing.price_list_id),
            "payment_term_id": show.key(thing.payment_term_id),
            "reference": thing.reference,
            "note": thing.note,
            "auto_validate": thing.validates,
            "auto_send": thing.sends,
        }


class MadeInvoiceDto(ResponseDto[MadeInvoice]):
    """An invoice that was made, and for which period."""

    id = Id(required=True, metadata={"description": "of the invoice"})
    period = Day(required=True, metadata={"description": "its first day"})
    state = Choice(InvoiceState, required=True)
    number = Text(required=True, metadata={"description": "empty: a draft"})
    date = Day(required=True)
    total = Nested(MoneyDto, required=True)
    open_amount = Nested(MoneyDto, required=True)

    def show(self, thing: MadeInvoice) -> dict[str, Any]:
        invoice = thing.invoice
        return {
            "id": str(invoice.id),
            "period": show.day(thing.period_on),
            "state": invoice.state.value,
            "number": invoice.number,
            "date": show.day(invoice.invoiced_on),
            "total": show.money(invoice.totals.total),
            "open_amount": show.money(invoice.open_amount),
        }


class PeriodResultDto(ResponseDto[PeriodResult]):
    """What came of a period; neither an invoice nor a problem: another run was first."""

    recurring_invoice_id = Id(required=True)
    period = Day(required=True)
    invoice_id = Id(required=True, allow_none=True)
    number = Text(required=True, metadata={"description": "empty: a draft, or none"})
    problem = Nested(RecurringProblemDto, required=True, allow_none=True)

    def show(self, thing: PeriodResult) -> dict[str, Any]:
        invoice = thing.invoice
        return {
            "recurring_invoice_id": str(thing.period.id),
            "period": show.day(thing.period.period_on),
            "invoice_id": None if invoice is None else str(invoice.id),
            "number": "" if invoice is None else invoice.number,
            "problem": _problem(thing.problem),
        }


class RecurringRunDto(ResponseDto[RecurringRun]):
    """What one call has made."""

    periods = List(Nested(PeriodResultDto), required=True, most=_RESULTS_MAX)
    more = Flag(required=True, metadata={"description": "true: call again"})

    def show(self, thing: RecurringRun) -> dict[str, Any]:
        return {"periods": [_RESULT.show(each) for each in thing.done], "more": thing.more}


_PROBLEM: Final = RecurringProblemDto()
_LINE: Final = RecurringLineDto()
_RESULT: Final = PeriodResultDto()
RECURRING_HEAD: Final = RecurringHeadDto()
RECURRING: Final = RecurringInvoiceDto()
MADE: Final = MadeInvoiceDto()
RUN: Final = RecurringRunDto()

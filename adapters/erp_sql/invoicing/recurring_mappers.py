"""Recurring invoices to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from erp_core.catalog.entities import (
    Discount,
    LineId,
    LineKind,
    LineRequest,
    PriceListId,
    ProductId,
    TaxClassId,
)
from erp_core.inventory.entities import WarehouseId
from erp_core.invoicing.entities import (
    Course,
    Frequency,
    MadeInvoice,
    Recurrence,
    RecurringInvoice,
    RecurringInvoiceId,
    RecurringLine,
    RecurringProblem,
    RecurringState,
    RecurringSummary,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.money import Rate
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_sql.invoicing.mappers import read_summary

NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def write_recurring(company_id: CompanyId, recurring: RecurringInvoice) -> dict[str, Any]:
    percent, amount = _write_discount(recurring.discount)
    problem = recurring.problem
    return {
        "company_id": company_id,
        "id": recurring.id,
        "version": recurring.version + 1,
        "state": recurring.state.value,
        "name": recurring.name,
        "party_id": recurring.party_id,
        "currency": recurring.currency,
        "discount_percent": percent,
        "discount_amount": amount,
        "price_list_id": recurring.price_list_id,
        "payment_term_id": recurring.payment_term_id,
        "reference": recurring.reference,
        "note": recurring.note,
        "next_on": recurring.next_on,
        "validates": recurring.validates,
        "sends": recurring.sends,
        "may_undercut": recurring.may_undercut,
        "problem_code": "" if problem is None else problem.code,
        "problem_text": "" if problem is None else problem.text,
        "tried_at": recurring.tried_at or NEVER,
    } | _write_course(recurring.course)


def read_recurring(row: Any, lines: Iterable[Any]) -> RecurringInvoice:
    return RecurringInvoice(
        id=RecurringInvoiceId(row.id),
        version=row.version,
        state=RecurringState(row.state),
        name=row.name,
        party_id=PartyId(row.party_id),
        currency=row.currency,
        lines=tuple(_read_line(each) for each in lines),
        discount=_read_discount(row),
        price_list_id=_or_none(row.price_list_id, PriceListId),
        payment_term_id=_or_none(row.payment_term_id, PaymentTermId),
        reference=row.reference,
        note=row.note,
        course=_read_course(row),
        validates=row.validates,
        sends=row.sends,
        may_undercut=row.may_undercut,
        problem=_read_problem(row),
        tried_at=_read_tried(row),
    )


def read_recurring_summary(row: Any) -> RecurringSummary:
    return RecurringSummary(
        id=RecurringInvoiceId(row.id),
        version=row.version,
        name=row.name,
        party_id=PartyId(row.party_id),
        currency=row.currency,
        course=_read_course(row),
        state=RecurringState(row.state),
        problem=_read_problem(row),
        tried_at=_read_tried(row),
    )


def read_made(row: Any) -> MadeInvoice:
    return MadeInvoice(period_on=row.period_on, invoice=read_summary(row))


def write_recurring_lines(
    company_id: CompanyId, recurring: RecurringInvoice
) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            "id": line.request.id,
            "recurring_id": recurring.id,
            "position": position,
            "kind": line.request.kind.value,
            "product_id": line.request.product_id,
            "description": line.request.description,
            "quantity": line.request.quantity.value,
            "unit": line.request.unit,
            "unit_price": line.request.unit_price,
            "price_includes_tax": line.request.price_includes_tax,
            "discount_percent": line.request.discount.percent.percent,
            "discount_amount": line.request.discount.amount,
            "tax_class_id": line.request.tax_class_id,
            "warehouse_id": line.warehouse_id,
        }
        for position, line in enumerate(recurring.lines)
    ]


def _read_line(row: Any) -> RecurringLine:
    request = LineRequest(
        id=LineId(row.id),
        kind=LineKind(row.kind),
        product_id=_or_none(row.product_id, ProductId),
        description=row.description,
        quantity=Quantity(row.quantity),
        unit=row.unit,
        unit_price=row.unit_price,
        price_includes_tax=row.price_includes_tax,
        discount=Discount(percent=Rate(row.discount_percent), amount=row.discount_amount),
        tax_class_id=_or_none(row.tax_class_id, TaxClassId),
    )
    return RecurringLine(request=request, warehouse_id=_or_none(row.warehouse_id, WarehouseId))


def write_periods(company_id: CompanyId, recurring: RecurringInvoice) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            "recurring_id": recurring.id,
            "period_on": each.period_on,
            "invoice_id": each.invoice_id,
        }
        for each in recurring.periods
    ]


def _write_course(course: Course) -> dict[str, Any]:
    return {
        "frequency": course.recurrence.frequency.value,
        "every": course.recurrence.interval,
        "start_on": course.recurrence.start_on,
        "position": course.position,
        "ends_on": course.ends_on,
        "most": course.count,
        "made": course.made,
        "last_period_on": course.last_period_on,
    }


def _read_course(row: Any) -> Course:
    recurrence = Recurrence(
        frequency=Frequency(row.frequency), interval=row.every, start_on=row.start_on
    )
    return Course(
        recurrence=recurrence,
        position=row.position,
        ends_on=row.ends_on,
        count=row.most,
        made=row.made,
        last_period_on=row.last_period_on,
    )


def _write_discount(discount: Discount | None) -> tuple[Decimal | None, Decimal | None]:
    return (None, None) if discount is None else (discount.percent.percent, discount.amount)


def _read_discount(row: Any) -> Discount | None:
    if row.discount_percent is None:
        return None
    return Discount(percent=Rate(row.discount_percent), amount=row.discount_amount)


def _read_problem(row: Any) -> RecurringProblem | None:
    if not row.problem_code:
        return None
    return RecurringProblem(code=row.problem_code, text=row.problem_text, at=row.tried_at)


def _read_tried(row: Any) -> datetime | None:
    return None if row.tried_at == NEVER else row.tried_at


def _or_none(value: UUID | None, kind: Any) -> Any:
    return None if value is None else kind(value)

"""What invoices look like on the wire."""

from __future__ import annotations

from typing import Any, Final

from erp_core.catalog.entities import LINES_MAX
from erp_core.invoicing.entities import (
    DEPOSITS_MAX,
    Invoice,
    InvoiceLine,
    InvoiceState,
    InvoiceSummary,
    InvoiceType,
    OpenDueDate,
    Settlement,
    SettlementSource,
)
from erp_core.invoicing.use_cases import DatedSummary, InvoiceSheet, InvoiceVerification
from erp_core.parties.entities.payment_term import INSTALMENTS_MAX
from erp_http import show
from erp_http.catalog.lines import PRICED_LINE, PricedLineFields, TotalsFields, shown_totals
from erp_http.dto import MoneyDto, ResponseDto
from erp_http.fields import Choice, Day, Exact, Flag, Id, List, Moment, Nested, Text, Whole
from erp_http.messages import Dto
from erp_http.parties.snapshots import SnapshotDto, show_snapshot

_REFERRING_MAX: Final = 1000


class HeadFields(Dto):
    """What lists of invoices and invoices themselves say."""

    id = Id(required=True)
    version = Whole(required=True)
    type = Choice(InvoiceType, required=True)
    state = Choice(InvoiceState, required=True)
    number = Text(required=True, metadata={"description": "empty: a draft"})
    party_id = Id(required=True)
    order_id = Id(required=True, allow_none=True)
    quote_id = Id(required=True, allow_none=True)
    credits_id = Id(
        required=True, allow_none=True, metadata={"description": "the invoice it gives back of"}
    )
    replaces_id = Id(required=True, allow_none=True)
    date = Day(required=True)
    reference = Text(required=True)
    currency = Text(required=True, length=3)
    net = Nested(MoneyDto, required=True)
    tax = Nested(MoneyDto, required=True)
    total = Nested(MoneyDto, required=True)
    payable = Nested(MoneyDto, required=True)
    open_amount = Nested(
        MoneyDto,
        required=True,
        metadata={"description": "of a credit note what may still be applied or refunded"},
    )
    next_due_on = Day(required=True, allow_none=True)
    partly_paid = Flag(required=True)


def _head(thing: InvoiceSummary) -> dict[str, Any]:
    links, totals = thing.links, thing.totals
    return {
        "id": str(thing.id),
        "version": thing.version,
        "type": thing.type.value,
        "state": thing.state.value,
        "number": thing.number,
        "party_id": str(thing.party_id),
        "order_id": show.key(links.order_id),
        "quote_id": show.key(links.quote_id),
        "credits_id": show.key(links.credits_id),
        "replaces_id": show.key(links.replaces_id),
        "date": show.day(thing.invoiced_on),
        "reference": thing.reference,
        "currency": totals.net.currency,
        "net": show.money(totals.net),
        "tax": show.money(totals.tax),
        "total": show.money(totals.total),
        "payable": show.money(totals.payable),
        "open_amount": show.money(thing.open_amount),
        "next_due_on": show.day(thing.next_due_on),
        "partly_paid": thing.is_partly_paid,
    }


class InvoiceHeadDto(HeadFields, ResponseDto[DatedSummary]):
    """An invoice without its lines, as lists of invoices show it."""

    overdue = Flag(required=True)

    def show(self, thing: DatedSummary) -> dict[str, Any]:
        return _head(thing.summary) | {"overdue": thing.summary.is_overdue(thing.today)}


class InvoiceLineDto(PricedLineFields, ResponseDto[InvoiceLine]):
    order_line_id = Id(required=True, allow_none=True)
    quote_line_id = Id(required=True, allow_none=True)
    invoice_line_id = Id(
        required=True, allow_none=True, metadata={"description": "the line that is credited"}
    )
    goods = Flag(required=True)
    warehouse_id = Id(required=True, allow_none=True)
    returns_stock = Flag(required=True)
    issued = Exact(required=True, metadata={"description": "of the goods, by this invoice"})
    credited = Exact(required=True)

    def show(self, thing: InvoiceLine) -> dict[str, Any]:
        return PRICED_LINE.show(thing.priced) | {
            "order_line_id": show.key(thing.order_line_id),
            "quote_line_id": show.key(thing.quote_line_id),
            "invoice_line_id": show.key(thing.invoice_line_id),
            "goods": thing.goods,
            "warehouse_id": show.key(thing.warehouse_id),
            "returns_stock": thing.returns_stock,
            "issued": str(thing.issued),
            "credited": str(thing.credited),
        }


class DueDateDto(ResponseDto[OpenDueDate]):
    due_on = Day(required=True)
    amount = Nested(MoneyDto, required=True)
    open_amount = Nested(MoneyDto, required=True)

    def show(self, thing: OpenDueDate) -> dict[str, Any]:
        return {
            "due_on": show.day(thing.due_on),
            "amount": show.money(thing.amount),
            "open_amount": show.money(thing.open_amount),
        }


class InvoiceFields(TotalsFields, HeadFields):
    """An invoice with its lines."""

    customer = Nested(SnapshotDto, required=True, allow_none=True)
    payment_term_id = Id(required=True, allow_none=True)
    note = Text(required=True)
    reason = Text(required=True, metadata={"description": "why it credits or replaces"})
    discount_percent = Exact(required=True)
    discount_amount = Exact(required=True, allow_none=True)
    lines = List(Nested(InvoiceLineDto), required=True, most=LINES_MAX)
    due_dates = List(
        Nested(DueDateDto),
        required=True,
        most=INSTALMENTS_MAX,
        metadata={"description": "of what is validated"},
    )
    deposit_ids = List(Id(), required=True, most=DEPOSITS_MAX)
    reopens_order = Flag(required=True)
    credited = Nested(MoneyDto, required=True)
    validated_at = Moment(required=True, allow_none=True)
    abandon_reason = Text(required=True)


def _invoice(thing: Invoice) -> dict[str, Any]:
    discount = thing.terms.discount
    return {
        **_head(thing.summary),
        **shown_totals(thing.priced()),
        "customer": show_snapshot(thing.party),
        "payment_term_id": show.key(thing.payment_term_id),
        "note": thing.note,
        "reason": thing.reason,
        "discount_percent": show.exact(discount.percent.percent),
        "discount_amount": show.exact(discount.amount),
        "lines": [_LINE.show(each) for each in thing.lines],
        "due_dates": [_DUE_DATE.show(each) for each in thing.balance.open_due_dates],
        "deposit_ids": [str(each) for each in thing.links.deposit_ids],
        "reopens_order": thing.reopens_order,
        "credited": show.money(thing.credited),
        "validated_at": show.moment(thing.validated_at),
        "abandon_reason": thing.abandoned_because,
    }


class InvoiceDto(InvoiceFields, ResponseDto[Invoice]):
    """An invoice with its lines."""

    def show(self, thing: Invoice) -> dict[str, Any]:
        return _invoice(thing)


class SettlementDto(ResponseDto[Settlement]):
    """What reduces the open amount of an invoice."""

    id = Id(required=True)
    source = Choice(SettlementSource, required=True)
    source_id = Id(
        required=True, metadata={"description": "the payment, the credit note or the deposit"}
    )
    amount = Nested(MoneyDto, required=True)
    date = Day(required=True)
    reversed_at = Moment(required=True, allow_none=True)

    def show(self, thing: Settlement) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "source": thing.source.value,
            "source_id": str(thing.source_id),
            "amount": show.money(thing.amount),
            "date": show.day(thing.settled_on),
            "reversed_at": show.moment(thing.reversed_at),
        }


class AppliedDto(ResponseDto[Settlement]):
    """What a credit note or a deposit has paid."""

    settlement_id = Id(required=True)
    invoice_id = Id(required=True)
    amount = Nested(MoneyDto, required=True)
    date = Day(required=True)

    def show(self, thing: Settlement) -> dict[str, Any]:
        return {
            "settlement_id": str(thing.id),
            "invoice_id": str(thing.invoice_id),
            "amount": show.money(thing.amount),
            "date": show.day(thing.settled_on),
        }


class ReferringDto(ResponseDto[InvoiceSummary]):
    """A credit note of an invoice, or what replaces it."""

    id = Id(required=True)
    type = Choice(InvoiceType, required=True)
    state = Choice(InvoiceState, required=True)
    number = Text(required=True)
    date = Day(required=True)
    total = Nested(MoneyDto, required=True)

    def show(self, thing: InvoiceSummary) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "type": thing.type.value,
            "state": thing.state.value,
            "number": thing.number,
            "date": show.day(thing.invoiced_on),
            "total": show.money(thing.totals.total),
        }


class InvoiceSheetDto(InvoiceFields, ResponseDto[InvoiceSheet]):
    """An invoice with its lines, what settled it, and what refers to it."""

    overdue = Flag(required=True)
    settlements = List(Nested(SettlementDto), required=True, most=_REFERRING_MAX)
    applied = List(
        Nested(AppliedDto),
        required=True,
        most=_REFERRING_MAX,
        metadata={"description": "of a credit note or a deposit: the invoices it pays"},
    )
    credit_notes = List(Nested(ReferringDto), required=True, most=_REFERRING_MAX)
    replacements = List(Nested(ReferringDto), required=True, most=_REFERRING_MAX)

    def show(self, thing: InvoiceSheet) -> dict[str, Any]:
        credits_ = [each for each in thing.referring if each.type.is_credit]
        others = [each for each in thing.referring if not each.type.is_credit]
        return _invoice(thing.invoice) | {
            "overdue": thing.invoice.receivable.is_overdue(thing.today),
            "settlements": [_SETTLEMENT.show(each) for each in thing.settlements],
            "applied": [_APPLIED.show(each) for each in thing.applied],
            "credit_notes": [_REFERRING.show(each) for each in credits_],
            "replacements": [_REFERRING.show(each) for each in others],
        }


class InvoiceVerificationDto(ResponseDto[InvoiceVerification]):
    consistent = Flag(required=True)
    differing = List(Id(), required=True, most=_REFERRING_MAX)

    def show(self, thing: InvoiceVerification) -> dict[str, Any]:
        return {
            "consistent": thing.consistent,
            "differing": [str(each) for each in thing.differing],
        }


_LINE: Final = InvoiceLineDto()
_DUE_DATE: Final = DueDateDto()
_SETTLEMENT: Final = SettlementDto()
_APPLIED: Final = AppliedDto()
_REFERRING: Final = ReferringDto()
HEAD: Final = InvoiceHeadDto()
INVOICE: Final = InvoiceDto()
SHEET: Final = InvoiceSheetDto()
VERIFICATION: Final = InvoiceVerificationDto()

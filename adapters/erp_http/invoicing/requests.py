"""What is asked of invoices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from marshmallow import Schema

from erp_core.catalog.entities import LINES_MAX, NO_DISCOUNT, Discount, LineId, PriceListId
from erp_core.inventory.entities import WarehouseId
from erp_core.invoicing.entities import (
    DEPOSITS_MAX,
    INVOICE_SORTS,
    NOTE_LENGTH_MAX,
    REASON_LENGTH_MAX,
    REFERENCE_LENGTH_MAX,
    CreditPart,
    InvoiceChanges,
    InvoiceId,
    InvoiceState,
    InvoiceType,
    SettlementId,
)
from erp_core.invoicing.use_cases import (
    AbandonInvoiceCommand,
    AddCreditNoteCommand,
    AddInvoiceCommand,
    ApplyCreditCommand,
    ChangeInvoiceCommand,
    DepositPart,
    InvoiceLineRequest,
    ListInvoicesCommand,
    UnapplyCreditCommand,
    ValidateInvoiceCommand,
    VerifyInvoicesQuery,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at, ensure
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_core.sales.entities import OrderId, QuoteId
from erp_http.catalog.lines import (
    DiscountFields,
    LineRequestDto,
    discount_of,
    line_request,
    made_lines,
)
from erp_http.dto import ListDto, RequestDto, money
from erp_http.fields import Choice, Choices, Day, Exact, Flag, Id, List, Nested, Price, Text


class InvoiceLineRequestDto(LineRequestDto):
    """A line of its own; or, of an order or a quote, so much of one of its lines."""

    order_line_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "with it the quantity alone counts; all that is left when 0"},
    )
    quote_line_id = Id(load_default=None, allow_none=True)
    warehouse_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "where goods leave, if they leave by the invoice"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> InvoiceLineRequest:
        order_line, quote_line = given["order_line_id"], given["quote_line_id"]
        ensure(
            order_line is None or quote_line is None,
            "invoicing.source.both",
            "an invoice is of an order or of a quote: name one of them",
            field="quote_line_id",
        )
        source = order_line or quote_line
        place = given["warehouse_id"]
        return InvoiceLineRequest(
            request=line_request(given),
            source_line_id=None if source is None else LineId(source),
            warehouse_id=None if place is None else WarehouseId(place),
        )


_LINE: Final = InvoiceLineRequestDto()


class AddInvoiceDto(DiscountFields, RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    type = Choice(InvoiceType, load_default=InvoiceType.STANDARD)
    party_id = Id(load_default=None, allow_none=True)
    order_id = Id(load_default=None, allow_none=True)
    quote_id = Id(load_default=None, allow_none=True)
    replaces_id = Id(load_default=None, allow_none=True)
    lines = List(
        Nested(InvoiceLineRequestDto),
        load_default=None,
        allow_none=True,
        most=LINES_MAX,
        metadata={"description": "all that is left of the order or the quote when absent"},
    )
    date = Day(load_default=None, allow_none=True, metadata={"description": "today when absent"})
    currency = Text(
        load_default="",
        length=3,
        metadata={"description": "the customer's, or the company's, when absent"},
    )
    price_list_id = Id(load_default=None, allow_none=True)
    payment_term_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "the order's, or the customer's, when absent"},
    )
    reference = Text(load_default="", length=REFERENCE_LENGTH_MAX)
    note = Text(load_default="", length=NOTE_LENGTH_MAX)
    reason = Text(load_default="", length=REASON_LENGTH_MAX)
    deposit_percent = Exact(
        load_default=None,
        allow_none=True,
        metadata={"description": "of the order or the quote; of type deposit"},
    )
    deposit_amount = Exact(
        load_default=None, allow_none=True, metadata={"description": "taxes included"}
    )
    deposit_ids = List(
        Id(),
        load_default=None,
        allow_none=True,
        most=DEPOSITS_MAX,
        metadata={"description": "to be deducted; all that were paid for the order when absent"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> AddInvoiceCommand:
        lines = given["lines"]
        return AddInvoiceCommand(
            id=InvoiceId(given["id"] or new_id()),
            type=given["type"],
            party_id=_key(given, "party_id", PartyId),
            order_id=_key(given, "order_id", OrderId),
            quote_id=_key(given, "quote_id", QuoteId),
            replaces_id=_key(given, "replaces_id", InvoiceId),
            currency=given["currency"] or None,
            invoiced_on=given["date"],
            payment_term_id=_key(given, "payment_term_id", PaymentTermId),
            price_list_id=_key(given, "price_list_id", PriceListId),
            discount=discount_of(given),
            reference=given["reference"],
            note=given["note"],
            reason=given["reason"],
            lines=None if lines is None else made_lines(_LINE, ctx, lines),
            deposit=_deposit(given),
            deposit_ids=_ids(given["deposit_ids"]),
        )


def _deposit(given: dict[str, Any]) -> DepositPart | None:
    percent, amount = given["deposit_percent"], given["deposit_amount"]
    if percent is None and amount is None:
        return None
    with at("deposit_percent"):
        rate = None if percent is None else Rate(percent)
    return DepositPart(percent=rate, amount=amount)


class ChangeInvoiceDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays; lines are replaced as a whole."""

    lines = List(Nested(InvoiceLineRequestDto), most=LINES_MAX)
    date = Day()
    discount_percent = Exact(allow_none=True)
    discount_amount = Exact(allow_none=True)
    price_list_id = Id(allow_none=True)
    payment_term_id = Id(allow_none=True)
    reference = Text(length=REFERENCE_LENGTH_MAX)
    note = Text(length=NOTE_LENGTH_MAX)
    reason = Text(length=REASON_LENGTH_MAX)
    deposit_ids = List(Id(), most=DEPOSITS_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeInvoiceCommand:
        lines = given.get("lines")
        return ChangeInvoiceCommand(
            id=InvoiceId(given["id"]),
            version=given["if_match"],
            changes=_changes(given),
            discount=_discount(given),
            price_list_id=_key(given, "price_list_id", PriceListId),
            lines=None if lines is None else made_lines(_LINE, ctx, lines),
            deposit_ids=_ids(given.get("deposit_ids")),
        )


def _changes(given: dict[str, Any]) -> InvoiceChanges:
    changes: InvoiceChanges = {}
    if "date" in given:
        changes["invoiced_on"] = given["date"]
    if "payment_term_id" in given:
        changes["payment_term_id"] = _key(given, "payment_term_id", PaymentTermId)
    if "reference" in given:
        changes["reference"] = given["reference"]
    if "note" in given:
        changes["note"] = given["note"]
    if "reason" in given:
        changes["reason"] = given["reason"]
    return changes


def _discount(given: dict[str, Any]) -> Discount | None:
    if "discount_percent" not in given and "discount_amount" not in given:
        return None
    said = {name: given.get(name) for name in ("discount_percent", "discount_amount")}
    return discount_of(said) or NO_DISCOUNT


class ValidateInvoiceDto(RequestDto):
    date = Day(
        load_default=None, allow_none=True, metadata={"description": "the draft's when absent"}
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> ValidateInvoiceCommand:
        return ValidateInvoiceCommand(
            id=InvoiceId(given["id"]), version=given["if_match"], invoiced_on=given["date"]
        )


class AbandonInvoiceDto(RequestDto):
    reason = Text(required=True, length=REASON_LENGTH_MAX)
    reopens_order = Flag(
        load_default=False,
        metadata={"description": "a mistake: what it billed may be billed again"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> AbandonInvoiceCommand:
        return AbandonInvoiceCommand(
            id=InvoiceId(given["id"]),
            version=given["if_match"],
            reason=given["reason"],
            reopens_order=given["reopens_order"],
        )


class CreditedLineDto(Schema):
    invoice_line_id = Id(required=True)
    quantity = Exact(required=True)
    returns_stock = Flag(
        load_default=False, metadata={"description": "goods that left by the invoice come back"}
    )


class AddCreditNoteDto(RequestDto):
    credit_note_id = Id(load_default=None, metadata={"description": "of the new credit note"})
    lines = List(
        Nested(CreditedLineDto),
        load_default=None,
        allow_none=True,
        most=LINES_MAX,
        metadata={"description": "what is given back; all that is left when absent"},
    )
    reason = Text(load_default="", length=REASON_LENGTH_MAX)
    note = Text(load_default="", length=NOTE_LENGTH_MAX)
    date = Day(load_default=None, allow_none=True, metadata={"description": "today when absent"})
    returns_stock = Flag(
        load_default=False, metadata={"description": "of all lines, where none is named"}
    )
    reopens_order = Flag(
        load_default=False, metadata={"description": "what is credited may be billed again"}
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> AddCreditNoteCommand:
        lines = given["lines"]
        return AddCreditNoteCommand(
            id=InvoiceId(given["credit_note_id"] or new_id()),
            invoice_id=InvoiceId(given["id"]),
            parts=None if lines is None else tuple(_part(*each) for each in enumerate(lines)),
            reason=given["reason"],
            note=given["note"],
            invoiced_on=given["date"],
            returns_stock=given["returns_stock"],
            reopens_order=given["reopens_order"],
        )


def _part(index: int, given: dict[str, Any]) -> CreditPart:
    with at(f"lines/{index}/quantity"):
        quantity = Quantity(given["quantity"])
    return CreditPart(
        invoice_line_id=LineId(given["invoice_line_id"]),
        quantity=quantity,
        returns_stock=given["returns_stock"],
    )


class ApplyCreditDto(RequestDto):
    invoice_id = Id(required=True, metadata={"description": "the invoice that is paid by it"})
    amount = Price(
        load_default=None,
        allow_none=True,
        metadata={"description": "as much as goes when absent"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> ApplyCreditCommand:
        amount: Money | None = money(ctx, given["amount"])
        return ApplyCreditCommand(
            id=InvoiceId(given["id"]),
            version=given["if_match"],
            invoice_id=InvoiceId(given["invoice_id"]),
            amount=amount,
        )


class UnapplyCreditDto(RequestDto):
    invoice_id = Id(required=True, metadata={"description": "the invoice that was paid by it"})
    settlement_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "one of several; all that was applied to it when absent"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> UnapplyCreditCommand:
        one = given["settlement_id"]
        return UnapplyCreditCommand(
            id=InvoiceId(given["id"]),
            version=given["if_match"],
            invoice_id=InvoiceId(given["invoice_id"]),
            settlement_id=None if one is None else SettlementId(one),
        )


class ListInvoicesDto(ListDto):
    sorts = tuple(INVOICE_SORTS)

    state = Choices(InvoiceState, load_default=())
    type = Choices(InvoiceType, load_default=())
    party_id = Id(load_default=None)
    order_id = Id(load_default=None)
    quote_id = Id(load_default=None)
    date_from = Day(load_default=None)
    date_to = Day(load_default=None)
    due_before = Day(load_default=None, metadata={"description": "and open"})
    overdue = Flag(load_default=False, metadata={"description": "due before today, and open"})
    open = Flag(load_default=None, metadata={"description": "validated, and not settled"})
    q = Text(load_default="", length=64, metadata={"description": "how the number begins"})

    def make(self, ctx: Context, given: dict[str, Any]) -> ListInvoicesCommand:
        return ListInvoicesCommand(
            page=self.page(given),
            states=given["state"],
            types=given["type"],
            party_id=given["party_id"],
            order_id=given["order_id"],
            quote_id=given["quote_id"],
            date_from=given["date_from"],
            date_to=given["date_to"],
            due_before=given["due_before"],
            is_open=given["open"],
            number=given["q"],
            overdue=given["overdue"],
        )


class VerifyInvoicesDto(RequestDto):
    def make(self, ctx: Context, given: dict[str, Any]) -> VerifyInvoicesQuery:
        return VerifyInvoicesQuery()


def _key(given: dict[str, Any], name: str, kind: Any) -> Any:
    found = given.get(name)
    return None if found is None else kind(found)


def _ids(given: Sequence[Any] | None) -> tuple[InvoiceId, ...] | None:
    return None if given is None else tuple(InvoiceId(each) for each in given)

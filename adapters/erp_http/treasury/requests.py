"""What is asked of payments."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from marshmallow import Schema

from erp_core.invoicing.entities import InvoiceId
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import (
    ALLOCATIONS_AT_ONCE_MAX,
    METHOD_MAX,
    PAYMENT_NOTE_MAX,
    PAYMENT_REFERENCE_MAX,
    PAYMENT_SORTS,
    REVERSAL_REASON_MAX,
    AllocationRequest,
    BankAccountId,
    Direction,
    PaymentId,
    PaymentState,
    Purpose,
)
from erp_core.treasury.ports import PaymentQuery
from erp_core.treasury.use_cases import (
    AllocatePaymentCommand,
    RecordPaymentCommand,
    ReversePaymentCommand,
    VerifyPaymentsQuery,
)
from erp_http.dto import ListDto, RequestDto, money, needed
from erp_http.fields import Choice, Choices, Day, Flag, Id, List, Nested, Price, Text
from erp_http.messages import Dto


class AllocateTo(StrEnum):
    """What a payment may be allocated to without naming it."""

    OLDEST = "oldest"


class AllocationRequestDto(Schema):
    invoice_id = Id(
        required=True,
        metadata={"description": "of a payment out: the credit note that is refunded"},
    )
    amount = Price(required=True, metadata={"description": "without a currency: in the payment's"})


class PurposeFields(Dto):
    """What a payment is for."""

    allocations = List(
        Nested(AllocationRequestDto),
        load_default=[],
        most=ALLOCATIONS_AT_ONCE_MAX,
        metadata={"description": "what is left over is the party's credit"},
    )
    allocate = Choice(
        AllocateTo,
        load_default=None,
        allow_none=True,
        metadata={
            "description": "instead of allocations, `oldest`: whatever the party owes, what is "
            f"due first first, as far as it goes, at most {ALLOCATIONS_AT_ONCE_MAX} invoices"
        },
    )


def _purpose(given: dict[str, Any]) -> Purpose:
    return Purpose(
        requests=tuple(
            AllocationRequest(
                invoice_id=InvoiceId(each["invoice_id"]),
                amount=each["amount"][0],
                currency=each["amount"][1] or "",
            )
            for each in given["allocations"]
        ),
        oldest=given["allocate"] is AllocateTo.OLDEST,
    )


class RecordPaymentDto(PurposeFields, RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    party_id = Id(required=True)
    direction = Choice(Direction, required=True)
    amount = Price(required=True)
    date = Day(load_default=None, allow_none=True, metadata={"description": "today when absent"})
    method = Text(
        required=True,
        length=METHOD_MAX,
        metadata={
            "description": "a word of the company's own, in small letters",
            "examples": ["transfer", "cash", "card", "cheque", "direct_debit", "pix", "boleto"],
        },
    )
    bank_account_id = Id(load_default=None, allow_none=True)
    reference = Text(load_default="", length=PAYMENT_REFERENCE_MAX)
    note = Text(load_default="", length=PAYMENT_NOTE_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> RecordPaymentCommand:
        account = given["bank_account_id"]
        with at("amount"):
            amount = needed(money(ctx, given["amount"]))
        return RecordPaymentCommand(
            id=PaymentId(given["id"] or new_id()),
            party_id=PartyId(given["party_id"]),
            direction=given["direction"],
            amount=amount,
            paid_on=given["date"],
            method=given["method"],
            bank_account_id=None if account is None else BankAccountId(account),
            reference=given["reference"],
            note=given["note"],
            purpose=_purpose(given),
        )


class AllocatePaymentDto(PurposeFields, RequestDto):
    def make(self, ctx: Context, given: dict[str, Any]) -> AllocatePaymentCommand:
        return AllocatePaymentCommand(
            id=PaymentId(given["id"]), version=given["if_match"], purpose=_purpose(given)
        )


class ReversePaymentDto(RequestDto):
    reason = Text(load_default="", length=REVERSAL_REASON_MAX)

    def make(self, ctx: Context, given: dict[str, Any]) -> ReversePaymentCommand:
        return ReversePaymentCommand(
            id=PaymentId(given["id"]), version=given["if_match"], reason=given["reason"]
        )


class ListPaymentsDto(ListDto):
    sorts = tuple(PAYMENT_SORTS)

    state = Choices(PaymentState, load_default=())
    direction = Choices(Direction, load_default=())
    party_id = Id(load_default=None)
    bank_account_id = Id(load_default=None)
    date_from = Day(load_default=None)
    date_to = Day(load_default=None)
    unallocated = Flag(
        load_default=None, metadata={"description": "true: something is left of it"}
    )
    q = Text(load_default="", length=64, metadata={"description": "how the number begins"})

    def make(self, ctx: Context, given: dict[str, Any]) -> PaymentQuery:
        party, account = given["party_id"], given["bank_account_id"]
        return PaymentQuery(
            page=self.page(given),
            states=given["state"],
            directions=given["direction"],
            party_id=None if party is None else PartyId(party),
            bank_account_id=None if account is None else BankAccountId(account),
            date_from=given["date_from"],
            date_to=given["date_to"],
            unallocated=given["unallocated"],
            number=given["q"],
        )


class VerifyPaymentsDto(RequestDto):
    def make(self, ctx: Context, given: dict[str, Any]) -> VerifyPaymentsQuery:
        return VerifyPaymentsQuery()

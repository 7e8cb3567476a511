"""What payments and balances look like on the wire."""

from __future__ import annotations

from typing import Any, Final

from erp_core.invoicing.entities import Settlement
from erp_core.treasury.entities import (
    ALLOCATIONS_MAX,
    CurrencyBalance,
    Direction,
    PartyBalance,
    Payment,
    PaymentState,
)
from erp_core.treasury.use_cases import DIFFERENCES_MAX, PaymentSheet, PaymentVerification
from erp_http import show
from erp_http.dto import MoneyDto, ResponseDto
from erp_http.fields import Choice, Day, Flag, Id, List, Moment, Nested, Text, Whole
from erp_http.messages import Dto


class PaymentHeadFields(Dto):
    """What lists of payments and payments themselves say."""

    id = Id(required=True)
    version = Whole(required=True)
    number = Text(required=True)
    state = Choice(PaymentState, required=True)
    direction = Choice(Direction, required=True)
    party_id = Id(required=True)
    date = Day(required=True)
    method = Text(required=True)
    bank_account_id = Id(required=True, allow_none=True)
    amount = Nested(MoneyDto, required=True)
    allocated = Nested(MoneyDto, required=True)
    unallocated = Nested(
        MoneyDto,
        required=True,
        metadata={"description": "the party's credit; nothing of a reversed payment"},
    )
    reference = Text(required=True)
    note = Text(required=True)
    reconciled_at = Moment(required=True, allow_none=True)
    reversed_at = Moment(required=True, allow_none=True)
    reversal_reason = Text(required=True)


class PaymentHeadDto(PaymentHeadFields, ResponseDto[Payment]):
    """A payment without its allocations, as lists of payments show it."""

    def show(self, thing: Payment) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "number": thing.number,
            "state": thing.state.value,
            "direction": thing.direction.value,
            "party_id": str(thing.party_id),
            "date": show.day(thing.paid_on),
            "method": thing.method,
            "bank_account_id": show.key(thing.bank_account_id),
            "amount": show.money(thing.amount),
            "allocated": show.money(thing.allocated),
            "unallocated": show.money(thing.unallocated),
            "reference": thing.reference,
            "note": thing.note,
            "reconciled_at": show.moment(thing.reconciled_at),
            "reversed_at": show.moment(thing.reversed_at),
            "reversal_reason": thing.reversed_because,
        }


class AllocationDto(ResponseDto[Settlement]):
    id = Id(required=True)
    invoice_id = Id(required=True)
    amount = Nested(MoneyDto, required=True)
    date = Day(required=True, metadata={"description": "of the allocation"})

    def show(self, thing: Settlement) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "invoice_id": str(thing.invoice_id),
            "amount": show.money(thing.amount),
            "date": show.day(thing.settled_on),
        }


class PaymentDto(PaymentHeadFields, ResponseDto[PaymentSheet]):
    allocations = List(Nested(AllocationDto), required=True, most=ALLOCATIONS_MAX)

    def show(self, thing: PaymentSheet) -> dict[str, Any]:
        return HEAD.show(thing.payment) | {
            "allocations": [_ALLOCATION.show(each) for each in thing.allocations]
        }


class CurrencyBalanceDto(ResponseDto[CurrencyBalance]):
    currency = Text(required=True, length=3)
    open_amount = Nested(
        MoneyDto, required=True, metadata={"description": "of validated invoices"}
    )
    overdue = Nested(MoneyDto, required=True, metadata={"description": "of the open amount"})
    credit = Nested(
        MoneyDto, required=True, metadata={"description": "what payments and credit notes left"}
    )
    unallocated_payments = Nested(MoneyDto, required=True)
    open_credit_notes = Nested(MoneyDto, required=True)
    advances = Nested(
        MoneyDto, required=True, metadata={"description": "paid out, and allocated to nothing"}
    )
    to_invoice = Nested(MoneyDto, required=True, metadata={"description": "of confirmed orders"})
    balance = Nested(
        MoneyDto,
        required=True,
        metadata={"description": "open_amount and advances less credit; below zero: we owe"},
    )

    def show(self, thing: CurrencyBalance) -> dict[str, Any]:
        return {
            "currency": thing.currency,
            "open_amount": show.money(thing.open_amount),
            "overdue": show.money(thing.overdue),
            "credit": show.money(thing.credit),
            "unallocated_payments": show.money(thing.payments),
            "open_credit_notes": show.money(thing.credit_notes),
            "advances": show.money(thing.advances),
            "to_invoice": show.money(thing.to_invoice),
            "balance": show.money(thing.balance),
        }


class PartyBalanceDto(ResponseDto[PartyBalance]):
    party_id = Id(required=True)
    date = Day(required=True, metadata={"description": "the company's today"})
    currencies = List(Nested(CurrencyBalanceDto), required=True, most=200)
    credit_limit = Nested(MoneyDto, required=True, allow_none=True)
    credit_used = Nested(
        MoneyDto,
        required=True,
        allow_none=True,
        metadata={"description": "open_amount and to_invoice, in the limit's currency"},
    )
    credit_left = Nested(
        MoneyDto,
        required=True,
        allow_none=True,
        metadata={"description": "below zero where the limit was overridden or lowered"},
    )

    def show(self, thing: PartyBalance) -> dict[str, Any]:
        return {
            "party_id": str(thing.party_id),
            "date": show.day(thing.on),
            "currencies": [_CURRENCY.show(each) for each in thing.currencies],
            "credit_limit": show.money(thing.credit_limit),
            "credit_used": show.money(thing.credit_used),
            "credit_left": show.money(thing.credit_left),
        }


class PaymentVerificationDto(ResponseDto[PaymentVerification]):
    consistent = Flag(required=True)
    differing = List(Id(), required=True, most=DIFFERENCES_MAX)

    def show(self, thing: PaymentVerification) -> dict[str, Any]:
        return {
            "consistent": thing.consistent,
            "differing": [str(each) for each in thing.differing],
        }


_ALLOCATION: Final = AllocationDto()
_CURRENCY: Final = CurrencyBalanceDto()
HEAD: Final = PaymentHeadDto()
PAYMENT: Final = PaymentDto()
BALANCE: Final = PartyBalanceDto()
VERIFICATION: Final = PaymentVerificationDto()

"""Bank accounts and payments to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from typing import Any

from erp_core.kernel.context import CompanyId
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import (
    BankAccount,
    BankAccountId,
    BankAccountKind,
    BankAccountState,
    Direction,
    Payment,
    PaymentId,
    PaymentState,
)


def write_bank_account(company_id: CompanyId, account: BankAccount) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": account.id,
        "version": account.version + 1,
        "name": account.name,
        "name_key": account.name_key,
        "kind": account.kind.value,
        "state": account.state.value,
        "currency": account.currency,
        "opening_balance": account.opening_balance.amount,
        "iban": account.iban,
        "bank": account.bank,
        "agency": account.agency,
        "account": account.account,
    }


def read_bank_account(row: Any) -> BankAccount:
    return BankAccount(
        id=BankAccountId(row.id),
        version=row.version,
        name=row.name,
        kind=BankAccountKind(row.kind),
        state=BankAccountState(row.state),
        opening_balance=Money(row.opening_balance, row.currency),
        iban=row.iban,
        bank=row.bank,
        agency=row.agency,
        account=row.account,
    )


def write_payment(company_id: CompanyId, payment: Payment) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": payment.id,
        "version": payment.version + 1,
        "number": payment.number,
        "state": payment.state.value,
        "direction": payment.direction.value,
        "party_id": payment.party_id,
        "bank_account_id": payment.bank_account_id,
        "day": payment.paid_on,
        "method": payment.method,
        "amount": payment.amount.amount,
        "currency": payment.currency,
        "unallocated": payment.unallocated.amount,
        "reference": payment.reference,
        "note": payment.note,
        "reconciled_at": payment.reconciled_at,
        "reversed_at": payment.reversed_at,
        "reversed_because": payment.reversed_because,
    }


def read_payment(row: Any) -> Payment:
    amount, state = Money(row.amount, row.currency), PaymentState(row.state)
    allocated = amount - Money(row.unallocated, row.currency)
    if state is PaymentState.REVERSED:
        allocated = Money.zero(row.currency)
    account = row.bank_account_id
    return Payment(
        id=PaymentId(row.id),
        version=row.version,
        number=row.number,
        state=state,
        direction=Direction(row.direction),
        party_id=PartyId(row.party_id),
        bank_account_id=None if account is None else BankAccountId(account),
        paid_on=row.day,
        method=row.method,
        amount=amount,
        allocated=allocated,
        reference=row.reference,
        note=row.note,
        reconciled_at=row.reconciled_at,
        reversed_at=row.reversed_at,
        reversed_because=row.reversed_because,
    )

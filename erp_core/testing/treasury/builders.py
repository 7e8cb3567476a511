"""Bank accounts and payments of which no field that a store keeps is left at its default."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money
from erp_core.parties.entities import PartyId
from erp_core.testing import NOON
from erp_core.treasury.entities import (
    BankAccount,
    BankAccountId,
    BankAccountKind,
    BankAccountState,
    Direction,
    Payment,
    PaymentId,
)

PAID = date(2024, 2, 28)


def a_bank_account(**changes: object) -> BankAccount:
    """Make an archived account that is overdrawn."""
    account_id = BankAccountId(new_id())
    account = BankAccount(
        id=account_id,
        name=f"Caixa São João {account_id.hex[-6:]}",
        kind=BankAccountKind.BANK,
        opening_balance=Money(Decimal("-1234.56"), "EUR"),
        iban="DE89 3704 0044 0532 0130 00",
        bank="Köln ß",
        agency="0001-9",
        account="12345-X",
        state=BankAccountState.ARCHIVED,
    )
    return replace(account, **changes)  # type: ignore[arg-type]  # by name


def a_payment(party_id: PartyId, amount: str = "100", **changes: object) -> Payment:
    """Make a payment that came in, recorded and allocated to nothing."""
    paid = Money(Decimal(amount), "EUR")
    payment_id = PaymentId(new_id())
    payment = Payment(
        id=payment_id,
        number=f"PAY{payment_id.hex[-12:]}",
        direction=Direction.IN,
        party_id=party_id,
        paid_on=PAID,
        method="transfer",
        amount=paid,
        allocated=Money.zero("EUR"),
    )
    return replace(payment, **changes)  # type: ignore[arg-type]  # by name


def a_full_payment(party_id: PartyId, account_id: BankAccountId | None = None) -> Payment:
    """Make a payment that went out, of which some is allocated, and which a bank has confirmed."""
    return a_payment(
        party_id,
        "1234567.89",
        direction=Direction.OUT,
        method="direct_debit",
        allocated=Money(Decimal("0.01"), "EUR"),
        bank_account_id=account_id,
        reference="E2E 4711/ß",
        note="Merci.\nÀ bientôt ☕",
        reconciled_at=NOON + timedelta(hours=7, microseconds=123456),
    )

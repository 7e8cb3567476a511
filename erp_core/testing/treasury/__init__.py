"""What every keeper of bank accounts and payments must do, and payments to try one with."""

from erp_core.testing.treasury.accounts import PartyAccountsContract
from erp_core.testing.treasury.balances import PartyBalancesContract
from erp_core.testing.treasury.bank_accounts import (
    BankAccountRepositoryContract,
    ConcurrentBankAccountContract,
)
from erp_core.testing.treasury.builders import PAID, a_bank_account, a_full_payment, a_payment
from erp_core.testing.treasury.payments import (
    ConcurrentPaymentContract,
    PaymentRepositoryContract,
)

__all__ = [
    "PAID",
    "BankAccountRepositoryContract",
    "ConcurrentBankAccountContract",
    "ConcurrentPaymentContract",
    "PartyAccountsContract",
    "PartyBalancesContract",
    "PaymentRepositoryContract",
    "a_bank_account",
    "a_full_payment",
    "a_payment",
]

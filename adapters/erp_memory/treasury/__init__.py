"""Bank accounts, payments, balances and accounts of parties in dictionaries."""

from erp_memory.treasury.accounts import MemoryPartyAccounts
from erp_memory.treasury.balances import MemoryPartyBalances
from erp_memory.treasury.bank_accounts import MemoryBankAccounts
from erp_memory.treasury.payments import MemoryPayments

__all__ = [
    "MemoryBankAccounts",
    "MemoryPartyAccounts",
    "MemoryPartyBalances",
    "MemoryPayments",
]

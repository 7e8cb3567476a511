"""Bank accounts, payments and balances in dictionaries."""

from erp_memory.treasury.balances import MemoryPartyBalances
from erp_memory.treasury.bank_accounts import MemoryBankAccounts
from erp_memory.treasury.payments import MemoryPayments

__all__ = ["MemoryBankAccounts", "MemoryPartyBalances", "MemoryPayments"]

"""Bank accounts, payments and balances, wherever they are kept."""

from erp_core.testing.treasury import (
    BankAccountRepositoryContract,
    ConcurrentBankAccountContract,
    ConcurrentPaymentContract,
    PartyAccountsContract,
    PartyBalancesContract,
    PaymentRepositoryContract,
)
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestBankAccountsInMemory(InMemory, BankAccountRepositoryContract): ...


class TestBankAccounts(InDatabase, BankAccountRepositoryContract): ...


class TestConcurrentBankAccounts(OnServer, ConcurrentBankAccountContract): ...


class TestPaymentsInMemory(InMemory, PaymentRepositoryContract): ...


class TestPayments(InDatabase, PaymentRepositoryContract): ...


class TestConcurrentPayments(OnServer, ConcurrentPaymentContract): ...


class TestPartyBalancesInMemory(InMemory, PartyBalancesContract): ...


class TestPartyBalances(InDatabase, PartyBalancesContract): ...


class TestPartyAccountsInMemory(InMemory, PartyAccountsContract): ...


class TestPartyAccounts(InDatabase, PartyAccountsContract): ...

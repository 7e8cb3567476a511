"""Quotes, orders and credit, wherever they are kept."""

from erp_core.testing.sales import (
    CreditLedgerContract,
    OrderRepositoryContract,
    QuoteRepositoryContract,
)
from tests.contracts.stores import InDatabase, InMemory


class TestQuotesInMemory(InMemory, QuoteRepositoryContract): ...


class TestQuotes(InDatabase, QuoteRepositoryContract): ...


class TestOrdersInMemory(InMemory, OrderRepositoryContract): ...


class TestOrders(InDatabase, OrderRepositoryContract): ...


class TestCreditInMemory(InMemory, CreditLedgerContract): ...


class TestCredit(InDatabase, CreditLedgerContract): ...

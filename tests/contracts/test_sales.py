"""Quotes, orders, shipments and credit, wherever they are kept."""

from erp_core.testing.sales import (
    CreditLedgerContract,
    OrderRepositoryContract,
    QuoteRepositoryContract,
    ShipmentRepositoryContract,
)
from tests.contracts.stores import InDatabase, InMemory


class TestQuotesInMemory(InMemory, QuoteRepositoryContract): ...


class TestQuotes(InDatabase, QuoteRepositoryContract): ...


class TestOrdersInMemory(InMemory, OrderRepositoryContract): ...


class TestOrders(InDatabase, OrderRepositoryContract): ...


class TestCreditInMemory(InMemory, CreditLedgerContract): ...


class TestCredit(InDatabase, CreditLedgerContract): ...


class TestShipmentsInMemory(InMemory, ShipmentRepositoryContract): ...


class TestShipments(InDatabase, ShipmentRepositoryContract): ...

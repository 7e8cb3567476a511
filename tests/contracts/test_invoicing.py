"""Invoices and what settles them, wherever they are kept."""

from erp_core.testing.invoicing import (
    ConcurrentReceivableContract,
    InvoiceRepositoryContract,
    ReceivableRepositoryContract,
)
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestInvoicesInMemory(InMemory, InvoiceRepositoryContract): ...


class TestInvoices(InDatabase, InvoiceRepositoryContract): ...


class TestReceivablesInMemory(InMemory, ReceivableRepositoryContract): ...


class TestReceivables(InDatabase, ReceivableRepositoryContract): ...


class TestConcurrentReceivables(OnServer, ConcurrentReceivableContract): ...

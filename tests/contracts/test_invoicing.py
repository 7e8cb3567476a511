"""Invoices and what settles them, wherever they are kept."""

from erp_core.testing.invoicing import (
    ConcurrentReceivableContract,
    InvoiceRepositoryContract,
    ReceivableReportsContract,
    ReceivableRepositoryContract,
    RecurringInvoiceContract,
    SalesReportsContract,
)
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestInvoicesInMemory(InMemory, InvoiceRepositoryContract): ...


class TestInvoices(InDatabase, InvoiceRepositoryContract): ...


class TestReceivablesInMemory(InMemory, ReceivableRepositoryContract): ...


class TestReceivables(InDatabase, ReceivableRepositoryContract): ...


class TestConcurrentReceivables(OnServer, ConcurrentReceivableContract): ...


class TestRecurringInvoicesInMemory(InMemory, RecurringInvoiceContract): ...


class TestRecurringInvoices(InDatabase, RecurringInvoiceContract): ...


class TestSalesReportsInMemory(InMemory, SalesReportsContract): ...


class TestSalesReports(InDatabase, SalesReportsContract): ...


class TestReceivableReportsInMemory(InMemory, ReceivableReportsContract): ...


class TestReceivableReports(InDatabase, ReceivableReportsContract): ...

"""The transaction as invoicing sees it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.documents.ports import DocumentsUnitOfWork
from erp_core.invoicing.ports.invoices import InvoiceRepository
from erp_core.invoicing.ports.receivable_reports import ReceivableReports
from erp_core.invoicing.ports.receivables import ReceivableRepository
from erp_core.invoicing.ports.recurring import RecurringInvoiceRepository
from erp_core.invoicing.ports.sales_reports import SalesReports
from erp_core.sales.ports import SalesUnitOfWork


class InvoicingUnitOfWork(SalesUnitOfWork, DocumentsUnitOfWork, Protocol):
    """The transaction as invoicing sees it; it reads and bills the orders below."""

    @property
    @abstractmethod
    def invoices(self) -> InvoiceRepository: ...

    @property
    @abstractmethod
    def receivables(self) -> ReceivableRepository: ...

    @property
    @abstractmethod
    def recurring_invoices(self) -> RecurringInvoiceRepository: ...

    @property
    @abstractmethod
    def sales_reports(self) -> SalesReports: ...

    @property
    @abstractmethod
    def receivable_reports(self) -> ReceivableReports: ...

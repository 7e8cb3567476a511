"""The transaction as sales sees it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.documents.ports import DocumentsUnitOfWork, MailUnitOfWork
from erp_core.inventory.ports import InventoryUnitOfWork
from erp_core.sales.ports.credit import CreditLedger
from erp_core.sales.ports.orders import OrderRepository
from erp_core.sales.ports.quotes import QuoteRepository
from erp_core.sales.ports.shipments import ShipmentRepository


class SalesUnitOfWork(InventoryUnitOfWork, DocumentsUnitOfWork, MailUnitOfWork, Protocol):
    """The transaction as sales sees it; it reads the areas below."""

    @property
    @abstractmethod
    def quotes(self) -> QuoteRepository: ...

    @property
    @abstractmethod
    def orders(self) -> OrderRepository: ...

    @property
    @abstractmethod
    def shipments(self) -> ShipmentRepository: ...

    @property
    @abstractmethod
    def credit(self) -> CreditLedger: ...

"""The transaction as the inventory sees it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.catalog.ports import CatalogUnitOfWork
from erp_core.inventory.ports.counts import StockCountRepository
from erp_core.inventory.ports.picking import Picking
from erp_core.inventory.ports.reports import StockReports
from erp_core.inventory.ports.stock import LotRepository, StockRepository
from erp_core.inventory.ports.transfers import StockTransferRepository
from erp_core.inventory.ports.warehouses import WarehouseRepository


class InventoryUnitOfWork(CatalogUnitOfWork, Protocol):
    """The transaction as the inventory sees it; it reads the catalog below."""

    @property
    @abstractmethod
    def warehouses(self) -> WarehouseRepository: ...

    @property
    @abstractmethod
    def stock(self) -> StockRepository: ...

    @property
    @abstractmethod
    def picking(self) -> Picking: ...

    @property
    @abstractmethod
    def lots(self) -> LotRepository: ...

    @property
    @abstractmethod
    def stock_transfers(self) -> StockTransferRepository: ...

    @property
    @abstractmethod
    def counts(self) -> StockCountRepository: ...

    @property
    @abstractmethod
    def stock_reports(self) -> StockReports: ...

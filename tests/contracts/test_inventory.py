"""Warehouses and stock, wherever they are kept."""

from erp_core.testing.counts import (
    StockCountLockingContract,
    StockCountQueriesContract,
    StockCountRepositoryContract,
    StockCountRowLockContract,
)
from erp_core.testing.inventory import ConcurrentWarehouseContract, WarehouseRepositoryContract
from erp_core.testing.lots import LotRepositoryContract, ReservationContract
from erp_core.testing.many import ManyProductsContract, OpeningStockContract
from erp_core.testing.picking import PickingContract
from erp_core.testing.stock import StockQueriesContract, StockRepositoryContract
from erp_core.testing.stock_locks import (
    CancellableLockContract,
    RowLockContract,
    StockLockingContract,
)
from erp_core.testing.stock_reports import StockReportsContract
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestWarehousesInMemory(InMemory, WarehouseRepositoryContract): ...


class TestWarehouses(InDatabase, WarehouseRepositoryContract): ...


class TestConcurrentWarehouses(OnServer, ConcurrentWarehouseContract): ...


class TestStockInMemory(InMemory, StockRepositoryContract): ...


class TestStock(InDatabase, StockRepositoryContract): ...


class TestStockQueriesInMemory(InMemory, StockQueriesContract): ...


class TestStockQueries(InDatabase, StockQueriesContract): ...


class TestStockLockingInMemory(InMemory, StockLockingContract): ...


class TestStockLocking(InDatabase, StockLockingContract): ...


class TestCancellableLocksInMemory(InMemory, CancellableLockContract): ...


class TestCancellableLocks(InDatabase, CancellableLockContract):
    """SQLite too: within a process the writers queue where they can be told to give up."""


class TestLotsInMemory(InMemory, LotRepositoryContract): ...


class TestLots(InDatabase, LotRepositoryContract): ...


class TestReservationsInMemory(InMemory, ReservationContract): ...


class TestReservations(InDatabase, ReservationContract): ...


class TestPickingInMemory(InMemory, PickingContract): ...


class TestPicking(InDatabase, PickingContract): ...


class TestManyProductsInMemory(InMemory, ManyProductsContract): ...


class TestManyProducts(InDatabase, ManyProductsContract): ...


class TestOpeningStockInMemory(InMemory, OpeningStockContract): ...


class TestOpeningStock(InDatabase, OpeningStockContract): ...


class TestRowLocks(OnServer, RowLockContract): ...


class TestStockCountsInMemory(InMemory, StockCountRepositoryContract): ...


class TestStockCounts(InDatabase, StockCountRepositoryContract): ...


class TestStockCountQueriesInMemory(InMemory, StockCountQueriesContract): ...


class TestStockCountQueries(InDatabase, StockCountQueriesContract): ...


class TestStockCountLockingInMemory(InMemory, StockCountLockingContract): ...


class TestStockCountLocking(InDatabase, StockCountLockingContract): ...


class TestStockCountRowLocks(OnServer, StockCountRowLockContract): ...


class TestStockReportsInMemory(InMemory, StockReportsContract): ...


class TestStockReports(InDatabase, StockReportsContract): ...

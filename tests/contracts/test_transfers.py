"""Warehouses in a tree, and goods under way, wherever they are kept."""

from erp_core.testing.transfers import StockTransferRepositoryContract
from erp_core.testing.warehouse_tree import ConcurrentTreeContract, WarehouseTreeContract
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestTreeInMemory(InMemory, WarehouseTreeContract): ...


class TestTree(InDatabase, WarehouseTreeContract): ...


class TestConcurrentTree(OnServer, ConcurrentTreeContract): ...


class TestTransfersInMemory(InMemory, StockTransferRepositoryContract): ...


class TestTransfers(InDatabase, StockTransferRepositoryContract): ...

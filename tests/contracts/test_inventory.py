"""Warehouses and stock, wherever they are kept."""

from erp_core.testing.inventory import ConcurrentWarehouseContract, WarehouseRepositoryContract
from tests.contracts.stores import InDatabase, InMemory, OnServer


class TestWarehousesInMemory(InMemory, WarehouseRepositoryContract): ...


class TestWarehouses(InDatabase, WarehouseRepositoryContract): ...


class TestConcurrentWarehouses(OnServer, ConcurrentWarehouseContract): ...

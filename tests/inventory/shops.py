"""An ERP in memory, and short words for what is done with its stock."""

from dataclasses import dataclass, replace
from decimal import Decimal

from erp_core.catalog.entities import Product, standard_units
from erp_core.erp import Erp
from erp_core.inventory.entities import StockKey, StockMovement, Warehouse
from erp_core.inventory.use_cases import (
    AdjustStockCommand,
    IssueStockCommand,
    ReceiveStockCommand,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.testing import context
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_memory.store import MemoryStore
from tests.wiring import an_erp

CLERK = context("inventory.*")


def of(value: str) -> Quantity:
    return Quantity.of(value)


def euros(value: str) -> UnitPrice:
    return UnitPrice(Decimal(value), "EUR")


@dataclass
class Shop:
    erp: Erp
    store: MemoryStore

    def product(self, **changes: object) -> Product:
        with self.store(CLERK) as uow:
            uow.units.add_absent(CLERK, standard_units())
            return uow.products.add(CLERK, replace(a_product(), tax_class_id=None, **changes))

    def warehouse(self, **changes: object) -> Warehouse:
        plain = replace(a_warehouse(), may_go_negative=False)
        return self.erp.inventory.add_warehouse(CLERK, replace(plain, **changes))

    def key(self, lot: str = "", **changes: object) -> StockKey:
        return StockKey(self.product(**changes).id, self.warehouse().id, lot)

    def receive(self, key: StockKey, quantity: str, cost: str = "2.50") -> StockMovement:
        command = ReceiveStockCommand(key=key, quantity=of(quantity), unit_cost=euros(cost))
        return self.erp.inventory.receive_stock(CLERK, command)

    def issue(self, key: StockKey, quantity: str, label: str = "") -> StockMovement:
        command = IssueStockCommand(key=key, quantity=of(quantity), label=label)
        return self.erp.inventory.issue_stock(CLERK, command)

    def adjust(self, key: StockKey, counted: str) -> StockMovement:
        command = AdjustStockCommand(key=key, counted=of(counted), label="counted again")
        return self.erp.inventory.adjust_stock(CLERK, command)


def a_shop() -> Shop:
    store = MemoryStore()
    return Shop(an_erp(store), store)

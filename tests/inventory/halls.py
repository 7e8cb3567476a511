"""A warehouse in memory, and short words for what is done in it."""

from dataclasses import dataclass, replace
from decimal import Decimal

from erp_core.catalog.entities import ProductId, standard_units
from erp_core.erp import Erp
from erp_core.inventory.entities import (
    CountLine,
    StockCount,
    StockItem,
    StockKey,
    StockMovement,
    Uncounted,
    WarehouseId,
)
from erp_core.inventory.ports import CountLineQuery, MovementQuery
from erp_core.inventory.use_cases import (
    CloseCountCommand,
    CountCommand,
    CountSummary,
    EnterCountsCommand,
    Found,
    IssueStockCommand,
    ReceiveStockCommand,
    VerifyStockQuery,
)
from erp_core.kernel.context import Context
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.testing import context
from erp_core.testing.catalog import a_product
from erp_core.testing.counts import a_count
from erp_core.testing.inventory import a_warehouse
from erp_memory.store import MemoryStore
from tests.wiring import an_erp

CLERK = context("inventory.*")
COST = UnitPrice(Decimal("2.50"), "EUR")


def of(value: object) -> Quantity:
    return Quantity.of(str(value))


@dataclass
class Hall:
    """A warehouse in memory, and short words for what is done in it."""

    erp: Erp
    store: MemoryStore
    where: WarehouseId

    def row(self, on_hand: int = 0, lot: str = "", **changes: object) -> StockKey:
        with self.store(CLERK) as uow:
            product = replace(a_product(), tax_class_id=None, **changes)
            key = StockKey(uow.products.add(CLERK, product).id, self.where, lot)
        if on_hand:
            self.receive(key, on_hand)
        return key

    def receive(self, key: StockKey, quantity: object) -> None:
        command = ReceiveStockCommand(key=key, quantity=of(quantity), unit_cost=COST)
        self.erp.inventory.receive_stock(CLERK, command)

    def issue(self, key: StockKey, quantity: object) -> None:
        self.erp.inventory.issue_stock(CLERK, IssueStockCommand(key=key, quantity=of(quantity)))

    def reserve(self, key: StockKey, quantity: object) -> None:
        with self.store(CLERK) as uow:
            stock = uow.stock.lock(CLERK, [key])
            item = replace(stock.items[key], reserved=of(quantity))
            uow.stock.save(CLERK, replace(stock, items={key: item}))

    def started(self, *products: ProductId, where: WarehouseId | None = None) -> StockCount:
        draft = self.erp.inventory.add_count(CLERK, a_count(where or self.where, *products))
        return self.erp.inventory.start_count(CLERK, CountCommand(id=draft.count.id)).count

    def enter(
        self, count: StockCount, found: dict[StockKey, object], ctx: Context = CLERK
    ) -> tuple[CountLine, ...]:
        entries = tuple(
            Found(product_id=key.product_id, lot=key.lot, counted=of(counted))
            for key, counted in found.items()
        )
        command = EnterCountsCommand(id=count.id, entries=entries)
        return self.erp.inventory.enter_counts(ctx, command)

    def close(self, count: StockCount, uncounted: Uncounted | None = None) -> CountSummary:
        command = CloseCountCommand(id=count.id, uncounted=uncounted)
        return self.erp.inventory.close_count(CLERK, command)

    def item(self, key: StockKey) -> StockItem:
        with self.store(CLERK) as uow:
            return uow.stock.lock(CLERK, [key]).items[key]

    def on_hand(self, *keys: StockKey) -> list[str]:
        return [str(self.item(key).on_hand) for key in keys]

    def story(self, key: StockKey) -> tuple[StockMovement, ...]:
        query = MovementQuery(page=PageRequest(limit=200), product_id=key.product_id)
        return self.erp.inventory.list_movements(CLERK, query).items

    def lines(self, count: StockCount) -> dict[StockKey, CountLine]:
        query = CountLineQuery(page=PageRequest(), count_id=count.id)
        return {line.key: line for line in self.erp.inventory.list_count_lines(CLERK, query).items}

    def is_consistent(self) -> bool:
        return self.erp.inventory.verify_stock(CLERK, VerifyStockQuery()).consistent


def a_hall(*, may_go_negative: bool = False) -> Hall:
    store = MemoryStore()
    erp = an_erp(store)
    with store(CLERK) as uow:
        uow.units.add_absent(CLERK, standard_units())
        warehouse = replace(a_warehouse(), may_go_negative=may_go_negative)
        return Hall(erp, store, uow.warehouses.add(CLERK, warehouse).id)

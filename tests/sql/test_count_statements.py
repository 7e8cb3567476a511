"""What stock counts cost the database: as many statements for many lines as for few."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from erp_core.catalog.entities import Product, standard_units
from erp_core.inventory.entities import (
    CountId,
    LockedStock,
    StockedProduct,
    StockItem,
    StockKey,
    Uncounted,
    Valuation,
    WarehouseId,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery, StockQuery
from erp_core.inventory.use_cases import (
    CloseCountCommand,
    CountCommand,
    EnterCountsCommand,
    Found,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import context
from erp_core.testing.catalog import a_product
from erp_core.testing.counts import a_count
from erp_core.testing.stock import COST, RECEIPT, TEN
from tests.databases import KINDS, database
from tests.sql.test_statements import House

CLERK = context("inventory.*")


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def a_full_warehouse(house: House, rows: int) -> list[StockKey]:
    """Receive ten pieces of as many products in one warehouse."""
    where = house.key().warehouse_id
    with house.store(CLERK) as uow:
        uow.units.add_absent(CLERK, standard_units())
        products = [replace(a_product(), tax_class_id=None) for _ in range(rows)]
        keys = [StockKey(uow.products.add(CLERK, each).id, where) for each in products]
    with house.store(CLERK) as uow:
        stock = uow.stock.lock(CLERK, keys, receiving=True)
        for key in keys:
            stock = stock.receive(key, TEN, COST, RECEIPT)
        uow.stock.save(CLERK, stock)
    return keys


def entries(keys: list[StockKey], counted: str) -> tuple[Found, ...]:
    found = Quantity.of(counted)
    return tuple(Found(product_id=key.product_id, counted=found) for key in keys)


@pytest.mark.parametrize("rows", [3, 60])
def test_a_count_costs_the_same_however_many_its_lines(house: House, rows: int) -> None:
    inventory = house.erp.inventory
    keys = a_full_warehouse(house, rows)
    new = a_full_warehouse(house, 1)
    draft = a_count(keys[0].warehouse_id)
    command = CountCommand(id=draft.id)
    with house.costs(2):  # the count, the audit record
        inventory.add_count(CLERK, draft)
    # The count with its scope, the warehouse read and locked, rivals; saved, frozen, added up,
    # audited.
    with house.costs(9):
        inventory.start_count(CLERK, command)
    found = entries(keys[:-1], "9")
    for _ in range(2):
        # The count with its scope, products, known lines, locked, their stock; saved, audited.
        with house.costs(8):
            inventory.enter_counts(CLERK, EnterCountsCommand(id=draft.id, entries=found))
    with house.costs(10):  # a new line is made, and all are added up
        surprise = EnterCountsCommand(id=draft.id, entries=entries(new, "0"))
        inventory.enter_counts(CLERK, surprise)
    # The count with its scope, the lines with their SKUs; the stock locked in three and saved in
    # two; what closing entered, the count, the totals, the audit record.
    with house.costs(13):
        close = CloseCountCommand(id=draft.id, uncounted=Uncounted.ZERO)
        inventory.close_count(CLERK, close)


def test_reading_counts_takes_as_many_statements_for_many(house: House) -> None:
    inventory = house.erp.inventory
    keys = a_full_warehouse(house, 4)
    where = keys[0].warehouse_id
    for rows in (1, 3):
        for key in keys[:rows]:
            inventory.add_count(CLERK, a_count(where, key.product_id))
        with house.costs(2):
            inventory.list_counts(CLERK, CountQuery(page=PageRequest()))
    count_id = CountId(a_count(where).id)
    inventory.add_count(CLERK, replace(a_count(where), id=count_id))
    inventory.start_count(CLERK, CountCommand(id=count_id))
    with house.costs(3):
        inventory.get_count(CLERK, CountCommand(id=count_id))
    with house.costs(4):
        query = CountLineQuery(page=PageRequest(limit=2), count_id=count_id)
        assert len(inventory.list_count_lines(CLERK, query).items) == 2


def test_a_large_count_is_closed_like_a_small_one(house: House) -> None:
    """From here on movements are written another way, where the database has one."""
    inventory, rows = house.erp.inventory, 2500
    where = house.key().warehouse_id
    products = [replace(a_product(), tax_class_id=None) for _ in range(rows)]
    with house.store(CLERK) as uow:
        uow.products.add_many(CLERK, products)
        uow.stock.add_many(CLERK, [opened(each, where) for each in products])
    draft = a_count(where)
    inventory.add_count(CLERK, draft)
    inventory.start_count(CLERK, CountCommand(id=draft.id))
    inventory.close_count(CLERK, CloseCountCommand(id=draft.id, uncounted=Uncounted.ZERO))
    with house.store(CLERK, read_only=True) as uow:
        assert uow.stock.differences(CLERK, 10) == ()
        query = StockQuery(page=PageRequest(limit=1, count=True), warehouse_id=where)
        page = uow.stock.items(CLERK, query)
    assert (page.total, page.items[0].item.on_hand) == (rows, ZERO)


def opened(product: Product, where: WarehouseId) -> LockedStock:
    """Have ten pieces of a product that is new."""
    key = StockKey(product.id, where)
    stock = LockedStock(
        items={key: StockItem(key=key, product=StockedProduct(sku=product.sku))},
        valuations={product.id: Valuation(product_id=product.id, on_hand=ZERO)},
    )
    return stock.receive(key, TEN, COST, RECEIPT)

"""The floor does to the database what the ERP does, or comparing the two says nothing."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg2.extras
import pytest
from sqlalchemy import Engine, MetaData, func, select

from erp_core.catalog.entities import Product
from erp_core.inventory.entities import Warehouse, WarehouseId
from erp_core.inventory.ports import StockQuery
from erp_core.inventory.use_cases import TransferStockCommand
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.sales.entities import OrderId
from erp_sql.unit_of_work import SqlStore
from tests.benchmarks.floor import Floor
from tests.benchmarks.recording import recording
from tests.databases import KINDS, migrated
from tests.sales.shops import SELLER, Shop, a_shop, of


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    yield from migrated(request.param, tmp_path)


def rows(engine: Engine) -> Counter[str]:
    """Count the rows of every table."""
    known = MetaData()
    known.reflect(engine)
    with engine.connect() as connection:
        return Counter(
            {
                name: connection.scalar(select(func.count()).select_from(table))
                for name, table in known.tables.items()
            }
        )


def test_an_order_that_is_played_back_is_written_as_the_recorded_one_was(engine: Engine) -> None:
    psycopg2.extras.register_uuid()
    shop = a_shop(SqlStore(engine))
    one, two, other, another = (shop.product(9) for _ in range(4))
    shop.confirm(shop.order(shop.line(one)))  # the first number of a year takes more
    key = OrderId(new_id())

    before = rows(engine)
    with recording(engine, [one.id, two.id, key]) as found:
        shop.confirm(shop.order(shop.line(one), shop.line(two), id=key))
    between = rows(engine)
    floor = Floor(engine.url, {"order": found})
    played = [OrderId(UUID(int=number)) for number in (1, 2)]
    for each in played:
        floor.play(floor.playbacks["order"], [other.id.hex, another.id.hex, str(each)])

    assert rows(engine) - between == Counter(
        {name: 2 * many for name, many in (between - before).items()}
    )
    numbers = [shop.erp.sales.get_order(SELLER, each).order.number for each in (key, *played)]
    assert [each[-5:] for each in numbers] == ["00002", "00003", "00004"]
    assert [shop.stock(each) for each in (one, other, another)] == [
        ("9", "2"),
        ("9", "2"),
        ("9", "2"),
    ]
    assert shop.is_consistent()
    assert shop.confirm(shop.order(shop.line(other))).number.endswith("00005")
    floor.close()


def on_hand(shop: Shop, product: Product) -> list[str]:
    query = StockQuery(page=PageRequest(), product_id=product.id)
    found = shop.erp.inventory.list_stock(SELLER, query).items
    return sorted(str(each.item.on_hand.value) for each in found)


def test_a_transfer_that_is_played_back_takes_here_and_puts_there(engine: Engine) -> None:
    psycopg2.extras.register_uuid()
    shop = a_shop(SqlStore(engine))
    there = shop.erp.inventory.add_warehouse(
        SELLER, Warehouse(id=WarehouseId(new_id()), code="THERE", name="There")
    )
    one, other = shop.product(9), shop.product(9)

    def move(product: Product) -> None:
        command = TransferStockCommand(
            product_id=product.id,
            from_warehouse_id=shop.where,
            to_warehouse_id=there.id,
            quantity=of("1.5"),
        )
        shop.erp.inventory.transfer_stock(SELLER, command)

    move(one)
    move(other)  # what is played back writes to rows that are there
    before = rows(engine)
    with recording(engine, [one.id]) as found:
        move(one)
    between = rows(engine)
    floor = Floor(engine.url, {"transfer": found})
    for _ in range(2):
        floor.play(floor.playbacks["transfer"], [other.id.hex])
    floor.close()

    assert rows(engine) - between == Counter(
        {name: 2 * many for name, many in (between - before).items()}
    )
    assert [on_hand(shop, each) for each in (one, other)] == [["3", "6"], ["4.5", "4.5"]]
    assert shop.is_consistent()

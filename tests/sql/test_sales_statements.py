"""What quotes and orders cost the database: as many statements for 300 lines as for one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from erp_core.identity.entities import StockLeavesAt
from erp_core.inventory.entities import StockKey
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.sales.entities import OrderId
from erp_core.sales.ports import OrderQuery
from erp_core.sales.use_cases import (
    ChangeOrderCommand,
    OrderCommand,
    OrderQuoteCommand,
    QuoteCommand,
    SendQuoteCommand,
    SoldLine,
)
from erp_core.testing.stock import RECEIPT, TEN
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.inventory.halls import COST
from tests.sales.shops import SELLER, Shop, a_plain_product, a_shop
from tests.sql.test_statements import OPENING

MANY = 300


class Counted:
    """A shop over one database, and a count of what it says to it."""

    def __init__(self, engine: Engine) -> None:
        self.shop: Shop = a_shop(SqlStore(engine))
        self.said: list[str] = []
        event.listen(engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection, _cursor, statement: str, *_: object) -> None:
        if statement not in OPENING:
            self.said.append(statement)

    @contextmanager
    def costs(self, most: int) -> Iterator[None]:
        self.said.clear()
        yield
        assert len(self.said) == most, "\n".join(self.said)

    def lines(self, many: int) -> tuple[SoldLine, ...]:
        """Make lines of as many products, ten of each in stock."""
        shop = self.shop
        products = [replace(a_plain_product(), barcode="") for _ in range(many)]
        keys = [StockKey(each.id, shop.where) for each in products]
        with shop.store(SELLER) as uow:
            uow.products.add_many(SELLER, products)
            stock = uow.stock.lock(SELLER, keys, receiving=True)
            for key in keys:
                stock = stock.receive(key, TEN, COST, RECEIPT)
            uow.stock.save(SELLER, stock)
        return tuple(shop.line(each, 2) for each in products)


@pytest.fixture(params=KINDS)
def counted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Counted]:
    with database(request.param, tmp_path) as engine:
        yield Counted(engine)


@pytest.mark.parametrize("many", [1, MANY])
def test_an_order_of_many_lines_costs_what_one_of_one_line_does(
    counted: Counted, many: int
) -> None:
    shop, lines = counted.shop, counted.lines(many)
    shop.limit(1_000_000)
    with counted.costs(9):
        order = shop.order(*lines)
    with counted.costs(11):
        command = ChangeOrderCommand(id=order.id, version=None, changes={"lines": lines})
        order = shop.erp.sales.change_order(SELLER, command)
    with counted.costs(21):
        shop.confirm(order)
    with counted.costs(3):
        shop.find(order)
    with counted.costs(1):
        query = OrderQuery(page=PageRequest())
        assert len(shop.erp.sales.list_orders(SELLER, query).items) == 1
    with counted.costs(13):
        shop.cancel(order)


@pytest.mark.parametrize("many", [1, MANY])
def test_an_order_whose_goods_leave_costs_the_same_for_many_lines(
    counted: Counted, many: int
) -> None:
    shop = counted.shop
    order = shop.order(*counted.lines(many))
    shop.leaves_at(StockLeavesAt.ORDER)
    with counted.costs(19):
        shop.confirm(order)
    with counted.costs(15):
        shop.cancel(order)


@pytest.mark.parametrize("many", [1, MANY])
def test_a_quote_of_many_lines_costs_what_one_of_one_line_does(
    counted: Counted, many: int
) -> None:
    shop, lines = counted.shop, counted.lines(many)
    with counted.costs(9):
        quote = shop.quote(*lines)
    one = QuoteCommand(id=quote.id)
    with counted.costs(9):
        shop.erp.sales.send_quote(SELLER, SendQuoteCommand(id=quote.id))
    with counted.costs(6):
        shop.erp.sales.accept_quote(SELLER, one)
    with counted.costs(9):
        order_id = OrderId(new_id())
        order = shop.erp.sales.order_quote(
            SELLER, OrderQuoteCommand(id=quote.id, order_id=order_id)
        )
    with counted.costs(10):
        shop.erp.sales.delete_order(SELLER, OrderCommand(id=order.id))

"""Orders and quotes, when many want the same at once."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from erp_core.identity.entities import StockLeavesAt
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, NotFoundError, TransitionError
from erp_core.kernel.page import PageRequest
from erp_core.sales.entities import OrderId, OrderState
from erp_core.sales.ports import OrderQuery
from erp_core.sales.use_cases import OrderCommand, OrderQuoteCommand
from erp_core.testing import at_once
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.sales.shops import SELLER, Shop, a_shop


@pytest.fixture(params=KINDS)
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with database(request.param, tmp_path) as engine:
        yield a_shop(SqlStore(engine))


def tried(step: Callable[[], object]) -> bool:
    """Say whether it was done; being refused by a rule is the only way in which it may not."""
    try:
        step()
    except (InvariantError, TransitionError):
        return False
    return True


def test_of_many_confirmations_of_one_order_one_gives_it_its_number(shop: Shop) -> None:
    tea = shop.product(10)
    order = shop.order(shop.line(tea, 3))
    confirm = partial(shop.confirm, order)

    assert sum(at_once(*[partial(tried, confirm)] * 6)) == 1
    assert shop.find(order).number == "ORD2024-00001"
    assert shop.stock(tea) == ("10", "3")
    assert shop.confirm(shop.order(shop.line(tea, 1))).number == "ORD2024-00002"


def test_of_orders_that_together_exceed_the_limit_as_many_pass_as_it_bears(shop: Shop) -> None:
    tea = shop.product()
    shop.limit(25)
    orders = [shop.order(shop.line(tea, 1)) for _ in range(6)]

    done = at_once(*(partial(tried, partial(shop.confirm, each)) for each in orders))
    assert sum(done) == 2
    query = OrderQuery(page=PageRequest(), states=(OrderState.CONFIRMED,))
    found = shop.erp.sales.list_orders(SELLER, query).items
    assert sorted(each.number for each in found) == ["ORD2024-00001", "ORD2024-00002"]


def test_the_last_piece_is_kept_for_one(shop: Shop) -> None:
    tea = shop.product(5)
    orders = [shop.order(shop.line(tea, 1)) for _ in range(8)]

    assert at_once(*(partial(tried, partial(shop.confirm, each)) for each in orders)) == [True] * 8
    assert shop.stock(tea) == ("5", "5")
    assert shop.is_consistent()


def test_goods_that_leave_at_the_order_leave_once(shop: Shop) -> None:
    shop.leaves_at(StockLeavesAt.ORDER)
    one, two = shop.product(5), shop.product(5)
    orders = [
        shop.order(*(shop.line(each, 1) for each in ((one, two) if turn % 2 else (two, one))))
        for turn in range(8)
    ]

    assert sum(at_once(*(partial(tried, partial(shop.confirm, each)) for each in orders))) == 5
    assert (shop.stock(one), shop.stock(two)) == (("0", "0"), ("0", "0"))
    assert shop.is_consistent()


def test_of_a_confirmation_and_a_removal_one_takes_place(shop: Shop) -> None:
    tea = shop.product(9)
    for _ in range(4):
        order = shop.order(shop.line(tea, 1))
        remove = partial(shop.erp.sales.delete_order, SELLER, OrderCommand(id=order.id))
        outcomes = at_once(partial(missed, partial(shop.confirm, order)), partial(missed, remove))
        assert sorted(outcomes) == [False, True]


def missed(step: Callable[[], object]) -> bool:
    """Say whether it was done; what is gone cannot be settled, what is settled not removed."""
    try:
        return tried(step)
    except NotFoundError:
        return False


def test_of_many_orders_of_one_quote_one_is_made(shop: Shop) -> None:
    quote = shop.accepted(shop.line(shop.product(), 5))

    def orders() -> object:
        command = OrderQuoteCommand(id=quote.id, order_id=OrderId(new_id()))
        return shop.erp.sales.order_quote(SELLER, command)

    assert sum(at_once(*[partial(tried, orders)] * 6)) == 1


def test_orders_confirmed_and_cancelled_at_once_keep_no_goods_and_no_deadlock(shop: Shop) -> None:
    teas = [shop.product(10) for _ in range(4)]

    def comes_and_goes(turn: int) -> None:
        lines = (shop.line(each, 1) for each in teas[turn % 4 :] + teas[: turn % 4])
        shop.cancel(shop.confirm(shop.order(*lines)))

    at_once(*(partial(comes_and_goes, turn) for turn in range(8)))
    assert [shop.stock(each) for each in teas] == [("10", "0")] * 4
    assert shop.is_consistent()

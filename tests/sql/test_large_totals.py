"""What many rows come to is told exactly, also where no row could hold it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from erp_core.catalog.entities import standard_units
from erp_core.inventory.entities import Posting, Reason, StockKey
from erp_core.inventory.ports import (
    AbcQuery,
    ForecastQuery,
    ReorderQuery,
    SlowMoversQuery,
    StockAtQuery,
)
from erp_core.kernel.errors import InvariantError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.totals import Total, Worth
from erp_core.testing import NOON, context, expect
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_memory.store import MemoryStore
from erp_sql.inventory.stock_statements import ITEM
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database

CTX = context("inventory.*")
HOUR = timedelta(hours=1)
PAGE = PageRequest(limit=200, count=True)
MOST = Quantity.of("999999999999.999999")
PLACES = 12  # SQLite adds up nine of the most, and refuses the tenth
COST = UnitPrice(Decimal("7000.000001"), "EUR")


@pytest.fixture(params=["memory", *KINDS])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryStore()
        return
    with database(request.param, tmp_path) as engine:
        yield SqlStore(engine)


def posting(reason: Reason, hours: int) -> Posting:
    return Posting(reason=reason, at=NOON + hours * HOUR, by="ada")


def filled(store: Any, cost: UnitPrice = COST) -> list[StockKey]:
    """Fill a dozen warehouses to the brim with one product; one piece of it had a cost."""
    product = replace(a_product(), reorder_point=MOST)
    with store(CTX) as uow:
        uow.units.add_absent(CTX, standard_units())
        uow.products.add(CTX, product)
        warehouses = [uow.warehouses.add(CTX, a_warehouse()).id for _ in range(PLACES)]
    keys = [StockKey(product.id, each) for each in warehouses]
    with store(CTX) as uow:
        stock = uow.stock.lock(CTX, keys, receiving=True)
        stock = stock.receive(keys[0], Quantity.of("1"), cost, posting(Reason.RECEIPT, 1))
        uow.stock.save(CTX, stock)
    with store(CTX) as uow:
        stock = uow.stock.lock(CTX, keys)
        found = posting(Reason.ADJUSTMENT, 2)
        uow.stock.save(CTX, stock.adjust_all([(key, MOST) for key in keys], found))
    return keys


def emptied(store: Any, keys: list[StockKey]) -> None:
    with store(CTX) as uow:
        stock = uow.stock.lock(CTX, keys)
        for key in keys:
            stock = stock.issue(key, MOST, posting(Reason.ISSUE, 3))
        uow.stock.save(CTX, stock)


ALL = Total(MOST.value * PLACES)


def test_what_lies_in_all_warehouses_is_told(store: Any) -> None:
    filled(store)
    with store(CTX, read_only=True) as uow:
        (row,) = uow.stock_reports.forecast(CTX, ForecastQuery(page=PAGE)).items
        assert (row.on_hand, row.available, row.forecast) == (ALL, ALL, ALL)
        assert uow.stock_reports.reorder(CTX, ReorderQuery(page=PAGE)).items == ()
        slow = SlowMoversQuery(page=PAGE, since=NOON)
        (lies,) = uow.stock_reports.slow_movers(CTX, slow).items
        assert (lies.on_hand, lies.value) == (ALL, Worth.of(ALL, COST))
        for until in (None, NOON + 9 * HOUR):
            page = uow.stock_reports.stock_at(CTX, StockAtQuery(page=PAGE, until=until))
            assert page.total == PLACES
            assert {each.on_hand for each in page.items} == {MOST}
            assert {each.value for each in page.items} == {Worth.of(MOST, COST)}
        assert uow.stock.differences(CTX, 10) == ()


def test_what_was_issued_in_all_is_told(store: Any) -> None:
    keys = filled(store)
    emptied(store, keys)
    with store(CTX, read_only=True) as uow:
        query = AbcQuery(page=PAGE, since=NOON, until=NOON + 9 * HOUR)
        (row,) = uow.stock_reports.abc(CTX, query).items
    worth = Worth.of(MOST, COST)
    assert row.issued == ALL
    assert (row.value.amount, row.total) == (worth.amount * PLACES, row.value)
    assert row.before == Worth.zero("EUR")


def test_what_is_worth_more_than_a_database_reckons_with_is_refused_and_never_rounded(
    store: Any, request: pytest.FixtureRequest
) -> None:
    dear = UnitPrice(Decimal("999999999999.99"), "EUR")
    keys = filled(store, dear)
    emptied(store, keys)
    query = AbcQuery(page=PAGE, since=NOON, until=NOON + 9 * HOUR)
    wanted = Worth.of(MOST, dear).amount * PLACES
    if isinstance(store, SqlStore) and "sqlite" in request.node.callspec.id:
        with expect(InvariantError, "total.limit"), store(CTX, read_only=True) as uow:
            uow.stock_reports.abc(CTX, query)
        return
    with store(CTX, read_only=True) as uow:
        (row,) = uow.stock_reports.abc(CTX, query).items
    assert row.value.amount == wanted


def test_a_receipt_is_refused_where_all_warehouses_hold_more_than_one_could(store: Any) -> None:
    keys = filled(store)
    with store(CTX) as uow, expect(InvariantError, "quantity.limit"):
        uow.stock.lock(CTX, keys[:1], receiving=True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_that_its_movements_exceed_is_named_however_many_there_are(
    kind: str, tmp_path: Path
) -> None:
    with database(kind, tmp_path) as engine:
        store = SqlStore(engine)
        keys = filled(store)
        for key in keys[1:]:
            with engine.begin() as connection:  # emptied behind our back, and filled up again
                connection.execute(update(ITEM).values(on_hand=Decimal(0)))
            with store(CTX) as uow:
                stock = uow.stock.lock(CTX, keys[:1])
                again = stock.adjust(keys[0], MOST, posting(Reason.ADJUSTMENT, 3))
                uow.stock.save(CTX, again)
            del key
        with store(CTX, read_only=True) as uow:
            (first, *rest) = uow.stock.differences(CTX, 100)
            assert uow.stock.count_differences(CTX) == PLACES
    assert (first.found, first.expected) == (Total(MOST.value), ALL)
    assert {(each.found, each.expected) for each in rest} == {(Total(), Total(MOST.value))}

"""Reports: one statement each, and the same answers as memory gives, whatever has moved."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, literal, select

from erp_core.catalog.entities import Tracking, standard_units
from erp_core.inventory.entities import LotDates, Posting, Reason, StockKey
from erp_core.inventory.ports import (
    AbcQuery,
    ExpiringQuery,
    ForecastQuery,
    ReorderQuery,
    SlowMoversQuery,
    StockAtQuery,
    StockReports,
)
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.totals import Worth
from erp_core.testing import NOON, context
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_memory.store import MemoryStore
from erp_sql.minor_units import minor_units, read_worth
from erp_sql.types import ExactDecimal
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database

CTX = context("inventory.*")
HOUR = timedelta(hours=1)
CURRENCIES = ("EUR", "JPY", "KWD", "CLF")

digits = st.integers(1, 10**11).map(lambda n: Decimal(n).scaleb(-6))
steps = st.lists(
    st.tuples(st.sampled_from(["come", "go", "keep", "lot"]), st.integers(0, 5), digits, digits),
    max_size=12,
)


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database(request.param, tmp_path) as made:
        yield made


def answers(reports: StockReports, page: PageRequest, ctx: Context = CTX) -> list[object]:
    asked = [
        reports.forecast(ctx, ForecastQuery(page=page)),
        reports.reorder(ctx, ReorderQuery(page=page)),
        reports.expiring(ctx, ExpiringQuery(page=page, until=date(2024, 4, 1))),
        reports.stock_at(ctx, StockAtQuery(page=page)),
    ]
    for hours in (0, 7, 30):
        then = NOON + hours * HOUR
        asked += [
            reports.stock_at(ctx, StockAtQuery(page=page, until=then)),
            reports.slow_movers(ctx, SlowMoversQuery(page=page, since=then)),
            reports.abc(ctx, AbcQuery(page=page, since=NOON + HOUR, until=then)),
        ]
    return asked


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
def test_databases_and_memory_report_the_same(engine: Engine, steps: list[tuple]) -> None:
    ctx = context("inventory.*", company=CompanyId(new_id()))  # nothing of the example before
    stores = [MemoryStore(), SqlStore(engine)]
    products = [
        replace(
            a_product(),
            reorder_point=Quantity.of("5"),
            desired_level=Quantity.of("70"),
            tracking=Tracking.LOT if number == 0 else Tracking.NONE,
        )
        for number in range(3)
    ]
    warehouses = [a_warehouse(), a_warehouse()]
    posted = [
        Posting(reason=reason, at=NOON + hour * HOUR, by="ada", movement_id=new_id())
        for hour, reason in enumerate([Reason.RECEIPT, Reason.ISSUE] * len(steps))
    ]
    for store in stores:
        with store(ctx) as uow:
            uow.units.add_absent(ctx, standard_units())
            for product in products:
                uow.products.add(ctx, product)
            for warehouse in warehouses:
                uow.warehouses.add(ctx, warehouse)
        for number, (deed, place, quantity, cost) in enumerate(steps):
            product = products[place % 3]
            lot = "" if product.tracking is Tracking.NONE else f"L{deed[0]}"
            key = StockKey(product.id, warehouses[place % 2].id, lot)
            price = UnitPrice(cost, CURRENCIES[place % 3])
            receipt, issue = posted[2 * number : 2 * number + 2]
            with store(ctx) as uow:
                stock = uow.stock.lock(ctx, [key], receiving=True, origins=["order:1/1"])
                if deed in ("come", "lot"):
                    dates = LotDates(expires_on=date(2024, 3, 1)) if lot == "Ll" else None
                    stock = stock.receive(key, Quantity(quantity), price, receipt, dates)
                elif deed == "go":
                    stock = stock.issue(key, Quantity(quantity), issue)
                else:
                    stock = stock.reserve(key, Quantity(quantity), "order:1/1")
                uow.stock.save(ctx, stock)
    narrowed = [{"product_id": each.id} for each in products]
    narrowed += [{"warehouse_id": each.id} for each in warehouses]
    counted, then = PageRequest(limit=1, count=True), NOON + 7 * HOUR
    found, totals = [], []
    for store in stores:
        with store(ctx, read_only=True) as uow:
            asked = [StockAtQuery(page=counted, until=then, **each) for each in narrowed]
            totals.append([uow.stock_reports.stock_at(ctx, each).total for each in asked])
            found.append(
                [
                    [replace_ids(page) for page in answers(uow.stock_reports, each, ctx)]
                    for each in (PageRequest(limit=200, count=True), PageRequest(limit=2))
                ]
            )
    assert found[0] == found[1]
    assert totals[0] == totals[1]


def replace_ids(page: object) -> object:
    """Forget the ids of lots, which each store makes by itself."""
    items = [
        replace(item, lot_id=None) if hasattr(item, "lot_id") else item for item in page.items
    ]
    return items, page.total, page.next is None


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    quantity=st.integers(-(10**17), 10**17).map(lambda n: Decimal(n).scaleb(-6)),
    cost=st.integers(0, 10**17).map(lambda n: Decimal(n).scaleb(-6)),
    currency=st.sampled_from(CURRENCIES),
)
def test_a_database_rounds_as_the_core_does(
    engine: Engine, quantity: Decimal, cost: Decimal, currency: str
) -> None:
    if abs(quantity * cost) >= 10**12 - 1:
        quantity = quantity.scaleb(-11).quantize(Decimal("0.000001"))
    if abs(quantity * cost) >= 10**12 - 1:
        cost = cost.scaleb(-11).quantize(Decimal("0.000001"))
    with engine.connect() as connection:
        exact = ExactDecimal()
        asked = minor_units(literal(quantity, exact), literal(cost, exact), literal(currency))
        units = connection.execute(select(asked)).scalar_one()
    wanted = Worth.of(Quantity(quantity), UnitPrice(cost, currency))
    assert read_worth(units, currency) == wanted


@contextmanager
def heard(engine: Engine) -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


def test_a_report_is_one_statement(engine: Engine) -> None:
    store = SqlStore(engine)
    with store(CTX, read_only=True) as uow, heard(engine) as said:
        asked = answers(uow.stock_reports, PageRequest())
        assert len(said) == len(asked)
        answers(uow.stock_reports, PageRequest(limit=5000, export=True, count=True))
        assert len(said) == 3 * len(asked)  # the file's first page is counted too

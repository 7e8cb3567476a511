"""What is said to the driver directly means what it would have meant by SQLAlchemy."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from psycopg2.extensions import TRANSACTION_STATUS_IDLE
from sqlalchemy import Connection, Engine, bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from erp_core.catalog.entities import standard_units
from erp_core.kernel.money import UnitPrice
from erp_core.testing import context
from erp_core.testing.catalog import a_product
from erp_sql.catalog.mappers import write_product, write_unit
from erp_sql.catalog.models import ProductRow, UnitRow
from erp_sql.prepared import Prepared
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database

PRODUCTS, UNITS = ProductRow.__table__, UnitRow.__table__
ADD_UNITS, ADD_PRODUCTS = Prepared(insert(UnitRow)), Prepared(insert(ProductRow))
FIND = select(PRODUCTS).where(
    PRODUCTS.c.company_id == bindparam("company"),
    PRODUCTS.c.id.in_(bindparam("ids", expanding=True)),
)
SOME = Prepared(FIND.order_by(PRODUCTS.c.id))
MINE = context().company_id


@pytest.fixture(params=KINDS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database(request.param, tmp_path) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        ADD_UNITS.change(connection, *[write_unit(MINE, each) for each in standard_units()])
        yield connection


def products(number: int) -> list[dict]:
    price = UnitPrice(Decimal("0.123456"), "BRL")
    made = [replace(a_product(), barcode="", sale_price=price) for _ in range(number)]
    return [write_product(MINE, each) for each in made]


@pytest.mark.parametrize("number", [0, 1, 3, 70])  # 70: more than one prepared statement takes
def test_rows_come_back_as_they_would_otherwise(connection: Connection, number: int) -> None:
    rows = products(number)
    ADD_PRODUCTS.change(connection, *rows)
    asked = {"company": MINE, "ids": [row["id"] for row in rows]}

    found = SOME.rows(connection, asked)

    assert found == [tuple(row) for row in connection.execute(FIND, asked)]
    assert [row._asdict() for row in found] == sorted(rows, key=lambda row: row["id"])


def test_columns_may_be_given_in_any_order(connection: Connection) -> None:
    (row,) = products(1)
    assert ADD_PRODUCTS.change(connection, dict(reversed(row.items()))) == 1
    (found,) = SOME.rows(connection, {"company": MINE, "ids": [row["id"]]})
    assert found._asdict() == row


def test_what_the_database_refuses_is_the_same_error(connection: Connection) -> None:
    (row,) = products(1)
    ADD_PRODUCTS.change(connection, row)
    with pytest.raises(IntegrityError):
        ADD_PRODUCTS.change(connection, row)


def test_it_is_heard_by_those_who_listen(connection: Connection) -> None:
    heard = []
    event.listen(connection.engine, "after_cursor_execute", lambda *told: heard.append(told[2:4]))
    SOME.rows(connection, {"company": MINE, "ids": []})
    assert [statement[:6] for statement, _ in heard] == ["SELECT"]


def test_an_error_while_rows_are_read_is_the_same_error(tmp_path: Path) -> None:
    with database("sqlite", tmp_path) as engine, engine.connect() as connection:
        ADD_UNITS.change(connection, *[write_unit(MINE, each) for each in standard_units()])
        driver = connection.connection.dbapi_connection
        event.listen(
            engine,
            "after_cursor_execute",
            lambda *_: driver.set_progress_handler(lambda: 1, 1),  # interrupts what goes on
        )
        with pytest.raises(OperationalError, match="interrupted"):
            Prepared(select(UNITS)).rows(connection, {})
        driver.set_progress_handler(None, 1)


@pytest.mark.parametrize("kind", ["postgresql"])
def test_readers_of_postgresql_open_no_transaction(kind: str, tmp_path: Path) -> None:
    ctx = context()
    with database(kind, tmp_path) as engine:
        states = []
        event.listen(
            engine,
            "after_cursor_execute",
            lambda _connection, cursor, *_: states.append(
                cursor.connection.info.transaction_status
            ),
        )
        with SqlStore(engine)(ctx, read_only=True) as uow:
            uow.products.some(ctx, [])
            uow.outbox.pending(ctx, 1)
    assert states == [TRANSACTION_STATUS_IDLE] * 2


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_reader_copies_into_a_table_is_rolled_back(kind: str, tmp_path: Path) -> None:
    ctx, product = context(), a_product()
    with database(kind, tmp_path) as engine:
        store = SqlStore(engine)
        with store(ctx) as uow:
            uow.units.add_absent(ctx, standard_units())
        with store(ctx, read_only=True) as uow:
            assert not uow.products.some(ctx, [product.id])
            uow.products.add_many(ctx, [product])
            assert uow.products.some(ctx, [product.id])
        with store(ctx, read_only=True) as uow:
            assert not uow.products.some(ctx, [product.id])


def test_a_column_that_is_given_and_not_written_is_refused(connection: Connection) -> None:
    row = products(1)[0]
    ADD_PRODUCTS.change(connection, row)
    mine = PRODUCTS.c.id == bindparam("_id")
    name = Prepared(update(PRODUCTS).where(mine).values(name=bindparam("name")))

    assert name.change(connection, {"_id": row["id"], "name": "Tea"}) == 1
    with pytest.raises(ValueError, match="'sku'"):
        Prepared(update(PRODUCTS).where(mine).values(name=bindparam("name"))).change(
            connection, {"_id": row["id"], "name": "Tea", "sku": "X"}
        )


def test_ids_come_back_as_they_were_and_an_absent_one_as_none(connection: Connection) -> None:
    rows = [row | {"tax_class_id": None} for row in products(2)]
    ADD_PRODUCTS.change(connection, *rows)
    asked = {"company": MINE, "ids": [row["id"] for row in rows]}

    found = [(row.id, row.company_id, row.tax_class_id) for row in SOME.rows(connection, asked)]

    assert sorted(found) == sorted((row["id"], MINE, None) for row in rows)

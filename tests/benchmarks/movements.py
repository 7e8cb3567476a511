"""A company with years of movements, made for measuring: the same numbers every time."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Connection, Engine, NullPool, Table, create_engine

from erp_core.catalog.entities import Product, Tracking, standard_units
from erp_core.inventory.entities import Reason
from erp_core.kernel.context import CompanyId
from erp_core.kernel.quantity import Quantity
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_sql.bulk import InsertMany, columns_of
from erp_sql.catalog.mappers import write_product, write_unit
from erp_sql.catalog.models import UnitRow
from erp_sql.inventory.mappers import write_warehouse
from erp_sql.inventory.stock_statements import (
    ITEM,
    LOT,
    MOVEMENT,
    PRODUCT,
    RESERVATION,
    VALUATION,
    WAREHOUSE,
)

UNIT: Final = cast("Table", UnitRow.__table__)
COMPANY: Final = CompanyId(UUID(int=0xC0))
BEGINS: Final = datetime(2024, 1, 1, tzinfo=UTC)
DAYS: Final = 730
ENDS: Final = BEGINS + timedelta(days=DAYS)

_PRODUCTS: Final = 50  # movements of one product
_WAREHOUSES: Final = 5
_LOTS: Final = 5  # of a product that is kept by lots, which every tenth is
_CURRENCY: Final = "BRL"
_BATCH: Final = 20_000
_UNIT: Final = Decimal(1).scaleb(-6)
_ISSUED: Final = 0.6  # of the movements, as long as there is enough

Row = dict[str, Any]


def fill(engine: Engine, movements: int) -> None:
    """Write a company of *movements*, of a fiftieth as many products."""
    chance = random.Random(2026)
    products = [_product(number, chance) for number in range(movements // _PRODUCTS)]
    warehouses = [replace(a_warehouse(), id=an_id(2, n)) for n in range(_WAREHOUSES)]
    costs = [Decimal(chance.randrange(1, 10**9)) * _UNIT for _ in products]
    with engine.begin() as connection:
        write(connection, UNIT, [write_unit(COMPANY, each) for each in standard_units()])
        write(connection, PRODUCT, [write_product(COMPANY, each) for each in products])
        write(connection, WAREHOUSE, [write_warehouse(COMPANY, each) for each in warehouses])
        write(
            connection,
            VALUATION,
            [_valuation(*each) for each in zip(products, costs, strict=True)],
        )
        places = [
            [place for place in _places(number, product, warehouses) if chance.random() < 0.99]
            for number, product in enumerate(products)
        ]
        moved, items = _movements(products, places, costs, movements, chance)
        promised = _reservations(items)
        write(connection, ITEM, list(items.values()))
        write(connection, LOT, _lots(products, chance))
        write(connection, MOVEMENT, moved)
        write(connection, RESERVATION, promised)
    analyze(engine, (ITEM, MOVEMENT, PRODUCT, VALUATION, LOT, RESERVATION))


def analyze(engine: Engine, tables: Sequence[Table]) -> None:
    """Do what the servers do by themselves sooner or later, and SQLite where it is asked to."""
    if engine.dialect.name == "postgresql":  # which does not clean up inside a transaction
        plain = create_engine(engine.url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        with plain.connect() as connection:
            for table in tables:
                connection.exec_driver_sql(f"VACUUM ANALYZE {table.name}").close()
        return
    said = "ANALYZE TABLE" if engine.dialect.name == "mysql" else "ANALYZE"
    with engine.begin() as connection:
        for table in tables:
            connection.exec_driver_sql(f"{said} {table.name}").close()


def an_id(kind: int, number: int) -> Any:
    """Return an id that grows with its number, as those of a real house do."""
    return UUID(int=(kind << 96) + (number << 32) + number * 2_654_435_761 % 2**32)


def write(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Write rows that are all of the same columns."""
    for start in range(0, len(rows), _BATCH):
        InsertMany(table)(connection, columns_of(rows[start : start + _BATCH]))


def _product(number: int, chance: random.Random) -> Product:
    point = Quantity(Decimal(chance.randrange(200)))
    return replace(
        a_product(),
        id=an_id(1, number),
        sku=f"P-{number:07d}",
        name=f"Parafuso M{number % 61} x {number}",
        tracking=Tracking.NONE if number % 10 else Tracking.LOT,
        reorder_point=point if number % 3 == 0 else None,
        desired_level=point + point if number % 6 == 0 else None,
    )


def _valuation(product: Product, cost: Decimal) -> Row:
    return {
        "company_id": COMPANY,
        "product_id": product.id,
        "version": 1,
        "average_cost": cost,
        "currency": _CURRENCY,
    }


def _places(number: int, product: Product, warehouses: Any) -> list[tuple[Any, str]]:
    lots = [f"L{n}" for n in range(_LOTS)] if number % 10 == 0 else [""]
    return [(each.id, lot) for each in warehouses for lot in lots]


def _movements(
    products: list[Product],
    places: list[list[tuple[Any, str]]],
    costs: list[Decimal],
    count: int,
    chance: random.Random,
) -> tuple[list[Row], dict[Any, Row]]:
    items: dict[Any, Row] = {}
    moved = []
    step = timedelta(days=DAYS) / count
    for number in range(count):
        which = min(int(chance.expovariate(3) * len(products)), len(products) - 1)
        key = (products[which].id, *chance.choice(places[which]))
        item = items.get(key) or _item(key)
        items[key] = item
        on_hand = item["on_hand"]
        if on_hand > 1 and chance.random() < _ISSUED:
            reason = Reason.ISSUE if chance.random() < 0.5 else Reason.SALE
            quantity = -(on_hand * chance.randrange(1, 100) / 100).quantize(_UNIT)
        else:
            reason = Reason.RECEIPT
            quantity = Decimal(chance.randrange(1, 10**9)) * _UNIT
        item["on_hand"] = on_hand + quantity
        moved.append(_movement(number, key, reason, quantity, costs[which], item["on_hand"]))
        moved[-1]["moved_at"] = BEGINS + number * step
    return moved, items


def _item(key: Any) -> Row:
    product, warehouse, lot = key
    return {
        "company_id": COMPANY,
        "product_id": product,
        "warehouse_id": warehouse,
        "lot": lot,
        "version": 1,
        "on_hand": Decimal(0),
        "reserved": Decimal(0),
        "may_go_negative": False,
    }


def _movement(  # noqa: PLR0913, PLR0917  # what a movement says
    number: int, key: Any, reason: Reason, quantity: Decimal, cost: Decimal, after: Decimal
) -> Row:
    product, warehouse, lot = key
    return {
        "company_id": COMPANY,
        "id": an_id(3, number),
        "product_id": product,
        "warehouse_id": warehouse,
        "lot": lot,
        "reason": reason.value,
        "quantity": quantity,
        "unit_cost": cost,
        "on_hand_after": after,
        "average_cost_after": cost,
        "currency": _CURRENCY,
        "label": "",
        "origin": "",
        "moved_by": "bench",
        "reference_id": None,
    }


def _lots(products: list[Product], chance: random.Random) -> list[Row]:
    first = date(2026, 1, 1)
    return [
        {
            "company_id": COMPANY,
            "id": an_id(4, number * _LOTS + lot),
            "version": 1,
            "product_id": product.id,
            "number": f"L{lot}",
            "made_on": None,
            "expires_on": first + timedelta(days=chance.randrange(730)),
            "note": "",
        }
        for number, product in enumerate(products)
        if product.tracking is Tracking.LOT
        for lot in range(_LOTS)
    ]


def _reservations(items: dict[Any, Row]) -> list[Row]:
    """Promise one of what lies in every tenth row that has one."""
    found = []
    for number, item in enumerate(items.values()):
        if number % 10 == 0 and item["on_hand"] >= 1:
            item["reserved"] = Decimal(1)
            key = {
                name: item[name] for name in ("company_id", "product_id", "warehouse_id", "lot")
            }
            told = {"id": an_id(5, number), "origin": f"bench:{number}", "quantity": Decimal(1)}
            found.append(key | told)
    return found

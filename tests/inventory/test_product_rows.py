"""Two ways to read a file and to open a stock: the short one says what the long one says."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.catalog.entities import ProductId, Tracking
from erp_core.inventory.entities import (
    LockedStock,
    LotDates,
    MovementId,
    StockedProduct,
    StockKey,
    WarehouseState,
    nothing_yet,
    opened,
)
from erp_core.inventory.use_cases.product_rows import ProductColumns, ProductRow
from erp_core.kernel.csv_table import Line
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ErpError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.testing.catalog.builders import GTIN
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.stock import RECEIPT

ANY_ID = ProductId(new_id())
AMOUNTS = ["", "0", "1", "-1", "100", "1.50", "0.0000001", "999999999999.999999", "1,5", "1e3"]
# Of each column: what may be said of it, and now and then what may not.
CELLS = {
    "sku": ["A1", "B-2", "C_3.x", "", "TEA"],
    "name": ["Tea", "Chá", "  ", "", "a\x00b", "x" * 201],
    "kind": ["", "goods", "service", "box"],
    "description": ["", "long\tand\nbroken"],
    "unit": ["", "un", "kg", "no unit"],
    "barcode": ["", GTIN, "1234"],
    "sale_price": AMOUNTS,
    "price_includes_tax": ["", "yes", "NO", "maybe"],
    "tax_class_id": ["", str(new_id()), "none"],
    "minimum_price": AMOUNTS,
    "cost_price": AMOUNTS,
    "stock_managed": ["", "yes", "no"],
    "tracking": ["", "none", "lot", "serial", "box"],
    "reorder_point": AMOUNTS,
    "desired_level": AMOUNTS,
    "lead_time_days": ["", "0", "3650", "3651", "soon"],
    "weight_kg": AMOUNTS,
    "customs_code": ["", "1234", "12"],
    "origin_country": ["", "BR", "br"],
    "for_sale": ["", "no"],
    "for_purchase": ["", "no"],
    "tags": ["", "b|a|a", "a||b"],
    "warehouse_code": ["", "W1"],
    "quantity": AMOUNTS,
    "unit_cost": AMOUNTS,
    "lot": ["", "L1"],
    "made_on": ["", "2026-01-31", "2026-02-30"],
    "expires_on": ["", "2026-12-31", "2025-12-31"],
}


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[Line]]:
    """A file of some columns; of a good one each cell is mostly the first that fits."""
    names = ["sku", "name"]
    names += draw(st.lists(st.sampled_from(list(CELLS)[2:]), unique=True, max_size=12))
    choices = [st.sampled_from(CELLS[each][: draw(st.integers(1, 3))]) for each in names]
    wild = [st.sampled_from(CELLS[each]) for each in names]
    rows = draw(st.lists(st.tuples(*choices) | st.tuples(*wild), min_size=1, max_size=5))
    lines = [Line(number, list(cells)) for number, cells in enumerate(rows, 2)]
    if draw(st.integers(0, 9)) == 0:
        lines[-1].cells.append("one too many")
    return names, lines


def nameless(rows: list[ProductRow]) -> list[ProductRow]:
    return [replace(row, product=replace(row.product, id=ANY_ID)) for row in rows]


@given(tables())
def test_column_by_column_says_what_line_by_line_says(table: tuple[list[str], list[Line]]) -> None:
    names, lines = table
    columns = ProductColumns(names, "BRL")
    rows, faults = columns.read_lines(lines)
    if faults:
        with pytest.raises((ErpError, ValueError)):
            columns.read_columns(lines)
    else:
        quick = columns.read_columns(lines)
        assert nameless(quick) == nameless(rows)
        assert len({row.product.id for row in quick}) == len(lines)
    again, said = columns.read(lines)
    assert nameless(again) == nameless(rows)
    assert [(each.field, each.code) for each in said] == [
        (each.field, each.code) for each in faults
    ]


def outcome(stock: LockedStock | ErpError) -> object:
    if isinstance(stock, ErpError):
        return stock.code, stock.field, stock.details
    moved = [replace(each, id=MovementId(ANY_ID)) for each in stock.movements]
    dates = [(each.number, each.made_on, each.expires_on) for each in stock.lots.values()]
    return stock.items, stock.valuations, moved, dates, stock.reservations


AMOUNT = st.decimals("-10", "1000000", places=6)


@given(
    quantity=AMOUNT,
    cost=st.decimals("0", "1000", places=4) | st.just(Decimal(0)),
    lot=st.sampled_from(["", "L1"]),
    product=st.builds(
        StockedProduct,
        sku=st.just("TEA"),
        active=st.booleans(),
        stock_managed=st.booleans(),
        tracking=st.sampled_from(Tracking),
    ),
    state=st.sampled_from(WarehouseState),
    negative=st.booleans(),
    dates=st.sampled_from([None, LotDates()]),
)
def test_a_stock_that_is_opened_is_one_that_has_received(  # noqa: PLR0913, PLR0917
    quantity: Decimal,
    cost: Decimal,
    lot: str,
    product: StockedProduct,
    state: WarehouseState,
    negative: bool,  # one of the cases
    dates: LotDates | None,
) -> None:
    warehouse = replace(a_warehouse(), state=state, may_go_negative=negative)
    key = StockKey(ANY_ID, warehouse.id, lot)
    much, price = Quantity(quantity), UnitPrice(cost, "BRL")
    said = []
    for way in (
        lambda: nothing_yet(key, product, warehouse).receive(key, much, price, RECEIPT, dates),
        lambda: opened(key, product, warehouse, much, price, RECEIPT, MovementId(ANY_ID), dates),
    ):
        try:
            said.append(outcome(way()))
        except ErpError as error:
            said.append(outcome(error))
    assert said[0] == said[1]

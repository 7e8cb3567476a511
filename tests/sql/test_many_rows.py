"""Many rows are mapped column by column to what each of them is mapped to by itself."""

from dataclasses import replace
from typing import Any

import pytest

from erp_core.catalog.entities import Product, ProductKind
from erp_core.inventory.entities import (
    LockedStock,
    StockedProduct,
    StockItem,
    StockKey,
    Valuation,
    WarehouseId,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.entity import new_id
from erp_core.kernel.quantity import ZERO
from erp_core.testing.catalog import a_full_product, a_product, a_tax_class
from erp_core.testing.stock import COST, RECEIPT, TEN
from erp_sql.bulk import Columns
from erp_sql.catalog.mappers import (
    write_many_products,
    write_many_words,
    write_product,
    write_words,
)
from erp_sql.inventory.mappers import (
    write_first_items,
    write_first_valuations,
    write_item,
    write_movement,
    write_movements,
    write_valuation,
)

OURS = CompanyId(new_id())


def rows(columns: Columns) -> list[dict[str, Any]]:
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def products() -> list[Product]:
    service = replace(a_product(), kind=ProductKind.SERVICE, stock_managed=False)
    return [a_full_product(a_tax_class().id), a_product(), service]


def stocks() -> list[LockedStock]:
    warehouse, made = WarehouseId(new_id()), []
    for product, cost in zip(products(), (COST, replace(COST, amount=ZERO.value)), strict=False):
        key = StockKey(product.id, warehouse)
        nothing = LockedStock(
            items={key: StockItem(key=key, product=StockedProduct(sku=product.sku))},
            valuations={product.id: Valuation(product_id=product.id, on_hand=ZERO)},
        )
        made.append(nothing.receive(key, TEN, cost, RECEIPT))
    return made


def test_many_products_are_mapped_as_each_of_them_is() -> None:
    some = products()
    assert rows(write_many_products(OURS, some)) == [write_product(OURS, each) for each in some]


def test_the_words_of_many_stand_in_the_order_of_their_index() -> None:
    some = products()
    alone = [row for each in some for row in write_words(OURS, each.id, each.search_words)]
    many = rows(write_many_words(OURS, some))
    assert sorted(many, key=repr) == sorted(alone, key=repr)
    assert [row["word"] for row in many] == sorted(row["word"] for row in many)


@pytest.mark.parametrize("priced", [True, False])
def test_the_first_stock_of_many_is_mapped_as_that_of_each_is(*, priced: bool) -> None:
    stock = stocks()[0 if priced else 1]
    items, valuations = list(stock.items.values()), list(stock.valuations.values())
    assert (valuations[0].average_cost is not None) is priced
    assert rows(write_first_items(OURS, items)) == [write_item(OURS, one, one) for one in items]
    assert rows(write_first_valuations(OURS, valuations)) == [
        write_valuation(OURS, each) for each in valuations
    ]
    assert rows(write_movements(OURS, stock.movements)) == [
        write_movement(OURS, each) for each in stock.movements
    ]

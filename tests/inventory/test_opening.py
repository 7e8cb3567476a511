"""The short way to open a stock says what the long one says."""

from dataclasses import replace
from decimal import Decimal

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
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ErpError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.stock import RECEIPT

ANY_ID = ProductId(new_id())


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

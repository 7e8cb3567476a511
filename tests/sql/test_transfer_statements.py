"""What goods under way cost the database: as many statements for many lines as for one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from erp_core.catalog.entities import ProductId, standard_units
from erp_core.inventory.entities import (
    Parcel,
    Posting,
    Reason,
    StockKey,
    StockTransferId,
    TransferLine,
    TransferLineId,
    WarehouseId,
)
from erp_core.inventory.ports import StockTransferQuery
from erp_core.inventory.use_cases import (
    ArriveTransferCommand,
    ChangeWarehouseCommand,
    DispatchTransferCommand,
    EndTransferCommand,
    WarehouseCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.testing import NOON, context
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_sql.inventory.models import StockItemRow
from erp_sql.inventory.warehouse_tree import parts_of
from tests.databases import KINDS, database
from tests.sql.test_statements import COST, ONE, TEN, House

CLERK = context("inventory.*")


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def stocked(house: House, products: int) -> tuple[list[ProductId], WarehouseId, WarehouseId]:
    """Store products, ten of each in the first of two warehouses."""
    with house.store(CLERK) as uow:
        uow.units.add_absent(CLERK, standard_units())
        here, there = (uow.warehouses.add(CLERK, a_warehouse()).id for _ in range(2))
        plain = [replace(a_product(), tax_class_id=None) for _ in range(products)]
        keys = [StockKey(uow.products.add(CLERK, each).id, here) for each in plain]
        stock = uow.stock.lock(CLERK, keys, receiving=True)
        for key in keys:
            posting = Posting(reason=Reason.RECEIPT, at=NOON, by="ada")
            stock = stock.receive(key, TEN, COST, posting)
        uow.stock.save(CLERK, stock)
    return [key.product_id for key in keys], here, there


def sending(products: list[ProductId], *ends: WarehouseId) -> DispatchTransferCommand:
    here, there = ends
    lines = tuple(
        TransferLine(id=TransferLineId(new_id()), product_id=each, quantity=TEN)
        for each in products
    )
    return DispatchTransferCommand(
        id=StockTransferId(new_id()), from_warehouse_id=here, to_warehouse_id=there, lines=lines
    )


@pytest.mark.parametrize("lines", [1, 500])  # two movements each: one page of inserts
def test_a_transfer_of_many_lines_costs_what_one_of_one_line_does(
    house: House, lines: int
) -> None:
    inventory, (products, here, there) = house.erp.inventory, stocked(house, lines)
    with house.costs(14):  # three of them make the transit warehouse
        sent = inventory.dispatch_transfer(CLERK, sending(products, here, there))
    parcels = tuple(Parcel(line_id=line.id, quantity=ONE) for line in sent.lines)
    with house.costs(13):  # of each line a part
        arrive = ArriveTransferCommand(id=sent.id, parcels=parcels)
        inventory.arrive_transfer(CLERK, arrive)
    with house.costs(12):
        inventory.arrive_transfer(CLERK, ArriveTransferCommand(id=sent.id))
    with house.costs(2):
        found = inventory.get_transfer(CLERK, sent.id)
    assert found.under_way == ()
    with house.costs(1):
        query = StockTransferQuery(page=PageRequest())
        assert inventory.list_transfers(CLERK, query).items == (found.summary,)


@pytest.mark.parametrize("lines", [1, 40])
def test_ending_a_transfer_costs_the_same_for_many_lines(house: House, lines: int) -> None:
    inventory, (products, here, there) = house.erp.inventory, stocked(house, lines)
    inventory.dispatch_transfer(
        CLERK, sending(products, here, there)
    )  # makes all there is to make
    with house.store(CLERK) as uow:
        keys = [StockKey(each, here) for each in products]
        stock = uow.stock.lock(CLERK, keys, receiving=True)
        for key in keys:
            posting = Posting(reason=Reason.RECEIPT, at=NOON, by="ada")
            stock = stock.receive(key, TEN + TEN, COST, posting)
        uow.stock.save(CLERK, stock)
    one, two = (
        inventory.dispatch_transfer(CLERK, sending(products, here, there)) for _ in range(2)
    )
    with house.costs(11):
        inventory.close_transfer(CLERK, EndTransferCommand(id=one.id, reason="lost"))
    with house.costs(11):
        inventory.cancel_transfer(CLERK, EndTransferCommand(id=two.id))


def test_a_change_of_the_tree_costs_a_lock_and_a_look(house: House) -> None:
    inventory = house.erp.inventory
    site = inventory.add_warehouse(CLERK, a_warehouse())
    inside = replace(a_warehouse(), parent_id=site.id)
    # The first makes the row that is locked, where no warehouse has made it already.
    with house.costs(6 - house.guard):
        hall = inventory.add_warehouse(CLERK, inside)
    move = ChangeWarehouseCommand(id=hall.id, version=None, changes={"parent_id": site.id})
    with house.costs(6):
        inventory.change_warehouse(CLERK, move)
    with house.costs(5):
        inventory.archive_warehouse(CLERK, WarehouseCommand(id=hall.id))
    with house.costs(5):
        inventory.restore_warehouse(CLERK, WarehouseCommand(id=hall.id))


def test_stock_is_found_in_a_place_and_all_below_it(house: House) -> None:
    products, here, there = stocked(house, 2)
    with house.store(CLERK) as uow:
        site = uow.warehouses.add(CLERK, a_warehouse())
        part = uow.warehouses.get(CLERK, here)
        uow.warehouses.save(CLERK, part.change({"parent_id": site.id}))
        connection, item = uow._connection, StockItemRow.__table__.c  # noqa: SLF001  # as a query has it
        for place, found in ((site.id, 2), (here, 2), (there, 0)):
            below = select(parts_of(CLERK.company_id, place).c.id)
            lies = select(item.product_id).where(
                item.company_id == CLERK.company_id, item.warehouse_id.in_(below)
            )
            rows = connection.execute(lies.order_by(item.product_id)).scalars().all()
            assert rows == sorted(products)[:found]

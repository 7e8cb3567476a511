"""Goods under way, and the tree of warehouses, when many want the same at once."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from erp_core.inventory.entities import Parcel, StockKey, WarehouseId, WarehouseState
from erp_core.inventory.ports import StockQuery, WarehouseQuery
from erp_core.inventory.use_cases import (
    ArriveTransferCommand,
    ChangeWarehouseCommand,
    EndTransferCommand,
    VerifyStockQuery,
    WarehouseCommand,
)
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.testing import at_once
from erp_core.testing.inventory import a_warehouse
from tests.databases import KINDS, database
from tests.sql.test_statements import House
from tests.sql.test_transfer_statements import CLERK, sending, stocked

THREE = Quantity.of("3")
PAGE = PageRequest(limit=200)


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def tried(step: Callable[[], object]) -> bool:
    """Say whether it was done; being refused by a rule is the only way in which it may not."""
    try:
        step()
    except (InvariantError, TransitionError):
        return False
    return True


def on_hand(house: House, key: StockKey) -> int:
    query = StockQuery(page=PAGE, product_id=key.product_id, warehouse_id=key.warehouse_id)
    found = house.erp.inventory.list_stock(CLERK, query).items
    return int(found[0].item.on_hand.value) if found else 0


def assert_consistent(house: House) -> None:
    assert house.erp.inventory.verify_stock(CLERK, VerifyStockQuery()).consistent
    with house.store(CLERK, read_only=True) as uow:
        assert uow.stock_transfers.differences(CLERK, 10) == ()


def test_of_many_arrivals_of_everything_one_takes_place(house: House) -> None:
    inventory, (products, here, there) = house.erp.inventory, stocked(house, 3)
    sent = inventory.dispatch_transfer(CLERK, sending(products, here, there))
    arrive = partial(inventory.arrive_transfer, CLERK, ArriveTransferCommand(id=sent.id))

    assert sum(at_once(*[partial(tried, arrive)] * 6)) == 1
    assert [on_hand(house, StockKey(each, there)) for each in products] == [10] * 3
    assert_consistent(house)


def test_many_partial_arrivals_never_bring_more_than_was_sent(house: House) -> None:
    inventory, (products, here, there) = house.erp.inventory, stocked(house, 1)
    sent = inventory.dispatch_transfer(CLERK, sending(products, here, there))
    parcels = (Parcel(line_id=sent.lines[0].id, quantity=THREE),)
    part = ArriveTransferCommand(id=sent.id, parcels=parcels)
    arrive = partial(inventory.arrive_transfer, CLERK, part)

    assert sum(at_once(*[partial(tried, arrive)] * 8)) == 3
    assert on_hand(house, StockKey(products[0], there)) == 9
    assert inventory.get_transfer(CLERK, sent.id).lines[0].arrived == Quantity.of("9")
    assert_consistent(house)


def test_of_an_arrival_a_loss_and_a_return_one_ends_the_transfer(house: House) -> None:
    inventory, (products, here, there) = house.erp.inventory, stocked(house, 2)
    sent = inventory.dispatch_transfer(CLERK, sending(products, here, there))
    end = EndTransferCommand(id=sent.id, reason="flood")
    steps = (
        partial(inventory.arrive_transfer, CLERK, ArriveTransferCommand(id=sent.id)),
        partial(inventory.close_transfer, CLERK, end),
        partial(inventory.cancel_transfer, CLERK, end),
    )

    assert sum(at_once(*(partial(tried, step) for step in steps * 2))) == 1
    assert inventory.get_transfer(CLERK, sent.id).under_way == ()
    assert_consistent(house)


def test_transfers_in_opposite_directions_do_not_deadlock(house: House) -> None:
    """Eight at a time, each in another order of lines; nobody hears of contention."""
    inventory, (products, here, there) = house.erp.inventory, stocked(house, 4)
    everything = inventory.dispatch_transfer(CLERK, sending(products, here, there))
    parcels = tuple(
        Parcel(line_id=line.id, quantity=Quantity.of("5")) for line in everything.lines
    )
    part = ArriveTransferCommand(id=everything.id, parcels=parcels)
    inventory.arrive_transfer(CLERK, part)
    inventory.cancel_transfer(CLERK, EndTransferCommand(id=everything.id))

    def goes(number: int) -> None:
        ends = (here, there) if number % 2 else (there, here)
        order = products[number % 4 :] + products[: number % 4]
        command = sending(order, *ends)
        one = tuple(replace(line, quantity=Quantity.of("1")) for line in command.lines)
        sent = inventory.dispatch_transfer(CLERK, replace(command, lines=one))
        inventory.arrive_transfer(CLERK, ArriveTransferCommand(id=sent.id))

    for _ in range(3):
        at_once(*(partial(goes, number) for number in range(8)))
    for place in (here, there):
        assert [on_hand(house, StockKey(each, place)) for each in products] == [5] * 4
    assert_consistent(house)


def test_of_many_first_transfers_one_makes_the_place_in_between(house: House) -> None:
    inventory, (products, here, there) = house.erp.inventory, stocked(house, 6)
    at_once(
        *(
            partial(inventory.dispatch_transfer, CLERK, sending([each], here, there))
            for each in products
        )
    )
    places = inventory.list_warehouses(CLERK, WarehouseQuery(page=PAGE)).items

    assert [each.is_transit for each in places] == [False, False, True]
    assert_consistent(house)


def places(house: House, many: int) -> list[WarehouseId]:
    return [house.erp.inventory.add_warehouse(CLERK, a_warehouse()).id for _ in range(many)]


def into(house: House, part: WarehouseId, whole: WarehouseId) -> bool:
    command = ChangeWarehouseCommand(id=part, version=None, changes={"parent_id": whole})
    return tried(lambda: house.erp.inventory.change_warehouse(CLERK, command))


def test_two_places_are_never_put_into_each_other(house: House) -> None:
    for _ in range(5):
        one, two = places(house, 2)
        assert sum(at_once(partial(into, house, one, two), partial(into, house, two, one))) == 1


def test_a_place_is_not_closed_while_a_part_of_it_is_opened(house: House) -> None:
    inventory = house.erp.inventory
    for _ in range(5):
        site, hall = places(house, 2)
        assert into(house, hall, site)
        inventory.archive_warehouse(CLERK, WarehouseCommand(id=hall))
        new = replace(a_warehouse(), parent_id=site)
        steps = (
            partial(inventory.archive_warehouse, CLERK, WarehouseCommand(id=site)),
            partial(inventory.restore_warehouse, CLERK, WarehouseCommand(id=hall)),
            partial(inventory.add_warehouse, CLERK, new),
        )
        closed, *opened = at_once(*(partial(tried, step) for step in steps))
        assert closed is not any(opened)
        query = WarehouseQuery(page=PAGE, parent_id=site, states=(WarehouseState.ACTIVE,))
        assert bool(inventory.list_warehouses(CLERK, query).items) is not closed

"""The rules of warehouses, told through their use cases, in memory."""

from dataclasses import replace

import pytest

from erp_core.erp import Erp
from erp_core.inventory.entities import (
    TRANSIT_CODE,
    TREE_DEPTH_MAX,
    WAREHOUSE_LIFECYCLE,
    Warehouse,
    WarehouseId,
    WarehouseState,
    transit_warehouse,
)
from erp_core.inventory.ports import WarehouseQuery
from erp_core.inventory.use_cases import ChangeWarehouseCommand, WarehouseCommand
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    InvariantError,
    NotFoundError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.testing import context
from erp_core.testing.inventory import a_warehouse
from erp_memory.store import MemoryStore
from tests.wiring import an_erp

CLERK = context("inventory.*")


@pytest.fixture
def erp() -> Erp:
    return an_erp(MemoryStore())


def test_a_warehouse_is_archived_and_restored(erp: Erp) -> None:
    warehouse = erp.inventory.add_warehouse(CLERK, a_warehouse())
    command = WarehouseCommand(id=warehouse.id)

    assert erp.inventory.archive_warehouse(CLERK, command).state is WarehouseState.ARCHIVED
    with pytest.raises(TransitionError):
        erp.inventory.archive_warehouse(CLERK, command)
    assert erp.inventory.restore_warehouse(CLERK, command).state is WarehouseState.ACTIVE
    with pytest.raises(TransitionError):
        erp.inventory.restore_warehouse(CLERK, command)
    listed = erp.inventory.list_warehouses(CLERK, WarehouseQuery(page=PageRequest()))
    assert listed.items == (erp.inventory.get_warehouse(CLERK, command),)


@pytest.mark.parametrize("source", WarehouseState)
@pytest.mark.parametrize("target", WarehouseState)
def test_every_step_is_allowed_or_refused_by_name(
    source: WarehouseState, target: WarehouseState
) -> None:
    if target in WAREHOUSE_LIFECYCLE.steps[source]:
        assert WAREHOUSE_LIFECYCLE.step(source, target) is target
        return
    with pytest.raises(TransitionError) as refusal:
        WAREHOUSE_LIFECYCLE.step(source, target)
    assert refusal.value.details == {"source": source, "target": target}


def test_a_change_is_made_of_the_version_that_was_seen(erp: Erp) -> None:
    warehouse = erp.inventory.add_warehouse(CLERK, a_warehouse())
    command = ChangeWarehouseCommand(id=warehouse.id, version=1, changes={"name": "Shop"})

    assert erp.inventory.change_warehouse(CLERK, command).name == "Shop"
    with pytest.raises(PreconditionFailedError):
        erp.inventory.change_warehouse(CLERK, command)
    with pytest.raises(NotFoundError):
        erp.inventory.change_warehouse(CLERK, replace(command, id=WarehouseId(new_id())))


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("code", ""),
        ("code", "shop"),
        ("code", "A" * 33),
        ("code", "A B"),
        ("code", "A\n"),
        ("name", " "),
        ("name", "x" * 201),
        ("address", "x" * 501),
        ("address", "\0"),
    ],
)
def test_what_is_no_warehouse_cannot_exist(field: str, bad: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        replace(a_warehouse(), **{field: bad})

    assert refusal.value.field == field


def test_a_warehouse_is_no_part_of_itself() -> None:
    warehouse = a_warehouse()
    with pytest.raises(InvariantError) as refusal:
        warehouse.change({"parent_id": warehouse.id})

    assert refusal.value.field == "parent_id"


def part_of(erp: Erp, parent: Warehouse | None) -> Warehouse:
    parent_id = None if parent is None else parent.id
    return erp.inventory.add_warehouse(CLERK, replace(a_warehouse(), parent_id=parent_id))


def put(erp: Erp, part: Warehouse, into: Warehouse | None) -> Warehouse:
    changes = {"parent_id": None if into is None else into.id}
    command = ChangeWarehouseCommand(id=part.id, version=None, changes=changes)
    return erp.inventory.change_warehouse(CLERK, command)


def archive(erp: Erp, warehouse: Warehouse) -> Warehouse:
    return erp.inventory.archive_warehouse(CLERK, WarehouseCommand(id=warehouse.id))


def refused(refusal: pytest.ExceptionInfo) -> tuple[str, str]:
    return refusal.value.code, refusal.value.field


def test_a_place_is_no_part_of_its_own_parts(erp: Erp) -> None:
    site = part_of(erp, None)
    hall = part_of(erp, site)
    shelf = part_of(erp, hall)
    with pytest.raises(InvariantError) as refusal:
        put(erp, site, shelf)

    assert refused(refusal) == ("inventory.warehouse.cycle", "parent_id")
    assert put(erp, shelf, None).parent_id is None
    assert put(erp, site, shelf).parent_id == shelf.id


def test_places_lie_in_one_another_only_so_deep(erp: Erp) -> None:
    deepest = None
    for _ in range(TREE_DEPTH_MAX):
        deepest = part_of(erp, deepest)
    with pytest.raises(InvariantError) as refusal:
        part_of(erp, deepest)
    assert refused(refusal) == ("inventory.warehouse.too_deep", "parent_id")

    site = part_of(erp, None)
    hall = part_of(erp, site)
    for _ in range(TREE_DEPTH_MAX - 2):
        hall = part_of(erp, hall)
    with pytest.raises(InvariantError) as refusal:
        put(erp, site, part_of(erp, None))
    assert refusal.value.code == "inventory.warehouse.too_deep"


def test_a_place_with_active_parts_stays_open(erp: Erp) -> None:
    site = part_of(erp, None)
    hall = part_of(erp, site)
    with pytest.raises(TransitionError) as refusal:
        archive(erp, site)
    assert (refusal.value.code, refusal.value.details["part"]) == (
        "inventory.warehouse.has_parts",
        hall.code,
    )
    archive(erp, hall)
    assert archive(erp, site).state is WarehouseState.ARCHIVED

    with pytest.raises(InvariantError) as refusal:
        erp.inventory.restore_warehouse(CLERK, WarehouseCommand(id=hall.id))
    assert refused(refusal) == ("inventory.warehouse.parent_archived", "parent_id")
    with pytest.raises(InvariantError):
        part_of(erp, site)
    erp.inventory.restore_warehouse(CLERK, WarehouseCommand(id=site.id))
    restored = erp.inventory.restore_warehouse(CLERK, WarehouseCommand(id=hall.id))
    assert restored.state is WarehouseState.ACTIVE


def test_what_is_archived_may_be_put_into_what_is_archived(erp: Erp) -> None:
    site, hall = archive(erp, part_of(erp, None)), archive(erp, part_of(erp, None))

    assert put(erp, hall, site).parent_id == site.id


def test_an_unknown_parent_is_not_found(erp: Erp) -> None:
    with pytest.raises(NotFoundError):
        part_of(erp, a_warehouse())
    with pytest.raises(NotFoundError):
        put(erp, part_of(erp, None), a_warehouse())


def test_goods_under_way_have_a_place_that_nobody_makes_or_shapes(erp: Erp) -> None:
    with pytest.raises(InvariantError) as refusal:
        erp.inventory.add_warehouse(CLERK, transit_warehouse())
    assert refused(refusal) == ("inventory.warehouse.in_transit", "kind")
    transit = transit_warehouse()
    for changes, field in (
        ({"code": "ROAD"}, "code"),
        ({"parent_id": WarehouseId(new_id())}, "parent_id"),
        ({"may_go_negative": True}, "may_go_negative"),
    ):
        with pytest.raises(InvariantError) as refusal:
            transit.change(changes)
        assert refused(refusal) == ("inventory.warehouse.transit", field)
    with pytest.raises(InvariantError) as refusal:
        transit.archive()
    assert refused(refusal) == ("inventory.warehouse.transit", "state")
    assert transit.change({"name": "Em trânsito"}).code == TRANSIT_CODE


def test_nothing_is_a_part_of_the_goods_under_way() -> None:
    with pytest.raises(InvariantError) as refusal:
        a_warehouse().require_place((transit_warehouse(),))

    assert refused(refusal) == ("inventory.warehouse.in_transit", "parent_id")

"""The rules of warehouses, told through their use cases, in memory."""

from dataclasses import replace

import pytest

from erp_core.erp import Erp
from erp_core.inventory.entities import WAREHOUSE_LIFECYCLE, WarehouseId, WarehouseState
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
from tests.erps import an_erp

CLERK = context("inventory.*")


@pytest.fixture
def erp() -> Erp:
    return an_erp()


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

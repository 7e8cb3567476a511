"""What is done piece by piece: what becomes of one is nothing to the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest

from erp_core.inventory.entities import Warehouse
from erp_core.inventory.ports import InventoryUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.errors import (
    ContentionError,
    ErpError,
    PermissionDeniedError,
    StaleVersionError,
    UnavailableError,
)
from erp_core.kernel.piecework import Piecework, Work
from erp_core.testing import FixedClock, context
from erp_core.testing.inventory import a_warehouse
from tests.kernel.test_use_case import House

CLERK = context("inventory.warehouse.open")


@dataclass(frozen=True, kw_only=True)
class OpenWarehouses(Piecework[InventoryUnitOfWork, Sequence[Warehouse], Warehouse, str]):
    """Open many warehouses; what is refused says so."""

    permission = "inventory.warehouse.open"
    remembered: ClassVar[str] = "refused: "

    def execute(
        self, ctx: Context, uow: InventoryUnitOfWork, command: Sequence[Warehouse]
    ) -> Work[Warehouse, str]:
        return Work(pieces=tuple(command))

    def do(self, ctx: Context, uow: InventoryUnitOfWork, piece: Warehouse) -> str:
        uow.warehouses.add(ctx, replace(a_warehouse(), code=f"{piece.code}-X"))
        return uow.warehouses.add(ctx, piece).code

    def refused(
        self, ctx: Context, uow: InventoryUnitOfWork, piece: Warehouse, error: ErpError
    ) -> str:
        uow.warehouses.add(ctx, replace(a_warehouse(), code=f"{piece.code}-R"))
        return f"{self.remembered}{error.code}"


@pytest.fixture
def house() -> House:
    return House()


def opened(house: House, *warehouses: Warehouse, ctx: Context = CLERK) -> tuple[str, ...]:
    call = OpenWarehouses(unit_of_work=house, clock=FixedClock(), observer=house.witness)
    return call(ctx, warehouses).done


def named(code: str) -> Warehouse:
    return replace(a_warehouse(), code=code)


def codes(house: House) -> set[str]:
    return {each.code for each in house.store._committed.warehouses.values()}  # noqa: SLF001  # all of them


def test_what_is_refused_leaves_nothing_but_what_is_remembered(house: House) -> None:
    first, again = named("A"), named("A")
    assert opened(house, first, again, named("B")) == (
        "A",
        "refused: inventory.warehouse.code_taken",
        "B",
    )
    assert codes(house) == {"A", "A-X", "A-R", "B", "B-X"}
    assert house.audited() == ["inventory.warehouse.open"] * 3


def test_a_piece_that_lost_a_race_is_done_again(house: House) -> None:
    house.outcomes = [ContentionError("busy"), StaleVersionError("late")]
    assert opened(house, named("A")) == ("A",)
    assert codes(house) == {"A", "A-X"}


def test_what_befalls_all_ends_the_whole(house: House) -> None:
    house.outcomes = [UnavailableError("away")]
    with pytest.raises(UnavailableError):
        opened(house, named("A"), named("B"))
    assert codes(house) == set()


def test_who_may_not_ask_does_nothing(house: House) -> None:
    with pytest.raises(PermissionDeniedError):
        opened(house, named("A"), ctx=context("inventory.warehouse.add"))
    assert house.witness.seen[-1].outcome == "permission_denied"


def test_nothing_to_do_is_done_at_once(house: House) -> None:
    assert opened(house) == ()
    assert house.audited() == []

"""What every keeper of warehouses and of stock must do, alone and in a crowd."""

from __future__ import annotations

from dataclasses import replace

from erp_core.inventory.entities import Warehouse, WarehouseId, WarehouseState
from erp_core.inventory.ports import InventoryUnitOfWork, WarehouseQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import Cursor, PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.testing import RIVAL, at_once, context, expect


def a_warehouse() -> Warehouse:
    """Make a warehouse of which only the parent and the state are left at their defaults."""
    warehouse_id = WarehouseId(new_id())
    return Warehouse(
        id=warehouse_id,
        code=f"W{warehouse_id.hex[-12:].upper()}",
        name="Armazém São João, 倉庫 🍵",
        address="Rua da Praia 7\nPorto Alegre",
        may_go_negative=True,
    )


class WarehouseContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[InventoryUnitOfWork]

    def stored(self, warehouse: Warehouse) -> Warehouse:
        with self.unit_of_work(context()) as uow:
            return uow.warehouses.add(context(), warehouse)

    def found(self, warehouse_id: WarehouseId) -> Warehouse:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.warehouses.get(context(), warehouse_id)

    def listed(self, request: PageRequest, **filters: object) -> list[str]:
        codes: list[str] = []
        while True:
            query = replace(WarehouseQuery(page=request), **filters)  # type: ignore[arg-type]  # by name
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.warehouses.page(context(), query)
            codes += [each.code for each in page.items]
            if page.next is None:
                return codes
            request = replace(request, after=page.next)


class WarehouseRepositoryContract(WarehouseContract):
    """One writer at a time, or several who do not know of each other."""

    def test_every_field_survives_the_round_trip(self) -> None:
        parent = self.stored(a_warehouse())
        warehouse = self.stored(replace(a_warehouse(), parent_id=parent.id).archive())
        assert self.found(warehouse.id) == warehouse
        assert warehouse.version == 1

    def test_a_change_survives_the_round_trip(self) -> None:
        warehouse = self.stored(a_warehouse().archive())
        with self.unit_of_work(context()) as uow:
            seen = uow.warehouses.get(context(), warehouse.id)
            changed = seen.restore().change({"name": "B", "may_go_negative": False})
            saved = uow.warehouses.save(context(), changed)
        assert self.found(warehouse.id) == saved
        assert (saved.version, saved.state, saved.name) == (2, WarehouseState.ACTIVE, "B")

    def test_a_change_is_noted_in_the_journal(self) -> None:
        warehouse = self.stored(a_warehouse())
        with self.unit_of_work(context()) as uow:
            seen = uow.warehouses.get(context(), warehouse.id)
            uow.warehouses.save(context(), seen.change({"name": "B"}))
            (change,) = uow.journal.take()
        assert (change.kind, change.id) == ("inventory.warehouse", str(warehouse.id))
        assert (change.before, change.after) == ({"name": warehouse.name}, {"name": "B"})

    def test_an_identity_and_a_code_are_taken_once(self) -> None:
        warehouse = self.stored(a_warehouse())
        for twin, field in (
            (replace(a_warehouse(), id=warehouse.id), "id"),
            (replace(a_warehouse(), code=warehouse.code), "code"),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored(twin)
            assert refusal[0].field == field

    def test_a_code_cannot_be_taken_over(self) -> None:
        warehouse, other = self.stored(a_warehouse()), self.stored(a_warehouse())
        with expect(AlreadyExistsError), self.unit_of_work(context()) as uow:
            uow.warehouses.save(context(), replace(other, code=warehouse.code))

    def test_an_unknown_warehouse_is_not_found(self) -> None:
        unknown = WarehouseId(new_id())
        with self.unit_of_work(context()) as uow:
            with expect(NotFoundError):
                uow.warehouses.get(context(), unknown)
            with expect(NotFoundError):
                uow.warehouses.save(context(), a_warehouse())
        with expect(NotFoundError) as refusal:
            self.stored(replace(a_warehouse(), parent_id=unknown))
        assert refusal[0].field == "parent_id"

    def test_another_companys_warehouse_does_not_exist(self) -> None:
        warehouse, rival = self.stored(a_warehouse()), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.warehouses.get(rival, warehouse.id)
            with expect(NotFoundError):
                uow.warehouses.save(rival, warehouse)
            assert uow.warehouses.page(rival, WarehouseQuery(page=PageRequest())).items == ()
            twin = uow.warehouses.add(rival, replace(warehouse, version=0))
            assert twin.code == warehouse.code

    def test_another_companys_warehouse_is_no_parent(self) -> None:
        parent, rival = self.stored(a_warehouse()), context(company=RIVAL)
        with expect(NotFoundError), self.unit_of_work(rival) as uow:
            uow.warehouses.add(rival, replace(a_warehouse(), parent_id=parent.id))

    def test_a_failed_unit_of_work_leaves_no_trace(self) -> None:
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.warehouses.add(context(), a_warehouse())
            uow.warehouses.get(context(), WarehouseId(new_id()))
        assert self.listed(PageRequest()) == []

    def test_of_many_writers_who_saw_the_same_version_one_wins(self) -> None:
        seen = self.stored(a_warehouse())

        def archives() -> bool:
            try:
                with self.unit_of_work(context()) as uow:
                    uow.warehouses.save(context(), seen.archive())
            except StaleVersionError:
                return False
            return True

        assert sum(at_once(*[archives] * 6)) == 1

    def test_pages_follow_one_another_in_every_order(self) -> None:
        for name in ("b", "a", "B", "Á", "a"):
            self.stored(replace(a_warehouse(), name=name))
        for sort in ("id", "name", "code"):
            up = self.listed(PageRequest(limit=2, sort=sort))
            down = self.listed(PageRequest(limit=2, sort=sort, descending=True))
            assert len(set(up)) == 5
            assert up == down[::-1]

    def test_names_are_in_the_order_of_their_code_points(self) -> None:
        names = ["b", "a", "B", "Á"]
        codes = {self.stored(replace(a_warehouse(), name=name)).code: name for name in names}
        listed = self.listed(PageRequest(sort="name"))
        assert [codes[code] for code in listed] == sorted(names)

    def test_a_list_is_filtered_and_counted(self) -> None:
        archived = self.stored(a_warehouse().archive())
        shop = self.stored(replace(a_warehouse(), code="SHOP-1"))
        assert self.listed(PageRequest(), states=(WarehouseState.ARCHIVED,)) == [archived.code]
        assert self.listed(PageRequest(), code="SHOP") == [shop.code]
        with self.unit_of_work(context(), read_only=True) as uow:
            query = WarehouseQuery(page=PageRequest(limit=1, count=True))
            assert uow.warehouses.page(context(), query).total == 2

    def test_an_unknown_order_is_malformed(self) -> None:
        with self.unit_of_work(context(), read_only=True) as uow, expect(MalformedError):
            query = WarehouseQuery(page=PageRequest(sort="colour"))
            uow.warehouses.page(context(), query)

    def test_a_cursor_may_name_what_is_gone(self) -> None:
        warehouse = self.stored(replace(a_warehouse(), name="m"))
        for place, codes in (
            (Cursor("a", new_id()), [warehouse.code]),
            (Cursor("z", new_id()), []),
        ):
            assert self.listed(PageRequest(sort="name", after=place)) == codes


class ConcurrentWarehouseContract(WarehouseContract):
    """For stores that admit several writers: the version is checked as the row is written."""

    def test_the_slower_of_two_writers_is_told(self) -> None:
        warehouse = self.stored(a_warehouse())
        with expect(StaleVersionError), self.unit_of_work(context()) as slow:
            seen = slow.warehouses.get(context(), warehouse.id)
            with self.unit_of_work(context()) as fast:
                found = fast.warehouses.get(context(), warehouse.id)
                fast.warehouses.save(context(), found.change({"name": "B"}))
            slow.warehouses.save(context(), seen.archive())
        assert self.found(warehouse.id).name == "B"

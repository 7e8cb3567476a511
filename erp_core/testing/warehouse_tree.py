"""What every keeper of warehouses must know of the tree they form, alone and in a crowd."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from threading import Event

from erp_core.inventory.entities import (
    TRANSIT_CODE,
    TREE_DEPTH_MAX,
    Warehouse,
    WarehouseId,
    WarehouseKind,
    WarehouseState,
)
from erp_core.inventory.ports import WarehouseQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import AlreadyExistsError, InvariantError
from erp_core.kernel.page import PageRequest
from erp_core.testing import RIVAL, at_once, context, expect
from erp_core.testing.inventory import WarehouseContract, a_warehouse


class TreeContract(WarehouseContract):
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    def part_of(self, parent: Warehouse | None) -> Warehouse:
        parent_id = None if parent is None else parent.id
        return self.stored(replace(a_warehouse(), parent_id=parent_id))

    def chain(self, length: int) -> list[Warehouse]:
        """Store places that lie in one another, the largest first."""
        found = [self.part_of(None)]
        while len(found) < length:
            found.append(self.part_of(found[-1]))
        return found

    def below(self, warehouse_id: WarehouseId) -> tuple[WarehouseId, ...]:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.warehouses.below(context(), warehouse_id)

    def lineage(self, warehouse_id: WarehouseId) -> tuple[Warehouse, ...]:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.warehouses.lineage(context(), warehouse_id)

    def height(self, warehouse_id: WarehouseId) -> int:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.warehouses.height(context(), warehouse_id)

    def put(self, part: Warehouse, into: Warehouse) -> bool:
        """Make *part* a part of another place, as the use case does; say whether it may be."""
        try:
            with self.unit_of_work(context()) as uow:
                uow.warehouses.lock_tree(context())
                found = uow.warehouses.get(context(), part.id).change({"parent_id": into.id})
                height = uow.warehouses.height(context(), part.id)
                found.require_place(uow.warehouses.lineage(context(), into.id), height)
                uow.warehouses.save(context(), found)
        except InvariantError:
            return False
        return True


class WarehouseTreeContract(TreeContract):
    """What the tree says of itself, and that no crowd spoils it."""

    def test_a_place_is_read_with_all_it_is_a_part_of(self) -> None:
        chain = self.chain(TREE_DEPTH_MAX)
        assert self.lineage(chain[-1].id) == tuple(reversed(chain))
        assert self.lineage(chain[0].id) == (chain[0],)

    def test_a_place_is_read_with_all_that_is_part_of_it(self) -> None:
        top, other = self.part_of(None), self.part_of(None)
        halls = [self.part_of(top), self.part_of(top)]
        shelf = self.part_of(halls[0])
        assert self.below(top.id) == (top.id, *(each.id for each in halls), shelf.id)
        assert self.below(halls[0].id) == (halls[0].id, shelf.id)
        assert self.below(other.id) == (other.id,)
        assert [self.height(each.id) for each in (top, *halls, shelf)] == [3, 2, 1, 1]

    def test_a_chain_is_followed_to_its_end(self) -> None:
        chain = self.chain(TREE_DEPTH_MAX)
        assert self.below(chain[0].id) == tuple(each.id for each in chain)
        assert self.height(chain[0].id) == TREE_DEPTH_MAX

    def test_even_a_chain_that_is_closed_has_an_end(self) -> None:
        top, part = self.chain(2)
        with self.unit_of_work(context()) as uow:
            found = uow.warehouses.get(context(), top.id)
            uow.warehouses.save(context(), found.change({"parent_id": part.id}))
        assert set(self.below(top.id)) == {top.id, part.id}
        assert len(self.lineage(top.id)) == self.height(top.id) == TREE_DEPTH_MAX

    def test_what_does_not_exist_has_no_parts_and_is_no_part(self) -> None:
        unknown = WarehouseId(new_id())
        assert (self.lineage(unknown), self.below(unknown), self.height(unknown)) == ((), (), 0)

    def test_another_companys_tree_does_not_exist(self) -> None:
        top, part = self.chain(2)
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            uow.warehouses.lock_tree(rival)
            twin = uow.warehouses.add(rival, replace(top, version=0))
            assert uow.warehouses.below(rival, top.id) == (top.id,)
            assert uow.warehouses.lineage(rival, top.id) == (twin,)
            assert uow.warehouses.lineage(rival, part.id) == ()
            assert uow.warehouses.height(rival, top.id) == 1
            assert uow.warehouses.transit(rival).is_transit
        assert self.listed(PageRequest(), code=TRANSIT_CODE) == []

    def test_the_direct_parts_are_listed_page_by_page(self) -> None:
        top = self.part_of(None)
        parts = [self.part_of(top) for _ in range(3)]
        self.part_of(parts[0])
        listed = self.listed(PageRequest(limit=2), parent_id=top.id)
        assert listed == [each.code for each in parts]
        active = (WarehouseState.ACTIVE,)
        assert self.listed(PageRequest(), parent_id=parts[1].id, states=active) == []

    def test_the_place_of_goods_under_way_is_made_once(self) -> None:
        with self.unit_of_work(context()) as uow:
            made = uow.warehouses.transit(context())
            (change,) = uow.journal.take()
            assert uow.warehouses.transit(context()) == made
            assert uow.journal.take() == ()
        assert (change.kind, change.id) == ("inventory.warehouse", str(made.id))
        assert (made.code, made.kind, made.version) == (TRANSIT_CODE, WarehouseKind.TRANSIT, 1)
        assert self.found(made.id) == made
        with self.unit_of_work(context()) as uow:
            assert uow.warehouses.transit(context()) == made
            renamed = made.change({"name": "Em trânsito"})
            assert uow.warehouses.save(context(), renamed).is_transit
        assert self.listed(PageRequest()) == [TRANSIT_CODE]

    def test_its_code_may_be_taken_by_a_place_that_stores_goods(self) -> None:
        self.stored(replace(a_warehouse(), code=TRANSIT_CODE))
        with (
            expect(AlreadyExistsError, "inventory.warehouse.transit_taken"),
            self.unit_of_work(context()) as uow,
        ):
            uow.warehouses.transit(context())

    def test_of_many_who_need_it_first_one_makes_it(self) -> None:
        def needs() -> Warehouse:
            with self.unit_of_work(context()) as uow:
                return uow.warehouses.transit(context())

        assert len(set(at_once(*[needs] * 8))) == 1
        with self.unit_of_work(context(), read_only=True) as uow:
            query = WarehouseQuery(page=PageRequest(count=True))
            assert uow.warehouses.page(context(), query).total == 1

    def test_two_places_are_never_put_into_each_other(self) -> None:
        for _ in range(5):
            one, two = self.part_of(None), self.part_of(None)
            done = at_once(partial(self.put, one, two), partial(self.put, two, one))
            assert sorted(done) == [False, True]

    def test_no_circle_is_closed_by_many_at_once(self) -> None:
        ring = [self.part_of(None) for _ in range(6)]
        steps = zip(ring, [*ring[1:], ring[0]], strict=True)
        done = at_once(*(partial(self.put, part, into) for part, into in steps))
        assert sorted(done) == [False, *[True] * 5]
        assert max(self.height(each.id) for each in ring) == 6

    def test_two_who_deepen_one_tree_do_not_make_it_too_deep(self) -> None:
        half = TREE_DEPTH_MAX // 2
        upper, lower, leaf = self.chain(half), self.chain(half), self.part_of(None)
        done = at_once(partial(self.put, lower[0], upper[-1]), partial(self.put, leaf, lower[-1]))
        assert sorted(done) == [False, True]


class ConcurrentTreeContract(TreeContract):
    """For stores that admit several writers."""

    def test_whoever_moves_no_place_does_not_wait_for_one_who_does(self) -> None:
        top, part = self.chain(2)
        with self.unit_of_work(context()) as slow:
            slow.warehouses.lock_tree(context())
            with self.unit_of_work(context()) as fast:
                found = fast.warehouses.get(context(), part.id)
                fast.warehouses.save(context(), found.change({"name": "B"}))
            rival = context(company=RIVAL)
            with self.unit_of_work(rival) as other:
                other.warehouses.lock_tree(rival)
            slow.warehouses.get(context(), top.id)
        assert self.found(part.id).name == "B"

    def test_the_second_to_lock_the_tree_sees_what_the_first_has_done(self) -> None:
        one, two = self.part_of(None), self.part_of(None)
        locked, done = Event(), Event()

        def first() -> None:
            with self.unit_of_work(context()) as uow:
                uow.warehouses.lock_tree(context())
                locked.set()
                done.wait(timeout=0.3)  # long enough for the other to be in the queue
                found = uow.warehouses.get(context(), one.id)
                uow.warehouses.save(context(), found.change({"parent_id": two.id}))

        def second() -> tuple[Warehouse, ...]:
            locked.wait(timeout=10)
            with self.unit_of_work(context()) as uow:
                uow.warehouses.lock_tree(context())
                done.set()
                return uow.warehouses.lineage(context(), one.id)

        _, lineage = at_once(first, second)
        assert lineage is not None
        assert [each.id for each in lineage] == [one.id, two.id]

"""What every keeper of stock counts must do for one caller at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from erp_core.catalog.entities import ProductId, Tracking
from erp_core.inventory.entities import (
    CountEntry,
    CountId,
    CountTotals,
    StockKey,
    WarehouseId,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import NOON, RIVAL, context, expect
from erp_core.testing.counts.contract import NINE, StockCountContract, a_count
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.stock import ONE, TEN


class StockCountRepositoryContract(StockCountContract):
    """One caller at a time."""

    def test_every_field_survives_the_round_trip(self) -> None:
        key, other = self.a_key(), self.a_key()
        count = self.added(a_count(key.warehouse_id, other.product_id, key.product_id))
        assert count.version == 1
        assert self.found(count.id) == count
        started = self.started(count)
        assert self.found(count.id) == started
        later = NOON + timedelta(microseconds=1)
        with self.unit_of_work(context()) as uow:
            seen = uow.counts.lock(context(), count.id)
            cancelled = uow.counts.save(context(), seen.cancel(at=later, by="bob"))
        assert self.found(count.id) == cancelled
        assert (cancelled.version, cancelled.ended_at, cancelled.ended_by) == (3, later, "bob")

    def test_an_entry_survives_the_round_trip(self) -> None:
        key = self.a_key(TEN)
        count = self.going_on(key.warehouse_id)
        self.enter(count, {key: Quantity.of("9.000001")})
        (line,) = self.lines(count)
        assert line.entry == CountEntry(
            counted=Quantity.of("9.000001"), on_hand_when_counted=TEN, at=NOON, by="ada"
        )
        assert (line.key, line.expected, line.version) == (key, TEN, 2)
        assert line.sku == self.item(key).product.sku

    def test_an_identity_is_taken_once(self) -> None:
        count = self.added(a_count(self.a_stored_warehouse()))
        with expect(AlreadyExistsError):
            self.added(replace(count, version=0))

    def test_a_count_is_of_a_warehouse_and_of_products(self) -> None:
        key = self.a_key()
        with expect(NotFoundError) as refusal:
            self.added(a_count(WarehouseId(new_id())))
        assert refusal[0].field == "warehouse_id"
        with expect(NotFoundError) as refusal:
            self.added(a_count(key.warehouse_id, key.product_id, ProductId(new_id())))
        assert refusal[0].field == "product_ids"

    def test_an_unknown_count_is_not_found(self) -> None:
        unknown = a_count(self.a_stored_warehouse())
        with self.unit_of_work(context()) as uow:
            with expect(NotFoundError):
                uow.counts.get(context(), unknown.id)
            with expect(NotFoundError):
                uow.counts.lock(context(), unknown.id)
            with expect(NotFoundError):
                uow.counts.save(context(), unknown)

    def test_another_companys_count_does_not_exist(self) -> None:
        key, rival = self.a_key(TEN), context(company=RIVAL)
        count = self.going_on(key.warehouse_id)
        with self.unit_of_work(rival) as uow:
            for reads in (uow.counts.get, uow.counts.lock):
                with expect(NotFoundError):
                    reads(rival, count.id)
            with expect(NotFoundError):
                uow.counts.save(rival, count)
            query = CountLineQuery(page=PageRequest(), count_id=count.id)
            assert uow.counts.lines(rival, query).items == ()
            assert uow.counts.page(rival, CountQuery(page=PageRequest())).items == ()
            assert uow.counts.totals(rival, count.id) == CountTotals()
            assert uow.counts.unsettled(rival, count.id) == ()
            assert uow.counts.rival(rival, a_count(key.warehouse_id)) is None
            uow.warehouses.add(rival, replace(a_warehouse(), id=key.warehouse_id))
            theirs = uow.counts.add(rival, replace(count, version=0))
            uow.counts.freeze(rival, theirs)
            assert uow.counts.totals(rival, count.id) == CountTotals()

    def test_an_old_version_is_refused(self) -> None:
        seen = self.added(a_count(self.a_stored_warehouse()))
        self.started(seen)
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.counts.save(context(), seen.cancel(at=NOON, by="ada"))

    def test_the_rows_in_scope_are_frozen_and_no_others(self) -> None:
        here = self.a_key(TEN)
        product, where = self.a_stored_product(Tracking.LOT), here.warehouse_id
        lots = [StockKey(product.id, where, lot) for lot in ("A", "a")]
        empty = StockKey(self.a_stored_product().id, where)
        for key in (*lots, empty, self.elsewhere(here)):
            self.receive(key, ONE)
        self.issue(empty, ONE)
        whole, some = self.going_on(where), self.added(a_count(where, product.id))
        with self.unit_of_work(context()) as uow:
            uow.counts.freeze(context(), uow.counts.lock(context(), some.id))
        expected = {here: TEN, lots[0]: ONE, lots[1]: ONE, empty: ZERO}
        assert {line.key: line.expected for line in self.lines(whole)} == expected
        assert {line.key: line.expected for line in self.lines(some)} == dict.fromkeys(lots, ONE)
        assert {line.version for line in self.lines(whole)} == {1}
        self.receive(here, ONE)
        assert {line.key: line.expected for line in self.lines(whole)} == expected

    def test_a_line_that_was_not_expected_is_made(self) -> None:
        key = self.a_key()
        count = self.going_on(key.warehouse_id)
        self.receive(key, ONE)
        self.enter(count, {key: TEN})
        (line,) = self.lines(count)
        assert (line.expected, line.version, line.difference) == (ZERO, 1, NINE)

    def test_a_line_of_an_unknown_product_is_not_found(self) -> None:
        key = self.a_key(TEN)
        count = self.going_on(key.warehouse_id)
        with expect(NotFoundError):
            self.enter(count, {key: ONE, replace(key, product_id=ProductId(new_id())): ONE})
        assert self.entries(count) == {key: None}

    def test_a_line_is_saved_by_whom_it_was_locked(self) -> None:
        key = self.a_key(TEN)
        count = self.going_on(key.warehouse_id)
        (seen,) = self.lines(count)
        with self.unit_of_work(context()) as uow:
            with expect(StaleVersionError):
                uow.counts.save_lines(context(), [seen])
            (found,) = uow.counts.lock_lines(context(), count, [key])
            entered = found.enter(ONE, at=NOON, by="ada")
            (stored,) = uow.counts.save_lines(context(), [entered])
            with expect(StaleVersionError):
                uow.counts.save_lines(context(), [entered])
            again = replace(found, line=stored).enter(NINE, at=NOON, by="bob")
            assert uow.counts.save_lines(context(), [again])[0].version == 3
        assert self.lines(count)[0].difference == -ONE

    def test_lines_come_back_in_the_order_they_were_asked_for(self) -> None:
        keys = [self.a_key(TEN)]
        where = keys[0].warehouse_id
        keys += [StockKey(self.a_stored_product().id, where) for _ in range(3)]
        count = self.going_on(where)
        with self.unit_of_work(context()) as uow:
            for order in (keys[::-1], [keys[2], keys[0]]):
                found = uow.counts.lock_lines(context(), count, order)
                assert [each.line.key for each in found] == order
                assert [each.item.on_hand for each in found if each.line.version] == [TEN]

    def test_changes_are_noted_in_the_journal(self) -> None:
        key = self.a_key(TEN)
        count = self.going_on(key.warehouse_id)
        with self.unit_of_work(context()) as uow:
            (found,) = uow.counts.lock_lines(context(), count, [key])
            uow.counts.save_lines(context(), [found.enter(ONE, at=NOON, by="ada")])
            (change,) = uow.journal.take()
            seen = uow.counts.lock(context(), count.id)
            uow.counts.save(context(), seen.cancel(at=NOON, by="ada"))
            (ending,) = uow.journal.take()
        assert (change.kind, change.before) == ("inventory.stock_count_line", {})
        assert change.id == f"{count.id}/{key.product_id}/"
        assert (change.after["counted"], change.after["on_hand_when_counted"]) == ("1", "10")
        assert (ending.kind, ending.id) == ("inventory.stock_count", str(count.id))
        assert (ending.before["state"], ending.after["state"]) == ("counting", "cancelled")

    def test_a_failed_unit_of_work_leaves_no_trace(self) -> None:
        key = self.a_key(TEN)
        count = self.added(a_count(key.warehouse_id))
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.counts.freeze(context(), uow.counts.lock(context(), count.id))
            uow.counts.get(context(), CountId(new_id()))
        assert self.lines(count) == []

    def test_a_rival_counts_the_same_rows(self) -> None:
        one, two = self.a_key(), self.a_key()
        where = one.warehouse_id
        some = self.going_on(where, one.product_id)
        ended = self.going_on(where, two.product_id)
        self.added(a_count(where))  # a draft is nobody's rival
        with self.unit_of_work(context()) as uow:
            seen = uow.counts.lock(context(), ended.id)
            uow.counts.save(context(), seen.cancel(at=NOON, by="ada"))
        for count, rival in (
            (a_count(where), some.id),
            (a_count(where, two.product_id, one.product_id), some.id),
            (a_count(where, two.product_id), None),
            (a_count(two.warehouse_id), None),
            (some, None),
        ):
            with self.unit_of_work(context()) as uow:
                assert uow.counts.rival(context(), count) == rival
        whole = self.going_on(two.warehouse_id)
        with self.unit_of_work(context()) as uow:
            some_of_it = a_count(two.warehouse_id, two.product_id)
            assert uow.counts.rival(context(), some_of_it) == whole.id

"""What every keeper of stock counts must do for many callers at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial

from erp_core.inventory.entities import (
    CountState,
    OpenLine,
    Reason,
    StockCount,
    StockKey,
    Uncounted,
)
from erp_core.kernel.errors import (
    TransitionError,
)
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import NOON, at_once, context
from erp_core.testing.counts.contract import NINE, StockCountContract, a_count
from erp_core.testing.stock import ONE, TEN


class StockCountLockingContract(StockCountContract):
    """Many callers at once. Nothing here retries: a lock that fails to hold must show."""

    def a_full_warehouse(self, rows: int) -> list[StockKey]:
        """Store *rows* products, ten pieces of each in one warehouse."""
        where = self.a_stored_warehouse()
        keys = [StockKey(self.a_stored_product().id, where) for _ in range(rows)]
        for key in keys:
            self.receive(key, TEN)
        return keys

    def test_eight_people_count_different_lines(self) -> None:
        keys = self.a_full_warehouse(8)
        count = self.going_on(keys[0].warehouse_id)
        at_once(*(partial(self.enter, count, {key: ONE}, str(n)) for n, key in enumerate(keys)))
        entries = self.entries(count)
        assert [entries[key].by for key in keys if entries[key]] == [str(n) for n in range(8)]  # type: ignore[union-attr]  # none is None
        assert {line.version for line in self.lines(count)} == {2}

    def test_eight_people_count_the_same_lines(self) -> None:
        keys = self.a_full_warehouse(4)
        new = [StockKey(self.a_stored_product().id, keys[0].warehouse_id) for _ in range(2)]
        count = self.going_on(keys[0].warehouse_id)
        orders = [[*keys, *new], [*new[::-1], *keys[::-1]]]

        def enters(person: int) -> None:
            found = dict.fromkeys(orders[person % 2], Quantity.of(str(person)))
            self.enter(count, found, str(person))

        at_once(*(partial(enters, person) for person in range(8)))
        lines = self.lines(count)
        assert sorted(line.version for line in lines) == [8, 8, 9, 9, 9, 9]
        last = {line.entry.by for line in lines if line.entry is not None}
        assert len(last) == 1  # each took all lines, or waited for who had them

    def test_of_two_who_start_in_one_place_one_does(self) -> None:
        (key,) = self.a_full_warehouse(1)
        drafts = [
            self.added(a_count(key.warehouse_id)),
            self.added(a_count(key.warehouse_id, key.product_id)),
        ] * 2

        def starts(count: StockCount) -> bool:
            try:
                self.started(count)
            except TransitionError:
                return False
            return True

        assert sum(at_once(*(partial(starts, each) for each in drafts))) == 1

    def test_of_two_who_close_one_wins(self) -> None:
        keys = self.a_full_warehouse(3)
        count = self.going_on(keys[0].warehouse_id)
        self.enter(count, {keys[0]: NINE})

        def closes() -> bool:
            try:
                self.close(count, Uncounted.KEEP)
            except TransitionError:
                return False
            return True

        assert sum(at_once(*[closes] * 4)) == 1
        assert [self.item(key).on_hand for key in keys] == [NINE, TEN, TEN]
        assert [len(self.story(key)) for key in keys] == [2, 1, 1]

    def test_nothing_is_entered_into_a_count_that_is_over(self) -> None:
        keys = self.a_full_warehouse(6)
        count = self.going_on(keys[0].warehouse_id)

        def enters(key: StockKey) -> bool:
            try:
                self.enter(count, {key: NINE})
            except TransitionError:
                return False
            return True

        def closes() -> bool:
            return self.close(count, Uncounted.KEEP).state is CountState.CLOSED

        done = at_once(*(partial(enters, key) for key in keys), closes)
        on_hand = [self.item(key).on_hand for key in keys]
        assert on_hand == [NINE if entered else TEN for entered in done[:-1]]
        assert not enters(keys[0])
        self.assert_explained(*keys)

    def test_closing_keeps_what_moves_meanwhile(self) -> None:
        keys = self.a_full_warehouse(4)
        count = self.going_on(keys[0].warehouse_id)
        self.enter(count, dict.fromkeys(keys, NINE))
        jobs = [partial(self.issue, key, ONE) for key in keys * 2]
        at_once(*jobs, partial(self.close, count))
        assert [self.item(key).on_hand for key in keys] == [Quantity.of("7")] * 4
        self.assert_explained(*keys)

    def test_counting_amid_movements_is_exact(self) -> None:
        keys = self.a_full_warehouse(4)
        count = self.going_on(keys[0].warehouse_id)
        issues = [partial(self.issue, key, ONE) for key in keys]
        at_once(*issues, *(partial(self.enter, count, {key: TEN}) for key in keys))
        self.close(count)
        entries = self.entries(count)
        for key in keys:
            entry = entries[key]
            assert entry is not None
            made = [e.quantity for e in self.story(key) if e.posting.reason is Reason.COUNT]
            assert made == ([entry.difference] if entry.difference > ZERO else [])
            assert self.item(key).on_hand == NINE + entry.difference
        self.assert_explained(*keys)


class StockCountRowLockContract(StockCountContract):
    """For stores that lock row by row, rather than admit one writer at a time."""

    def test_who_enters_one_line_waits_for_nobody_at_another(self) -> None:
        one = self.a_key(TEN)
        two = StockKey(self.a_stored_product().id, one.warehouse_id)
        self.receive(two, TEN)
        count = self.going_on(one.warehouse_id)
        with self.unit_of_work(context()) as uow:
            shared = uow.counts.lock(context(), count.id, shared=True)
            uow.counts.lock_lines(context(), shared, [one])
            self.enter(count, {two: ONE})
        assert self.totals(count).counted == 1

    def test_who_enters_does_not_wait_for_goods_that_move(self) -> None:
        key = self.a_key(TEN)
        count = self.going_on(key.warehouse_id)
        with self.unit_of_work(context()) as uow:
            uow.stock.lock(context(), [key])
            self.enter(count, {key: ONE})
        assert self.lines(count)[0].difference == -NINE

    def test_who_closes_waits_for_who_enters(self) -> None:
        key = self.a_key(TEN)
        count = self.going_on(key.warehouse_id)
        with ThreadPoolExecutor(1) as pool:
            with self.unit_of_work(context()) as uow:
                shared = uow.counts.lock(context(), count.id, shared=True)
                found: tuple[OpenLine, ...] = uow.counts.lock_lines(context(), shared, [key])
                closing = pool.submit(self.close, count)
                wait([closing], timeout=0.3)  # long enough to be in the queue for the lock
                assert not closing.done()
                entered = [each.enter(NINE, at=NOON, by="ada") for each in found]
                uow.counts.save_lines(context(), entered)
            closing.result(timeout=5)
        assert self.item(key).on_hand == NINE

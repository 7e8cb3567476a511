"""What every keeper of stock counts must do, alone and in a crowd."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import timedelta
from functools import partial

from erp_core.catalog.entities import ProductId, Tracking
from erp_core.inventory.entities import (
    CountEntry,
    CountId,
    CountLine,
    CountState,
    CountTotals,
    OpenLine,
    Posting,
    Reason,
    StockCount,
    StockKey,
    Uncounted,
    WarehouseId,
    correct,
    to_settle,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
    TransitionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import NOON, RIVAL, at_once, context, expect
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.stock import ONE, TEN, StockContract

NINE = Quantity.of("9")


def a_count(warehouse_id: WarehouseId, *product_ids: ProductId) -> StockCount:
    """Make a draft with a label."""
    return StockCount(
        id=CountId(new_id()),
        warehouse_id=warehouse_id,
        product_ids=product_ids,
        label="Inventur Halle 3 📦",
    )


class StockCountContract(StockContract):
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    def added(self, count: StockCount) -> StockCount:
        with self.unit_of_work(context()) as uow:
            return uow.counts.add(context(), count)

    def started(self, count: StockCount) -> StockCount:
        """Do what a person does who starts *count*."""
        with self.unit_of_work(context()) as uow:
            seen = uow.counts.lock(context(), count.id)
            where = uow.warehouses.get(context(), seen.warehouse_id)
            rival = uow.counts.rival(context(), seen)
            stored = uow.counts.save(context(), seen.start(where, rival, at=NOON, by="ada"))
            uow.counts.freeze(context(), stored)
            return stored

    def going_on(self, warehouse_id: WarehouseId, *product_ids: ProductId) -> StockCount:
        """Store a count and start it."""
        return self.started(self.added(a_count(warehouse_id, *product_ids)))

    def enter(self, count: StockCount, found: dict[StockKey, Quantity], by: str = "ada") -> None:
        """Do what a person does who enters what was *found*."""
        with self.unit_of_work(context()) as uow:
            seen = uow.counts.lock(context(), count.id, shared=True).require_counting()
            lines = uow.counts.lock_lines(context(), seen, list(found))
            entered = [each.enter(found[each.line.key], at=NOON, by=by) for each in lines]
            uow.counts.save_lines(context(), entered)

    def close(self, count: StockCount, uncounted: Uncounted | None = None) -> StockCount:
        """Do what a person does who closes *count*."""
        posting = Posting(reason=Reason.COUNT, at=NOON, by="ada", origin=count.origin)
        with self.unit_of_work(context()) as uow:
            closed = uow.counts.lock(context(), count.id).close(at=NOON, by="ada")
            lines = to_settle(uow.counts.unsettled(context(), count.id), uncounted)
            stock = uow.stock.lock(context(), [line.key for line in lines])
            correction = correct(stock, lines, posting)
            uow.stock.save(context(), correction.stock)
            uow.counts.save_lines(context(), correction.entered)
            return uow.counts.save(context(), closed)

    def found(self, count_id: CountId) -> StockCount:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.counts.get(context(), count_id)

    def totals(self, count: StockCount) -> CountTotals:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.counts.totals(context(), count.id)

    def lines(
        self, count: StockCount, request: PageRequest | None = None, **filters: bool
    ) -> list[CountLine]:
        """Return the lines of every page, from first to last."""
        found: list[CountLine] = []
        request = request or PageRequest()
        while True:
            query = CountLineQuery(page=request, count_id=count.id, **filters)
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.counts.lines(context(), query)
            found += page.items
            if page.next is None:
                return found
            request = replace(request, after=page.next)

    def entries(self, count: StockCount) -> dict[StockKey, CountEntry | None]:
        return {line.key: line.entry for line in self.lines(count)}


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


class StockCountQueriesContract(StockCountContract):
    """What is read of counts."""

    def counts(self, request: PageRequest, **filters: object) -> list[StockCount]:
        found: list[StockCount] = []
        while True:
            query = replace(CountQuery(page=request), **filters)  # type: ignore[arg-type]  # by name
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.counts.page(context(), query)
            found += page.items
            if page.next is None:
                return found
            request = replace(request, after=page.next)

    def test_counts_are_read_page_by_page_filtered_and_counted(self) -> None:
        key, other = self.a_key(), self.a_key()
        draft = self.added(a_count(key.warehouse_id, other.product_id, key.product_id))
        going_on = self.going_on(other.warehouse_id)
        last = self.added(a_count(key.warehouse_id))
        assert self.counts(PageRequest(limit=2)) == [draft, going_on, last]
        assert self.counts(PageRequest(limit=1, descending=True)) == [last, going_on, draft]
        assert self.counts(PageRequest(), states=(CountState.COUNTING,)) == [going_on]
        assert self.counts(PageRequest(), warehouse_id=key.warehouse_id) == [draft, last]
        with self.unit_of_work(context(), read_only=True) as uow:
            query = CountQuery(page=PageRequest(limit=1, count=True))
            assert uow.counts.page(context(), query).total == 3

    def test_an_unknown_order_is_malformed(self) -> None:
        with self.unit_of_work(context(), read_only=True) as uow, expect(MalformedError):
            uow.counts.page(context(), CountQuery(page=PageRequest(sort="label")))

    def test_lines_follow_one_another_in_the_order_of_their_keys(self) -> None:
        where = self.a_stored_warehouse()
        lots = [self.a_stored_product(Tracking.LOT).id for _ in range(2)]
        keys = [StockKey(each, where, lot) for each in lots for lot in ("A", "a", "é")]
        keys.append(StockKey(self.a_stored_product().id, where))
        for key in keys:
            self.receive(key, ONE)
        count = self.going_on(where)
        for limit in (1, 2, 200):
            found = self.lines(count, PageRequest(limit=limit))
            assert [line.key for line in found] == sorted(keys)

    def test_lines_are_filtered_and_added_up(self) -> None:
        first = self.a_key(TEN)
        where = first.warehouse_id
        keys = [first, *(StockKey(self.a_stored_product().id, where) for _ in range(2))]
        for key in keys[1:]:
            self.receive(key, TEN)
        count = self.going_on(where)
        assert self.totals(count) == CountTotals(lines=3, counted=0, differing=0)
        self.enter(count, {keys[0]: TEN, keys[1]: NINE})
        assert self.totals(count) == CountTotals(lines=3, counted=2, differing=1)
        for filters, expected in (
            ({"counted": True}, keys[:2]),
            ({"counted": False}, keys[2:]),
            ({"differing": True}, keys[1:2]),
            ({"differing": False}, [keys[0], keys[2]]),
            ({"counted": True, "differing": False}, keys[:1]),
        ):
            found = self.lines(count, PageRequest(limit=1), **filters)
            assert [line.key for line in found] == sorted(expected)
        with self.unit_of_work(context(), read_only=True) as uow:
            page = PageRequest(limit=1, count=True)
            query = CountLineQuery(page=page, count_id=count.id, counted=True)
            assert uow.counts.lines(context(), query).total == 2
            unsettled = uow.counts.unsettled(context(), count.id)
        assert [line.key for line in unsettled] == sorted(keys[1:])


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

"""What every keeper of stock counts must tell of them."""

from __future__ import annotations

from dataclasses import replace

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities import (
    CountState,
    CountTotals,
    StockCount,
    StockKey,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery
from erp_core.kernel.errors import (
    MalformedError,
)
from erp_core.kernel.page import PageRequest
from erp_core.testing import context, expect
from erp_core.testing.counts.contract import NINE, StockCountContract, a_count
from erp_core.testing.stock import ONE, TEN


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

"""What every keeper of stock must do in a crowd."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from decimal import Decimal
from functools import partial
from threading import Barrier

from erp_core.inventory.entities import InsufficientStockError, StockKey
from erp_core.kernel.errors import (
    ContentionError,
    DeadlineExceededError,
    InvariantError,
    OperationCancelledError,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import at_once, context, expect
from erp_core.testing.stock import ISSUE, ONE, TEN, StockContract


class StockLockingContract(StockContract):
    """Many callers at once. Nothing here retries: a lock that fails to hold must show."""

    def test_two_issues_of_one_row_run_one_after_the_other(self) -> None:
        key = self.a_key(TEN)
        at_once(*[partial(self.issue, key, ONE)] * 2)
        last = sorted(movement.on_hand_after.value for movement in self.story(key))
        assert last == [8, 9, 10]
        self.assert_explained(key)

    def test_two_first_receipts_both_count(self) -> None:
        key = self.a_key()
        at_once(*[partial(self.receive, key, ONE)] * 6)
        assert self.item(key).on_hand.value == 6
        self.assert_explained(key)

    def test_first_receipts_in_several_warehouses_share_one_average(self) -> None:
        here = self.a_key()
        keys = [here, *(self.elsewhere(here) for _ in range(3))]
        costs = [UnitPrice(Decimal(each), "EUR") for each in (1, 2, 3, 6)]
        at_once(
            *(partial(self.receive, *each) for each in zip(keys, [TEN] * 4, costs, strict=True))
        )
        assert self.valuation(here).average_cost == UnitPrice(Decimal(3), "EUR")
        assert self.valuation(here).on_hand == Quantity.of("40")

    def test_stock_never_falls_below_zero(self) -> None:
        key = self.a_key(TEN)

        def tries() -> bool:
            try:
                self.issue(key, ONE)
            except InsufficientStockError:
                return False
            return True

        assert sum(at_once(*[tries] * 12, *[tries] * 8)) == 10
        assert self.item(key).on_hand == ZERO
        self.assert_explained(key)

    def test_of_many_refused_first_moves_none_is_in_anothers_way(self) -> None:
        """Whoever is refused takes back what he made, and those who waited for it go on."""
        for _ in range(4):
            key = self.a_key()

            def issues(key: StockKey = key) -> None:
                with expect(InsufficientStockError):
                    self.issue(key, ONE)

            def receives(key: StockKey = key) -> None:
                with expect(InvariantError, "inventory.quantity"):
                    self.receive(key, ZERO)

            def arrives(key: StockKey = key) -> None:
                self.receive(key, TEN)

            at_once(*[issues] * 8)
            at_once(*[receives] * 8)
            at_once(*[receives, arrives] * 4)
            self.assert_explained(key)

    def test_transfers_in_opposite_directions_do_not_deadlock(self) -> None:
        here = self.a_key(TEN)
        there = self.elsewhere(here)
        self.receive(there, TEN)
        for _ in range(5):
            out, back = partial(self.transfer, here, there), partial(self.transfer, there, here)
            at_once(*[out, back] * 4)
        assert (self.item(here).on_hand, self.item(there).on_hand) == (TEN, TEN)
        self.assert_explained(here, there)

    def test_documents_of_many_lines_in_any_order_do_not_deadlock(self) -> None:
        keys = [self.a_key(TEN) for _ in range(4)]

        def issues(order: list[StockKey]) -> None:
            with self.unit_of_work(context()) as uow:
                stock = uow.stock.lock(context(), order)
                for key in order:
                    stock = stock.issue(key, ONE, ISSUE)
                uow.stock.save(context(), stock)

        at_once(*[partial(issues, keys), partial(issues, keys[::-1])] * 4)
        assert [self.item(key).on_hand.value for key in keys] == [2] * 4
        self.assert_explained(*keys)


class CancellableLockContract(StockContract):
    """For stores whose wait for a lock can be broken off from another thread."""

    def test_a_caller_who_gives_up_waits_no_longer(self) -> None:
        key, ctx = self.a_key(TEN), context()

        def waits() -> None:
            with expect(OperationCancelledError):
                self.issue(key, ONE, ctx)

        with ThreadPoolExecutor(1) as pool, self.unit_of_work(context()) as uow:
            uow.stock.lock(context(), [key])
            waiting = pool.submit(waits)
            wait([waiting], timeout=0.3)  # long enough to be in the queue for the lock
            assert not waiting.done()
            ctx.cancellation.cancel("closed the page")
            waiting.result(timeout=2)
        assert self.item(key).on_hand == TEN

    def test_a_caller_whose_deadline_comes_waits_no_longer(self) -> None:
        key = self.a_key(TEN)

        def waits() -> None:
            with expect(DeadlineExceededError):
                self.issue(key, ONE, context().with_timeout(0.2))

        with ThreadPoolExecutor(1) as pool, self.unit_of_work(context()) as uow:
            uow.stock.lock(context(), [key])
            pool.submit(waits).result(timeout=2)
        assert self.item(key).on_hand == TEN
        self.issue(key, ONE, context().with_timeout(5))  # what was stopped left nothing behind


class RowLockContract(StockContract):
    """For stores that lock row by row, rather than admit one writer at a time."""

    def test_a_writer_of_another_product_does_not_wait(self) -> None:
        here, there = self.a_key(TEN), self.a_key(TEN)
        with self.unit_of_work(context()) as uow:
            uow.stock.lock(context(), [here])
            assert self.issue(there, ONE).items[there].version == 2

    def test_a_deadlock_is_contention_for_one_of_the_two(self) -> None:
        here, there, both_hold = self.a_key(TEN), self.a_key(TEN), Barrier(2)

        def locks(first: StockKey, second: StockKey) -> bool:
            """Break the rule of one call for all."""
            try:
                with self.unit_of_work(context()) as uow:
                    uow.stock.lock(context(), [first])
                    both_hold.wait(timeout=10)
                    uow.stock.lock(context(), [second])
            except ContentionError:
                return False
            return True

        outcomes = at_once(partial(locks, here, there), partial(locks, there, here))
        assert sorted(outcomes) == [False, True]

"""What the contracts of stock counts share."""

from __future__ import annotations

from dataclasses import replace

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    CountEntry,
    CountId,
    CountLine,
    CountTotals,
    Posting,
    Reason,
    StockCount,
    StockKey,
    Uncounted,
    WarehouseId,
    correct,
    to_settle,
)
from erp_core.inventory.ports import CountLineQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.testing import NOON, context
from erp_core.testing.stock import StockContract

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

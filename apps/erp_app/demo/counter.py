"""What goes over the counter of the shop: a week in one transaction, thousands of movements."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random
from typing import Final

from erp_app.demo.masters import Masters
from erp_app.demo.shelves import Shelves, cost_of
from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities import Issue, Posting, Reason, Receipt, StockKey
from erp_core.inventory.ports import InventoryUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.quantity import Quantity
from erp_core.kernel.use_case import UseCase

_CLOSING: Final = time(20, tzinfo=UTC)
_MORNING: Final = time(11, tzinfo=UTC)
_SATURDAY: Final = 5
_AT_ONCE_MAX: Final = 10_000  # movements of one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterDay:
    """What came and what went on a day."""

    receipts: tuple[Receipt, ...]
    issues: tuple[Issue, ...]
    posting: Posting

    @property
    def keys(self) -> list[StockKey]:
        return [*(each.key for each in self.receipts), *(each.key for each in self.issues)]

    @property
    def movements(self) -> int:
        return len(self.receipts) + len(self.issues)


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterDays:
    """Days that follow one another, stored at once."""

    days: tuple[CounterDay, ...]


@dataclass(frozen=True, kw_only=True)
class TradeOverTheCounter(UseCase[InventoryUnitOfWork, CounterDays, int]):
    """Post what came to the shop and what went, day by day; return how many movements it was.

    Raises:
        ShortRowsError: more went than was there.
    """

    permission = "inventory.stock.issue"

    def execute(self, ctx: Context, uow: InventoryUnitOfWork, command: CounterDays) -> int:
        keys = dict.fromkeys(key for day in command.days for key in day.keys)
        stock = uow.stock.lock(ctx, list(keys), receiving=True).in_storage()
        for day in command.days:
            stock = stock.receive_all(day.receipts).issue_all(day.issues, day.posting)
        uow.stock.save(ctx, stock)
        return len(stock.movements)


@dataclass(slots=True, kw_only=True)
class Counter:
    """The shop's counter, which is posted when a week has gone by."""

    post: TradeOverTheCounter
    ctx: Context
    masters: Masters
    shelves: Shelves
    chance: Random
    _days: list[CounterDay] = field(default_factory=list)
    _waiting: int = 0

    def trade(self, day: date, movements: int) -> int:
        """Trade on a day until so much has moved; return how much it was."""
        done = 0
        while done < movements:
            made = self._day(day, min(movements - done, _AT_ONCE_MAX))
            self._days.append(made)
            self._waiting += made.movements
            done += made.movements
            if self._waiting >= _AT_ONCE_MAX:
                self.close()
        if day.weekday() == _SATURDAY:
            self.close()
        return done

    def close(self) -> None:
        """Post what was not posted yet."""
        if self._days:
            self.post(self.ctx, CounterDays(days=tuple(self._days)))
            self._days, self._waiting = [], 0

    def _day(self, day: date, most: int) -> CounterDay:
        goods = [each for each in self.masters.goods if each.tracking is Tracking.NONE]
        shop, receipts, issues = self.masters.shop, list[Receipt](), list[Issue]()
        came = self._posting(Reason.RECEIPT, datetime.combine(day, _MORNING))
        while len(receipts) + len(issues) < most:
            product = goods[int(len(goods) * self.chance.random() ** 1.5)]
            pieces, key = self.chance.choice((1, 1, 1, 2, 3)), StockKey(product.id, shop, "")
            if self.shelves.free.get((product.id, shop), 0) < pieces:
                delivered = self.chance.randrange(60, 160, 10)
                receipts.append(
                    Receipt(
                        key=key,
                        quantity=Quantity(Decimal(delivered)),
                        unit_cost=cost_of(product),
                        posting=came,
                    )
                )
                self.shelves.take(product, shop, -delivered)
            place = f"lines/{len(issues)}"
            issues.append(Issue(place=place, key=key, quantity=Quantity(Decimal(pieces))))
            self.shelves.take(product, shop, pieces)
        return CounterDay(
            receipts=tuple(receipts),
            issues=tuple(issues),
            posting=self._posting(Reason.SALE, datetime.combine(day, _CLOSING)),
        )

    def _posting(self, reason: Reason, at: datetime) -> Posting:
        by = self.ctx.principal.id
        return Posting(reason=reason, at=at, by=by, label="over the counter")

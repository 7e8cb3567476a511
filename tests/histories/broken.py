"""Keepers of stock with one mistake each, and an appointment by which it surely shows.

Each is the real one, of which one thing is undone. The appointment holds a caller between the
moment he reads and the moment he writes, until another is there as well.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier, Lock
from typing import Any, ClassVar, Final

from sqlalchemy import Connection, Engine, event

from erp_core.inventory.entities import LockedStock, StockKey
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.quantity import Quantity
from erp_sql.inventory.stock import SqlStock
from erp_sql.unit_of_work import SqlStore, SqlUnitOfWork

WITHOUT: Final = "test_without"  # in a connection's info: what its statements leave out

# What is taken out of a statement, all but the part called kept.
LOCKS: Final = re.compile(r"(?P<kept>) FOR UPDATE$")
LOCKS_OF_VALUATIONS: Final = re.compile(
    r"(?P<kept>FROM inventory_valuation\b.*) FOR UPDATE$", re.DOTALL
)
VERSIONS: Final = re.compile(r"(?P<kept>) AND inventory_stock_item\.version = %\(\w+\)s")


class Appointment:
    """Two meet, again and again; whoever comes after the last time walks on."""

    def __init__(self, times: int = 1) -> None:
        self._places = times * 2
        self._counting = Lock()
        self._both = Barrier(2, timeout=20)

    def wait(self) -> None:
        with self._counting:
            self._places -= 1
            waits = self._places >= 0
        if waits:
            self._both.wait()


class BrokenStock(SqlStock):
    """The real one, with a place at which to meet."""

    def __init__(self, connection: Connection, journal: Journal, place: Appointment) -> None:
        super().__init__(connection, journal)
        self.connection = connection
        self.place = place

    @contextmanager
    def without(self, *parts: re.Pattern[str]) -> Iterator[None]:
        """Leave *parts* out of the statements of this connection."""
        self.connection.info[WITHOUT] = parts
        try:
            yield
        finally:
            del self.connection.info[WITHOUT]

    def as_it_was(self, ctx: Context, keys: Sequence[StockKey], **how: Any) -> LockedStock:
        """Read without locking."""
        with self.without(LOCKS):
            return super().lock(ctx, keys, **how)


class NeitherLockNorVersion(BrokenStock):
    """Reads, then writes."""

    def lock(self, ctx: Context, keys: Sequence[StockKey], **how: Any) -> LockedStock:
        stock = self.as_it_was(ctx, keys, **how)
        self.place.wait()
        return stock

    def save(self, ctx: Context, stock: LockedStock) -> LockedStock:
        with self.without(VERSIONS):
            return super().save(ctx, stock)


class VersionButNoLock(BrokenStock):
    """Reads, and writes if nobody else has written: not what we want, and yet not wrong."""

    def lock(self, ctx: Context, keys: Sequence[StockKey], **how: Any) -> LockedStock:
        stock = self.as_it_was(ctx, keys, **how)
        self.place.wait()
        return stock


class ReadsBeforeItLocks(BrokenStock):
    """Locks, and decides by what it had read before."""

    def lock(self, ctx: Context, keys: Sequence[StockKey], **how: Any) -> LockedStock:
        old = self.as_it_was(ctx, keys, **how)
        self.place.wait()
        stock = super().lock(ctx, keys, **how)
        stale = {
            key: replace(item, on_hand=old.items[key].on_hand) for key, item in stock.items.items()
        }
        return replace(stock, items=stale)


class LocksInTheOrderAsked(BrokenStock):
    """Locks row after row, as they come, and not what all of them share."""

    def lock(self, ctx: Context, keys: Sequence[StockKey], **how: Any) -> LockedStock:
        locked = []
        for key in keys:
            with self.without(LOCKS_OF_VALUATIONS):
                locked.append(super().lock(ctx, [key], **how))
            self.place.wait()
        items = {key: item for each in locked for key, item in each.items.items()}
        return replace(locked[0], items=items)


class CommitsHalfWay(BrokenStock):
    """Saves the one side of a transfer in a transaction, and the other in the next."""

    def save(self, ctx: Context, stock: LockedStock) -> LockedStock:
        if len(stock.movements) == 1:
            return super().save(ctx, stock)
        out, into = stock.movements
        super().save(ctx, replace(stock, items={out.key: stock.items[out.key]}, movements=(out,)))
        self.connection.connection.commit()
        self.place.wait()  # somebody begins to look,
        self.place.wait()  # and has looked
        return super().save(
            ctx, replace(stock, items={into.key: stock.items[into.key]}, movements=(into,))
        )


class AveragesWhatIsNotLocked(BrokenStock):
    """Locks the row, and weighs a receipt by sums and a cost that it read without a lock."""

    def lock(self, ctx: Context, keys: Sequence[StockKey], **how: Any) -> LockedStock:
        old = self.as_it_was(ctx, keys, **how)
        self.place.wait()
        stock = super().lock(ctx, keys, **how)
        stale = {
            product: replace(
                valuation,
                average_cost=old.valuations[product].average_cost,
                on_hand=old.valuations[product].on_hand,
            )
            for product, valuation in stock.valuations.items()
        }
        return replace(stock, valuations=stale)


class Remembers(BrokenStock):
    """Keeps what it read the first time, and believes it ever after."""

    known: ClassVar[dict[StockKey, Quantity]] = {}

    def lock(self, ctx: Context, keys: Sequence[StockKey], **how: Any) -> LockedStock:
        stock = super().lock(ctx, keys, **how)
        for key, item in stock.items.items():
            self.known.setdefault(key, item.on_hand)
        stale = {key: replace(item, on_hand=self.known[key]) for key, item in stock.items.items()}
        return replace(stock, items=stale)


class BrokenStore(SqlStore):
    """Opens units of work whose stock is kept by one of these."""

    def __init__(
        self,
        engine: Engine,
        keeper: Callable[[Connection, Journal, Appointment], BrokenStock],
        place: Appointment,
    ) -> None:
        super().__init__(engine)
        self._keeper = keeper
        self.place = place
        event.listen(engine, "before_cursor_execute", _leave_out, retval=True)

    @contextmanager
    def __call__(self, ctx: Context, /, *, read_only: bool = False) -> Iterator[SqlUnitOfWork]:
        with super().__call__(ctx, read_only=read_only) as uow:
            connection = uow._connection  # noqa: SLF001  # we break it from within
            uow.stock = self._keeper(connection, uow.journal, self.place)
            yield uow


def _leave_out(
    connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any
) -> tuple[str, Any]:
    for part in connection.info.get(WITHOUT, ()):
        statement = part.sub(r"\g<kept>", statement)
    return statement, parameters

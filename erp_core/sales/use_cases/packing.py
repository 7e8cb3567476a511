"""Which stock rows a shipment takes its goods from, worked out while they are locked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from erp_core.catalog.entities import LineId, Product, Tracking
from erp_core.inventory.entities import (
    Candidate,
    InsufficientStockError,
    KeptFor,
    LockedStock,
    Place,
    Reservation,
    ShortRowsError,
    StockedProduct,
    StockItem,
    StockKey,
    Want,
    WarehouseId,
    choose_lots,
)
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.sales.entities import ShipmentLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A line of a shipment whose goods are kept in stock."""

    place: str  # "lines/3"
    line: ShipmentLine
    product: Product
    warehouse_id: WarehouseId
    origin: str  # what its reservations are made for
    left: Quantity  # of the order's line, once this has gone out

    @property
    def is_chosen(self) -> bool:
        """Whether it is settled which rows it takes."""
        return bool(self.line.lots) or self.product.tracking is Tracking.NONE

    @property
    def rows(self) -> tuple[tuple[StockKey, Quantity], ...]:
        """What it takes from which rows, where that is settled."""
        return self.line.rows(self.warehouse_id)

    @property
    def want(self) -> Want:
        """What it takes from its warehouse in all."""
        return Want(
            product_id=self.line.product_id,
            warehouse_id=self.warehouse_id,
            quantity=self.line.quantity,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The rows of lots that were locked to be taken from, and where there are others."""

    rows: frozenset[StockKey] = frozenset()
    beyond: frozenset[Place] = frozenset()


def expiry(stock: LockedStock, key: StockKey) -> date | None:
    """Return the last day on which a row's goods may be used; None: they keep."""
    lot = stock.lots.get((key.product_id, key.lot))
    return None if lot is None else lot.expires_on


def is_fit(expires_on: date | None, today: date) -> bool:
    """Say whether goods may still be used."""
    return expires_on is None or expires_on >= today


def by_origin(reservations: Iterable[Reservation]) -> Mapping[str, list[Reservation]]:
    """Return what is kept for each line; nothing for those it names nothing of."""
    found: dict[str, list[Reservation]] = defaultdict(list)
    for each in reservations:
        found[each.origin].append(each)
    return found


def less(shelf: Iterable[Candidate], taken: Mapping[StockKey, Quantity]) -> list[Candidate]:
    """Return what is still available on a *shelf* once so much of it is *taken*."""
    return [replace(each, available=each.available - taken.get(each.key, ZERO)) for each in shelf]


@dataclass(slots=True, kw_only=True)
class Packing:
    """What is taken of locked stock, and what is released, while that is being worked out.

    What is kept for a line it takes first, then what is available: the lots that were chosen by
    hand, else those that expire first.
    """

    stock: LockedStock
    today: date  # in the company's time zone
    taken: dict[LineId, dict[StockKey, Quantity]] = field(default_factory=dict)
    released: dict[KeptFor, Quantity] = field(default_factory=dict)
    _available: dict[StockKey, Quantity] = field(default_factory=dict)  # taken of what is

    def pack(self, loads: Sequence[Load], reach: Reach) -> None:
        """Work out what all of *loads* take.

        Raises:
            ShortRowsError: of lots, less is available than some lines want.
            StaleVersionError: less is available of the rows in reach, and there are others.
        """
        kept = by_origin(self.stock.reservations.values())
        for each in loads:
            if each.is_chosen:
                self._take_chosen(each, kept[each.origin])
        rest = [
            (each, self._take_kept(each, kept[each.origin]))
            for each in loads
            if not each.is_chosen
        ]
        self._take_first_to_expire(rest, reach)
        for each in loads:
            self._give_up_excess(each, kept[each.origin])

    def _take(self, load: Load, key: StockKey, quantity: Quantity, kept: Quantity) -> None:
        """Take *quantity* of a row, of which so much as *kept* was kept for the line."""
        mine = self.taken.setdefault(load.line.id, {})
        mine[key] = mine.get(key, ZERO) + quantity
        self._available[key] = self._available.get(key, ZERO) + quantity - kept
        self._release(load, key, kept)

    def _release(self, load: Load, key: StockKey, quantity: Quantity) -> None:
        if quantity > ZERO:
            place = (key, load.origin)
            self.released[place] = self.released.get(place, ZERO) + quantity

    def _take_chosen(self, load: Load, kept: Iterable[Reservation]) -> None:
        mine = {each.key: each.quantity for each in kept}
        for key, quantity in load.rows:
            self._take(load, key, quantity, min(quantity, mine.get(key, ZERO)))

    def _take_kept(self, load: Load, kept: list[Reservation]) -> Want:
        """Take what is kept for a line and fit to be shipped; return what more it wants."""
        kept.sort(key=lambda each: (expiry(self.stock, each.key) or date.max, each.key))
        rest = load.line.quantity
        for each in kept:
            quantity = min(each.quantity, rest)
            here = each.key.warehouse_id == load.warehouse_id
            if here and quantity > ZERO and is_fit(expiry(self.stock, each.key), self.today):
                self._take(load, each.key, quantity, quantity)
                rest -= quantity
        return replace(load.want, quantity=rest)

    def _take_first_to_expire(self, rest: Sequence[tuple[Load, Want]], reach: Reach) -> None:
        stock, short = self.stock, list[InsufficientStockError]()
        shelf = [
            Candidate(key=key, available=stock.items[key].available, expires_on=expiry(stock, key))
            for key in reach.rows
        ]
        shelf = less(shelf, self._available)
        chosen = choose_lots([want for _, want in rest], shelf, self.today)
        for (load, want), picks in zip(rest, chosen, strict=True):
            if picks.short > ZERO and want.place in reach.beyond:
                raise StaleVersionError(f"stock of {load.product.sku} was taken meanwhile")
            if picks.short > ZERO:
                short.append(_short(load, picks.short))
            for pick in picks.picks:
                self._take(load, pick.key, pick.quantity, ZERO)
        if short:
            raise ShortRowsError(short)

    def _give_up_excess(self, load: Load, kept: Sequence[Reservation]) -> None:
        """Let no more be kept for a line than is left of it, once this has gone out."""
        still = [
            (each.key, each.quantity - self.released.get((each.key, each.origin), ZERO))
            for each in kept
        ]
        excess = sum((quantity for _, quantity in still), ZERO) - load.left
        for key, quantity in reversed(still):
            part = min(quantity, excess)
            if part > ZERO:
                self._release(load, key, part)
                excess -= part


def _short(load: Load, missing: Quantity) -> InsufficientStockError:
    """Make the error that says how much of all usable lots is available."""
    item = StockItem(
        key=StockKey(load.line.product_id, load.warehouse_id),
        product=StockedProduct(sku=load.product.sku, tracking=load.product.tracking),
        on_hand=load.line.quantity - missing,
    )
    error = InsufficientStockError(item, wanted=load.line.quantity)
    error.field = f"{load.place}/quantity"
    return error

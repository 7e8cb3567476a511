"""Which stock rows a document takes its goods from, worked out while they are locked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from typing import Final, Self

from erp_core.catalog.entities import LineId, Product, ProductId, Tracking
from erp_core.inventory.entities.locked_stock import LockedStock
from erp_core.inventory.entities.movement import Posting
from erp_core.inventory.entities.moves import Issue, KeptFor
from erp_core.inventory.entities.picking import Candidate, Place, StillOut, Want, choose_lots
from erp_core.inventory.entities.reservation import Reservation
from erp_core.inventory.entities.stock_item import (
    InsufficientStockError,
    ShortRowsError,
    StockedProduct,
    StockItem,
)
from erp_core.inventory.entities.stock_key import StockKey
from erp_core.inventory.entities.warehouse import WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.quantity import ZERO, Quantity

SPARE: Final = 8  # rows locked beyond those needed, for when others are faster


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A line of a document whose goods are kept in stock, and leave one warehouse by it."""

    id: LineId
    place: str  # "lines/3"
    product: Product
    warehouse_id: WarehouseId
    quantity: Quantity
    by_hand: tuple[tuple[StockKey, Quantity], ...] = ()  # the lots that were chosen
    origin: str = ""  # what its reservations are made for; empty: it has none
    left: Quantity = ZERO  # how much may stay kept for that, once this has gone out

    @property
    def is_chosen(self) -> bool:
        """Whether it is settled which rows it takes."""
        return bool(self.by_hand) or self.product.tracking is Tracking.NONE

    @property
    def rows(self) -> tuple[tuple[StockKey, Quantity], ...]:
        """What it takes from which rows, where that is settled."""
        return self.by_hand or ((StockKey(self.product.id, self.warehouse_id), self.quantity),)

    @property
    def want(self) -> Want:
        """What it takes from its warehouse in all."""
        return Want(
            product_id=self.product.id, warehouse_id=self.warehouse_id, quantity=self.quantity
        )

    def short(self, missing: Quantity) -> InsufficientStockError:
        """Make the error that says how much of all usable lots is available."""
        item = StockItem(
            key=StockKey(self.product.id, self.warehouse_id),
            product=StockedProduct(sku=self.product.sku, tracking=self.product.tracking),
            on_hand=self.quantity - missing,
        )
        error = InsufficientStockError(item, wanted=self.quantity)
        error.field = f"{self.place}/quantity"
        return error


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The rows that are to be locked to take goods from, and where there are others."""

    rows: frozenset[StockKey] = frozenset()
    beyond: frozenset[Place] = frozenset()

    @classmethod
    def over(cls, loads: Sequence[Load], found: Iterable[Candidate], today: date) -> Self:
        """Return the rows that *loads* may have to take, of the candidates that were *found*.

        Of lots, some more than needed: others may be faster.
        """
        by_hand: dict[StockKey, Quantity] = defaultdict(Quantity)
        for each in loads:
            for key, quantity in each.rows if each.is_chosen else ():
                by_hand[key] += quantity
        shelf = [each for each in found if is_fit(each.expires_on, today)]
        wants = [each.want for each in loads if not each.is_chosen]
        picks = choose_lots(wants, less(shelf, by_hand), today)
        rows = {*by_hand, *(pick.key for each in picks for pick in each.picks)}
        others: dict[Place, int] = defaultdict(int)
        for spare in shelf:  # they come in the order in which they expire
            if spare.key not in rows:
                others[spare.place] += 1
                if others[spare.place] <= SPARE:
                    rows.add(spare.key)
        beyond = frozenset(place for place, many in others.items() if many > SPARE)
        return cls(rows=frozenset(rows), beyond=beyond)


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
    hand, else those that expire first. Nothing that has expired is taken unless by hand.
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

    def issued(self, loads: Sequence[Load], posting: Posting) -> LockedStock:
        """Return the stock without what *loads* take of it, and with less of it kept.

        Raises:
            InsufficientStockError: less is available of some lines, which are named.
            InvariantError: stock of a line cannot move, or comes without a lot that it must have.
        """
        issues = (
            Issue(place=each.place, key=key, quantity=quantity)
            for each in loads
            for key, quantity in self.taken[each.id].items()
        )
        return self.stock.release_all(self.released).issue_all(issues, posting)

    def _take(self, load: Load, key: StockKey, quantity: Quantity, kept: Quantity) -> None:
        """Take *quantity* of a row, of which so much as *kept* was kept for the line."""
        mine = self.taken.setdefault(load.id, {})
        mine[key] = mine.get(key, ZERO) + quantity
        self._available[key] = self._available.get(key, ZERO) + quantity - kept
        self._release(load, key, kept)

    def _release(self, load: Load, key: StockKey, quantity: Quantity) -> None:
        if quantity > ZERO:
            place = (key, load.origin)
            self.released[place] = self.released.get(place, ZERO) + quantity

    def _still(self, each: Reservation) -> Quantity:
        """Return how much of a reservation no line has taken."""
        return each.quantity - self.released.get((each.key, each.origin), ZERO)

    def _take_chosen(self, load: Load, kept: Iterable[Reservation]) -> None:
        mine = {each.key: self._still(each) for each in kept}
        for key, quantity in load.rows:
            self._take(load, key, quantity, min(quantity, mine.get(key, ZERO)))

    def _take_kept(self, load: Load, kept: list[Reservation]) -> Want:
        """Take what is kept for a line and fit to be used; return what more it wants."""
        kept.sort(key=lambda each: (expiry(self.stock, each.key) or date.max, each.key))
        rest = load.quantity
        for each in kept:
            quantity = min(self._still(each), rest)
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
                short.append(load.short(picks.short))
            for pick in picks.picks:
                self._take(load, pick.key, pick.quantity, ZERO)
        if short:
            raise ShortRowsError(short)

    def _give_up_excess(self, load: Load, kept: Sequence[Reservation]) -> None:
        """Let no more be kept for a line than is left of it, once this has gone out."""
        still = [(each.key, self._still(each)) for each in kept]
        excess = sum((quantity for _, quantity in still), ZERO) - load.left
        for key, quantity in reversed(still):
            part = min(quantity, excess)
            if part > ZERO:
                self._release(load, key, part)
                excess -= part


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAgain:
    """Goods are back that had gone out for a line: how much of them may be kept for it again."""

    origin: str  # what its reservations are made for
    product_id: ProductId
    quantity: Quantity


def keep_again(
    stock: LockedStock, back: Sequence[StillOut], lines: Iterable[KeepAgain], today: date
) -> LockedStock:
    """Return *stock* with what came *back* kept for its lines again, as far as that goes.

    Only what is available is kept, and fit to be used; what expires first goes first.

    Raises:
        InvariantError: stock that cannot move.
    """
    rows = {each.movement.key: ZERO for each in back}
    there = {key: _fit_of_it(stock, key, today) for key in rows}
    for each in back:
        rows[each.movement.key] += each.rest
    shelves: dict[ProductId, list[StockKey]] = defaultdict(list)
    for key in sorted(rows, key=lambda row: (expiry(stock, row) or date.max, row)):
        rows[key] = min(rows[key], there[key])
        shelves[key.product_id].append(key)
    wanted: dict[KeptFor, Quantity] = {}
    for line in lines:
        rest = line.quantity
        for key in shelves[line.product_id]:
            part = min(rows[key], rest)
            if part > ZERO:
                wanted[key, line.origin] = part
                rows[key] -= part
                rest -= part
    return stock.reserve_all(wanted)


def _fit_of_it(stock: LockedStock, key: StockKey, today: date) -> Quantity:
    return stock.items[key].available if is_fit(expiry(stock, key), today) else ZERO

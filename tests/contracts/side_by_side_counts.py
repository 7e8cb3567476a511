"""Stock counts, side by side: goods go on moving while people count them."""

from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from erp_core.inventory.entities import (
    CountId,
    CountState,
    Reason,
    StockCount,
    StockMovement,
    Uncounted,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery, MovementQuery
from erp_core.inventory.use_cases import (
    AddCount,
    CancelCount,
    CloseCount,
    CloseCountCommand,
    CountCommand,
    CountSummary,
    EnterCounts,
    EnterCountsCommand,
    Found,
    GetCount,
    ListCountLines,
    ListCounts,
    ListMovements,
    StartCount,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from tests.contracts.side_by_side import (
    Row,
    good_rows,
    limits,
    places,
    products,
    quantities,
    rows,
)
from tests.contracts.side_by_side_transfers import WithTransfers

few = st.integers(0, 3)
scopes = st.sampled_from([[], [], ["tea"], ["rum", "batch"]]) | st.lists(products, max_size=3)


def entries_of(some_rows: Any, some_quantities: Any) -> Any:
    """Draw what somebody says who counted: of each product and lot once."""
    return st.lists(
        st.tuples(some_rows, some_quantities),
        min_size=1,
        max_size=4,
        unique_by=lambda entry: (entry[0][0], entry[0][2]),
    )


sound = entries_of(good_rows, st.sampled_from(["0", "1", "1", "3.5", "7"]).map(Quantity.of))
entries = entries_of(rows, quantities)
versions = st.sampled_from([*[None] * 5, 1, 2])
uncounted = st.sampled_from([None, *Uncounted, *Uncounted])
yes_or_no = st.sampled_from([None, True, False])


class WithCounts(WithTransfers):
    def __init__(self, kind: str, folder: Path) -> None:
        super().__init__(kind, folder)
        self.counts: dict[CountId, StockCount] = {}

    @rule(place=places, scope=scopes, begin=st.sampled_from([True, True, False]), found=sound)
    def plan_a_count(
        self, place: str, scope: list[str], begin: bool, found: list[tuple[Row, Quantity]]
    ) -> None:
        """Sometimes only that; mostly it begins at once, and somebody counts."""
        draft = StockCount(
            id=CountId(new_id()),
            warehouse_id=self.places[place],
            product_ids=tuple(self.products[each] for each in scope),
            label="round ☕",
        )
        self._told(self.ask(AddCount, draft))
        if begin and draft.id in self.counts:
            self._told(self.ask(StartCount, CountCommand(id=draft.id)))
            self._enter(self.counts[draft.id], found, None)

    @precondition(lambda self: self.counts)
    @rule(which=few, version=versions)
    def start_a_count(self, which: int, version: int | None) -> None:
        self._told(self.ask(StartCount, CountCommand(id=self._count(which).id, version=version)))

    @precondition(lambda self: self._going_on())
    @rule(which=few, found=sound | entries, version=versions)
    def count(self, which: int, found: list[tuple[Row, Quantity]], version: int | None) -> None:
        """Of the warehouse that is counted, whatever row was drawn."""
        count = self._count(which, CountState.COUNTING)
        self._enter(count, found, version)

    @precondition(lambda self: self.counts)
    @rule(which=few, found=entries)
    def count_too_early_or_too_late(self, which: int, found: list[tuple[Row, Quantity]]) -> None:
        self._enter(self._count(which), found, None)

    def _enter(
        self, count: StockCount, found: list[tuple[Row, Quantity]], version: int | None
    ) -> None:
        entered = tuple(
            Found(product_id=self.products[product], lot=lot, counted=many)
            for (product, _, lot), many in found
        )
        command = EnterCountsCommand(id=count.id, version=version, entries=entered)
        lines = self.ask(EnterCounts, command)
        for each in lines or ():
            assert each.entry.on_hand_when_counted == self.on_hand.get(each.key, ZERO)

    @precondition(lambda self: self.counts)
    @rule(which=few, what=uncounted, version=versions)
    def close_a_count(self, which: int, what: Uncounted | None, version: int | None) -> None:
        count = self._count(which, CountState.COUNTING)
        command = CloseCountCommand(id=count.id, version=version, uncounted=what)
        summary = self.ask(CloseCount, command)
        if summary is None:
            return
        self._told(summary)
        lines = self.pages(
            ListCountLines, CountLineQuery(page=PageRequest(limit=50), count_id=count.id)
        )
        corrected = {each.key: each.difference for each in lines if each.difference != ZERO}
        movements = self._corrections(count)
        assert {each.key: each.quantity for each in movements} == corrected
        self.moved(movements, _final)

    @precondition(lambda self: self.counts)
    @rule(which=few, version=versions)
    def cancel_a_count(self, which: int, version: int | None) -> None:
        command = CountCommand(id=self._count(which).id, version=version)
        self._told(self.ask(CancelCount, command))

    @rule(
        limit=limits,
        place=st.none() | places,
        states=st.lists(st.sampled_from(list(CountState)), unique=True),
    )
    def list_counts(self, limit: int, place: str | None, states: list[CountState]) -> None:
        query = CountQuery(
            page=PageRequest(limit=limit),
            states=tuple(states),
            warehouse_id=None if place is None else self.places[place],
        )
        self.pages(ListCounts, query)

    @rule(which=few, limit=limits, counted=yes_or_no, differing=yes_or_no)
    def read_a_count(
        self, which: int, limit: int, counted: bool | None, differing: bool | None
    ) -> None:
        known = self._count(which).id if self.counts else CountId(new_id())
        self.ask(GetCount, CountCommand(id=known))
        if self.counts:
            query = CountLineQuery(
                page=PageRequest(limit=limit),
                count_id=known,
                counted=counted,
                differing=differing,
            )
            self.pages(ListCountLines, query)

    def _going_on(self) -> list[StockCount]:
        return [each for each in self.counts.values() if each.state is CountState.COUNTING]

    def _count(self, which: int, state: CountState | None = None) -> StockCount:
        """Return one of the last, in *state* if there is one that is."""
        known = list(self.counts.values())
        fitting = [each for each in known if each.state is state] or known
        return fitting[-1 - which % len(fitting)]

    def _told(self, summary: CountSummary | None) -> None:
        if summary is not None:
            self.counts[summary.count.id] = summary.count

    def _corrections(self, count: StockCount) -> list[StockMovement]:
        newest = MovementQuery(page=PageRequest(limit=50, descending=True))
        page = self.ask(ListMovements, newest)
        ours = [each for each in page.items if each.posting.origin == count.origin]
        assert all(each.posting.reason is Reason.COUNT for each in ours)
        return ours[::-1]


def _final() -> None:
    """Do nothing: a count that is closed stays so."""

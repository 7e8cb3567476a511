"""The search for a serial order; the package's docstring says how it goes, and why it is exact."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from erp_core.testing.histories.calls import Answer, Call, Cell, State
from erp_core.testing.histories.faults import Node, contradiction

CONFIGURATIONS_MAX: Final = 1_000_000  # looked at for one object, before giving up

_Done: TypeAlias = frozenset[int]  # numbers of calls that are running and count as done
_Configurations: TypeAlias = dict[tuple[_Done, State], Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a serial order explains the history: one that does, or why there is none."""

    order: tuple[Call, ...] = field(default=(), repr=False)  # object after object
    fault: str = ""
    configurations: int = 0  # looked at

    @property
    def explained(self) -> bool:
        return not self.fault


def explain(calls: Iterable[Call], initial: Mapping[Cell, int] | None = None) -> Verdict:
    """Find a serial order of *calls* that begins with the *initial* state of the cells."""
    order: list[Call] = []
    looked = 0
    for related in _objects(calls):
        search = _Search(related, initial or {})
        fault = search.run()
        looked += search.looked
        if fault:
            return Verdict(fault=fault, configurations=looked)
        order += search.order()
    return Verdict(order=tuple(order), configurations=looked)


class _Event(NamedTuple):
    """A beginning, without an answer, or the answer."""

    call: Call
    answer: Answer | None = None

    @property
    def at(self) -> tuple[int, bool]:
        """Its place in time. Of two at one instant the beginning comes first: they overlap."""
        if self.answer is None or self.call.responded is None:
            return self.call.invoked, False
        return self.call.responded, True


class _Search:
    """The search over the calls of one object."""

    def __init__(self, calls: Collection[Call], initial: Mapping[Cell, int]) -> None:
        cells = dict.fromkeys(cell for call in calls for cell in call.operation.cells)
        self._places = {cell: place for place, cell in enumerate(cells)}
        self._calls = calls
        kinds = dict.fromkeys((call.operation, call.answer) for call in calls)
        self._kinds = {kind: number for number, kind in enumerate(kinds)}
        self._running: dict[int, Call] = {}
        root = Node(state=tuple(initial.get(cell, 0) for cell in cells))
        self._reached: _Configurations = {(frozenset(), root.state): root}
        self._tried: list[tuple[_Done, Node]] = []  # for the last answer
        self.looked = 0

    def run(self) -> str:
        """Go through the history; return what contradicts it, or nothing."""
        for event in self._events():
            call = event.call
            if event.answer is None:
                self._running[call.number] = call
                continue
            self._reached = self._answer(call)
            if self.looked > CONFIGURATIONS_MAX:
                return f"undecided after {self.looked} configurations, at the answer of {call}"
            if not self._reached:
                return contradiction(call, event.answer, self._tried, self._running, self._places)
            del self._running[call.number]
        return ""

    def order(self) -> Iterator[Call]:
        """Return one serial order, once ``run`` has found that there is one."""
        end = next(iter(self._reached.values()))
        return reversed([call for call, _ in end.back()])

    def _events(self) -> list[_Event]:
        events = [_Event(call) for call in self._calls]
        events += [_Event(call, call.answer) for call in self._calls if call.answer is not None]
        return sorted(events, key=lambda event: event.at)

    def _answer(self, call: Call) -> _Configurations:
        """Return the configurations in which *call* is done: it is answered now."""
        found: _Configurations = {}
        self._tried = []
        seen: set[tuple[_Done, State]] = set()
        todo = [(done, node) for (done, _), node in self._reached.items()]
        while todo and self.looked <= CONFIGURATIONS_MAX:
            done, node = self._absorb(*todo.pop())
            if (done, node.state) in seen:
                continue
            seen.add((done, node.state))
            self._tried.append((done, node))
            self.looked += 1
            if call.number in done:
                found[done - {call.number}, node.state] = node
                continue
            for other in self._candidates(done):
                after = node.then(other, self._places)
                if after is not None:
                    todo.append((done | {other.number}, after))
        return found

    def _candidates(self, done: _Done) -> Iterable[Call]:
        """Return the running calls that may come next; of twins, the one that is answered first.

        Where an order exists with the other twin first, it exists as well with the two exchanged.
        """
        first: dict[int, Call] = {}
        for number, call in self._running.items():
            if number not in done:
                kind = self._kinds[call.operation, call.answer]
                rival = first.get(kind)
                if rival is None or _end(call) < _end(rival):
                    first[kind] = call
        return first.values()

    def _absorb(self, done: _Done, node: Node) -> tuple[_Done, Node]:
        """Count as done what is answered alike here and changes nothing, now or later."""
        for number, other in self._running.items():
            if number not in done and other.is_idle:
                after = node.then(other, self._places)
                if after is not None:
                    done, node = done | {number}, after
        return done, node


def _end(call: Call) -> float:
    return math.inf if call.responded is None else call.responded


def _objects(calls: Iterable[Call]) -> Iterator[list[Call]]:
    """Split *calls* into groups that have no cell in common."""
    leader: dict[Cell, Cell] = {}

    def find(cell: Cell) -> Cell:
        while leader.setdefault(cell, cell) != cell:
            leader[cell] = cell = leader[leader[cell]]
        return cell

    ordered = sorted(calls, key=lambda call: call.invoked)
    for call in ordered:
        first, *others = call.operation.cells
        for cell in others:
            leader[find(cell)] = find(first)
    groups: dict[Cell, list[Call]] = {}
    for call in ordered:
        groups.setdefault(find(call.operation.cells[0]), []).append(call)
    yield from groups.values()

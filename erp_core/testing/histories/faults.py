"""Why no serial order exists, in a sentence that names the calls which contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from erp_core.testing.histories.calls import Answer, Call, Cell, State, World, shown


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """A state, and the calls that led to it: the end of a chain that begins at the root."""

    state: State
    call: Call | None = None
    before: Node | None = None
    depth: int = 0

    def then(self, call: Call, places: Mapping[Cell, int]) -> Node | None:
        """Return what follows when *call* is done here, None if it would be answered otherwise."""
        world = World(places, self.state)
        answer = call.operation.run(world)
        if call.answer is not None and answer != call.answer:
            return None
        return Node(state=tuple(world.values), call=call, before=self, depth=self.depth + 1)

    def back(self) -> Iterator[tuple[Call, Node]]:
        """Go through the calls, the last one first, each with what was before it."""
        node = self
        while node.call is not None and node.before is not None:
            yield node.call, node.before
            node = node.before


def contradiction(
    call: Call,
    answer: Answer,
    tried: Iterable[tuple[frozenset[int], Node]],
    running: Mapping[int, Call],
    places: Mapping[Cell, int],
) -> str:
    """Say why *call* with its *answer* can come after none of the chains that were *tried*.

    Each chain comes with the numbers of those of the *running* calls that are in it.
    """
    done, end = max(tried, key=lambda each: each[1].depth)
    why = _as_if(call, end, places) or _never(call, answer, end, places)
    beside = [str(each) for number, each in running.items() if number not in {call.number, *done}]
    return f"{call} {why}" + (f"; still without a place: {', '.join(beside)}" if beside else "")


def _as_if(call: Call, end: Node, places: Mapping[Cell, int]) -> str:
    """Name the last call after which the answer is no longer true."""
    for other, before in end.back():
        if before.then(call, places) is not None:
            text = f"was answered as if {other} had not taken place"
            if other.responded is not None and other.responded < call.invoked:
                return f"{text}, which had been answered before it was asked"
            return f"{text}, and the other way round no order explains both"
    return ""


def _never(call: Call, answer: Answer, end: Node, places: Mapping[Cell, int]) -> str:
    """Compare the answer with the one that is due; no state on the way would make it true."""
    due = call.operation.run(World(places, end.state))
    if answer.refused and not due.refused:
        told = ", ".join(f"{cell} {shown(value)}" for cell, value in answer.said)
        return f"was refused ({answer.refused}: {told}), and nothing on the way speaks against it"
    if due.refused and not answer.refused:
        return f"was done, and at every instant it had to be refused ({due.refused})"
    if len(answer.said) != len(due.said):
        return f"was told {len(answer.said)} numbers where {len(due.said)} are due: half of it"
    wrong = [pair for pair in zip(answer.said, due.said, strict=True) if pair[0] != pair[1]]
    if not wrong:
        return f"was refused as {answer.refused}, and the reason is {due.refused}"
    said, right = wrong[0]
    return (
        f"was told that {said.cell} was {shown(said.value)}, which it never was:"
        f" it is {shown(right.value)}{_since(said.cell, end, places)}"
    )


def _since(cell: Cell, end: Node, places: Mapping[Cell, int]) -> str:
    """Name the call that made the cell what it is."""
    place = places.get(cell)
    if place is None:  # not a cell, but a part of the answer alone
        return ""
    for call, before in end.back():
        if before.state[place] != end.state[place]:
            return f" since {call}"
    return " from the beginning"

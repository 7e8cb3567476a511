"""Histories told by hand, and a world in which they could have happened."""

from collections.abc import Iterable, Sequence

from erp_core.testing.histories import Answer, Call, Cell, Operation, World, explain
from erp_core.testing.histories.stock import Shelf

NORTH, SOUTH = Shelf("tea", "north"), Shelf("tea", "south")
RUM = Shelf("rum", "north")
AHEAD = Shelf("tea", "ahead", may_go_negative=True)
ONE = 1_000_000


class Serial:
    """A world in which calls are truly done one after the other, to learn what they answer."""

    def __init__(self) -> None:
        self.cells: dict[Cell, int] = {}

    def __call__(self, operation: Operation) -> Answer:
        cells = list(self.cells | dict.fromkeys(operation.cells))
        places = {cell: place for place, cell in enumerate(cells)}
        world = World(places, tuple(self.cells.get(cell, 0) for cell in cells))
        answer = operation.run(world)
        self.cells = dict(zip(cells, world.values, strict=True))
        return answer


class Tale:
    """A history, told by hand: ``tale(0, 9, operation, answer)``."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def __call__(
        self, invoked: int, responded: int | None, operation: Operation, answer: Answer | None
    ) -> None:
        call = Call(
            number=len(self.calls) + 1,
            caller=len(self.calls),
            operation=operation,
            invoked=invoked,
            responded=responded,
            answer=answer,
        )
        self.calls.append(call)

    def fault(self) -> str:
        verdict = explain(self.calls)
        assert not verdict.explained
        assert verdict.order == ()
        return verdict.fault


def assert_is_an_order(order: Sequence[Call], calls: Iterable[Call]) -> None:
    """Check the certificate: it is complete, respects time, and is answered so in its order."""
    assert {call for call in calls if call.responded is not None} <= set(order)
    for place, call in enumerate(order):
        later = order[place + 1 :]
        assert not any(is_before(each, call) for each in later if _shares(each, call))
    serial = Serial()
    for call in order:
        answer = serial(call.operation)
        assert call.answer in (None, answer)


def is_before(one: Call, other: Call) -> bool:
    return one.responded is not None and one.responded < other.invoked


def _shares(one: Call, other: Call) -> bool:
    return bool(set(one.operation.cells) & set(other.operation.cells))

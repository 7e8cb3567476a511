"""Calls as their callers saw them, and the serial world they are compared with."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from threading import get_ident
from typing import ClassVar, Final, NamedTuple, Protocol, TypeAlias

from erp_core.kernel.errors import (
    ContentionError,
    DeadlineExceededError,
    OperationCancelledError,
    StaleVersionError,
    UnavailableError,
)

MILLIONTHS: Final = 1_000_000

State: TypeAlias = tuple[int, ...]


class Cell(NamedTuple):
    """One number that the history is about: a quantity or a cost, in millionths."""

    what: str  # "on hand"
    product: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.what} of {self.product}" + (f" in {self.place}" if self.place else "")


class Said(NamedTuple):
    """What an answer says of one cell."""

    cell: Cell
    value: int


class Answer(NamedTuple):
    """What a caller was told: numbers, in the order in which they were told, or a refusal."""

    said: tuple[Said, ...] = ()
    refused: str = ""  # the code of the refusal


class World:
    """All cells as they are at one instant of the serial order; a cell nobody filled holds 0."""

    __slots__ = ("_places", "values")

    def __init__(self, places: Mapping[Cell, int], state: State) -> None:
        self._places = places
        self.values = list(state)

    def __getitem__(self, cell: Cell) -> int:
        return self.values[self._places[cell]]

    def __setitem__(self, cell: Cell, value: int) -> None:
        self.values[self._places[cell]] = value


class Operation(Protocol):
    """One thing that can be asked, with its arguments, and what a serial program does then."""

    reads: ClassVar[bool] = False  # True: it changes nothing, whatever it is answered

    @property
    @abstractmethod
    def cells(self) -> Sequence[Cell]:
        """Every cell it may look at or change; what it leaves out is not there for ``run``."""

    @abstractmethod
    def run(self, world: World) -> Answer:
        """Do it, alone in the *world*, and answer. A refusal leaves the world as it is."""

    @abstractmethod
    def __str__(self) -> str:
        """Name it for people: "issue of 3 tea from north"."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Call:
    """One operation, asked by somebody at some time; it took place in between, if it did."""

    number: int  # in the order of asking
    caller: int
    operation: Operation
    invoked: int  # nanoseconds on one clock
    responded: int | None  # None: nobody knows whether it took place
    answer: Answer | None  # None as well, then

    def __str__(self) -> str:
        return f"#{self.number} ({self.operation})"

    @property
    def is_idle(self) -> bool:
        """Whether it surely changed nothing, wherever in the order it is put."""
        return self.answer is not None and (self.operation.reads or bool(self.answer.refused))


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A call that surely had no effect: the store could not serve it."""

    operation: Operation
    code: str


class Recorder:
    """Writes down the calls of many threads. Each of them asks through ``call``."""

    def __init__(self, clock: Callable[[], int] = time.perf_counter_ns) -> None:
        self._clock = clock
        self._numbers = count(1)
        self.calls: list[Call] = []
        self.failures: list[Failure] = []

    def call(self, operation: Operation, perform: Callable[[], Answer]) -> Answer | None:
        """Perform *operation* and write down what it answered, which is also returned.

        What the store could not serve is a failure; where the answer is lost, the call is one of
        unknown outcome. Any other error is the caller's.
        """
        number, invoked = next(self._numbers), self._clock()
        responded: int | None
        answer: Answer | None
        try:
            answer = perform()
            responded = self._clock()
        except (ContentionError, StaleVersionError) as error:
            self.failures.append(Failure(operation=operation, code=error.code))
            return None
        except (UnavailableError, OperationCancelledError, DeadlineExceededError):
            answer = responded = None
        self.calls.append(
            Call(
                number=number,
                caller=get_ident(),
                operation=operation,
                invoked=invoked,
                responded=responded,
                answer=answer,
            )
        )
        return answer


def millionths(value: Decimal) -> int:
    """Return *value*, of at most six decimals, as a whole number of millionths."""
    return int(value.scaleb(6))


def shown(value: int) -> str:
    """Write a number of millionths for people."""
    whole, part = divmod(abs(value), MILLIONTHS)
    digits = f".{part:06d}".rstrip("0") if part else ""
    return f"{'-' if value < 0 else ''}{whole}{digits}"

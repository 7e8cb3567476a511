"""The circuit breaker, by a clock that is moved by hand."""

from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.kernel.breaker import Breaker, BreakerState
from erp_core.kernel.errors import (
    InvariantError,
    NotFoundError,
    OperationCancelledError,
    UnavailableError,
)
from erp_core.testing import MovableClock, at_once, context


@dataclass
class Line:
    """A line to somebody outside, guarded by a breaker."""

    clock: MovableClock = field(default_factory=MovableClock)
    told: list[str] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        self.breaker = Breaker(self.clock, told=lambda state: self.told.append(state.value))

    def call(self, error: Exception | None = None) -> None:
        with self.breaker.attempt(context(), answered_by=(NotFoundError,)):
            self.asked += 1
            if error is not None:
                raise error

    def fails(self, times: int = 1) -> None:
        for _ in range(times):
            with suppress(OSError):
                self.call(OSError("no answer"))

    def refuses(self) -> bool:
        try:
            self.call()
        except UnavailableError as error:
            return error.code == "breaker.open"
        return False


def test_it_opens_after_five_failures_in_a_row_and_not_before() -> None:
    line = Line()
    line.fails(4)
    line.call()
    line.fails(4)
    assert line.breaker.state is BreakerState.CLOSED
    line.fails()
    assert (line.breaker.state, line.told) == (BreakerState.OPEN, ["open"])


def test_while_it_is_open_nobody_is_asked() -> None:
    line = Line()
    line.fails(5)
    line.clock.move(29.9)

    assert line.refuses()
    assert line.asked == 5


def test_a_trial_that_succeeds_closes_it() -> None:
    line = Line()
    line.fails(5)
    line.clock.move(30)
    line.call()
    assert line.told == ["open", "half_open", "closed"]
    line.fails(4)
    assert line.breaker.state is BreakerState.CLOSED


def test_a_trial_that_fails_opens_it_for_another_while() -> None:
    line = Line()
    line.fails(5)
    line.clock.move(30)
    line.fails()
    assert line.told == ["open", "half_open", "open"]
    line.clock.move(29)
    assert line.refuses()


def test_a_refusal_is_an_answer() -> None:
    line = Line()
    for _ in range(9):
        with pytest.raises(NotFoundError):
            line.call(NotFoundError("no such mailbox"))
    assert line.breaker.state is BreakerState.CLOSED


def test_exactly_one_tries_while_it_is_half_open() -> None:
    line = Line()
    line.fails(5)
    line.clock.move(30)
    inside, refused = Event(), []

    def tries() -> str:
        try:
            with line.breaker.attempt(context()):
                inside.set()
                while len(refused) < 7:
                    assert inside.wait(10)
        except UnavailableError:
            refused.append(1)
            return "refused"
        return "asked"

    assert sorted(at_once(*[tries] * 8)) == ["asked"] + ["refused"] * 7
    assert line.breaker.state is BreakerState.CLOSED


def test_a_caller_who_gives_up_leaves_the_trial_to_the_next() -> None:
    line = Line()
    line.fails(5)
    line.clock.move(30)
    with pytest.raises(OperationCancelledError):
        line.call(OperationCancelledError("gone"))
    line.call()
    assert line.told == ["open", "half_open", "open", "half_open", "closed"]


def test_whoever_gives_up_on_a_closed_line_says_nothing_of_it() -> None:
    line = Line()
    for _ in range(9):
        with pytest.raises(OperationCancelledError):
            line.call(OperationCancelledError("gone"))
    assert line.told == []


def test_an_answer_that_comes_late_counts_no_more() -> None:
    line = Line()
    with line.breaker.attempt(context()):
        line.fails(5)
    assert line.breaker.state is BreakerState.OPEN
    assert line.told == ["open"]


def test_a_failure_that_comes_late_opens_nothing() -> None:
    line = Line()
    with suppress(InvariantError), line.breaker.attempt(context()):
        line.fails(5)
        line.clock.move(30)
        line.call()
        raise InvariantError("of the time before")
    assert line.breaker.state is BreakerState.CLOSED


@given(st.lists(st.sampled_from(["works", "fails", "waits"]), max_size=60))
def test_whatever_happens_it_asks_only_when_it_should(story: list[str]) -> None:
    line, failures, closed_again = Line(), 0, 0.0
    for step in story:
        now = line.clock.now(context()).timestamp()
        if step == "waits":
            line.clock.move(10)
            continue
        allowed = failures < 5 or now >= closed_again
        before = line.asked
        with suppress(OSError, UnavailableError):
            line.call(OSError() if step == "fails" else None)
        assert (line.asked > before) == allowed
        if allowed:
            failures = failures + 1 if step == "fails" else 0
            closed_again = now + 30


def test_who_only_checks_is_refused_alike_and_claims_no_trial() -> None:
    line = Line()
    line.breaker.check(context())
    line.fails(5)
    with pytest.raises(UnavailableError):
        line.breaker.check(context())
    line.clock.move(30)
    for _ in range(2):
        line.breaker.check(context())
    assert line.told == ["open"]
    line.call()
    assert line.told == ["open", "half_open", "closed"]

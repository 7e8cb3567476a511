"""The judge errs in neither direction: he is held against every order there is."""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erp_core.testing.histories import Answer, Call, Operation, explain
from erp_core.testing.histories.documents import Return, Revalue
from erp_core.testing.histories.stock import Adjust, Issue, Look, Receive, Transfer
from tests.histories.tales import (
    AHEAD,
    NORTH,
    ONE,
    RUM,
    SOUTH,
    Serial,
    Tale,
    assert_is_an_order,
    is_before,
)

SHELVES = st.sampled_from([NORTH, SOUTH, AHEAD])
FEW = st.sampled_from([ONE, 2 * ONE])
OPERATIONS = st.one_of(
    st.builds(Receive, SHELVES, FEW, st.sampled_from([0, ONE, 3 * ONE])),
    st.builds(Issue, SHELVES, FEW),
    st.builds(Transfer, st.just(NORTH), st.just(SOUTH), FEW),
    st.builds(Adjust, SHELVES, st.sampled_from([0, ONE])),
    st.just(Look((NORTH, SOUTH))),
    st.builds(Revalue, st.just(NORTH), st.just(ONE), st.just(ONE), FEW, st.just("m")),
    st.builds(Return, SHELVES, st.just(ONE), FEW, st.just(ONE), st.just("m")),
    st.builds(Issue, st.just(RUM), FEW),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Call]:
    """Make a history of a few overlapping calls, with answers from some order, or nearly so."""
    few = draw(st.lists(OPERATIONS, min_size=1, max_size=4))
    operations = draw(st.lists(st.sampled_from(few), min_size=2, max_size=5))  # twins among them
    serial, tale = Serial(), Tale()
    by_turns = draw(st.permutations(range(len(operations))))
    answers = {turn: serial(operations[turn]) for turn in by_turns}
    for turn, operation in enumerate(operations):
        invoked = draw(st.integers(0, 6))
        responded: int | None = invoked + draw(st.integers(0, 6))
        answer: Answer | None = answers[turn]
        match draw(st.integers(0, 9)):
            case 0:  # the answer of a world in which nothing else had happened
                answer = Serial()(operation)
            case 1:
                answer = responded = None
        tale(invoked, responded, operation, answer)
    return tale.calls


def brute_force(calls: Sequence[Call]) -> bool:
    """Try every subset of what is unknown, in every order."""
    known = [call for call in calls if call.answer is not None]
    unknown = [call for call in calls if call.answer is None]
    for size in range(len(unknown) + 1):
        for some in permutations(unknown, size):
            if any(_is_right(order) for order in permutations([*known, *some])):
                return True
    return False


def _is_right(order: Sequence[Call]) -> bool:
    serial = Serial()
    return all(
        not any(is_before(later, call) for later in order[place + 1 :])
        and call.answer in (None, serial(call.operation))
        for place, call in enumerate(order)
    )


@settings(max_examples=300)
@given(histories())
def test_the_verdict_is_that_of_trying_every_order(calls: list[Call]) -> None:
    verdict = explain(calls)

    assert verdict.explained == brute_force(calls), verdict.fault
    if verdict.explained:
        assert_is_an_order(verdict.order, calls)
    else:
        assert verdict.fault.startswith("#")


def _random_operation(dice: random.Random) -> Operation:
    shelf = dice.choice([NORTH, SOUTH, AHEAD])
    quantity = dice.choice([ONE, 2 * ONE])
    return dice.choice(
        [
            Receive(shelf, quantity, dice.choice([ONE, 3 * ONE])),
            Receive(shelf, quantity, dice.choice([ONE, 3 * ONE])),
            Issue(shelf, quantity),
            Issue(shelf, quantity),
            Transfer(NORTH, SOUTH, quantity),
            Adjust(shelf, quantity),
            Look((NORTH, SOUTH)),
        ]
    )


def a_long_history(seed: int) -> Tale:
    """2,000 calls by eight callers who are always busy: at each instant eight are running."""
    dice, serial, tale = random.Random(seed), Serial(), Tale()  # to be repeated
    free = [0] * 8
    for effect in range(10, 20_010, 10):  # the instants at which they take place
        caller = min(range(8), key=lambda each: free[each])
        operation = _random_operation(dice)
        answered = effect + dice.randrange(70)
        tale(min(free[caller] + 1, effect), answered, operation, serial(operation))
        free[caller] = answered
    return tale


@pytest.mark.parametrize("seed", range(3))
def test_a_long_history_is_judged_in_few_steps(seed: int) -> None:
    tale = a_long_history(seed)
    verdict = explain(tale.calls)

    assert verdict.explained, verdict.fault
    assert verdict.configurations < 100_000
    assert_is_an_order(verdict.order[:300], verdict.order[:300])


@pytest.mark.parametrize("seed", range(3))
def test_one_lie_in_a_long_history_is_found_in_few_steps(seed: int) -> None:
    tale = a_long_history(seed)
    lie = next(call for call in tale.calls[1500:] if isinstance(call.operation, Receive))
    assert lie.answer is not None
    *said, average = lie.answer.said
    told = Answer((*said, average._replace(value=average.value + 1)))
    tale.calls[lie.number - 1] = replace(lie, answer=told)
    verdict = explain(tale.calls)

    assert not verdict.explained
    assert f"#{lie.number} (" in verdict.fault
    assert verdict.configurations < 100_000

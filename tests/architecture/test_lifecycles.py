"""Every command of every aggregate in every state: it leads somewhere, or the state is named.

Commands and states are found in the code: one that is new fails here until ``lives`` says what it
does in each state.
"""

from __future__ import annotations

import inspect
from enum import StrEnum

import pytest

from erp_core.kernel.entity import Aggregate, Lifecycle
from erp_core.kernel.errors import TransitionError
from tests.architecture import house
from tests.architecture.lives import LIVES

MODULES = [
    each
    for each in house.modules(house.erp_core)
    if not each.__name__.startswith("erp_core.testing")
]


def _states() -> dict[type[StrEnum], Lifecycle[StrEnum]]:
    return {
        type(next(iter(value.steps))): value
        for module in MODULES
        for value in vars(module).values()
        if isinstance(value, Lifecycle)
    }


def _living() -> dict[type[Aggregate], type[StrEnum]]:
    """Return every aggregate that has a state with a lifecycle."""
    found = {}
    for module in MODULES:
        for name, value in vars(module).items():
            if not (inspect.isclass(value) and issubclass(value, Aggregate)):
                continue
            states = vars(module).get(value.__annotations__.get("state", ""))
            if value.__module__ == module.__name__ and states in STATES:
                found[vars(module)[name]] = states
    return found


def _commands(kind: type[Aggregate]) -> set[str]:
    """Return the methods that make another of it; what only asks is none."""
    return {
        name
        for name, method in vars(kind).items()
        if inspect.isfunction(method)
        and not name.startswith(("_", "require_"))
        and name != "stored"
        and {"Self", kind.__name__} & set(_words(method.__annotations__.get("return", "")))
    }


def _words(annotation: object) -> list[str]:
    return str(annotation).replace("[", " ").replace("]", " ").replace(",", " ").split()


STATES = _states()
LIVING = _living()
EVERY = [
    pytest.param(kind, state, command, id=f"{kind.__name__}-{state}-{command}")
    for kind, life in LIVES.items()
    for state in life.made
    for command in life.commands
]


def test_every_aggregate_with_a_lifecycle_has_a_life() -> None:
    assert set(LIVES) == set(LIVING)
    assert {type(next(iter(each.made))) for each in LIVES.values()} == set(STATES)


@pytest.mark.parametrize("kind", LIVING, ids=lambda each: each.__name__)
def test_a_life_has_every_state_and_every_command(kind: type[Aggregate]) -> None:
    life = LIVES[kind]
    assert set(life.made) == set(LIVING[kind])
    assert set(life.commands) | life.kept == _commands(kind)
    assert not set(life.commands) & life.kept
    asked = {(state, command) for state in life.made for command in life.commands}
    assert set(life.steps) <= asked, "a step of no state, or by no command"


@pytest.mark.parametrize(("kind", "state", "command"), EVERY)
def test_a_command_leads_where_it_is_said_or_is_refused_with_the_state_named(
    kind: type[Aggregate], state: StrEnum, command: str
) -> None:
    life = LIVES[kind]
    one, do, outcome = life.made[state](), life.commands[command], life.outcome(state, command)
    assert one.state is state
    if isinstance(outcome, StrEnum):
        assert do(one).state is outcome
        assert outcome is state or _reaches(kind, state, outcome)
        return
    with pytest.raises(outcome) as refusal:
        do(one)
    if outcome is TransitionError:
        details = refusal.value.details
        assert state in (details.get("source"), details.get("state")), details


def _reaches(kind: type[Aggregate], source: StrEnum, target: StrEnum) -> bool:
    """Say whether arrows lead there; a last part that arrives takes two at once."""
    steps = STATES[LIVING[kind]].steps
    return target in steps[source] or any(target in steps[each] for each in steps[source])

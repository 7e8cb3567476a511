"""What a lifecycle is in a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from erp_core.kernel.errors import ErpError, TransitionError

Outcome = StrEnum | type[ErpError]


@dataclass(frozen=True, kw_only=True)
class Life:
    """What *made* makes in each state; what is in no step is refused for the state."""

    made: Mapping[StrEnum, Callable[[], Any]]
    commands: Mapping[str, Callable[[Any], Any]]
    steps: Mapping[tuple[StrEnum, str], Outcome]
    kept: frozenset[str] = field(default=frozenset())  # of no command: what only reads or writes

    def outcome(self, state: StrEnum, command: str) -> Outcome:
        """Return where the command leads from the state, or the refusal."""
        return self.steps.get((state, command), TransitionError)


def always(states: type[StrEnum], *commands: str) -> dict[tuple[StrEnum, str], Outcome]:
    """Say that these commands leave every state as it is."""
    return {(state, command): state for state in states for command in commands}


def archivable(
    states: type[StrEnum],
    one: Callable[[], Any],
    restore: str = "restore",
    archive: str = "archive",
    **commands: Callable[[Any], Any],
) -> Life:
    """Return the life of a master: used, or used no more; it may change in both states."""
    active, archived = states
    return Life(
        made={state: lambda state=state: replace(one(), state=state) for state in states},
        commands={
            archive: lambda it: getattr(it, archive)(),
            restore: lambda it: getattr(it, restore)(),
            **commands,
        },
        steps={
            (active, archive): archived,
            (archived, restore): active,
            **always(states, *commands),
        },
    )

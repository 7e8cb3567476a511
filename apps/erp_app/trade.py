"""What this program does by itself: which jobs it knows, what makes them, and when.

Here an area's later work is registered, by hand, as its use cases are wired in the composition.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from erp_core.documents.entities import (
    NOTHING,
    WHENEVER,
    Every,
    Job,
    PlainMap,
    ScheduleName,
)
from erp_core.documents.use_cases import TidyHouseCommand
from erp_core.erp import Erp
from erp_core.identity.use_cases import TidySessionsCommand
from erp_core.kernel.context import Context
from erp_workers import Handler, Maker, Recurring, Report, Task

_ROUNDS_MAX: Final = 1000  # of one sweep; what is left then, the next one takes
_HOURLY: Final = Every(interval=timedelta(hours=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """The kinds of jobs, the makers of jobs by the name of their event, and the timetable."""

    tasks: tuple[Task, ...]
    makers: Mapping[str, Maker] = field(default_factory=dict)
    timetable: tuple[Recurring, ...] = ()


def trade(erp: Erp) -> Trade:
    """Return what the house itself needs done."""
    sessions, house = TidySessionsCommand(), TidyHouseCommand()
    tidy_sessions, tidy_house = erp.identity.tidy_sessions, erp.documents.tidy_house
    return Trade(
        tasks=(
            Task(
                kind="identity.tidy_sessions",
                do=_sweeping(lambda ctx: tidy_sessions(ctx, sessions), sessions.limit),
                grants=frozenset({tidy_sessions.permission}),
            ),
            Task(
                kind="documents.tidy_house",
                do=_sweeping(lambda ctx: tidy_house(ctx, house), house.limit),
                grants=frozenset({tidy_house.permission}),
            ),
        ),
        timetable=(_hourly("identity.tidy_sessions"), _hourly("documents.tidy_house")),
    )


def _hourly(kind: str) -> Recurring:
    return Recurring(name=ScheduleName(kind), rhythm=_HOURLY, kind=kind, priority=WHENEVER)


def _sweeping(sweep: Callable[[Context], int], limit: int) -> Handler:
    """Sweep until a sweep finds less than it could have taken."""

    def do(ctx: Context, job: Job, report: Report) -> PlainMap:
        for _ in range(_ROUNDS_MAX):
            ctx.check()
            if sweep(ctx) < limit:
                break
        return NOTHING

    return do

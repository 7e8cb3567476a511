"""The contract kit: inherit a contract, hand it your adapter, and let any test runner judge.

Standard library only, so that shipping it costs the core nothing. Under pytest add
``pytest.register_assert_rewrite("erp_core.testing")`` to conftest.py for readable failures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Final, TypeVar
from uuid import UUID

from erp_core.kernel.access import Principal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import ErpError
from erp_core.kernel.ports import Clock, Observation, Observer

T = TypeVar("T")

NOON: Final = datetime(2024, 2, 29, 12, 0, tzinfo=UTC)
ACME: Final = CompanyId(UUID(int=1))
RIVAL: Final = CompanyId(UUID(int=2))


class FixedClock(Clock):
    """Always noon on a leap day; sleeping takes no time."""

    def now(self, ctx: Context) -> datetime:
        return NOON

    def sleep(self, ctx: Context, seconds: float) -> None:
        ctx.check()


class MovableClock(Clock):
    """Begins at noon and goes on when told to; sleeping moves it."""

    def __init__(self) -> None:
        self._now = NOON

    def now(self, ctx: Context) -> datetime:
        return self._now

    def sleep(self, ctx: Context, seconds: float) -> None:
        ctx.check()
        self.move(seconds)

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)


class Witness(Observer):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.seen: list[Observation] = []

    def observe(self, ctx: Context, observation: Observation) -> None:
        self.seen.append(observation)


def context(*grants: str, company: CompanyId = ACME) -> Context:
    """Make the context of a test principal who holds exactly *grants*."""
    principal = Principal(id="tester", grants=frozenset(grants))
    return Context(principal=principal, company_id=company, request_id="test", currency="EUR")


@contextmanager
def expect(error: type[ErpError], code: str = "") -> Iterator[list[ErpError]]:
    """Demand that the block raises *error*, by its *code* where one is given.

    Yields a list in which the error will be found: ``pytest.raises`` without pytest.
    """
    caught: list[ErpError] = []
    try:
        yield caught
    except error as found:
        caught.append(found)
    if caught:
        assert code in ("", caught[0].code), f"expected {code}, and it was {caught[0].code}"
        return
    raise AssertionError(f"expected {error.__name__}, and nothing was raised")


def at_once(*jobs: Callable[[], T]) -> list[T]:
    """Start every job in its own thread at the same moment; return or raise what they do."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T:
        start.wait(timeout=10)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))

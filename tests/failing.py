"""A store that fails where a test wants it to: at the n-th call of a repository.

``fails_everywhere`` runs a command again and again, each time over a fresh store, and lets every
call of a repository fail in turn until the command passes. After each failure nothing may be left
of it: all that the store holds is as it was before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from erp_core.kernel.context import Context
from erp_memory.store import MemoryStore

_OURS = frozenset({"journal"})  # of which a failure can leave nothing behind


class BrokenError(RuntimeError):
    """What a broken repository says; nothing retries it."""


class _Repository:
    """A repository whose methods are counted."""

    def __init__(self, real: object, count: Callable[[], None]) -> None:
        self._real = real
        self._count = count

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def call(*given: object, **named: object) -> object:
            result = found(*given, **named)  # it fails after its work: what it wrote must go
            self._count()
            return result

        return call


class _UnitOfWork:
    """A unit of work whose repositories are counted."""

    def __init__(self, real: object, count: Callable[[], None]) -> None:
        self._real = real
        self._count = count

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        return found if name in _OURS else _Repository(found, self._count)


class FailingStore:
    """A store, in memory or another, that fails at call number *at* from when it is armed."""

    def __init__(self, store: Any = None) -> None:
        self.store = MemoryStore() if store is None else store
        self.calls = 0
        self._at: int | None = None

    def arm(self, at: int) -> None:
        """Let the *at*-th call from now on fail."""
        self.calls, self._at = 0, at

    def disarm(self) -> None:
        """Let no call fail any more."""
        self._at = None

    @contextmanager
    def __call__(self, ctx: Context, /, *, read_only: bool = False) -> Iterator[Any]:
        with self.store(ctx, read_only=read_only) as uow:
            yield uow if self._at is None else _UnitOfWork(uow, self._tick)

    def holds(self) -> object:
        """Return all that is stored, to be compared."""
        return self.store._committed  # noqa: SLF001  # a snapshot of everything, asked of nobody

    def _tick(self) -> None:
        self.calls += 1
        if self.calls == self._at:
            raise BrokenError(f"call {self.calls} failed")


def fails_everywhere(
    prepare: Callable[[FailingStore], Callable[[], object]], most: int = 200
) -> int:
    """Let every repository call of a command fail in turn; return how many there are.

    *prepare* fills a fresh store and returns the command. What the store held before the command
    is what it must hold after each failure, and not what it holds once the command passes.
    """
    for at in range(1, most + 1):
        store = FailingStore()
        command = prepare(store)
        before = store.holds()
        store.arm(at)
        try:
            command()
        except BrokenError:
            assert store.holds() == before, f"something is left of a failure at call {at}"
            continue
        assert store.calls == at - 1
        assert store.holds() != before
        return store.calls
    pytest.fail(f"it calls the repositories more than {most} times")

"""What every aggregate shares: an identity, a version, events to tell, and a lifecycle."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final, Generic, Self, TypeVar
from uuid import UUID, SafeUUID

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import PreconditionFailedError, TransitionError

S = TypeVar("S", bound=StrEnum)

_RANDOM_BITS: Final = 74
_STEP_BITS: Final = 32


def uuid_of(value: int) -> UUID:
    """Do what ``UUID(int=value)`` does, which looks first in which of six ways it is called.

    *value* has 128 bits at most: nobody looks.
    """
    made = UUID.__new__(UUID)
    object.__setattr__(made, "int", value)
    object.__setattr__(made, "is_safe", SafeUUID.unknown)
    return made


class Ids:
    """UUIDv7 that grow within the process (RFC 9562, section 6.2, method 2)."""

    def __init__(
        self,
        nanoseconds: Callable[[], int] = time.time_ns,
        randbits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        self._nanoseconds = nanoseconds
        self._randbits = randbits
        self.forget()

    def forget(self) -> None:
        """Begin a new series: of two processes that were one, each needs its own."""
        self._lock = threading.Lock()
        self._millisecond = 0
        self._random = 0

    def next(self) -> UUID:
        """Return an id that is greater than all before."""
        with self._lock:
            now = self._nanoseconds() // 1_000_000
            if now > self._millisecond:
                self._begin(now)
            else:  # the same millisecond, or a clock that was set back
                self._step(self._randbits(_STEP_BITS))
            return uuid_of(self._value())

    def many(self, count: int) -> list[UUID]:
        """Return ids that grow from one to the next, asking for the time and for chance once.

        They stand next to each other in every index, whoever else makes ids meanwhile.
        """
        with self._lock:
            now = self._nanoseconds() // 1_000_000
            if now > self._millisecond:
                self._begin(now)
            bits = self._randbits(_STEP_BITS * count)
            made: list[UUID] = []
            for step in memoryview(bits.to_bytes(_STEP_BITS // 8 * count, "big")).cast("I"):
                self._step(step)
                made.append(uuid_of(self._value()))
            return made

    def _step(self, bits: int) -> None:
        self._random += bits + 1
        if self._random >> _RANDOM_BITS:
            self._begin(self._millisecond + 1)

    def _value(self) -> int:
        high, low = self._random >> 62, self._random & ((1 << 62) - 1)
        return (self._millisecond << 80) | (0x7 << 76) | (high << 64) | (0x2 << 62) | low

    def _begin(self, millisecond: int) -> None:
        self._millisecond = millisecond
        # The top bit is left clear: room to count on within one millisecond.
        self._random = self._randbits(_RANDOM_BITS - 1)


_ids = Ids()
os.register_at_fork(after_in_child=_ids.forget)


def new_id() -> UUID:
    """Make a UUIDv7 (RFC 9562): greater than every one this process made before."""
    return _ids.next()


def new_ids(count: int) -> list[UUID]:
    """Make *count* UUIDv7 at once: each greater than the one before."""
    return _ids.many(count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact worth telling. Fields are plain values, so that any adapter can serialise them."""

    name: ClassVar[str]

    id: UUID = field(default_factory=new_id)
    occurred_at: datetime  # aware, UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """The unit of consistency: loaded whole, changed by its own methods, saved whole.

    Immutable on purpose. A transition returns a new instance through ``replace()``, which runs
    ``__post_init__`` again: an aggregate that breaks its rules cannot come to exist, a snapshot
    costs nothing, and a retried use case never meets half-changed objects.
    """

    version: int = 0  # 0 until first stored; each save adds one
    events: tuple[Event, ...] = field(default=(), compare=False, repr=False)

    def stored(self, version: int) -> Self:
        """As the store now holds it: events told, version moved on."""
        return replace(self, version=version, events=())

    def expect(self, version: int | None) -> Self:
        """Return the aggregate itself if it is at *version*; None means that any will do.

        Raises:
            PreconditionFailedError: it has moved on since the caller saw it.
        """
        if version is not None and version != self.version:
            raise PreconditionFailedError(
                f"it is at version {self.version} now, not {version}: read it again",
                expected=version,
                version=self.version,
            )
        return self


class Lifecycle(Generic[S]):
    """A state machine as data: printable in the manual, checkable in a test."""

    def __init__(self, steps: Mapping[S, set[S]]) -> None:
        self.steps = steps

    def step(self, source: S, target: S) -> S:
        """Return *target*, or raise TransitionError when no arrow leads there."""
        if target not in self.steps[source]:
            raise TransitionError(f"{source} cannot become {target}", source=source, target=target)
        return target

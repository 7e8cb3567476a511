"""The ports every area needs.

A port is a ``Protocol`` whose every method takes the context first and is ``@abstractmethod``. Our
adapters inherit it, so that Python itself refuses an unfinished one; an integrator's adapter need
not, and is held to the same promise by the type checker and by ``erp_core.testing``.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from erp_core.kernel.audit import AuditRecord, Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Event
from erp_core.kernel.page import Page, PageRequest

U_co = TypeVar("U_co", covariant=True)


class Clock(Protocol):
    """Time, so that tests may own it. Proved by ``erp_core.testing.kernel.ClockContract``."""

    @abstractmethod
    def now(self, ctx: Context) -> datetime:
        """Return the present moment, aware, in UTC."""

    @abstractmethod
    def sleep(self, ctx: Context, seconds: float) -> None:
        """Wait, and wake at once when the context is cancelled or its deadline comes.

        Raises:
            OperationCancelledError: it was cancelled.
            DeadlineExceededError: the deadline came first.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """How one call of a use case went."""

    permission: str
    outcome: str  # "ok", or the code of the error
    seconds: float
    attempts: int  # 1 unless a race was lost and the call ran again


class Observer(Protocol):
    """Is told of every call. Proved by ``erp_core.testing.kernel.ObserverContract``."""

    @abstractmethod
    def observe(self, ctx: Context, observation: Observation) -> None:
        """Take note: a log line, a metric, a span. Raises nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An event as the outbox keeps it, and the request that it came of."""

    id: UUID
    company_id: CompanyId
    name: str
    payload: dict[str, str]
    by: str = ""  # principal id
    request_id: str = ""
    trace_id: str = ""
    attempts: int = 0  # to deliver it, that failed


class Outbox(Protocol):
    """Events written in the transaction that caused them, delivered after it, at least once.

    Proved by ``erp_core.testing.kernel.OutboxContract``.
    """

    @abstractmethod
    def append(self, ctx: Context, events: Iterable[Event]) -> None:
        """Write *events*; they are pending if and only if the unit of work commits."""

    @abstractmethod
    def pending(self, ctx: Context, limit: int) -> Sequence[Message]:
        """Return at most *limit* undelivered messages, oldest first, of every company.

        A relay serves the whole house, so this read looks past ``ctx.company_id``. What was
        given up is not among them.
        """

    @abstractmethod
    def claim(self, ctx: Context, now: datetime, limit: int) -> Sequence[Message]:
        """Return the same, and lock it until the end: others take the next ones meanwhile.

        What is to wait until a later moment is left out.
        """

    @abstractmethod
    def postpone(
        self, ctx: Context, message_id: UUID, until: datetime | None, problem: str, now: datetime
    ) -> None:
        """Note that a delivery failed: again from *until* on, or never, where that is None."""

    @abstractmethod
    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        """Drop at most *limit* messages given up before a moment; say how many."""

    @abstractmethod
    def settle(self, ctx: Context, message_ids: Iterable[UUID]) -> None:
        """Mark messages delivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """Which records: those of one action (or of all that begin so), of one principal."""

    page: PageRequest
    action: str = ""
    by: str = ""


class AuditLog(Protocol):
    """The audit trail. Proved by ``erp_core.testing.kernel.AuditLogContract``."""

    @abstractmethod
    def append(self, ctx: Context, record: AuditRecord) -> None:
        """Write *record*; it stands if and only if the unit of work commits."""

    @abstractmethod
    def page(self, ctx: Context, query: AuditQuery) -> Page[AuditRecord]:
        """Return one page of the company's records, in order of id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """What the caller calls this request, and a digest of what the request says."""

    key: str
    fingerprint: str  # the same for the same request, whatever it is made of


class IdempotencyStore(Protocol):
    """Answers given under a key. Proved by ``erp_core.testing.kernel.IdempotencyContract``."""

    @abstractmethod
    def claim(self, ctx: Context, key: IdempotencyKey, now: datetime) -> str | None:
        """Take the key for this principal, or return the answer it was given before.

        A rival who holds the key is waited for. A key older than a day is free again.

        Raises:
            InvariantError: the key was used for another request (``idempotency.reused``).
            ContentionError: the rival is still at it after the time one waits for a lock.
        """

    @abstractmethod
    def answer(self, ctx: Context, key: IdempotencyKey, text: str) -> None:
        """Keep the answer to the claimed *key*."""

    @abstractmethod
    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        """Drop at most *limit* keys claimed before a moment, of every company; say how many."""


class UnitOfWork(Protocol):
    """A transaction in progress. Each area extends it with the repositories that area needs."""

    @property
    @abstractmethod
    def outbox(self) -> Outbox: ...

    @property
    @abstractmethod
    def audit(self) -> AuditLog: ...

    @property
    @abstractmethod
    def idempotency(self) -> IdempotencyStore: ...

    @property
    @abstractmethod
    def journal(self) -> Journal: ...


class UnitOfWorkFactory(Protocol[U_co]):
    """Opens units of work: leaving the block commits, leaving it by an exception rolls back.

    Proved by ``erp_core.testing.kernel.UnitOfWorkFactoryContract``.
    """

    @abstractmethod
    def __call__(
        self, ctx: Context, /, *, read_only: bool = False
    ) -> AbstractContextManager[U_co]:
        """Begin. Whatever is written in a *read_only* unit of work is rolled back.

        A thread opens one writing unit of work at a time: a store may serialise all writers.

        Raises:
            ContentionError: the store could not serve in time, or chose us to end a deadlock.
            StaleVersionError: on leaving the block, if another transaction won the race.
            UnavailableError: the store is out of reach, or went away during the commit.
            OperationCancelledError: the context was cancelled meanwhile.
            DeadlineExceededError: its deadline passed meanwhile.
        """

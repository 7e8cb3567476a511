"""The one place that checks the caller, opens the transaction, audits, commits, and retries."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from inspect import isabstract
from typing import ClassVar, Final, Generic, TypeVar, final

from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    ContentionError,
    ErpError,
    StaleVersionError,
    TransitionError,
)
from erp_core.kernel.ports import (
    Clock,
    IdempotencyKey,
    Observation,
    Observer,
    UnitOfWork,
    UnitOfWorkFactory,
)

U = TypeVar("U", bound=UnitOfWork)
C = TypeVar("C")
R = TypeVar("R")
A = TypeVar("A")

_PAUSES_SECONDS: Final = (0.01, 0.05, 0.25)  # three retries, then the caller hears of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an idempotent call says, and whether it says it for the second time."""

    text: str
    replayed: bool


@dataclass(frozen=True, kw_only=True)
class UseCase(ABC, Generic[U, C, R]):
    """One thing a person can ask of the system. Call it: ``use_case(ctx, command)``.

    A subclass declares its ``permission``, names the ports it needs as fields, and writes
    ``execute``. It cannot forget to authorise, audit, commit or retry, since it does none of
    these. More steps are there for the few that need them: ``rehearse`` and ``prepare``, before
    the transaction, and ``conclude``, after the commit.
    """

    permission: ClassVar[str]
    read_only: ClassVar[bool] = False  # True for queries: they never wait for a writer

    unit_of_work: UnitOfWorkFactory[U]
    clock: Clock
    observer: Observer

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()  # Generic's own: a use case may have a type parameter itself
        if not isabstract(cls) and not hasattr(cls, "permission"):
            raise TypeError(f"{cls.__name__} declares no permission")

    @final
    def __call__(self, ctx: Context, command: C) -> R:
        """Authorise, then execute in one transaction, again from the start if it lost a race.

        Raises:
            PermissionDeniedError: the principal lacks ``permission``.
            OperationCancelledError: the caller gave up.
            DeadlineExceededError: the caller stopped waiting.
            StaleVersionError: every attempt lost its race.
            ContentionError: no attempt was served.
            UnavailableError: the store is out of reach.
        """

        def call(told: list[int]) -> R:
            return self.conclude(ctx, self._attempts(ctx, command, told, self._run))

        return self._observed(ctx, call)

    @final
    def once(
        self, ctx: Context, command: C, key: IdempotencyKey, render: Callable[[R], str]
    ) -> Answer:
        """Do it unless it was done under this *key*; answer as it was answered then.

        The key and the rendered answer are stored in the transaction of the effect: there is no
        moment at which one stands without the other. ``conclude`` is not asked.

        Raises:
            InvariantError: the key was used for another request.
            TransitionError: the first request under this key is still running.
            ErpError: as calling it does.
        """

        def run(ctx: Context, uow: U, command: C) -> Answer:
            try:
                known = uow.idempotency.claim(ctx, key, self.clock.now(ctx))
            except ContentionError as error:
                raise TransitionError(
                    "the first request with this key is still running: ask again for its answer",
                    code="idempotency.running",
                ) from error
            if known is not None:
                return Answer(text=known, replayed=True)
            text = render(self._run(ctx, uow, command))
            uow.idempotency.answer(ctx, key, text)
            return Answer(text=text, replayed=False)

        return self._observed(ctx, lambda told: self._attempts(ctx, command, told, run))

    def rehearse(self, ctx: Context, command: C) -> None:
        """Refuse what takes long to be found wrong, and needs nothing of the store.

        No unit of work is open meanwhile: nobody waits for its connection.
        """

    def prepare(self, ctx: Context, uow: U, command: C) -> C:
        """Do what needs no lock and takes long (hashing, say), before the transaction.

        *uow* only reads. The command that is returned is the one that is executed.
        """
        return command

    @abstractmethod
    def execute(self, ctx: Context, uow: U, command: C) -> R:
        """Do it. May run more than once, so touch the world only through *uow*."""

    def conclude(self, ctx: Context, result: R) -> R:
        """Have the last word after the commit: refuse what had to be recorded all the same."""
        return result

    def _attempts(
        self, ctx: Context, command: C, told: list[int], run: Callable[[Context, U, C], A]
    ) -> A:
        ctx.require(self.permission)
        self.rehearse(ctx, command)
        if type(self).prepare is not UseCase.prepare:
            with self.unit_of_work(ctx, read_only=True) as uow:
                command = self.prepare(ctx, uow, command)
        return self._again(ctx, told, lambda uow: run(ctx, uow, command))

    def _again(
        self,
        ctx: Context,
        told: list[int],
        run: Callable[[U], A],
        *,
        writing: bool = False,
    ) -> A:
        """Run in a transaction, as often as it takes; *writing* overrules ``read_only``."""
        read_only = self.read_only and not writing
        for pause in (*_PAUSES_SECONDS, None):
            ctx.check()
            told[0] += 1
            try:
                with self.unit_of_work(ctx, read_only=read_only) as uow:
                    result = run(uow)
            except (StaleVersionError, ContentionError):
                if pause is None:
                    raise
                self.clock.sleep(ctx, pause)
                continue
            return result
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _run(self, ctx: Context, uow: U, command: C) -> R:
        result = self.execute(ctx, uow, command)
        if not self.read_only:
            self._record(ctx, uow)
        return result

    def _record(self, ctx: Context, uow: U) -> None:
        uow.audit.append(
            ctx,
            AuditRecord(
                id=new_id(),
                at=self.clock.now(ctx),
                by=ctx.principal.id,
                request_id=ctx.request_id,
                action=self.permission,
                changes=uow.journal.take(),
            ),
        )

    def _observed(self, ctx: Context, call: Callable[[list[int]], A]) -> A:
        started, outcome, told = time.perf_counter(), "error", [0]
        try:
            result = call(told)
        except ErpError as error:
            outcome = error.code
            raise
        else:
            outcome = "ok"
            return result
        finally:
            seconds = time.perf_counter() - started
            self.observer.observe(
                ctx,
                Observation(
                    permission=self.permission,
                    outcome=outcome,
                    seconds=seconds,
                    attempts=told[0],
                ),
            )

"""What is done in many pieces, each in a transaction of its own."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Generic, TypeVar, final

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import (
    AlreadyExistsError,
    ErpError,
    InvariantError,
    NotFoundError,
    TransitionError,
)
from erp_core.kernel.ports import UnitOfWork
from erp_core.kernel.use_case import UseCase

U = TypeVar("U", bound=UnitOfWork)
C = TypeVar("C")
P = TypeVar("P")
D = TypeVar("D")

# What a piece itself is to blame for. Anything else, such as a database that is away, is about to
# befall the others as well: it ends the whole.
_REFUSALS: Final = (AlreadyExistsError, InvariantError, NotFoundError, TransitionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work(Generic[P, D]):
    """The pieces that were found, and what came of each."""

    pieces: tuple[P, ...]
    more: bool = False  # there are others, for another call
    done: tuple[D, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Piecework(UseCase[U, C, Work[P, D]], Generic[U, C, P, D]):
    """One thing a person asks for that is done piece by piece.

    ``execute`` finds the pieces, and only reads. Each is then done in a transaction of its own,
    tried again if it lost a race, and audited. A rule that refuses a piece undoes all of that
    piece; what is to be remembered of the refusal is written in a transaction after it, and the
    other pieces go on. What is found is done twice at worst by two callers at once, so ``do``
    looks again, under the lock.
    """

    read_only = True  # of finding; there is no single answer an idempotency key could stand for

    @abstractmethod
    def do(self, ctx: Context, uow: U, piece: P) -> D:
        """Do one piece. May run more than once, so touch the world only through *uow*."""

    @abstractmethod
    def refused(self, ctx: Context, uow: U, piece: P, error: ErpError) -> D:
        """Keep what is to be remembered of a piece that broke a rule."""

    @final
    def conclude(self, ctx: Context, result: Work[P, D]) -> Work[P, D]:
        """Do what was found, piece by piece."""
        return replace(result, done=tuple(self._piece(ctx, each) for each in result.pieces))

    def _piece(self, ctx: Context, piece: P) -> D:
        try:
            return self._written(ctx, lambda uow: self.do(ctx, uow, piece))
        except _REFUSALS as error:
            refusal = error  # the name of an except clause ends with it
        return self._written(ctx, lambda uow: self.refused(ctx, uow, piece, refusal))

    def _written(self, ctx: Context, step: Callable[[U], D]) -> D:
        def run(uow: U) -> D:
            done = step(uow)
            self._record(ctx, uow)
            return done

        return self._again(ctx, [0], run, writing=True)

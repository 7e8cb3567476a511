"""Who asks, for which company, and until when: the first argument of everything."""

from __future__ import annotations

import time
from dataclasses import field, replace
from typing import Final, NewType, Self
from uuid import UUID

from erp_core.kernel.access import Principal
from erp_core.kernel.cancellation import Cancellation
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import (
    DeadlineExceededError,
    OperationCancelledError,
    PermissionDeniedError,
)

CompanyId = NewType("CompanyId", UUID)

NO_COMPANY: Final = CompanyId(UUID(int=0))  # before sign-in, and for the house's own errands


@dataclass(slots=True)
class Usage:
    """What a request has cost so far; the one thing in a context that changes."""

    statements: int = 0
    seconds: float = 0.0  # spent waiting for the database
    locks: int = 0  # statements that asked for rows nobody else may change meanwhile
    lock_seconds: float = 0.0  # spent on them, most of it waiting for others

    def add(self, seconds: float) -> None:
        self.statements += 1
        self.seconds += seconds

    def add_lock(self, seconds: float) -> None:
        self.locks += 1
        self.lock_seconds += seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Immutable, explicit, passed down by hand: no thread-local ever holds it."""

    principal: Principal
    company_id: CompanyId  # every row read or written belongs to it
    request_id: str
    trace_id: str = ""  # W3C Trace Context, 32 hexadecimal digits; empty: not traced
    locale: str = "en"  # BCP 47
    currency: str = "BRL"  # the company's own (ISO 4217), where an amount names none
    deadline: float | None = None  # seconds on time.monotonic(); None: no limit
    cancellation: Cancellation = field(default_factory=Cancellation, compare=False, repr=False)
    usage: Usage = field(default_factory=Usage, compare=False, repr=False)

    def with_timeout(self, seconds: float) -> Self:
        """Return this context with at most *seconds* left; a nearer deadline stands."""
        deadline = time.monotonic() + seconds
        if self.deadline is not None:
            deadline = min(deadline, self.deadline)
        return replace(self, deadline=deadline)

    def remaining_seconds(self, limit: float) -> float:
        """Return how long one may still wait, and never more than *limit*."""
        if self.deadline is None:
            return limit
        return min(limit, max(0.0, self.deadline - time.monotonic()))

    def check(self) -> None:
        """Stop work that nobody waits for.

        Raises:
            OperationCancelledError: the caller gave up.
            DeadlineExceededError: the deadline has passed.
        """
        if self.cancellation.cancelled:
            raise OperationCancelledError(self.cancellation.reason)
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise DeadlineExceededError("the caller no longer waits")

    def require(self, permission: str) -> None:
        """Raise PermissionDeniedError unless the principal holds *permission*."""
        if not self.principal.may(permission):
            raise PermissionDeniedError(f"needs {permission}", permission=permission)

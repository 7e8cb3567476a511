"""What seals the audit trail."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import Context
from erp_core.kernel.ports import UnitOfWork
from erp_core.kernel.sealing import (
    SEALED_AFTER,
    AuditSeal,
    SealedRecord,
    chain,
    earliest_id,
    never_late,
)

SEALED_AT_ONCE_MAX: Final = 1000


class AuditSeals(Protocol):
    """Keeps the seals of the company's audit trail.

    Proved by ``erp_core.testing.identity.AuditSealsContract``.
    """

    @abstractmethod
    def head(self, ctx: Context) -> AuditSeal | None:
        """Return the last seal; None: nothing is sealed."""

    @abstractmethod
    def at(self, ctx: Context, position: int) -> AuditSeal | None:
        """Return the seal at a position, if there is one."""

    @abstractmethod
    def unsealed(
        self, ctx: Context, after: UUID, before: UUID, limit: int
    ) -> tuple[AuditRecord, ...]:
        """Return at most *limit* records without a seal, in order of id, between two ids."""

    @abstractmethod
    def add(self, ctx: Context, seals: Sequence[AuditSeal]) -> None:
        """Store new seals.

        Raises:
            StaleVersionError: somebody else has sealed meanwhile.
        """

    @abstractmethod
    def sealed(self, ctx: Context, after: int, limit: int) -> tuple[SealedRecord, ...]:
        """Return at most *limit* seals in order, those beyond a position, with their records."""


class SealsUnitOfWork(UnitOfWork, Protocol):
    """The transaction as whoever seals sees it."""

    @property
    @abstractmethod
    def audit_seals(self) -> AuditSeals: ...


def trail_waits(ctx: Context, uow: SealsUnitOfWork, now: datetime) -> bool:
    """Say whether there is anything to seal; changes nothing."""
    return bool(_waiting(ctx, uow, uow.audit_seals.head(ctx), now, 1))


def seal_trail(ctx: Context, uow: SealsUnitOfWork, now: datetime) -> int:
    """Seal what was recorded since the last time, some at once; say how many records.

    It is no use case: what it does leaves no record, which would have to be sealed in turn.

    Raises:
        StaleVersionError: somebody else has sealed meanwhile.
    """
    head = uow.audit_seals.head(ctx)
    records = _waiting(ctx, uow, head, now, SEALED_AT_ONCE_MAX)
    if records:
        uow.audit_seals.add(ctx, chain(head, records))
    return len(records)


def _waiting(
    ctx: Context, uow: SealsUnitOfWork, head: AuditSeal | None, now: datetime, most: int
) -> tuple[AuditRecord, ...]:
    until = earliest_id(now - SEALED_AFTER)
    return uow.audit_seals.unsealed(ctx, never_late(head), until, most)

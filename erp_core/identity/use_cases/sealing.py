"""Proving that the audit trail is as it was sealed."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from erp_core.identity.ports import IdentityUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.sealing import (
    AuditDifference,
    AuditSeal,
    Fault,
    broken,
    never_late,
)
from erp_core.kernel.use_case import UseCase

VERIFIED_AT_ONCE_MAX: Final = 10_000
INSERTED_MAX: Final = 1000  # that are named

_FIRST: Final = UUID(int=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyAuditQuery:
    """How much of the trail: what follows on a position, so many seals."""

    after: int = 0
    most: int = VERIFIED_AT_ONCE_MAX

    def __post_init__(self) -> None:
        ensure(
            self.after >= 0 and 1 <= self.most <= VERIFIED_AT_ONCE_MAX,
            "identity.audit.verify",
            f"begin at 0 or later, and ask for 1 to {VERIFIED_AT_ONCE_MAX} at once",
            field="after",
            most=VERIFIED_AT_ONCE_MAX,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditVerification:
    """Whether so much of the trail is as it was sealed."""

    checked: int
    last: AuditSeal | None  # of what was checked: who notes it elsewhere can prove it later
    more: bool
    differences: tuple[AuditDifference, ...]


@dataclass(frozen=True, kw_only=True)
class VerifyAudit(UseCase[IdentityUnitOfWork, VerifyAuditQuery, AuditVerification]):
    """Prove that the trail is as it was sealed; name what was changed, removed or inserted."""

    permission = "identity.audit_seal.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: VerifyAuditQuery
    ) -> AuditVerification:
        before = uow.audit_seals.at(ctx, command.after) if command.after else None
        sealed = uow.audit_seals.sealed(ctx, command.after, command.most + 1)
        more = len(sealed) > command.most
        sealed = sealed[: command.most]
        differences = broken(before, sealed)
        if not more:
            differences += _inserted(ctx, uow)
        return AuditVerification(
            checked=len(sealed),
            last=sealed[-1].seal if sealed else before,
            more=more,
            differences=differences,
        )


def _inserted(ctx: Context, uow: IdentityUnitOfWork) -> tuple[AuditDifference, ...]:
    """Return what lies in the trail, is older than what is sealed, and has no seal."""
    until = never_late(uow.audit_seals.head(ctx))
    found = uow.audit_seals.unsealed(ctx, _FIRST, until, INSERTED_MAX)
    return tuple(
        AuditDifference(fault=Fault.INSERTED, position=None, record_id=each.id) for each in found
    )

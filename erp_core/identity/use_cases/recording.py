"""Failures that count, and what a company's trail tells of its people's comings and goings."""

from __future__ import annotations

from datetime import datetime

from erp_core.identity.entities import attempts_id
from erp_core.identity.ports import IdentityUnitOfWork
from erp_core.identity.use_cases.authority import house
from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import TooManyAttemptsError


def record_in(
    ours: Context, uow: IdentityUnitOfWork, action: str, now: datetime, by: str = ""
) -> None:
    """Write what was noted so far into the trail of the company it concerns.

    Nobody is signed in when he signs in: what the kernel writes by itself stands outside of any
    company, where the company's own auditor would never find it.
    """
    uow.audit.append(
        ours,
        AuditRecord(
            id=new_id(),
            at=now,
            by=by or ours.principal.id,
            request_id=ours.request_id,
            action=action,
            changes=uow.journal.take(),
        ),
    )


def refuse_if_waiting(ctx: Context, uow: IdentityUnitOfWork, login: str, now: datetime) -> None:
    """Raise TooManyAttemptsError while *login* has to wait, before any effort is spent on it."""
    attempts = uow.sign_in_attempts.find(house(ctx), attempts_id(login))
    if attempts is not None and attempts.wait_seconds(now):
        raise too_many(attempts.wait_seconds(now))


def too_many(wait_seconds: int) -> TooManyAttemptsError:
    """Return the refusal of whoever failed too often."""
    return TooManyAttemptsError(
        f"too many failures: try again in {wait_seconds} s", retry_after_s=wait_seconds
    )

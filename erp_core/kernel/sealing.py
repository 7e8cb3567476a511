"""The chain that seals the audit trail: who changes, removes or inserts a record breaks it.

Each seal is a digest of its record and of the seal before it. Writers wait for nobody: records are
sealed a moment after their transaction, in the order in which they are met then.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.dataclass import dataclass

# A record carries the time at which its transaction was about to end. One that is younger than
# this may have neighbours that are not committed yet, and waits.
SEALED_AFTER: Final = timedelta(seconds=10)
# By so much a record may come late, for all the clocks of the machines: what is older than that,
# counted from the last one sealed, and has no seal was put there by nobody's command.
LATENESS_MAX: Final = timedelta(minutes=10)

_MILLISECONDS_SHIFT: Final = 80  # a UUIDv7 begins with its moment (RFC 9562)
_NOWHERE: Final = UUID(int=0)


class Fault(StrEnum):
    """What is wrong with the trail."""

    CHANGED = "changed"  # the record, or its seal, is not what was sealed
    REMOVED = "removed"  # the seal is there, and its record is not
    INSERTED = "inserted"  # the record is there, and was never sealed
    UNSEALED = "unsealed"  # a seal is missing between two others


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSeal:
    """Stands for one record, and for all that were sealed before it."""

    position: int  # 1, 2, 3, …: in the order of sealing
    record_id: UUID
    digest: str  # SHA-256, 64 hexadecimal digits

    def proves(self, record: AuditRecord, before: str) -> bool:
        """Say whether the record is the one that was sealed after the digest *before*."""
        return self.record_id == record.id and self.digest == _digest(
            self.position, record, before
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRecord:
    """A seal, and the record that has its id; None: there is none any more."""

    seal: AuditSeal
    record: AuditRecord | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditDifference:
    """Where the trail is not what was sealed."""

    fault: Fault
    position: int | None  # None: of what was never sealed
    record_id: UUID | None  # None: of a seal that is missing


def chain(head: AuditSeal | None, records: Sequence[AuditRecord]) -> tuple[AuditSeal, ...]:
    """Return the seals of *records*, which follow on *head*; None: the first of all."""
    last, digest = (0, "") if head is None else (head.position, head.digest)
    seals = []
    for position, record in enumerate(records, last + 1):
        digest = _digest(position, record, digest)
        seals.append(AuditSeal(position=position, record_id=record.id, digest=digest))
    return tuple(seals)


def broken(head: AuditSeal | None, sealed: Sequence[SealedRecord]) -> tuple[AuditDifference, ...]:
    """Return where *sealed*, which follow on *head*, are not what they were."""
    position, digest = (0, "") if head is None else (head.position, head.digest)
    found = []
    for each in sealed:
        seal = each.seal
        if seal.position != position + 1:
            found.append(
                AuditDifference(fault=Fault.UNSEALED, position=position + 1, record_id=None)
            )
        elif each.record is None:
            found.append(_fault(Fault.REMOVED, seal))
        elif not seal.proves(each.record, digest):
            found.append(_fault(Fault.CHANGED, seal))
        position, digest = seal.position, seal.digest
    return tuple(found)


def earliest_id(moment: datetime) -> UUID:
    """Return what every id made at *moment* or later is greater than."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << _MILLISECONDS_SHIFT)


def never_late(head: AuditSeal | None) -> UUID:
    """Return the id before which nothing can come any more, once *head* is sealed."""
    if head is None:
        return _NOWHERE
    seconds = (head.record_id.int >> _MILLISECONDS_SHIFT) / 1000
    return earliest_id(datetime.fromtimestamp(seconds, UTC) - LATENESS_MAX)


def _fault(fault: Fault, seal: AuditSeal) -> AuditDifference:
    return AuditDifference(fault=fault, position=seal.position, record_id=seal.record_id)


def _digest(position: int, record: AuditRecord, before: str) -> str:
    """Return the digest of all that a record says; of one meaning there is one spelling."""
    said = [
        before,
        position,
        str(record.id),
        record.at.astimezone(UTC).isoformat(timespec="microseconds"),
        record.by,
        record.request_id,
        record.action,
        [[each.kind, each.id, dict(each.before), dict(each.after)] for each in record.changes],
    ]
    spelled = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode("ascii")).hexdigest()

"""The seals of the audit trail, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from erp_core.identity.ports import AuditSeals
from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import Context
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.sealing import AuditSeal, SealedRecord
from erp_memory.tables import Tables


class MemoryAuditSeals(AuditSeals):
    def __init__(self, tables: Tables) -> None:
        self._seals = tables.audit_seals
        self._records = tables.audit

    def head(self, ctx: Context) -> AuditSeal | None:
        return max(self._of(ctx), key=lambda each: each.position, default=None)

    def at(self, ctx: Context, position: int) -> AuditSeal | None:
        return self._seals.get((ctx.company_id, position))

    def unsealed(
        self, ctx: Context, after: UUID, before: UUID, limit: int
    ) -> tuple[AuditRecord, ...]:
        sealed = {each.record_id for each in self._of(ctx)}
        found = (
            record
            for (owner, _), record in self._records.items()
            if owner == ctx.company_id and after < record.id < before and record.id not in sealed
        )
        return tuple(sorted(found, key=lambda each: each.id)[:limit])

    def add(self, ctx: Context, seals: Sequence[AuditSeal]) -> None:
        known = {each.record_id for each in self._of(ctx)}
        for each in seals:
            if (ctx.company_id, each.position) in self._seals or each.record_id in known:
                raise StaleVersionError("somebody else has sealed the trail meanwhile")
            self._seals[ctx.company_id, each.position] = each
            known.add(each.record_id)

    def sealed(self, ctx: Context, after: int, limit: int) -> tuple[SealedRecord, ...]:
        found = sorted(
            (each for each in self._of(ctx) if each.position > after),
            key=lambda each: each.position,
        )
        return tuple(
            SealedRecord(seal=each, record=self._records.get((ctx.company_id, each.record_id)))
            for each in found[:limit]
        )

    def _of(self, ctx: Context) -> list[AuditSeal]:
        return [each for (owner, _), each in self._seals.items() if owner == ctx.company_id]

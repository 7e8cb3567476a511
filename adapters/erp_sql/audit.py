"""The audit trail as rows: one a command, in the command's own transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Connection, Index, insert

from erp_core.kernel.audit import AuditRecord, Change
from erp_core.kernel.context import Context
from erp_core.kernel.page import Page
from erp_core.kernel.ports import AuditLog, AuditQuery
from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.keyset import Keyset, starts_with
from erp_sql.prepared import Prepared
from erp_sql.rows import Mapped, mapped_column


class AuditRow(Base):
    __tablename__ = "audit_record"
    __table_args__ = (Index(None, "company_id", "action", "id"), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(text(64))
    request_id: Mapped[str] = mapped_column(text(64))
    action: Mapped[str] = mapped_column(text(96))
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


_INSERT = Prepared(insert(AuditRow))
_KEYSET = Keyset(AuditRow.__table__, {})


class SqlAuditLog(AuditLog):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, ctx: Context, record: AuditRecord) -> None:
        _INSERT.change(
            self._connection,
            {
                "company_id": ctx.company_id,
                "id": record.id,
                "at": record.at,
                "by": record.by,
                "request_id": record.request_id,
                "action": record.action,
                "changes": [
                    {
                        "kind": each.kind,
                        "id": each.id,
                        "before": dict(each.before),
                        "after": dict(each.after),
                    }
                    for each in record.changes
                ],
            },
        )

    def page(self, ctx: Context, query: AuditQuery) -> Page[AuditRecord]:
        wanted = []
        if query.action:
            wanted += starts_with(AuditRow.action, query.action)
        if query.by:
            wanted.append(AuditRow.by == query.by)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_record)


def read_record(row: Any) -> AuditRecord:
    """Return the record of a row."""
    return AuditRecord(
        id=row.id,
        at=row.at,
        by=row.by,
        request_id=row.request_id,
        action=row.action,
        changes=tuple(Change(**each) for each in row.changes),
    )

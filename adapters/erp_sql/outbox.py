"""Events as rows, written by the transaction that caused them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Connection, bindparam, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.entity import Event
from erp_core.kernel.ports import Message, Outbox
from erp_sql.base import Base, text


class OutboxRow(Base):
    __tablename__ = "outbox"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # UUIDv7: primary-key order is time order
    company_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(text(64))
    payload: Mapped[dict[str, str]] = mapped_column(JSON)


_INSERT = insert(OutboxRow)
_PENDING = select(OutboxRow.__table__).order_by(OutboxRow.id).limit(bindparam("most"))
_SETTLE = delete(OutboxRow).where(OutboxRow.id.in_(bindparam("ids", expanding=True)))


class SqlOutbox(Outbox):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, ctx: Context, events: Iterable[Event]) -> None:
        rows = [_row(ctx, event) for event in events]
        if rows:
            self._connection.execute(_INSERT, rows)

    def pending(self, ctx: Context, limit: int) -> Sequence[Message]:
        return [
            Message(
                id=row.id,
                company_id=CompanyId(row.company_id),
                name=row.name,
                payload=row.payload,
            )
            for row in self._connection.execute(_PENDING, {"most": limit})
        ]

    def settle(self, ctx: Context, message_ids: Iterable[UUID]) -> None:
        self._connection.execute(_SETTLE, {"ids": list(message_ids)})


def _row(ctx: Context, event: Event) -> dict[str, Any]:
    payload = {each.name: str(getattr(event, each.name)) for each in fields(event)}
    return {"id": event.id, "company_id": ctx.company_id, "name": event.name, "payload": payload}

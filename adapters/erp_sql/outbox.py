"""Events as rows, written by the transaction that caused them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, Connection, bindparam, delete, insert, or_, select, update

from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.entity import Event
from erp_core.kernel.ports import Message, Outbox
from erp_sql.base import Base, text
from erp_sql.prepared import Prepared
from erp_sql.rows import Mapped, mapped_column

_PROBLEM_LENGTH: Final = 500


class OutboxRow(Base):
    __tablename__ = "outbox"

    id: Mapped[UUID] = mapped_column(primary_key=True)  # UUIDv7: primary-key order is time order
    company_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(text(64))
    payload: Mapped[dict[str, str]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(text(64))
    request_id: Mapped[str] = mapped_column(text(64))
    trace_id: Mapped[str] = mapped_column(text(32))
    attempts: Mapped[int]
    next_attempt_at: Mapped[datetime | None]  # none: at once
    given_up_at: Mapped[datetime | None]
    problem: Mapped[str] = mapped_column(text(_PROBLEM_LENGTH))


_TABLE = OutboxRow.__table__
_INSERT = Prepared(insert(OutboxRow))
_PENDING = (
    select(_TABLE)
    .where(_TABLE.c.given_up_at.is_(None))
    .order_by(_TABLE.c.id)
    .limit(bindparam("most"))
)
_CLAIM = _PENDING.where(
    or_(_TABLE.c.next_attempt_at.is_(None), _TABLE.c.next_attempt_at <= bindparam("moment"))
).with_for_update(skip_locked=True)
_SETTLE = delete(OutboxRow).where(OutboxRow.id.in_(bindparam("ids", expanding=True)))
_POSTPONE = (
    update(OutboxRow)
    .where(OutboxRow.id == bindparam("message"))
    .values(
        attempts=OutboxRow.attempts + 1,
        next_attempt_at=bindparam("until"),
        given_up_at=bindparam("end"),
        problem=bindparam("reason"),
    )
)
_OLD = (
    select(_TABLE.c.id).where(_TABLE.c.given_up_at < bindparam("moment")).limit(bindparam("most"))
)


class SqlOutbox(Outbox):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, ctx: Context, events: Iterable[Event]) -> None:
        _INSERT.change(self._connection, *[_row(ctx, event) for event in events])

    def pending(self, ctx: Context, limit: int) -> Sequence[Message]:
        return [_read(row) for row in self._connection.execute(_PENDING, {"most": limit})]

    def claim(self, ctx: Context, now: datetime, limit: int) -> Sequence[Message]:
        asked = {"most": limit, "moment": now}
        return [_read(row) for row in self._connection.execute(_CLAIM, asked)]

    def settle(self, ctx: Context, message_ids: Iterable[UUID]) -> None:
        self._connection.execute(_SETTLE, {"ids": list(message_ids)})

    def postpone(
        self, ctx: Context, message_id: UUID, until: datetime | None, problem: str, now: datetime
    ) -> None:
        asked = {
            "message": message_id,
            "until": until,
            "end": now if until is None else None,
            "reason": problem[:_PROBLEM_LENGTH],
        }
        self._connection.execute(_POSTPONE, asked)

    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        asked = {"moment": before, "most": limit}
        old = self._connection.execute(_OLD, asked).scalars().all()
        if old:
            self._connection.execute(_SETTLE, {"ids": list(old)})
        return len(old)


def _read(row: Any) -> Message:
    return Message(
        id=row.id,
        company_id=CompanyId(row.company_id),
        name=row.name,
        payload=row.payload,
        by=row.by,
        request_id=row.request_id,
        trace_id=row.trace_id,
        attempts=row.attempts,
    )


def _row(ctx: Context, event: Event) -> dict[str, Any]:
    return {
        "id": event.id,
        "company_id": ctx.company_id,
        "name": event.name,
        "payload": {each.name: str(getattr(event, each.name)) for each in fields(event)},
        "by": ctx.principal.id,
        "request_id": ctx.request_id,
        "trace_id": ctx.trace_id,
        "attempts": 0,
        "next_attempt_at": None,
        "given_up_at": None,
        "problem": "",
    }

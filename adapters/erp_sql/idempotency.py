"""Requests that have been answered, so that asking twice does it once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, Index, Text, bindparam, delete, select, update
from sqlalchemy.dialects import mysql

from erp_core.kernel.context import Context
from erp_core.kernel.errors import StaleVersionError, ensure
from erp_core.kernel.ports import IdempotencyKey, IdempotencyStore
from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.dialects import InsertAbsent
from erp_sql.rows import Mapped, mapped_column

KEPT: Final = timedelta(hours=24)


class IdempotencyRow(Base):
    __tablename__ = "idempotency"
    __table_args__ = (Index(None, "claimed_at"), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    principal: Mapped[str] = mapped_column(text(64), primary_key=True)
    key: Mapped[str] = mapped_column(text(255), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(text(64))
    claimed_at: Mapped[datetime]
    # MySQL's TEXT ends at 64 KiB, and it is the answer of a whole request.
    answer: Mapped[str | None] = mapped_column(Text().with_variant(mysql.MEDIUMTEXT(), "mysql"))


_TABLE = IdempotencyRow.__table__
_MAKE = InsertAbsent(_TABLE)  # type: ignore[arg-type]  # declared as FromClause, is a Table
_MINE = (
    _TABLE.c.company_id == bindparam("company"),
    _TABLE.c.principal == bindparam("who"),
    _TABLE.c.key == bindparam("name"),
)
_LOCK = select(_TABLE).where(*_MINE).with_for_update()
_RENEW = (
    update(IdempotencyRow)
    .where(*_MINE)
    .values(fingerprint=bindparam("print"), claimed_at=bindparam("moment"), answer=None)
)
_ANSWER = update(IdempotencyRow).where(*_MINE).values(answer=bindparam("text"))
_OLD = select(_TABLE).where(_TABLE.c.claimed_at < bindparam("moment")).limit(bindparam("most"))
# The moment again: a key that was used anew since it was found is not old any more.
_DROP = delete(IdempotencyRow).where(*_MINE, _TABLE.c.claimed_at < bindparam("moment"))


class SqlIdempotency(IdempotencyStore):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, ctx: Context, key: IdempotencyKey, now: datetime) -> str | None:
        row = {
            "company_id": ctx.company_id,
            "principal": ctx.principal.id,
            "key": key.key,
            "fingerprint": key.fingerprint,
            "claimed_at": now,
        }
        _MAKE(self._connection, [row])  # a rival's row that is not committed yet is waited for
        mine = _names(ctx, key)
        known = self._connection.execute(_LOCK, mine).one_or_none()
        if known is None:  # it was there, and was forgotten while we waited for it
            raise StaleVersionError("the key was forgotten just now")
        if known.claimed_at <= now - KEPT:
            renewed = {"print": key.fingerprint, "moment": now}
            self._connection.execute(_RENEW, mine | renewed)
            return None
        ensure(
            known.fingerprint == key.fingerprint,
            "idempotency.reused",
            "this Idempotency-Key was used for another request: choose a new one",
        )
        answer: str | None = known.answer
        return answer

    def answer(self, ctx: Context, key: IdempotencyKey, text: str) -> None:
        self._connection.execute(_ANSWER, _names(ctx, key) | {"text": text})

    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        old = self._connection.execute(_OLD, {"moment": before, "most": limit}).all()
        gone = [
            {"company": row.company_id, "who": row.principal, "name": row.key, "moment": before}
            for row in old
        ]
        if gone:
            self._connection.execute(_DROP, gone)
        return len(gone)


def _names(ctx: Context, key: IdempotencyKey) -> dict[str, Any]:
    return {"company": ctx.company_id, "who": ctx.principal.id, "name": key.key}

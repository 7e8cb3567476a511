"""Failures to sign in over one connection: made, locked, counted."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from erp_core.identity.entities import SignInAttempts, SignInAttemptsId
from erp_core.identity.ports import SignInAttemptRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import ContentionError
from erp_core.kernel.ports import Outbox
from erp_sql.dialects import InsertAbsent
from erp_sql.identity.mappers import read_sign_in_attempts, write_sign_in_attempts
from erp_sql.identity.models import SignInAttemptsRow
from erp_sql.masters import Masters

_MASTERS: Final = Masters(SignInAttemptsRow, "count of failures")
_TABLE: Final = _MASTERS.table
_MAKE: Final = InsertAbsent(_TABLE)
_OURS: Final = (_TABLE.c.company_id == bindparam("company"), _TABLE.c.id == bindparam("attempts"))
_FIND: Final = select(_TABLE).where(*_OURS)
_LOCK: Final = _FIND.with_for_update()
_OLD: Final = (
    select(_TABLE.c.id)
    .where(_TABLE.c.company_id == bindparam("company"), _TABLE.c.last_at < bindparam("moment"))
    .limit(bindparam("most"))
)
_DROP: Final = delete(_TABLE).where(*_OURS)


class SqlSignInAttempts(SignInAttemptRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal

    def find(self, ctx: Context, attempts_id: SignInAttemptsId) -> SignInAttempts | None:
        which = {"company": ctx.company_id, "attempts": attempts_id}
        row = self._connection.execute(_FIND, which).one_or_none()
        return None if row is None else read_sign_in_attempts(row)

    def lock(self, ctx: Context, attempts_id: SignInAttemptsId, now: datetime) -> SignInAttempts:
        made = SignInAttempts(id=attempts_id, last_at=now)
        _MAKE(self._connection, [write_sign_in_attempts(ctx.company_id, made)])
        which = {"company": ctx.company_id, "attempts": attempts_id}
        row = self._connection.execute(_LOCK, which).one_or_none()
        if row is None:  # it was there, and was forgotten while we waited for it
            raise ContentionError("the count of failures was dropped just now")
        return read_sign_in_attempts(row)

    def save(self, ctx: Context, attempts: SignInAttempts) -> SignInAttempts:
        before = read_sign_in_attempts(_MASTERS.get(self._connection, ctx, attempts.id))
        _MASTERS.save(self._connection, write_sign_in_attempts(ctx.company_id, attempts))
        self._outbox.append(ctx, attempts.events)
        self._journal.note_entity("identity.sign_in_attempts", before, attempts)
        return attempts.stored(attempts.version + 1)

    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        asked = {"company": ctx.company_id, "moment": before, "most": limit}
        old = self._connection.execute(_OLD, asked).scalars().all()
        if old:
            gone = [{"company": ctx.company_id, "attempts": each} for each in old]
            self._connection.execute(_DROP, gone)
        return len(old)

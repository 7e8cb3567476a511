"""Refresh tokens over one connection. The first token of a family is the family's lock."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from erp_core.identity.entities import RefreshToken, RefreshTokenId
from erp_core.identity.ports import RefreshTokenRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.ports import Outbox
from erp_sql.dialects import is_foreign_key
from erp_sql.identity.mappers import read_refresh_token, write_refresh_token
from erp_sql.identity.models import RefreshTokenRow
from erp_sql.masters import Masters

_MASTERS: Final = Masters(RefreshTokenRow, "refresh token")
_TABLE: Final = _MASTERS.table
_BY_SECRET: Final = select(_TABLE).where(_TABLE.c.secret_hash == bindparam("secret"))
_FIRST: Final = (
    select(_TABLE.c.id)
    .where(_TABLE.c.company_id == bindparam("company"), _TABLE.c.id == bindparam("family"))
    .with_for_update()
)
_END: Final = (
    update(_TABLE)
    .where(
        _TABLE.c.company_id == bindparam("company"),
        _TABLE.c.family_id == bindparam("family"),
        _TABLE.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("moment"), version=_TABLE.c.version + 1)
)
_OLD: Final = (
    select(_TABLE.c.company_id, _TABLE.c.id)
    .where(_TABLE.c.expires_at < bindparam("moment"))
    .limit(bindparam("most"))
)
_DROP: Final = delete(_TABLE).where(
    _TABLE.c.company_id == bindparam("company"), _TABLE.c.id == bindparam("token")
)


class SqlRefreshTokens(RefreshTokenRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[RefreshTokenId, RefreshToken] = {}  # as they were, for the journal

    def add(self, ctx: Context, token: RefreshToken) -> RefreshToken:
        try:
            _MASTERS.add(self._connection, write_refresh_token(ctx.company_id, token))
        except IntegrityError as error:
            if is_foreign_key(error):
                raise NotFoundError(f"no user {token.user_id}") from error
            raise AlreadyExistsError("a refresh token like this exists", field="id") from error
        return self._told(ctx, None, token)

    def lock(self, ctx: Context, secret_hash: str) -> tuple[CompanyId, RefreshToken] | None:
        asked = {"secret": secret_hash}
        row = self._connection.execute(_BY_SECRET, asked).one_or_none()
        if row is None:
            return None
        place = {"company": row.company_id, "family": row.family_id}
        self._connection.execute(_FIRST, place)
        # Read again: until now somebody else may have held the family, and spent the token.
        row = self._connection.execute(_BY_SECRET, asked).one_or_none()
        if row is None:
            return None
        token = self._seen[RefreshTokenId(row.id)] = read_refresh_token(row)
        return CompanyId(row.company_id), token

    def save(self, ctx: Context, token: RefreshToken) -> RefreshToken:
        stored = _MASTERS.get(self._connection, ctx, token.id)
        before = self._seen.get(token.id) or read_refresh_token(stored)
        _MASTERS.save(self._connection, write_refresh_token(ctx.company_id, token))
        return self._told(ctx, before, token)

    def end_family(self, ctx: Context, family_id: RefreshTokenId, now: datetime) -> None:
        which = {"company": ctx.company_id, "family": family_id, "moment": now}
        self._connection.execute(_END, which)
        told = {"ended_at": now.isoformat()}
        self._journal.note("identity.session", str(family_id), {}, told)

    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        old = self._connection.execute(_OLD, {"moment": before, "most": limit}).all()
        gone: list[dict[str, Any]] = [{"company": row.company_id, "token": row.id} for row in old]
        if gone:
            self._connection.execute(_DROP, gone)
        return len(gone)

    def _told(
        self, ctx: Context, before: RefreshToken | None, token: RefreshToken
    ) -> RefreshToken:
        self._outbox.append(ctx, token.events)
        self._journal.note_entity("identity.refresh_token", before, token)
        stored = token.stored(token.version + 1)
        self._seen[stored.id] = stored
        return stored

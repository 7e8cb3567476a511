"""Refresh tokens and failures in dictionaries. One writer at a time: a lock is a mere note."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from erp_core.identity.entities import (
    RefreshToken,
    RefreshTokenId,
    SignInAttempts,
    SignInAttemptsId,
)
from erp_core.identity.ports import RefreshTokenRepository, SignInAttemptRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.ports import Outbox
from erp_memory.tables import Tables


class MemoryRefreshTokens(RefreshTokenRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._tokens = tables.refresh_tokens
        self._users = tables.users
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, token: RefreshToken) -> RefreshToken:
        if (ctx.company_id, token.id) in self._tokens or self.lock(ctx, token.secret_hash):
            raise AlreadyExistsError("a refresh token like this exists", field="id")
        if (ctx.company_id, token.user_id) not in self._users:
            raise NotFoundError(f"no user {token.user_id}")
        return self._write(ctx, None, token)

    def lock(self, ctx: Context, secret_hash: str) -> tuple[CompanyId, RefreshToken] | None:
        found = (
            (owner, each)
            for (owner, _), each in self._tokens.items()
            if each.secret_hash == secret_hash
        )
        return next(found, None)

    def save(self, ctx: Context, token: RefreshToken) -> RefreshToken:
        before = self._tokens.get((ctx.company_id, token.id))
        if before is None:
            raise NotFoundError(f"no refresh token {token.id}")
        if before.version != token.version:
            raise StaleVersionError("the refresh token has changed")
        return self._write(ctx, before, token)

    def end_family(self, ctx: Context, family_id: RefreshTokenId, now: datetime) -> None:
        ours = [each for (owner, _), each in self._tokens.items() if owner == ctx.company_id]
        for each in ours:
            if each.family_id == family_id and each.ended_at is None:
                ended = replace(each, ended_at=now).stored(each.version + 1)
                self._tokens[ctx.company_id, each.id] = ended
        told = {"ended_at": now.isoformat()}
        self._journal.note("identity.session", str(family_id), {}, told)

    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        old = [place for place, each in self._tokens.items() if each.expires_at < before]
        for place in old[:limit]:
            del self._tokens[place]
        return len(old[:limit])

    def _write(
        self, ctx: Context, before: RefreshToken | None, token: RefreshToken
    ) -> RefreshToken:
        self._outbox.append(ctx, token.events)
        self._journal.note_entity("identity.refresh_token", before, token)
        stored = token.stored(token.version + 1)
        self._tokens[ctx.company_id, token.id] = stored
        return stored


class MemorySignInAttempts(SignInAttemptRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._attempts = tables.sign_in_attempts
        self._outbox = outbox
        self._journal = journal

    def find(self, ctx: Context, attempts_id: SignInAttemptsId) -> SignInAttempts | None:
        return self._attempts.get((ctx.company_id, attempts_id))

    def lock(self, ctx: Context, attempts_id: SignInAttemptsId, now: datetime) -> SignInAttempts:
        made = SignInAttempts(id=attempts_id, last_at=now, version=1)
        return self._attempts.setdefault((ctx.company_id, attempts_id), made)

    def save(self, ctx: Context, attempts: SignInAttempts) -> SignInAttempts:
        before = self.find(ctx, attempts.id)
        if before is None:
            raise NotFoundError("nobody failed to sign in under this id")
        if before.version != attempts.version:
            raise StaleVersionError("the count of failures has changed")
        self._outbox.append(ctx, attempts.events)
        self._journal.note_entity("identity.sign_in_attempts", before, attempts)
        stored = attempts.stored(attempts.version + 1)
        self._attempts[ctx.company_id, attempts.id] = stored
        return stored

    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        old = [place for place, each in self._attempts.items() if each.last_at < before]
        for place in old[:limit]:
            del self._attempts[place]
        return len(old[:limit])

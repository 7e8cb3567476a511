"""Signing in, staying signed in, signing out."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import timedelta
from typing import Final

from erp_core.identity.entities import (
    FORGIVEN_AFTER,
    Outcome,
    RefreshToken,
    Session,
    User,
    as_login,
    attempts_id,
    digest,
    plain_password,
)
from erp_core.identity.ports import IdentityUnitOfWork, PasswordHasher
from erp_core.identity.use_cases.authority import house, require_house, session_grants, within
from erp_core.identity.use_cases.recording import record_in, refuse_if_waiting, too_many
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import UnauthenticatedError
from erp_core.kernel.use_case import UseCase

_KEPT_AFTER_EXPIRY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInCommand:
    """What was typed. The rest is filled in on the way, and not by the caller."""

    login: str
    password: str = field(repr=False)
    proven_epoch: int | None = None  # of the user whose password it is
    better_hash: str = field(default="", repr=False)  # what is to be stored in its place


@dataclass(frozen=True, kw_only=True)
class SignIn(UseCase[IdentityUnitOfWork, SignInCommand, Outcome[Session]]):
    """Open a session for whoever knows a login and its password.

    The answer to a wrong password, to an unknown login and to a disabled user is the same, and
    takes the same steps: one verification, one count. A failure is counted even though it is
    refused, which is why the refusal comes after the commit.

    Raises:
        UnauthenticatedError: these are no credentials (``identity.credentials``).
        TooManyAttemptsError: one failed too often under this login, and has to wait.
    """

    permission = "identity.session.open"

    hasher: PasswordHasher

    def prepare(
        self, ctx: Context, uow: IdentityUnitOfWork, command: SignInCommand
    ) -> SignInCommand:
        refuse_if_waiting(ctx, uow, command.login, self.clock.now(ctx))
        found = uow.users.find_by_login(house(ctx), as_login(command.login))
        stored = self.hasher.decoy(ctx) if found is None else found[1].password_hash
        if not self.hasher.verify(ctx, stored, plain_password(command.password)) or found is None:
            return replace(command, proven_epoch=None, better_hash="")
        better = ""
        if self.hasher.needs_rehash(ctx, stored):
            better = self.hasher.hash(ctx, plain_password(command.password))
        return replace(command, proven_epoch=found[1].auth_epoch, better_hash=better)

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: SignInCommand
    ) -> Outcome[Session]:
        now, outside = self.clock.now(ctx), house(ctx)
        attempts = uow.sign_in_attempts.lock(outside, attempts_id(command.login), now)
        wait = attempts.wait_seconds(now)
        if wait:  # others failed while this one was being verified
            return Outcome(refusal=too_many(wait))
        found = uow.users.find_by_login(outside, as_login(command.login))
        if found is None or not _is_proven(found[1], command):
            uow.sign_in_attempts.save(outside, attempts.fail(now))
            return self._refused(ctx, uow, command, found)
        if attempts.failures:
            uow.sign_in_attempts.save(outside, attempts.succeed(now))
        return Outcome(granted=self._opened(ctx, uow, command, *found))

    def conclude(self, ctx: Context, result: Outcome[Session]) -> Outcome[Session]:
        result.required()
        return result

    def _refused(
        self,
        ctx: Context,
        uow: IdentityUnitOfWork,
        command: SignInCommand,
        found: tuple[CompanyId, User] | None,
    ) -> Outcome[Session]:
        whom = attempts_id(command.login) if found is None else found[1].id
        uow.journal.note("identity.sign_in", str(whom), {}, {"outcome": "refused"})
        ours = house(ctx) if found is None else within(ctx, found[0])
        record_in(ours, uow, self.permission, self.clock.now(ctx))
        refusal = UnauthenticatedError(
            "login and password do not match", code="identity.credentials"
        )
        return Outcome(refusal=refusal)

    def _opened(
        self,
        ctx: Context,
        uow: IdentityUnitOfWork,
        command: SignInCommand,
        company_id: CompanyId,
        user: User,
    ) -> Session:
        ours, now = within(ctx, company_id), self.clock.now(ctx)
        if command.better_hash:
            user = uow.users.save(ours, user.rehashed(command.better_hash))
        token, secret = RefreshToken.first(user, now)
        token = uow.refresh_tokens.add(ours, token)
        record_in(ours, uow, self.permission, now, by=str(user.id))
        return _session(ours, uow, user, token, secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshSessionCommand:
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class RefreshSession(UseCase[IdentityUnitOfWork, RefreshSessionCommand, Outcome[Session]]):
    """Spend a refresh token, and issue the next one of its family.

    A token that was spent before ends its family, whoever presents it: one of the two who know it
    is a thief. The end is kept although the request is refused.

    Raises:
        UnauthenticatedError: the token is unknown, expired or ended (``identity.refresh``), or
            it was spent before (``identity.refresh_reused``).
    """

    permission = "identity.session.refresh"

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: RefreshSessionCommand
    ) -> Outcome[Session]:
        now = self.clock.now(ctx)
        found = uow.refresh_tokens.lock(house(ctx), digest(command.refresh_token))
        if found is None:
            raise _no_session()
        ours, token = within(ctx, found[0]), found[1]
        user = uow.users.get(ours, token.user_id)
        if token.used_at is not None:
            uow.refresh_tokens.end_family(ours, token.family_id, now)
            record_in(ours, uow, self.permission, now)
            return Outcome(refusal=_reused())
        if not token.serves(user, now):
            raise _no_session()
        uow.refresh_tokens.save(ours, token.spend(now))
        following, secret = token.next(now)
        following = uow.refresh_tokens.add(ours, following)
        record_in(ours, uow, self.permission, now, by=str(user.id))
        return Outcome(granted=_session(ours, uow, user, following, secret))

    def conclude(self, ctx: Context, result: Outcome[Session]) -> Outcome[Session]:
        result.required()
        return result


@dataclass(frozen=True, kw_only=True)
class EndSession(UseCase[IdentityUnitOfWork, RefreshSessionCommand, None]):
    """Sign out: end the family of a refresh token. A token that is unknown or over is no error.

    Raises:
        ContentionError: somebody else was refreshing the session all the time.
    """

    permission = "identity.session.end"

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: RefreshSessionCommand
    ) -> None:
        found = uow.refresh_tokens.lock(house(ctx), digest(command.refresh_token))
        if found is None:
            return
        ours, token, now = within(ctx, found[0]), found[1], self.clock.now(ctx)
        uow.refresh_tokens.end_family(ours, token.family_id, now)
        record_in(ours, uow, self.permission, now, by=str(token.user_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class TidySessionsCommand:
    limit: int = 1000  # of each kind, so that no run holds the database for long


@dataclass(frozen=True, kw_only=True)
class TidySessions(UseCase[IdentityUnitOfWork, TidySessionsCommand, int]):
    """Drop sessions that expired and failures that are forgiven; say how many. For a scheduler.

    Raises:
        PermissionDeniedError: the context is a company's.
    """

    permission = "identity.session.tidy"

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: TidySessionsCommand) -> int:
        require_house(ctx)
        now = self.clock.now(ctx)
        tokens = uow.refresh_tokens.forget(ctx, now - _KEPT_AFTER_EXPIRY, command.limit)
        return tokens + uow.sign_in_attempts.forget(ctx, now - FORGIVEN_AFTER, command.limit)


def _is_proven(user: User, command: SignInCommand) -> bool:
    # The epoch moves with the password, and stays when that is merely hashed anew.
    return user.active and user.auth_epoch == command.proven_epoch


def _no_session() -> UnauthenticatedError:
    return UnauthenticatedError("this session is over: sign in again", code="identity.refresh")


def _reused() -> UnauthenticatedError:
    return UnauthenticatedError(
        "this refresh token was used before, so its session is over: sign in again",
        code="identity.refresh_reused",
    )


def _session(
    ours: Context, uow: IdentityUnitOfWork, user: User, token: RefreshToken, secret: str
) -> Session:
    return Session(
        user=user,
        company=uow.companies.get(ours),
        grants=session_grants(ours, uow, user),
        refresh_token=secret,
        expires_at=token.expires_at,
    )

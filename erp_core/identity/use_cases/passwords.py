"""Changing passwords: one's own, or that of somebody who forgot his."""

from __future__ import annotations

from dataclasses import field, replace

from erp_core.identity.entities import (
    Outcome,
    User,
    UserId,
    attempts_id,
    plain_password,
    require_password,
)
from erp_core.identity.ports import IdentityUnitOfWork, PasswordHasher
from erp_core.identity.use_cases.authority import house, own_id, require_managed
from erp_core.identity.use_cases.recording import refuse_if_waiting, too_many
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePasswordCommand:
    """The old password and the new. The rest is filled in on the way."""

    current_password: str = field(repr=False)
    new_password: str = field(repr=False)
    proven_epoch: int | None = None
    new_hash: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class ChangePassword(UseCase[IdentityUnitOfWork, ChangePasswordCommand, Outcome[User]]):
    """Give oneself another password. All of one's sessions end, this one too.

    A wrong current password counts as a failure to sign in: a stolen session is no place from
    which to guess.

    Raises:
        InvariantError: the current password is another (``identity.password.current``), or the
            new one will not do.
        TooManyAttemptsError: one failed too often, and has to wait.
        PermissionDeniedError: it is a machine that asks.
    """

    permission = "identity.password.change"

    hasher: PasswordHasher

    def prepare(
        self, ctx: Context, uow: IdentityUnitOfWork, command: ChangePasswordCommand
    ) -> ChangePasswordCommand:
        user = uow.users.get(ctx, own_id(ctx))
        refuse_if_waiting(ctx, uow, user.login, self.clock.now(ctx))
        require_password(command.new_password, user.login, field="new_password")
        if not self.hasher.verify(
            ctx, user.password_hash, plain_password(command.current_password)
        ):
            return replace(command, proven_epoch=None, new_hash="")
        new_hash = self.hasher.hash(ctx, plain_password(command.new_password))
        return replace(command, proven_epoch=user.auth_epoch, new_hash=new_hash)

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: ChangePasswordCommand
    ) -> Outcome[User]:
        user, now = uow.users.get(ctx, own_id(ctx)), self.clock.now(ctx)
        outside = house(ctx)
        attempts = uow.sign_in_attempts.lock(outside, attempts_id(user.login), now)
        wait = attempts.wait_seconds(now)
        if wait:
            return Outcome(refusal=too_many(wait))
        if user.auth_epoch != command.proven_epoch:
            uow.sign_in_attempts.save(outside, attempts.fail(now))
            return Outcome(refusal=_not_current())
        return Outcome(granted=uow.users.save(ctx, user.with_password(command.new_hash)))

    def conclude(self, ctx: Context, result: Outcome[User]) -> Outcome[User]:
        result.required()
        return result


def _not_current() -> InvariantError:
    return InvariantError(
        "this is not your current password",
        code="identity.password.current",
        field="current_password",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPasswordCommand:
    """Names a user and his new password; its hash is filled in on the way."""

    id: UserId
    version: int | None = None
    password: str = field(repr=False)
    password_hash: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class SetPassword(UseCase[IdentityUnitOfWork, SetPasswordCommand, User]):
    """Give another password to somebody who forgot his. His sessions end.

    Raises:
        NotFoundError: no such user.
        PreconditionFailedError: he is not at the version the caller saw.
        InvariantError: the password will not do.
        PermissionDeniedError: he may more than the principal.
    """

    permission = "identity.user.set_password"

    hasher: PasswordHasher

    def prepare(
        self, ctx: Context, uow: IdentityUnitOfWork, command: SetPasswordCommand
    ) -> SetPasswordCommand:
        user = uow.users.get(ctx, command.id)
        require_managed(ctx, uow, user)
        require_password(command.password, user.login)
        return replace(
            command, password_hash=self.hasher.hash(ctx, plain_password(command.password))
        )

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: SetPasswordCommand) -> User:
        user = uow.users.get(ctx, command.id).expect(command.version)
        require_managed(ctx, uow, user)
        return uow.users.save(ctx, user.with_password(command.password_hash))

"""What an administrator does with users."""

from __future__ import annotations

from dataclasses import field, replace

from erp_core.identity.entities import (
    User,
    UserChanges,
    UserId,
    as_login,
    plain_password,
    require_password,
)
from erp_core.identity.ports import IdentityUnitOfWork, PasswordHasher, UserQuery
from erp_core.identity.use_cases.authority import (
    grants_of,
    require_held,
    require_managed,
    require_other,
    require_roles,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUserCommand:
    id: UserId
    login: str
    name: str
    password: str = field(repr=False)
    email: str = ""
    locale: str = ""
    roles: tuple[str, ...] = ()
    password_hash: str = field(default="", repr=False)  # filled in on the way

    def hashed(self, ctx: Context, hasher: PasswordHasher) -> CreateUserCommand:
        """Return the command with the password hashed.

        Raises:
            InvariantError: the password is too short, too common, or the login.
        """
        require_password(self.password, as_login(self.login))
        return replace(self, password_hash=hasher.hash(ctx, plain_password(self.password)))

    def user(self) -> User:
        """Return the user this asks for."""
        return User(
            id=self.id,
            login=as_login(self.login),
            name=self.name,
            email=self.email,
            password_hash=self.password_hash,
            locale=self.locale,
            roles=self.roles,
        )


@dataclass(frozen=True, kw_only=True)
class CreateUser(UseCase[IdentityUnitOfWork, CreateUserCommand, User]):
    """Enter somebody who may sign in from now on.

    Raises:
        InvariantError: the password will not do, or there is no such role.
        PermissionDeniedError: the roles allow more than the principal may.
        AlreadyExistsError: the id or the login is taken.
    """

    permission = "identity.user.create"

    hasher: PasswordHasher

    def prepare(
        self, ctx: Context, uow: IdentityUnitOfWork, command: CreateUserCommand
    ) -> CreateUserCommand:
        return command.hashed(ctx, self.hasher)

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: CreateUserCommand) -> User:
        user = command.user()
        require_held(ctx, sorted(grants_of(require_roles(ctx, uow, user.roles))))
        return uow.users.add(ctx, user)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCommand:
    """Names a user, and the version of him that the caller has seen (None: any)."""

    id: UserId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetUser(UseCase[IdentityUnitOfWork, UserCommand, User]):
    """Read one user.

    Raises:
        NotFoundError: no such user.
    """

    permission = "identity.user.read"
    read_only = True

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: UserCommand) -> User:
        return uow.users.get(ctx, command.id)


@dataclass(frozen=True, kw_only=True)
class ListUsers(UseCase[IdentityUnitOfWork, UserQuery, Page[User]]):
    """Read users a page at a time.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "identity.user.read"
    read_only = True

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: UserQuery) -> Page[User]:
        return uow.users.page(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUserCommand:
    id: UserId
    version: int | None
    changes: UserChanges


@dataclass(frozen=True, kw_only=True)
class ChangeUser(UseCase[IdentityUnitOfWork, ChangeUserCommand, User]):
    """Correct what is known of a user, or give him other roles, from his next refresh on.

    Raises:
        NotFoundError: no such user.
        PreconditionFailedError: he is not at the version the caller saw.
        InvariantError: there is no such role.
        PermissionDeniedError: he may more than the principal, or would; or he is the principal,
            who leaves his own roles alone.
    """

    permission = "identity.user.change"

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: ChangeUserCommand) -> User:
        user = uow.users.get(ctx, command.id).expect(command.version)
        require_managed(ctx, uow, user)
        changed = user.change(command.changes)
        if changed.roles != user.roles:
            require_other(ctx, user)
            require_held(ctx, sorted(grants_of(require_roles(ctx, uow, changed.roles))))
        return uow.users.save(ctx, changed)


@dataclass(frozen=True, kw_only=True)
class DisableUser(UseCase[IdentityUnitOfWork, UserCommand, User]):
    """Keep a user out. No session of his is refreshed any more.

    Raises:
        NotFoundError: no such user.
        PreconditionFailedError: he is not at the version the caller saw.
        TransitionError: he is disabled already.
        PermissionDeniedError: he may more than the principal, or is the principal.
    """

    permission = "identity.user.disable"

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: UserCommand) -> User:
        user = uow.users.get(ctx, command.id).expect(command.version)
        require_other(ctx, user)
        require_managed(ctx, uow, user)
        return uow.users.save(ctx, user.disable())


@dataclass(frozen=True, kw_only=True)
class EnableUser(UseCase[IdentityUnitOfWork, UserCommand, User]):
    """Let a user in again.

    Raises:
        NotFoundError: no such user.
        PreconditionFailedError: he is not at the version the caller saw.
        TransitionError: he is not disabled.
        PermissionDeniedError: he may more than the principal.
    """

    permission = "identity.user.enable"

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: UserCommand) -> User:
        user = uow.users.get(ctx, command.id).expect(command.version)
        require_managed(ctx, uow, user)
        return uow.users.save(ctx, user.enable())

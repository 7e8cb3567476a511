"""What an administrator does with roles."""

from __future__ import annotations

from erp_core.identity.entities import Role, RoleId
from erp_core.identity.ports import IdentityUnitOfWork, RoleQuery
from erp_core.identity.use_cases.authority import require_held
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class DefineRoleCommand:
    id: RoleId  # if it is new; one that exists keeps its own
    version: int | None = None
    name: str
    grants: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DefineRole(UseCase[IdentityUnitOfWork, DefineRoleCommand, Role]):
    """Say what a role allows: a new role, or one of that name which then allows this instead.

    Raises:
        InvariantError: these are no grants, or the role is built in.
        PermissionDeniedError: the role allows, or would allow, more than the principal may.
        PreconditionFailedError: it is not at the version the caller saw.
        AlreadyExistsError: the id is taken.
    """

    permission = "identity.role.define"

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: DefineRoleCommand) -> Role:
        wanted = Role(id=command.id, name=command.name, grants=command.grants)
        require_held(ctx, wanted.grants)
        known = uow.roles.named(ctx, [wanted.name])
        if not known:
            return uow.roles.add(ctx, wanted.expect(command.version))
        role = known[0].expect(command.version)
        changed = role.redefine(wanted.grants)
        require_held(ctx, role.grants)
        return uow.roles.save(ctx, changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCommand:
    """Names a role."""

    id: RoleId


@dataclass(frozen=True, kw_only=True)
class GetRole(UseCase[IdentityUnitOfWork, RoleCommand, Role]):
    """Read one role.

    Raises:
        NotFoundError: no such role.
    """

    permission = "identity.role.read"
    read_only = True

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: RoleCommand) -> Role:
        return uow.roles.get(ctx, command.id)


@dataclass(frozen=True, kw_only=True)
class ListRoles(UseCase[IdentityUnitOfWork, RoleQuery, Page[Role]]):
    """Read roles a page at a time.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "identity.role.read"
    read_only = True

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: RoleQuery) -> Page[Role]:
        return uow.roles.page(ctx, command)

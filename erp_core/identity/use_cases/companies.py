"""What is done with companies, and what one may know of oneself and of the past."""

from __future__ import annotations

from dataclasses import replace

from erp_core.identity.entities import (
    ADMINISTRATOR,
    BUILT_IN_ROLES,
    Company,
    CompanyChanges,
    Role,
    RoleId,
    SettingsChanges,
    User,
)
from erp_core.identity.ports import IdentityUnitOfWork, PasswordHasher
from erp_core.identity.use_cases.authority import own_id, require_house, within
from erp_core.identity.use_cases.recording import record_in
from erp_core.identity.use_cases.users import CreateUserCommand
from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import PermissionDeniedError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import AuditQuery
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCompanyCommand:
    company: Company
    administrator: CreateUserCommand  # whatever roles it names, he is the administrator


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompany:
    """A company with the one user it has so far."""

    company: Company
    administrator: User


@dataclass(frozen=True, kw_only=True)
class CreateCompany(UseCase[IdentityUnitOfWork, CreateCompanyCommand, NewCompany]):
    """Open the books of a company: with the built-in roles, and a first administrator.

    Raises:
        PermissionDeniedError: the context is a company's.
        InvariantError: the administrator's password will not do.
        AlreadyExistsError: the company's id or the administrator's login is taken.
    """

    permission = "identity.company.create"

    hasher: PasswordHasher

    def prepare(
        self, ctx: Context, uow: IdentityUnitOfWork, command: CreateCompanyCommand
    ) -> CreateCompanyCommand:
        require_house(ctx)
        return replace(command, administrator=command.administrator.hashed(ctx, self.hasher))

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: CreateCompanyCommand
    ) -> NewCompany:
        ours = within(ctx, command.company.id)
        company = uow.companies.add(ours, command.company)
        for name, grants in BUILT_IN_ROLES.items():
            role = Role(id=RoleId(new_id()), name=name, grants=grants, built_in=True)
            uow.roles.add(ours, role)
        user = replace(command.administrator.user(), roles=(ADMINISTRATOR,))
        administrator = uow.users.add(ours, user)
        record_in(ours, uow, self.permission, self.clock.now(ctx))
        return NewCompany(company=company, administrator=administrator)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListCompaniesQuery:
    limit: int = 1000


@dataclass(frozen=True, kw_only=True)
class ListCompanies(UseCase[IdentityUnitOfWork, ListCompaniesQuery, tuple[CompanyId, ...]]):
    """Say which companies there are, the oldest first: for the programs that keep the house.

    Raises:
        PermissionDeniedError: the context is a company's.
    """

    permission = "identity.house.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: ListCompaniesQuery
    ) -> tuple[CompanyId, ...]:
        require_house(ctx)
        return uow.companies.ids(ctx, command.limit)


@dataclass(frozen=True, kw_only=True)
class GetCompany(UseCase[IdentityUnitOfWork, None, Company]):
    """Read one's own company.

    Raises:
        NotFoundError: it does not exist.
    """

    permission = "identity.company.read"
    read_only = True

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: None) -> Company:
        return uow.companies.get(ctx)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCompanyCommand:
    version: int | None
    changes: CompanyChanges
    settings: SettingsChanges


@dataclass(frozen=True, kw_only=True)
class ChangeCompany(UseCase[IdentityUnitOfWork, ChangeCompanyCommand, Company]):
    """Correct what is known of one's own company, or how it works.

    Raises:
        NotFoundError: it does not exist.
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: what would come of it is no company.
    """

    permission = "identity.company.change"

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: ChangeCompanyCommand
    ) -> Company:
        company = uow.companies.get(ctx).expect(command.version)
        return uow.companies.save(ctx, company.change(command.changes, command.settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who asks, for whom, and what he may do."""

    user: User | None  # None: a machine
    company: Company
    grants: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class GetMe(UseCase[IdentityUnitOfWork, None, Me]):
    """Tell a principal who he is.

    Raises:
        NotFoundError: the user or his company is no more.
    """

    permission = "identity.me.read"
    read_only = True

    def execute(self, ctx: Context, uow: IdentityUnitOfWork, command: None) -> Me:
        return Me(
            user=_user(ctx, uow),
            company=uow.companies.get(ctx),
            grants=ctx.principal.grants,
        )


@dataclass(frozen=True, kw_only=True)
class ListAudit(UseCase[IdentityUnitOfWork, AuditQuery, Page[AuditRecord]]):
    """Read who changed what, a page at a time.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "identity.audit.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: IdentityUnitOfWork, command: AuditQuery
    ) -> Page[AuditRecord]:
        return uow.audit.page(ctx, command)


def _user(ctx: Context, uow: IdentityUnitOfWork) -> User | None:
    try:
        user_id = own_id(ctx)
    except PermissionDeniedError:
        return None
    return uow.users.get(ctx, user_id)

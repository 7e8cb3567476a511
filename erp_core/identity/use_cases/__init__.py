"""All that identity does."""

from __future__ import annotations

from erp_core.identity.use_cases.api_keys import (
    ApiKeyCommand,
    AuthenticateApiKey,
    GetApiKey,
    IssueApiKey,
    IssueApiKeyCommand,
    IssuedApiKey,
    KeyHolder,
    ListApiKeys,
    RevokeApiKey,
)
from erp_core.identity.use_cases.companies import (
    ChangeCompany,
    ChangeCompanyCommand,
    CreateCompany,
    CreateCompanyCommand,
    GetCompany,
    GetMe,
    ListAudit,
    ListCompanies,
    ListCompaniesQuery,
    Me,
    NewCompany,
)
from erp_core.identity.use_cases.passwords import (
    ChangePassword,
    ChangePasswordCommand,
    SetPassword,
    SetPasswordCommand,
)
from erp_core.identity.use_cases.roles import (
    DefineRole,
    DefineRoleCommand,
    GetRole,
    ListRoles,
    RoleCommand,
)
from erp_core.identity.use_cases.sealing import (
    VERIFIED_AT_ONCE_MAX,
    AuditVerification,
    VerifyAudit,
    VerifyAuditQuery,
)
from erp_core.identity.use_cases.sessions import (
    EndSession,
    RefreshSession,
    RefreshSessionCommand,
    SignIn,
    SignInCommand,
    TidySessions,
    TidySessionsCommand,
)
from erp_core.identity.use_cases.users import (
    ChangeUser,
    ChangeUserCommand,
    CreateUser,
    CreateUserCommand,
    DisableUser,
    EnableUser,
    GetUser,
    ListUsers,
    UserCommand,
)
from erp_core.kernel.dataclass import dataclass

__all__ = [
    "VERIFIED_AT_ONCE_MAX",
    "ApiKeyCommand",
    "AuditVerification",
    "AuthenticateApiKey",
    "ChangeCompany",
    "ChangeCompanyCommand",
    "ChangePassword",
    "ChangePasswordCommand",
    "ChangeUser",
    "ChangeUserCommand",
    "CreateCompany",
    "CreateCompanyCommand",
    "CreateUser",
    "CreateUserCommand",
    "DefineRole",
    "DefineRoleCommand",
    "DisableUser",
    "EnableUser",
    "EndSession",
    "GetApiKey",
    "GetCompany",
    "GetMe",
    "GetRole",
    "GetUser",
    "IdentityUseCases",
    "IssueApiKey",
    "IssueApiKeyCommand",
    "IssuedApiKey",
    "KeyHolder",
    "ListApiKeys",
    "ListAudit",
    "ListCompanies",
    "ListCompaniesQuery",
    "ListRoles",
    "ListUsers",
    "Me",
    "NewCompany",
    "RefreshSession",
    "RefreshSessionCommand",
    "RevokeApiKey",
    "RoleCommand",
    "SetPassword",
    "SetPasswordCommand",
    "SignIn",
    "SignInCommand",
    "TidySessions",
    "TidySessionsCommand",
    "UserCommand",
    "VerifyAudit",
    "VerifyAuditQuery",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityUseCases:
    """All of identity, wired: what HTTP, the CLI and an embedding program call."""

    sign_in: SignIn
    refresh_session: RefreshSession
    end_session: EndSession
    tidy_sessions: TidySessions
    change_password: ChangePassword
    set_password: SetPassword
    create_user: CreateUser
    change_user: ChangeUser
    disable_user: DisableUser
    enable_user: EnableUser
    get_user: GetUser
    list_users: ListUsers
    define_role: DefineRole
    get_role: GetRole
    list_roles: ListRoles
    issue_api_key: IssueApiKey
    revoke_api_key: RevokeApiKey
    get_api_key: GetApiKey
    list_api_keys: ListApiKeys
    authenticate_api_key: AuthenticateApiKey
    create_company: CreateCompany
    list_companies: ListCompanies
    get_company: GetCompany
    change_company: ChangeCompany
    get_me: GetMe
    list_audit: ListAudit
    verify_audit: VerifyAudit

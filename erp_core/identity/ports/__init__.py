"""What identity asks of the outside.

Four questions look past ``ctx.company_id``, since they are asked before the company is known:
whose login is this, whose API key, whose refresh token, and which companies there are. Each says
so, and answers with the company. Everything else is the company's own.
"""

from erp_core.identity.ports.audit_seals import (
    AuditSeals,
    SealsUnitOfWork,
    seal_trail,
    trail_waits,
)
from erp_core.identity.ports.masters import (
    ApiKeyQuery,
    ApiKeyRepository,
    CompanyRepository,
    RoleQuery,
    RoleRepository,
    UserQuery,
    UserRepository,
)
from erp_core.identity.ports.passwords import PasswordHasher
from erp_core.identity.ports.sessions import RefreshTokenRepository, SignInAttemptRepository
from erp_core.identity.ports.unit_of_work import IdentityUnitOfWork

__all__ = [
    "ApiKeyQuery",
    "ApiKeyRepository",
    "AuditSeals",
    "CompanyRepository",
    "IdentityUnitOfWork",
    "PasswordHasher",
    "RefreshTokenRepository",
    "RoleQuery",
    "RoleRepository",
    "SealsUnitOfWork",
    "SignInAttemptRepository",
    "UserQuery",
    "UserRepository",
    "seal_trail",
    "trail_waits",
]

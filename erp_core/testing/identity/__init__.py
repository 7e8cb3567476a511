"""What every keeper of users and sessions must do, and every hider of passwords."""

from erp_core.testing.identity.audit_seals import AuditSealsContract
from erp_core.testing.identity.builders import (
    a_company,
    a_key,
    a_refresh_token,
    a_role,
    a_user,
)
from erp_core.testing.identity.masters import (
    ApiKeyRepositoryContract,
    CompanyRepositoryContract,
    ConcurrentUserContract,
    RoleRepositoryContract,
    UserRepositoryContract,
)
from erp_core.testing.identity.passwords import FixedHasher, PasswordHasherContract
from erp_core.testing.identity.sessions import (
    RefreshTokenRepositoryContract,
    SignInAttemptRepositoryContract,
)

__all__ = [
    "ApiKeyRepositoryContract",
    "AuditSealsContract",
    "CompanyRepositoryContract",
    "ConcurrentUserContract",
    "FixedHasher",
    "PasswordHasherContract",
    "RefreshTokenRepositoryContract",
    "RoleRepositoryContract",
    "SignInAttemptRepositoryContract",
    "UserRepositoryContract",
    "a_company",
    "a_key",
    "a_refresh_token",
    "a_role",
    "a_user",
]

"""Companies, users, roles, keys and sessions in dictionaries."""

from erp_memory.identity.api_keys import MemoryApiKeys
from erp_memory.identity.audit_seals import MemoryAuditSeals
from erp_memory.identity.companies import MemoryCompanies
from erp_memory.identity.roles import MemoryRoles
from erp_memory.identity.sessions import MemoryRefreshTokens, MemorySignInAttempts
from erp_memory.identity.users import MemoryUsers

__all__ = [
    "MemoryApiKeys",
    "MemoryAuditSeals",
    "MemoryCompanies",
    "MemoryRefreshTokens",
    "MemoryRoles",
    "MemorySignInAttempts",
    "MemoryUsers",
]

"""The transaction as identity sees it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.identity.ports.audit_seals import AuditSeals
from erp_core.identity.ports.masters import (
    ApiKeyRepository,
    CompanyRepository,
    RoleRepository,
    UserRepository,
)
from erp_core.identity.ports.sessions import RefreshTokenRepository, SignInAttemptRepository
from erp_core.kernel.ports import UnitOfWork


class IdentityUnitOfWork(UnitOfWork, Protocol):
    """The transaction as identity sees it."""

    @property
    @abstractmethod
    def audit_seals(self) -> AuditSeals: ...

    @property
    @abstractmethod
    def companies(self) -> CompanyRepository: ...

    @property
    @abstractmethod
    def users(self) -> UserRepository: ...

    @property
    @abstractmethod
    def roles(self) -> RoleRepository: ...

    @property
    @abstractmethod
    def api_keys(self) -> ApiKeyRepository: ...

    @property
    @abstractmethod
    def refresh_tokens(self) -> RefreshTokenRepository: ...

    @property
    @abstractmethod
    def sign_in_attempts(self) -> SignInAttemptRepository: ...

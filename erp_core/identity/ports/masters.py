"""Keepers of companies, users, roles and API keys."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from erp_core.identity.entities import (
    ApiKey,
    ApiKeyId,
    Company,
    Role,
    RoleId,
    User,
    UserId,
    UserState,
)
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest


class CompanyRepository(Protocol):
    """Keeps companies. Proved by ``erp_core.testing.identity.CompanyRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, company: Company) -> Company:
        """Store a new company, which is the context's; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id is taken.
            NotFoundError: the context is another company's.
        """

    @abstractmethod
    def get(self, ctx: Context) -> Company:
        """Return the context's company.

        Raises:
            NotFoundError: there is no such company.
        """

    @abstractmethod
    def save(self, ctx: Context, company: Company) -> Company:
        """Store the context's changed company; return it as stored, one version on.

        Raises:
            NotFoundError: there is no such company, or the context is another's.
            StaleVersionError: ``company.version`` is not the stored one.
        """

    @abstractmethod
    def ids(self, ctx: Context, limit: int) -> tuple[CompanyId, ...]:
        """Return at most *limit* companies, the oldest first: all there are, whoever asks.

        For the house's own errands, such as finding out whether there is a company at all.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class UserQuery:
    """Which users: those in certain states, those whose login begins so."""

    page: PageRequest
    states: tuple[UserState, ...] = ()  # none: all
    login: str = ""


class UserRepository(Protocol):
    """Keeps users. Proved by ``erp_core.testing.identity.UserRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, user: User) -> User:
        """Store a new user; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id is taken in this company, or its login in any.
        """

    @abstractmethod
    def get(self, ctx: Context, user_id: UserId) -> User:
        """Return the user.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def save(self, ctx: Context, user: User) -> User:
        """Store a changed user; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``user.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: UserQuery) -> Page[User]:
        """Return one page of the company's users.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

    @abstractmethod
    def find_by_login(self, ctx: Context, login: str) -> tuple[CompanyId, User] | None:
        """Return whoever has this login, in any company, with his company."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleQuery:
    """Which roles: all of them."""

    page: PageRequest


class RoleRepository(Protocol):
    """Keeps roles. Proved by ``erp_core.testing.identity.RoleRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, role: Role) -> Role:
        """Store a new role; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id or its name is taken in this company.
        """

    @abstractmethod
    def save(self, ctx: Context, role: Role) -> Role:
        """Store a changed role; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``role.version`` is not the stored one.
        """

    @abstractmethod
    def get(self, ctx: Context, role_id: RoleId) -> Role:
        """Return the role.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def named(self, ctx: Context, names: Sequence[str]) -> tuple[Role, ...]:
        """Return the company's roles of these names, in order of name, without unknown ones."""

    @abstractmethod
    def page(self, ctx: Context, query: RoleQuery) -> Page[Role]:
        """Return one page of the company's roles.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKeyQuery:
    """Which API keys: all of them, also those that are over."""

    page: PageRequest


class ApiKeyRepository(Protocol):
    """Keeps API keys. Proved by ``erp_core.testing.identity.ApiKeyRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, key: ApiKey) -> ApiKey:
        """Store a new key; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id is taken in this company, or its prefix in any.
        """

    @abstractmethod
    def get(self, ctx: Context, key_id: ApiKeyId) -> ApiKey:
        """Return the key.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def save(self, ctx: Context, key: ApiKey) -> ApiKey:
        """Store a changed key; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``key.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: ApiKeyQuery) -> Page[ApiKey]:
        """Return one page of the company's keys.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

    @abstractmethod
    def find_by_prefix(self, ctx: Context, prefix: str) -> tuple[CompanyId, ApiKey] | None:
        """Return the key of this prefix, in any company, with its company."""

"""What identity asks of the outside.

Four questions look past ``ctx.company_id``, since they are asked before the company is known:
whose login is this, whose API key, whose refresh token, and which companies there are. Each says
so, and answers with the company. Everything else is the company's own.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from erp_core.identity.entities import (
    ApiKey,
    ApiKeyId,
    Company,
    RefreshToken,
    RefreshTokenId,
    Role,
    RoleId,
    SignInAttempts,
    SignInAttemptsId,
    User,
    UserId,
    UserState,
)
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.page import Page, PageRequest
from erp_core.kernel.ports import UnitOfWork


class PasswordHasher(Protocol):
    """Hides passwords, slowly. Proved by ``erp_core.testing.identity.PasswordHasherContract``.

    It is asked outside of transactions that lock anything, and may make its callers wait.
    """

    @abstractmethod
    def hash(self, ctx: Context, password: str) -> str:
        """Return a salted hash of *password*, at most 255 characters.

        Raises:
            OperationCancelledError: the caller gave up while he waited for his turn.
            DeadlineExceededError: his deadline came first.
        """

    @abstractmethod
    def verify(self, ctx: Context, password_hash: str, password: str) -> bool:
        """Say whether *password* is the one that was hashed; False if that is no hash at all.

        Raises:
            OperationCancelledError: the caller gave up while he waited for his turn.
            DeadlineExceededError: his deadline came first.
        """

    @abstractmethod
    def decoy(self, ctx: Context) -> str:
        """Return the hash of a password that nobody knows.

        Verifying against it takes as long as against any other: so the time of an answer does
        not tell whether there was a user to verify.
        """

    @abstractmethod
    def needs_rehash(self, ctx: Context, password_hash: str) -> bool:
        """Say whether the hash was made with less effort than one makes today."""


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


class RefreshTokenRepository(Protocol):
    """Keeps refresh tokens.

    Proved by ``erp_core.testing.identity.RefreshTokenRepositoryContract``.
    """

    @abstractmethod
    def add(self, ctx: Context, token: RefreshToken) -> RefreshToken:
        """Store a new token; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id or its secret is taken.
            NotFoundError: this company has no such user.
        """

    @abstractmethod
    def lock(self, ctx: Context, secret_hash: str) -> tuple[CompanyId, RefreshToken] | None:
        """Return the token of this secret, in any company, with its company; lock its family.

        Until the unit of work ends nobody else spends a token of that family or ends it.

        Raises:
            ContentionError: the family was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, token: RefreshToken) -> RefreshToken:
        """Store a changed token; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``token.version`` is not the stored one.
        """

    @abstractmethod
    def end_family(self, ctx: Context, family_id: RefreshTokenId, now: datetime) -> None:
        """End every token of the family that has not ended; the family is locked."""

    @abstractmethod
    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        """Drop at most *limit* tokens, of every company, expired before a moment; count them."""


class SignInAttemptRepository(Protocol):
    """Counts failures to sign in. They are nobody's: keep them with ``NO_COMPANY``.

    Proved by ``erp_core.testing.identity.SignInAttemptRepositoryContract``.
    """

    @abstractmethod
    def find(self, ctx: Context, attempts_id: SignInAttemptsId) -> SignInAttempts | None:
        """Return the count as it stands, without waiting for anybody; None: nobody failed."""

    @abstractmethod
    def lock(self, ctx: Context, attempts_id: SignInAttemptsId, now: datetime) -> SignInAttempts:
        """Return the count, made first if there is none, ours alone until the end.

        Raises:
            ContentionError: it was not free in time.
        """

    @abstractmethod
    def save(self, ctx: Context, attempts: SignInAttempts) -> SignInAttempts:
        """Store a changed count; return it as stored, one version on.

        Raises:
            NotFoundError: there is none.
            StaleVersionError: ``attempts.version`` is not the stored one.
        """

    @abstractmethod
    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        """Drop at most *limit* counts untouched since a moment; say how many."""


class IdentityUnitOfWork(UnitOfWork, Protocol):
    """The transaction as identity sees it."""

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

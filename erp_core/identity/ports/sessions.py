"""Keepers of refresh tokens and of failures to sign in."""

from __future__ import annotations

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from erp_core.identity.entities import (
    RefreshToken,
    RefreshTokenId,
    SignInAttempts,
    SignInAttemptsId,
)
from erp_core.kernel.context import CompanyId, Context


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

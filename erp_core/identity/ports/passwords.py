"""What identity asks of whoever hides passwords."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.kernel.context import Context


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

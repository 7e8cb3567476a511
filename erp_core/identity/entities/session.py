"""Being signed in: refresh tokens, and the count of failures to sign in."""

from __future__ import annotations

import hashlib
import math
from dataclasses import field, replace
from datetime import datetime, timedelta
from typing import Final, Generic, NewType, Self, TypeVar
from uuid import UUID

from erp_core.identity.entities.company import Company
from erp_core.identity.entities.secret import digest, new_secret
from erp_core.identity.entities.user import User, UserId, as_login
from erp_core.kernel.audit import SECRET
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate, new_id
from erp_core.kernel.errors import ErpError, TransitionError
from erp_core.kernel.text import folded

T = TypeVar("T")

RefreshTokenId = NewType("RefreshTokenId", UUID)
SignInAttemptsId = NewType("SignInAttemptsId", UUID)

SESSION_LIFETIME: Final = timedelta(days=30)  # of a family, however often it is refreshed
FORGIVEN_AFTER: Final = timedelta(days=1)  # since the last failure

_FREE_FAILURES: Final = 5  # the fifth is the first to be waited for
_WAIT_MAX_SECONDS: Final = 15 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken(Aggregate):
    """One link of a family. Good once: using it spends it and issues the next."""

    id: RefreshTokenId
    family_id: RefreshTokenId  # the id of the first of them
    user_id: UserId
    secret_hash: str = field(repr=False, metadata=SECRET)  # unique over all companies
    auth_epoch: int  # the user's, when the family began
    issued_at: datetime  # aware, UTC
    expires_at: datetime  # the family's
    used_at: datetime | None = None
    ended_at: datetime | None = None

    @classmethod
    def first(cls, user: User, now: datetime) -> tuple[Self, str]:
        """Begin a family; return its first token, and the secret the user keeps."""
        secret, token_id = new_secret(), RefreshTokenId(new_id())
        token = cls(
            id=token_id,
            family_id=token_id,
            user_id=user.id,
            secret_hash=digest(secret),
            auth_epoch=user.auth_epoch,
            issued_at=now,
            expires_at=now + SESSION_LIFETIME,
        )
        return token, secret

    def next(self, now: datetime) -> tuple[Self, str]:
        """Return the token that follows this one in its family, and its secret."""
        secret = new_secret()
        token = replace(
            self,
            id=RefreshTokenId(new_id()),
            secret_hash=digest(secret),
            issued_at=now,
            used_at=None,
            version=0,
        )
        return token, secret

    def spend(self, now: datetime) -> Self:
        """Use the token up.

        Raises:
            TransitionError: it was used before.
        """
        if self.used_at is not None:
            raise TransitionError(
                "this refresh token was used before", code="identity.session.spent"
            )
        return replace(self, used_at=now)

    def serves(self, user: User, now: datetime) -> bool:
        """Say whether the session still stands *now*, for *user* as he is."""
        alive = self.ended_at is None and now < self.expires_at
        return alive and user.active and user.auth_epoch == self.auth_epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInAttempts(Aggregate):
    """How often somebody failed to sign in under one login, whether or not there is such a user.

    From the fifth failure on one waits: a second, two, four, up to a quarter of an hour. A day
    after the last failure all are forgiven.
    """

    id: SignInAttemptsId
    failures: int = 0
    last_at: datetime  # aware, UTC

    def wait_seconds(self, now: datetime) -> int:
        """Return how long one must wait *now* before the next attempt; 0: not at all."""
        beyond = self.failures - _FREE_FAILURES
        if beyond < 0:
            return 0
        pause = min(2 ** min(beyond, 32), _WAIT_MAX_SECONDS)
        left = (self.last_at + timedelta(seconds=pause) - now).total_seconds()
        return max(0, math.ceil(left))

    def fail(self, now: datetime) -> Self:
        """Count one more failure."""
        forgiven = now - self.last_at >= FORGIVEN_AFTER
        return replace(self, failures=1 if forgiven else self.failures + 1, last_at=now)

    def succeed(self, now: datetime) -> Self:
        """Forget the failures."""
        return replace(self, failures=0, last_at=now)


def attempts_id(login: str) -> SignInAttemptsId:
    """Return under which id failures of *login* are counted, however it is typed.

    A UUIDv8 (RFC 9562) of a digest: the table keeps no logins, of users or of anybody else.
    """
    raw = hashlib.sha256(folded(as_login(login)).encode("utf-8", "surrogatepass")).digest()[:16]
    value = int.from_bytes(raw) & ~(0xF << 76) & ~(0x3 << 62)
    return SignInAttemptsId(UUID(int=value | (0x8 << 76) | (0x2 << 62)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What a person gets who has signed in or refreshed."""

    user: User
    company: Company
    grants: frozenset[str]
    refresh_token: str = field(repr=False)  # plain; nobody else has it
    expires_at: datetime  # when even refreshing ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[T]):
    """What came of an attempt whose failure is recorded too: a value, or the reason why not."""

    granted: T | None = None
    refusal: ErpError | None = None

    def required(self) -> T:
        """Return the value.

        Raises:
            ErpError: it was refused, for this reason.
        """
        if self.granted is None:
            raise self.refusal or ErpError("neither granted nor refused")
        return self.granted

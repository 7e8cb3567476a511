"""Who asks: access tokens that say so themselves, and API keys that are looked up.

An access token is believed until it expires, a quarter of an hour after it was issued, without
asking anybody: disabling a user or changing his roles takes effect with his next refresh. An API
key is looked up with every request: revoking it takes effect at once.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from flask import Flask, Request
from flask_jwt_extended import JWTManager, create_access_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException
from jwt.exceptions import ExpiredSignatureError, PyJWTError

from erp_core.identity.entities import PlainKey, Session
from erp_core.identity.use_cases import AuthenticateApiKey
from erp_core.kernel.access import Principal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import UnauthenticatedError
from erp_http.routing import STRANGER, Caller

LIFETIME_SECONDS: Final = 15 * 60
SECRET_BYTES_MIN: Final = 32  # RFC 7518, section 3.2: as long as the hash

_ALGORITHM: Final = "HS256"
_LEEWAY_SECONDS: Final = 5  # between the clocks of two machines that serve
_LENGTH_MAX: Final = 64 * 1024
_KNOWN_MAX: Final = 1024  # tokens whose signature has been checked before
_KEY_SECONDS: Final = 5.0
_CLAIMS: Final = frozenset(
    {
        "sub",
        "company",
        "grants",
        "currency",
        "locale",
        "iss",
        "aud",
        "exp",
        "iat",
        "nbf",
        "jti",
        "type",
    }
)


class Tokens:
    """Issues access tokens, and reads those it issued; every other is nobody's.

    One algorithm is pinned, issuer and audience are checked, and every claim must be there: the
    library itself does not miss an ``exp`` or a ``jti``.
    """

    def __init__(self, secret: str, *, issuer: str = "erp", audience: str = "erp") -> None:
        if len(secret.encode()) < SECRET_BYTES_MIN:
            raise ValueError(f"the key that signs tokens has at least {SECRET_BYTES_MIN} bytes")
        # The library lives in an application; this one serves nothing but its settings.
        self._app = Flask("erp_http.tokens")
        self._app.config.update(
            JWT_SECRET_KEY=secret,
            JWT_ALGORITHM=_ALGORITHM,
            JWT_DECODE_ALGORITHMS=[_ALGORITHM],
            JWT_ENCODE_ISSUER=issuer,
            JWT_DECODE_ISSUER=issuer,
            JWT_ENCODE_AUDIENCE=audience,
            JWT_DECODE_AUDIENCE=audience,
            JWT_DECODE_LEEWAY=_LEEWAY_SECONDS,
            JWT_ACCESS_TOKEN_EXPIRES=LIFETIME_SECONDS,
        )
        JWTManager(self._app)
        # Checking a signature through the library costs as much as a statement of SQL.
        self._known = lru_cache(_KNOWN_MAX)(self._verified)

    def issue(self, session: Session) -> str:
        """Return an access token for whoever opened *session*."""
        claims = {
            "company": str(session.company.id),
            "grants": sorted(session.grants),
            "currency": session.company.currency,
            "locale": session.user.locale or session.company.locale,
        }
        with self._app.app_context():
            token: str = create_access_token(str(session.user.id), additional_claims=claims)
        return token

    def read(self, token: str) -> Caller:
        """Return whom *token* was issued to.

        Raises:
            UnauthenticatedError: it has expired (``token_expired``), or is none of ours.
        """
        if len(token) > _LENGTH_MAX:
            raise _no_token()
        caller, expires_at = self._known(token)
        if time.time() >= expires_at:
            raise _expired()
        return caller

    def _verified(self, token: str) -> tuple[Caller, int]:
        try:
            with self._app.app_context():
                claims = decode_token(token)
        except ExpiredSignatureError as error:
            raise _expired() from error
        except (PyJWTError, JWTExtendedException, ValueError) as error:  # the last: no text at all
            raise _no_token() from error
        if not claims.keys() >= _CLAIMS or claims["jti"] is None or claims["type"] != "access":
            raise _no_token()
        if not isinstance(claims["exp"], int):
            raise _no_token()
        return _caller(claims), claims["exp"] + _LEEWAY_SECONDS


class BearerAuthentication:
    """Finds out who asks, by the ``Authorization`` header: an access token or an API key."""

    def __init__(self, tokens: Tokens, keys: AuthenticateApiKey) -> None:
        self._tokens = tokens
        self._keys = keys

    def __call__(self, request: Request) -> Caller:
        """Return who asks.

        Raises:
            UnauthenticatedError: nobody we know.
        """
        scheme, _, word = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != "bearer":
            raise UnauthenticatedError("send an access token: Authorization: Bearer ...")
        key = PlainKey.read(word.strip())
        return self._tokens.read(word.strip()) if key is None else self._holder(key)

    def _holder(self, key: PlainKey) -> Caller:
        ctx = Context(
            principal=STRANGER.principal,
            company_id=STRANGER.company_id,
            request_id=str(new_id()),  # nothing is written that could bear the request's own
        )
        holder = self._keys(ctx.with_timeout(_KEY_SECONDS), key)
        return Caller(
            principal=holder.principal,
            company_id=holder.company.id,
            currency=holder.company.currency,
            locale=holder.company.locale,
        )


def _caller(claims: dict[str, Any]) -> Caller:
    grants = claims["grants"]
    texts = [claims["sub"], claims["company"], claims["currency"], claims["locale"]]
    if not isinstance(grants, list) or not all(isinstance(each, str) for each in texts + grants):
        raise _no_token()
    try:
        company_id = CompanyId(UUID(claims["company"]))
    except ValueError as error:
        raise _no_token() from error
    return Caller(
        principal=Principal(id=claims["sub"], grants=frozenset(grants)),
        company_id=company_id,
        currency=claims["currency"],
        locale=claims["locale"],
    )


def _no_token() -> UnauthenticatedError:
    return UnauthenticatedError("this access token is none of ours: sign in")


def _expired() -> UnauthenticatedError:
    return UnauthenticatedError(
        "this access token has expired: refresh the session", code="token_expired"
    )

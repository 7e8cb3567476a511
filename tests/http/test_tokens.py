"""Whatever is presented as a token is one of ours, or a 401."""

import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import jwt
import pytest
import time_machine

from erp_core.identity.entities import Session
from erp_core.identity.use_cases import SignInCommand
from erp_core.kernel.errors import UnauthenticatedError
from erp_http.tokens import Tokens
from tests.http.doors import PASSWORD, Door
from tests.http.served import SIGNING_KEY
from tests.identity.house import STRANGER

REQUIRED = [
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
]


@pytest.fixture(scope="module")
def door() -> Door:
    return Door()


def claims_of(door: Door) -> dict[str, Any]:
    return jwt.decode(door.token, options={"verify_signature": False})


def signed(claims: dict[str, Any], key: str = SIGNING_KEY, algorithm: str = "HS256") -> str:
    # Not jwt.encode, which minds what the claims are.
    return jwt.api_jws.encode(json.dumps(claims).encode(), key, algorithm=algorithm)


def unsigned(header: object, payload: object) -> str:
    parts = (urlsafe_b64encode(json.dumps(each).encode()) for each in (header, payload))
    return b".".join(part.rstrip(b"=") for part in parts).decode()


def refused(door: Door, token: str, code: str = "unauthenticated") -> None:
    answer = door.call("GET", "/v1/me", token=token)
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.json["code"] == code
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_of_ours_says_all_it_must_for_a_quarter_of_an_hour(door: Door) -> None:
    claims = claims_of(door)
    assert set(REQUIRED) <= set(claims)
    assert claims["exp"] - claims["iat"] == 15 * 60
    assert (claims["iss"], claims["aud"], claims["currency"]) == ("erp", "erp", "BRL")
    assert (claims["locale"], claims["grants"][0]) == ("pt-BR", "*")
    for _ in range(2):  # the second time from memory
        assert door.call("GET", "/v1/me").status_code == 200
        assert door.call("GET", "/v1/me", token=signed(claims)).status_code == 200


@pytest.mark.parametrize("claim", REQUIRED)
def test_no_claim_may_be_missing(door: Door, claim: str) -> None:
    claims = claims_of(door)
    del claims[claim]
    if claim == "type":  # the library takes its absence for an access token
        claims["type"] = "refresh"
    refused(door, signed(claims))


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"},
        {"aud": []},
        {"aud": 7},
        {"iss": "another"},
        {"iss": ["erp"]},
        {"sub": 7},
        {"sub": None},
        {"company": "7"},
        {"company": 7},
        {"company": None},
        {"grants": "*"},
        {"grants": [7]},
        {"grants": None},
        {"currency": 986},
        {"locale": None},
        {"jti": None},
        {"jti": 7},
        {"type": "refresh"},
        {"nbf": 1e12},
        {"iat": "today"},
        {"exp": "tomorrow"},
        {"exp": None},
        {"exp": [9]},
    ],
)
def test_a_claim_that_is_wrong_is_refused_even_when_it_is_signed(door: Door, wrong: dict) -> None:
    refused(door, signed(claims_of(door) | wrong))


@pytest.mark.parametrize(
    "value", ["Infinity", "NaN", "-1e400", "9" * 5000, "[" * 3000, "9e9", '"9999999999"']
)
def test_a_number_that_is_none_is_refused_even_when_it_is_signed(door: Door, value: str) -> None:
    body = json.dumps(claims_of(door) | {"exp": 0}).replace('"exp": 0', f'"exp": {value}')
    refused(door, jwt.api_jws.encode(body.encode(), SIGNING_KEY, algorithm="HS256"))


def test_an_expired_token_says_so(door: Door) -> None:
    refused(door, signed(claims_of(door) | {"exp": int(time.time()) - 60}), "token_expired")


def test_a_token_that_was_believed_expires_all_the_same() -> None:
    door = Door()
    assert door.call("GET", "/v1/me").status_code == 200
    with time_machine.travel(time.time() + 15 * 60 + 6, tick=False):
        refused(door, door.token, "token_expired")


def test_an_end_that_is_far_away_is_just_a_number(door: Door) -> None:
    token = signed(claims_of(door) | {"exp": int("9" * 400)})
    assert door.call("GET", "/v1/me", token=token).status_code == 200


def test_what_is_no_text_is_no_token(door: Door) -> None:
    with pytest.raises(UnauthenticatedError):
        door.tokens.read("\ud800")


def test_another_key_or_algorithm_is_refused(door: Door) -> None:
    claims = claims_of(door)
    refused(door, signed(claims, "another key, of more than 32 bytes"))
    refused(door, signed(claims, SIGNING_KEY * 2, "HS512"))
    refused(door, signed(claims, SIGNING_KEY * 2, "HS384"))
    for name in ("none", "None", "NONE", "", None, 7, "RS256"):
        refused(door, unsigned({"alg": name, "typ": "JWT"}, claims) + ".")
        refused(door, unsigned({"alg": name, "typ": "JWT"}, claims) + "." + "x" * 43)
    refused(door, jwt.encode(claims, None, algorithm="none"))
    refused(door, door.token[:-4] + "AAAA")
    refused(door, Tokens(SIGNING_KEY, audience="another").issue(_session(door)))
    refused(door, Tokens(SIGNING_KEY, issuer="another").issue(_session(door)))


@pytest.mark.parametrize(
    "word",
    [
        "x",
        ".",
        "..",
        "a.b.c",
        "a.b.c.d",
        "é.é.é",
        "\xff" * 40,
        "erp_0123456789ab_short",
        "erp_0123456789ab_" + "x" * 43,
        "x" * 100_000,
        "x." * 30_000,
        unsigned({"alg": "HS256"}, []) + ".x",
        unsigned([], {}) + ".x",
        unsigned({"alg": "HS256", "kid": 7}, {}) + ".x",
        unsigned({"alg": "HS256", "crit": ["b64"], "b64": False}, {}) + ".x",
        urlsafe_b64encode(b"[" * 30_000).decode() + ".e30.x",
        "e30." + urlsafe_b64encode(b'{"exp":' * 6_000).decode() + ".x",
    ],
)
def test_nonsense_is_refused(door: Door, word: str) -> None:
    code = "identity.api_key" if word.startswith("erp_") and len(word) > 40 else "unauthenticated"
    refused(door, word, code)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Token x", "bearer"])
def test_whoever_shows_nothing_is_nobody(door: Door, header: str) -> None:
    answer = door.call("GET", "/v1/me", Authorization=header)
    assert (answer.status_code, answer.json["code"]) == (401, "unauthenticated")


def test_the_scheme_is_read_in_any_case(door: Door) -> None:
    assert door.call("GET", "/v1/me", Authorization=f"bearer  {door.token} ").status_code == 200


def test_a_short_signing_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens("x" * 31)


def _session(door: Door) -> Session:
    command = SignInCommand(login="admin", password=PASSWORD)
    return door.erp.identity.sign_in(STRANGER, command).required()

"""Signing in, users, roles, keys, the company and the trail over HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from erp_core.identity.ports import seal_trail
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery
from erp_core.testing import ACME, NOON, context
from tests.http.clients import a_client
from tests.http.doors import PASSWORD, Door

ANA = {"login": "ana", "name": "Ana", "password": PASSWORD, "roles": ["sales"]}


@pytest.fixture
def door() -> Door:
    return Door()


def test_signing_in_gives_tokens_that_open_and_refresh(door: Door) -> None:
    answer = door.sign_in("admin")
    said = answer.json
    me = door.call("GET", "/v1/me", token=said["access_token"]).json
    again = door.client.post("/v1/auth/refresh", json={"refresh_token": said["refresh_token"]})

    assert answer.status_code == 200
    assert (said["token_type"], said["expires_in"]) == ("Bearer", 900)
    assert set(said) == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (me["user"]["login"], me["company"]["id"], me["grants"][0]) == ("admin", str(ACME), "*")
    assert set(again.json) == set(said)
    assert again.json["refresh_token"] != said["refresh_token"]


def test_a_failure_to_sign_in_is_a_401_and_soon_a_429(door: Door) -> None:
    for login in ("admin", "nobody"):
        for _ in range(5):
            refused = door.sign_in(login, "wrong")
            assert (refused.status_code, refused.json["code"]) == (401, "identity.credentials")
            assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        slow = door.sign_in(login)
        assert (slow.status_code, slow.json["code"]) == (429, "too_many_attempts")
        assert (slow.json["retry_after_s"], slow.headers["Retry-After"]) == (1, "1")
    door.clock.move(1)
    assert door.sign_in("admin").status_code == 200


def test_a_refresh_token_is_good_once(door: Door) -> None:
    first = {"refresh_token": door.sign_in("admin").json["refresh_token"]}
    second = door.client.post("/v1/auth/refresh", json=first).json["refresh_token"]
    reused = door.client.post("/v1/auth/refresh", json=first)
    ended = door.client.post("/v1/auth/refresh", json={"refresh_token": second})

    assert (reused.status_code, reused.json["code"]) == (401, "identity.refresh_reused")
    assert (ended.status_code, ended.json["code"]) == (401, "identity.refresh")


def test_signing_out_may_be_repeated(door: Door) -> None:
    token = {"refresh_token": door.sign_in("admin").json["refresh_token"]}
    for _ in range(2):
        answer = door.client.post("/v1/auth/revoke", json=token)
        assert (answer.status_code, answer.data) == (204, b"")
    assert door.client.post("/v1/auth/refresh", json=token).status_code == 401


def test_public_routes_ask_for_no_token_and_heed_none(door: Door) -> None:
    body = {"login": "admin", "password": PASSWORD}
    assert door.call("POST", "/v1/auth/token", body, token="nonsense").status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("/v1/auth/token", {"login": "admin"}, "/password"),
        ("/v1/auth/token", {"login": 7, "password": "x"}, "/login"),
        ("/v1/auth/token", {"login": "a\0", "password": "x"}, "/login"),
        ("/v1/auth/token", {"login": "a", "password": "x" * 201}, "/password"),
        ("/v1/auth/token", {"login": "a", "password": "x", "company": "b"}, "/company"),
        ("/v1/auth/refresh", {}, "/refresh_token"),
        ("/v1/auth/revoke", {"refresh_token": None}, "/refresh_token"),
        ("/v1/users", ANA | {"login": "A B"}, "/login"),
        ("/v1/users", ANA | {"password": "short"}, "/password"),
        ("/v1/users", ANA | {"roles": ["tea_master"]}, "/roles"),
        ("/v1/users", ANA | {"roles": "sales"}, "/roles"),
        ("/v1/users", ANA | {"grants": ["*"]}, "/grants"),
        ("/v1/users", ANA | {"company_id": str(ACME)}, "/company_id"),
        ("/v1/roles", {"name": "clerk", "grants": ["Sales"]}, "/grants"),
        ("/v1/roles", {"name": "administrator", "grants": []}, "/name"),
        ("/v1/api-keys", {"name": "shop", "grants": []}, "/grants"),
        ("/v1/me/password", {"current_password": "x", "new_password": "y" * 10}, "/new_password"),
    ],
)
def test_a_bad_field_is_pointed_at(door: Door, path: str, body: Any, pointer: str) -> None:
    refused = door.call("POST", path, body)
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]
    assert PASSWORD not in refused.text


def test_a_user_is_created_changed_disabled_and_enabled(door: Door) -> None:
    created = door.call("POST", "/v1/users", ANA | {"email": "ana@example.org", "locale": "es"})
    where = created.headers["Location"]
    changed = door.call("PATCH", where, {"email": None, "name": "Ana B.", "roles": []})
    stale = door.call("PATCH", where, {"locale": None}, If_Match='"1"')
    disabled = door.call("POST", f"{where}/disable")
    out = door.sign_in("ana")
    enabled = door.call("POST", f"{where}/enable")

    assert (created.status_code, created.headers["ETag"]) == (201, '"1"')
    assert created.json == {
        "id": where.rpartition("/")[2],
        "version": 1,
        "login": "ana",
        "name": "Ana",
        "email": "ana@example.org",
        "locale": "es",
        "state": "active",
        "roles": ["sales"],
    }
    assert (changed.json["email"], changed.json["name"], changed.json["roles"]) == (
        "",
        "Ana B.",
        [],
    )
    assert stale.status_code == 412
    assert (disabled.json["state"], out.status_code) == ("disabled", 401)
    assert enabled.json == door.call("GET", where).json
    assert door.call("PATCH", where, {"locale": None}).json["locale"] == ""
    assert door.sign_in("ana").status_code == 200


def test_users_are_listed_and_another_companys_are_not(door: Door) -> None:
    where = door.call("POST", "/v1/users", ANA).headers["Location"]
    rival = door.sign_in("rival").json["access_token"]
    listed = door.call("GET", "/v1/users?sort=login&state=active&login=a").json

    assert [each["login"] for each in listed["items"]] == ["admin", "ana"]
    assert door.call("GET", where, token=rival).status_code == 404
    assert door.call("POST", f"{where}/disable", token=rival).status_code == 404
    assert len(door.call("GET", "/v1/users", token=rival).json["items"]) == 1
    assert door.call("POST", "/v1/users", ANA, token=rival).status_code == 409


def test_a_password_is_changed_by_its_owner_or_set_by_his_administrator(door: Door) -> None:
    where = door.call("POST", "/v1/users", ANA).headers["Location"]
    ana = door.sign_in("ana").json["access_token"]
    body = {"current_password": PASSWORD, "new_password": "black tea, three leaves"}
    wrong = door.call("POST", "/v1/me/password", body | {"current_password": "x"}, token=ana)
    changed = door.call("POST", "/v1/me/password", body, token=ana)

    assert (wrong.status_code, wrong.json["code"]) == (422, "identity.password.current")
    assert (changed.status_code, changed.json["login"]) == (200, "ana")
    assert door.sign_in("ana").status_code == 401
    assert door.call("POST", f"{where}/password", {"password": PASSWORD}).status_code == 200
    assert door.sign_in("ana").status_code == 200


def test_roles_are_defined_and_listed_and_bound_what_one_may(door: Door) -> None:
    made = door.call("POST", "/v1/roles", {"name": "clerk", "grants": ["sales.order.*"]})
    anew = door.call("POST", "/v1/roles", {"name": "clerk", "grants": ["identity.user.*"]})
    door.call("POST", "/v1/users", ANA | {"roles": ["clerk"]})
    clerk = door.sign_in("ana").json["access_token"]
    names = [each["name"] for each in door.call("GET", "/v1/roles?sort=name").json["items"]]
    boss = ANA | {"login": "bo", "roles": ["administrator"]}
    refused = door.call("POST", "/v1/users", boss, token=clerk)

    assert (made.status_code, made.json["built_in"]) == (201, False)
    assert door.call("GET", made.headers["Location"]).json == anew.json
    assert names == [
        "administrator",
        "auditor",
        "clerk",
        "finance",
        "purchasing",
        "sales",
        "warehouse",
    ]
    assert (refused.status_code, refused.json["code"]) == (403, "identity.escalation")
    assert door.call("GET", "/v1/roles", token=clerk).status_code == 403


def test_an_api_key_opens_until_it_is_revoked(door: Door) -> None:
    body = {"name": "shop", "grants": ["identity.user.read"], "expires_at": "2099-01-01T00:00:00Z"}
    issued = door.call("POST", "/v1/api-keys", body)
    key, where = issued.json["key"], issued.headers["Location"]
    me = door.call("GET", "/v1/me", token=key).json
    shown = door.call("GET", where).json

    assert issued.status_code == 201
    assert (me["user"], me["company"]["id"]) == (None, str(ACME))
    assert me["grants"] == ["identity.me.read", "identity.user.read"]
    assert door.call("GET", "/v1/users", token=key).status_code == 200
    assert door.call("GET", "/v1/roles", token=key).status_code == 403
    assert shown == {name: value for name, value in issued.json.items() if name != "key"}
    assert shown["expires_at"] == "2099-01-01T00:00:00.000000Z"
    assert door.call("GET", "/v1/api-keys").json["items"] == [shown]
    assert key.rpartition("_")[2] not in door.call("GET", "/v1/api-keys").text

    assert door.call("POST", f"{where}/revoke").json["revoked_at"].startswith(f"{NOON:%Y-%m-%d}")
    refused = door.call("GET", "/v1/me", token=key)
    assert (refused.status_code, refused.json["code"]) == (401, "identity.api_key")
    assert door.call("POST", f"{where}/revoke").status_code == 409


def test_the_company_is_shown_and_patched(door: Door) -> None:
    before = door.call("GET", "/v1/company")
    patch = {"trade_name": None, "tax_ids": None, "address": None, "fiscal_month": 7}
    more = {"name": "B", "locale": "es", "time_zone": "Asia/Tokyo"}
    settings = {"cash_step": "0.10", "rounding": "per_line", "stock_leaves_at": "order"}
    after = door.call("PATCH", "/v1/company", patch | more | {"settings": settings})
    cleared = door.call("PATCH", "/v1/company", {"settings": {"cash_step": None}}).json

    assert before.json["settings"] == {
        "rounding": "per_document",
        "cash_step": "0.05",
        "stock_leaves_at": "invoice",
    }
    assert after.json == before.json | more | {
        "version": 2,
        "trade_name": "",
        "tax_ids": [],
        "address": "",
        "fiscal_month": 7,
        "settings": settings | {"cash_step": "0.1"},
    }
    assert cleared["settings"] == settings | {"cash_step": None}
    assert door.call("PATCH", "/v1/company", {}, If_Match='"1"').status_code == 412


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"currency": "EUR"}, "/currency"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"fiscal_month": 13}, "/fiscal_month"),
        ({"settings": {"colour": "green"}}, "/settings/colour"),
        ({"settings": {"cash_step": "0"}}, "/settings/cash_step"),
        ({"settings": {"cash_step": 0.05}}, "/settings/cash_step"),
        ({"settings": None}, "/settings"),
        ({"name": None}, "/name"),
    ],
)
def test_what_a_company_cannot_be_is_pointed_at(door: Door, body: Any, pointer: str) -> None:
    refused = door.call("PATCH", "/v1/company", body)
    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


def test_the_trail_tells_who_changed_what_and_no_secret(door: Door) -> None:
    created = door.call("POST", "/v1/users", ANA, X_Request_Id="r-1").json
    door.sign_in("ana")
    by_me = door.call("GET", "/v1/me").json["user"]["id"]
    page = door.call("GET", f"/v1/audit?action=identity.user&by={by_me}&sort=-id").json
    everything = door.call("GET", "/v1/audit?limit=200").text

    (record,) = page["items"]
    assert (record["action"], record["by"], record["request_id"]) == (
        "identity.user.create",
        by_me,
        "r-1",
    )
    (change,) = record["changes"]
    assert (change["kind"], change["id"], change["before"]) == ("identity.user", created["id"], {})
    assert (change["after"]["login"], change["after"]["password_hash"]) == ("ana", "***")
    assert PASSWORD not in everything
    rival = door.sign_in("rival").json["access_token"]
    assert created["id"] not in door.call("GET", "/v1/audit", token=rival).text


def test_the_trail_is_proved_and_what_was_altered_is_named(door: Door) -> None:
    fresh = door.call("GET", "/v1/audit/verify").json
    assert fresh == {
        "consistent": True,
        "checked": 0,
        "position": 0,
        "digest": "",
        "next": None,
        "differences": [],
    }
    door.call("POST", "/v1/users", ANA)
    ctx = context("*")
    with door.store(ctx) as uow:
        seal_trail(ctx, uow, datetime(2124, 1, 1, tzinfo=UTC))
    whole = door.call("GET", "/v1/audit/verify?limit=1").json
    assert (whole["consistent"], whole["checked"], whole["next"]) == (True, 1, 1)
    assert len(whole["digest"]) == 64
    record = door.call("GET", "/v1/audit?limit=1").json["items"][0]["id"]
    with door.store(ctx) as uow:
        found = uow.audit.page(ctx, AuditQuery(page=PageRequest(limit=1))).items[0]
        uow.audit.append(ctx, replace(found, by="eve"))  # in memory it takes the other's place
    altered = door.call("GET", "/v1/audit/verify").json
    assert altered["consistent"] is False
    assert altered["differences"] == [{"fault": "changed", "position": 1, "record_id": record}]
    for wrong in ("after=-1", "limit=0", "limit=10001"):
        refused = door.call("GET", f"/v1/audit/verify?{wrong}")
        assert (refused.status_code, refused.json["code"]) == (422, "identity.audit.verify")


def test_what_tells_a_secret_is_not_kept_for_an_idempotency_key(door: Door) -> None:
    body = {"name": "shop", "grants": ["sales.*"]}
    first = door.call("POST", "/v1/api-keys", body, Idempotency_Key="k-1")
    second = door.call("POST", "/v1/api-keys", body, Idempotency_Key="k-1")

    assert first.json["key"] != second.json["key"]
    assert "Idempotency-Replayed" not in second.headers
    for path, said in (("/v1/users", ANA), ("/v1/auth/token", {"login": "x", "password": "y"})):
        door.call("POST", path, said, Idempotency_Key="k-2")
    with door.store(context()) as uow:
        assert not uow.idempotency.forget(context(), NOON + timedelta(days=9), 10)


def test_the_wire_tells_everybody_only_his_own_part() -> None:
    """Without the grant each route is a 403, whoever asks."""
    client = a_client()
    paths = ("/v1/users", "/v1/roles", "/v1/api-keys", "/v1/audit", "/v1/company", "/v1/me")
    for path in paths:
        refused = client.get(path, headers={"X-Grants": "sales.*"})
        assert (refused.status_code, refused.json["code"]) == (403, "permission_denied")

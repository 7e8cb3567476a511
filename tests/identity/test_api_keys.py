"""Machines and their keys."""

from dataclasses import replace
from datetime import timedelta

import pytest

from erp_core.identity.entities import ApiKeyId, PlainKey, new_secret
from erp_core.identity.ports import ApiKeyQuery
from erp_core.identity.use_cases import ApiKeyCommand, IssueApiKeyCommand, IssuedApiKey
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
    UnauthenticatedError,
)
from erp_core.kernel.page import PageRequest
from erp_core.testing import ACME, NOON
from tests.identity.house import STRANGER, House


@pytest.fixture
def house() -> House:
    return House()


def issue(house: House, *grants: str, **more: object) -> IssuedApiKey:
    command = IssueApiKeyCommand(id=ApiKeyId(new_id()), name="shop", grants=grants)
    return house.identity.issue_api_key(house.admin, replace(command, **more))


def test_a_key_opens_what_it_was_issued_for(house: House) -> None:
    issued = issue(house, "catalog.*.read", "sales.order.create")
    shown = PlainKey.read(issued.plain.shown())
    holder = house.identity.authenticate_api_key(STRANGER, shown)

    assert (holder.principal.id, holder.company.id) == (f"api_key:{issued.key.id}", ACME)
    assert holder.principal.grants == {*issued.key.grants, "identity.me.read"}
    assert issued.key.issued_by == house.admin.principal.id
    assert issued.plain.secret not in repr(issued)
    assert house.trail()[-1].action == "identity.api_key.issue"


def test_a_machine_may_know_who_it_is(house: House) -> None:
    holder = house.identity.authenticate_api_key(STRANGER, issue(house, "sales.*").plain)
    me = house.identity.get_me(replace(house.admin, principal=holder.principal), None)
    assert (me.user, me.company.id, me.grants) == (None, ACME, {"sales.*", "identity.me.read"})


def test_a_key_is_revoked_once_and_at_once(house: House) -> None:
    issued = issue(house, "sales.*")
    one = ApiKeyCommand(id=issued.key.id, version=1)
    revoked = house.identity.revoke_api_key(house.admin, one)

    assert revoked.revoked_at == NOON
    assert house.identity.get_api_key(house.admin, replace(one, version=None)) == revoked
    with pytest.raises(UnauthenticatedError):
        house.identity.authenticate_api_key(STRANGER, issued.plain)
    with pytest.raises(PreconditionFailedError):
        house.identity.revoke_api_key(house.admin, one)
    with pytest.raises(TransitionError):
        house.identity.revoke_api_key(house.admin, replace(one, version=None))


def test_a_key_expires(house: House) -> None:
    issued = issue(house, "sales.*", expires_at=NOON + timedelta(seconds=2))
    house.clock.move(1)
    house.identity.authenticate_api_key(STRANGER, issued.plain)
    house.clock.move(1)
    with pytest.raises(UnauthenticatedError) as refusal:
        house.identity.authenticate_api_key(STRANGER, issued.plain)
    assert refusal.value.code == "identity.api_key"


def test_a_wrong_secret_and_an_unknown_prefix_are_refused_alike(house: House) -> None:
    prefix = issue(house, "sales.*").plain.prefix
    for key in (PlainKey(prefix, new_secret()), PlainKey("0" * 12, new_secret())):
        with pytest.raises(UnauthenticatedError) as refusal:
            house.identity.authenticate_api_key(STRANGER, key)
        assert str(refusal.value) == "this API key opens nothing"


def test_nobody_issues_a_key_that_may_more_than_himself(house: House) -> None:
    clerk = house.of(house.enter(), "identity.api_key.*", "sales.order.*")
    for grants in (("sales.*",), ("*",), ("*.*.read",)):
        command = IssueApiKeyCommand(id=ApiKeyId(new_id()), name="shop", grants=grants)
        with pytest.raises(PermissionDeniedError) as refusal:
            house.identity.issue_api_key(clerk, command)
        assert refusal.value.code == "identity.escalation"


def test_a_key_without_grants_or_without_a_future_is_none(house: House) -> None:
    with pytest.raises(InvariantError) as refusal:
        issue(house)
    assert refusal.value.field == "grants"
    with pytest.raises(InvariantError) as refusal:
        issue(house, "sales.*", expires_at=NOON)
    assert refusal.value.field == "expires_at"


def test_another_companys_key_is_not_found(house: House) -> None:
    key = issue(house, "sales.*").key
    query = ApiKeyQuery(page=PageRequest())
    with pytest.raises(NotFoundError):
        house.identity.revoke_api_key(house.rival, ApiKeyCommand(id=key.id))
    assert house.identity.list_api_keys(house.rival, query).items == ()
    assert house.identity.list_api_keys(house.admin, query).items == (key,)


@pytest.mark.parametrize(
    "text",
    ["", "erp_", "erp_0123456789ab_short", "erp_0123456789AB_" + "x" * 43, "x" * 60],
)
def test_what_is_not_spelled_like_a_key_is_none(text: str) -> None:
    assert PlainKey.read(text) is None

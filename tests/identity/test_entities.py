"""Users, roles and sessions by themselves."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.identity.entities import (
    BUILT_IN_ROLES,
    USER_LIFECYCLE,
    Outcome,
    RefreshToken,
    SignInAttempts,
    UserState,
    attempts_id,
    digest,
)
from erp_core.kernel.access import covers
from erp_core.kernel.errors import ErpError, InvariantError, NotFoundError, TransitionError
from erp_core.testing import NOON
from erp_core.testing.identity import a_role, a_user


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"login": ""}, "login"),
        ({"login": "Ana"}, "login"),
        ({"login": "@ana"}, "login"),
        ({"login": "a" * 101}, "login"),
        ({"login": "ana b"}, "login"),
        ({"name": " "}, "name"),
        ({"email": "ana"}, "email"),
        ({"email": "a@b c"}, "email"),
        ({"email": "a@" + "b" * 260}, "email"),
        ({"locale": "pt_BR"}, "locale"),
        ({"roles": tuple("abcdefghi")}, "roles"),
    ],
)
def test_what_is_no_user_is_refused_by_field(changes: dict, field: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        replace(a_user(), **changes)
    assert refusal.value.field == field


def test_a_user_may_leave_out_what_he_need_not_say() -> None:
    user = replace(a_user(), email="", locale="", roles=("b", "a", "b"))
    assert user.roles == ("a", "b")


@pytest.mark.parametrize("name", ["", "Clerk", "1st", "a" * 65])
def test_what_is_no_role_name_is_refused(name: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        replace(a_role(), name=name)
    assert refusal.value.field == "name"


def test_every_state_of_a_user_has_its_steps() -> None:
    assert set(USER_LIFECYCLE.steps) == set(UserState)


def test_built_in_roles_are_spelled_like_roles_and_the_lesser_ones_keep_out_of_identity() -> None:
    for name, grants in BUILT_IN_ROLES.items():
        assert replace(a_role(), name=name, grants=grants).grants == tuple(sorted(grants))
        gives_away = any(covers(grant, "identity.user.create") for grant in grants)
        assert gives_away == (name == "administrator")


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2000)), max_size=40))
def test_no_wait_is_longer_than_a_quarter_of_an_hour_and_none_comes_before_five_failures(
    steps: list[tuple[bool, int]],
) -> None:
    now, attempts = NOON, SignInAttempts(id=attempts_id("ana"), last_at=NOON)
    in_a_row = 0
    for fails, pause in steps:
        now += timedelta(seconds=pause)
        attempts = attempts.fail(now) if fails else attempts.succeed(now)
        in_a_row = in_a_row + 1 if fails else 0
        assert 0 <= attempts.wait_seconds(now) <= 900
        assert (attempts.wait_seconds(now) > 0) == (in_a_row >= 5)


def test_a_refresh_token_is_spent_once() -> None:
    token, secret = RefreshToken.first(a_user().enable(), NOON)
    spent = token.spend(NOON)
    assert token.secret_hash == digest(secret)
    assert secret not in repr(token)
    with pytest.raises(TransitionError):
        spent.spend(NOON)


def test_a_session_serves_its_user_as_he_was() -> None:
    user = a_user().enable()
    token, _ = RefreshToken.first(user, NOON)
    assert token.serves(user, NOON)
    assert not token.serves(user.disable(), NOON)
    assert not token.serves(user.disable().enable(), NOON)
    assert not token.serves(user.with_password("another"), NOON)
    assert token.serves(user.rehashed("better"), NOON)
    assert not token.serves(user, token.expires_at)
    assert not replace(token, ended_at=NOON).serves(user, NOON)


def test_an_outcome_is_its_value_or_the_reason_why_not() -> None:
    assert Outcome(granted=7).required() == 7
    with pytest.raises(NotFoundError):
        Outcome(refusal=NotFoundError("no tea")).required()
    with pytest.raises(ErpError):
        Outcome().required()

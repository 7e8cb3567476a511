"""Signing in, staying signed in, signing out."""

import pytest

from erp_core.identity.entities import attempts_id
from erp_core.identity.use_cases import (
    ChangeUserCommand,
    SignInCommand,
    TidySessionsCommand,
    UserCommand,
)
from erp_core.kernel.context import NO_COMPANY
from erp_core.kernel.errors import (
    ErpError,
    PermissionDeniedError,
    TooManyAttemptsError,
    UnauthenticatedError,
)
from erp_core.testing import ACME, RIVAL, at_once
from tests.identity.house import (
    KEEPER,
    PASSWORD,
    STRANGER,
    House,
    Interrupted,
    a_command,
)

DAY = 24 * 60 * 60


@pytest.fixture
def house() -> House:
    house = House()
    house.define("clerk", "sales.order.*")
    house.enter("ana", "clerk")
    return house


def fail(house: House, login: str = "ana", times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(UnauthenticatedError):
            house.sign_in(login, "wrong")


def wait_of(house: House, login: str, password: str = "wrong") -> int:
    with pytest.raises(TooManyAttemptsError) as refusal:
        house.sign_in(login, password)
    return refusal.value.details["retry_after_s"]


def test_whoever_knows_login_and_password_gets_a_session(house: House) -> None:
    session = house.sign_in()

    assert (session.user.login, session.company.id) == ("ana", ACME)
    assert session.grants == {"sales.order.*", "identity.me.read", "identity.password.change"}
    assert session.refresh_token not in repr(session)
    assert (session.expires_at - house.clock.now(STRANGER)).days == 30


def test_a_login_is_known_however_it_is_typed(house: House) -> None:
    assert house.sign_in(" ANA ").user.login == "ana"


def test_a_password_is_known_however_the_keyboard_spells_it(house: House) -> None:
    house.identity.create_user(
        house.admin, a_command(login="bo", password="ch\u00e1 de caf\u00e9")
    )
    assert house.sign_in("bo", "cha\u0301 de cafe\u0301").user.login == "bo"


@pytest.mark.parametrize("login", ["ana", "nobody", "bo"])
def test_the_answer_never_tells_whether_the_login_exists(house: House, login: str) -> None:
    bo = house.enter("bo")
    house.identity.disable_user(house.admin, UserCommand(id=bo.id))
    verified = house.hasher.verified
    with pytest.raises(UnauthenticatedError) as refusal:
        house.sign_in(login, "wrong" if login != "bo" else PASSWORD)

    assert (refusal.value.code, str(refusal.value)) == (
        "identity.credentials",
        "login and password do not match",
    )
    assert refusal.value.details == {}
    assert house.hasher.verified == verified + 1


@pytest.mark.parametrize("login", ["ana", "nobody"])
def test_from_the_fifth_failure_on_one_waits_twice_as_long_each_time(
    house: House, login: str
) -> None:
    fail(house, login, 5)
    waits = []
    for _ in range(12):
        waits.append(wait_of(house, login))
        house.clock.move(waits[-1])
        fail(house, login)

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]


@pytest.mark.parametrize("login", ["ana", "nobody"])
def test_while_one_waits_nothing_is_verified_and_nothing_counted(house: House, login: str) -> None:
    fail(house, login, 5)
    house.clock.move(1)
    fail(house, login)
    verified = house.hasher.verified

    assert wait_of(house, login, PASSWORD) == 2
    assert wait_of(house, f" {login.upper()}", PASSWORD) == 2
    assert house.hasher.verified == verified
    house.clock.move(1)
    assert wait_of(house, login) == 1


def test_success_forgets_the_failures(house: House) -> None:
    fail(house, times=5)
    house.clock.move(1)
    house.sign_in()
    fail(house, times=5)
    assert wait_of(house, "ana") == 1


def test_a_day_forgives(house: House) -> None:
    fail(house, times=4)
    house.clock.move(DAY)
    fail(house, times=5)
    assert wait_of(house, "ana") == 1


def test_failures_of_one_login_do_not_slow_down_another(house: House) -> None:
    fail(house, "bo", 5)
    assert house.sign_in().user.login == "ana"


def test_logins_that_mean_the_same_are_counted_together() -> None:
    assert attempts_id(" Ána ") == attempts_id("ana") != attempts_id("anna")
    assert attempts_id("ana").version == 8
    assert attempts_id("\ud800") != attempts_id("")


def test_failures_that_others_had_meanwhile_are_waited_for() -> None:
    house = House(Interrupted())
    house.enter()
    house.hasher.meanwhile = lambda: fail(house, times=5)
    assert wait_of(house, "ana", PASSWORD) == 1


def test_a_password_that_was_changed_meanwhile_opens_nothing() -> None:
    house = House(Interrupted())
    ana = house.enter()
    house.hasher.meanwhile = lambda: house.identity.disable_user(
        house.admin, UserCommand(id=ana.id)
    )
    with pytest.raises(UnauthenticatedError):
        house.sign_in()


def test_a_caller_cannot_say_himself_that_he_is_proven(house: House) -> None:
    forged = SignInCommand(login="ana", password="wrong", proven_epoch=0, better_hash="x")
    with pytest.raises(UnauthenticatedError):
        house.identity.sign_in(STRANGER, forged)


def test_an_old_hash_is_renewed_by_signing_in(house: House) -> None:
    session = house.sign_in()
    house.hasher.effort = 2
    renewed = house.sign_in().user

    assert renewed.password_hash.startswith("2$")
    assert renewed.auth_epoch == session.user.auth_epoch
    assert house.refresh(session.refresh_token).user == renewed
    assert house.sign_in().user == renewed


def test_a_hash_that_was_renewed_meanwhile_is_no_failure() -> None:
    house = House(Interrupted())
    house.enter()
    house.hasher.effort = 2
    house.hasher.meanwhile = house.sign_in
    assert house.sign_in().user.password_hash.startswith("2$")


def test_a_refresh_gives_another_token_of_the_same_end(house: House) -> None:
    first = house.sign_in()
    house.clock.move(DAY)
    second = house.refresh(first.refresh_token)
    third = house.refresh(second.refresh_token)

    assert len({each.refresh_token for each in (first, second, third)}) == 3
    assert third.expires_at == first.expires_at
    assert third.company.id == ACME


def test_roles_are_looked_up_at_each_refresh(house: House) -> None:
    session = house.sign_in()
    command = ChangeUserCommand(id=session.user.id, version=None, changes={"roles": ()})
    house.identity.change_user(house.admin, command)
    assert "sales.order.*" not in house.refresh(session.refresh_token).grants


def test_a_token_that_is_used_again_ends_its_session(house: House) -> None:
    first, other = house.sign_in(), house.sign_in()
    second = house.refresh(first.refresh_token)
    for _ in range(2):
        with pytest.raises(UnauthenticatedError) as refusal:
            house.refresh(first.refresh_token)
        assert refusal.value.code == "identity.refresh_reused"
    with pytest.raises(UnauthenticatedError) as refusal:
        house.refresh(second.refresh_token)

    assert refusal.value.code == "identity.refresh"
    assert house.refresh(other.refresh_token).user.login == "ana"


def test_of_several_who_refresh_at_once_one_wins_and_the_others_end_the_session(
    house: House,
) -> None:
    token = house.sign_in().refresh_token

    def refreshes() -> str:
        try:
            return house.refresh(token).refresh_token
        except UnauthenticatedError as error:
            return error.code

    answers = at_once(*[refreshes] * 5)
    won = [each for each in answers if each != "identity.refresh_reused"]
    assert len(won) == 1
    with pytest.raises(UnauthenticatedError):
        house.refresh(won[0])


def test_an_unknown_token_is_refused(house: House) -> None:
    for token in ("", "x" * 43, "\ud800"):
        with pytest.raises(UnauthenticatedError) as refusal:
            house.refresh(token)
        assert refusal.value.code == "identity.refresh"


def test_a_session_ends_after_thirty_days_however_often_it_was_refreshed(house: House) -> None:
    token = house.sign_in().refresh_token
    house.clock.move(30 * DAY - 1)
    token = house.refresh(token).refresh_token
    house.clock.move(1)
    with pytest.raises(UnauthenticatedError):
        house.refresh(token)


def test_a_disabled_user_is_out_and_stays_out_of_his_old_sessions(house: House) -> None:
    session = house.sign_in()
    one = UserCommand(id=session.user.id)
    house.identity.disable_user(house.admin, one)
    with pytest.raises(UnauthenticatedError):
        house.refresh(session.refresh_token)
    house.identity.enable_user(house.admin, one)
    with pytest.raises(UnauthenticatedError):
        house.refresh(session.refresh_token)
    assert house.sign_in().user.login == "ana"


def test_signing_out_ends_one_session_and_may_be_repeated(house: House) -> None:
    session, other = house.sign_in(), house.sign_in()
    following = house.refresh(session.refresh_token)
    for token in (session.refresh_token, session.refresh_token, "unknown"):
        house.sign_out(token)
    with pytest.raises(UnauthenticatedError):
        house.refresh(following.refresh_token)
    assert house.refresh(other.refresh_token).user.login == "ana"


def test_comings_and_goings_stand_in_the_trail_of_their_company(house: House) -> None:
    fail(house)
    session = house.sign_in()
    house.sign_out(house.refresh(session.refresh_token).refresh_token)
    mine = [each for each in house.trail() if each.action.startswith("identity.session")]
    who = str(session.user.id)

    assert [(each.action, each.by) for each in mine] == [
        ("identity.session.open", "tester"),
        ("identity.session.open", who),
        ("identity.session.refresh", who),
        ("identity.session.end", who),
    ]
    refused = mine[0].changes[-1]
    assert (refused.id, refused.after) == (who, {"outcome": "refused"})
    assert not any("session" in each.action for each in house.trail(RIVAL))


def test_an_unknown_login_stands_in_nobodys_trail(house: House) -> None:
    before = house.trail(), house.trail(RIVAL)
    fail(house, "nobody")
    assert (house.trail(), house.trail(RIVAL)) == before
    assert house.trail(NO_COMPANY)


def test_a_stolen_token_leaves_its_mark(house: House) -> None:
    session = house.sign_in()
    house.refresh(session.refresh_token)
    with pytest.raises(UnauthenticatedError):
        house.refresh(session.refresh_token)
    last = house.trail()[-1]
    assert (last.action, last.changes[0].kind) == ("identity.session.refresh", "identity.session")


def test_what_is_over_is_tidied_away(house: House) -> None:
    fail(house, "nobody")
    token = house.sign_in().refresh_token
    tidy = house.identity.tidy_sessions
    assert tidy(KEEPER, TidySessionsCommand()) == 0
    house.clock.move(DAY + 1)
    assert tidy(KEEPER, TidySessionsCommand(limit=1)) == 1
    assert tidy(KEEPER, TidySessionsCommand()) == 1
    house.refresh(token)
    house.clock.move(31 * DAY)
    assert tidy(KEEPER, TidySessionsCommand()) == 2
    with pytest.raises(PermissionDeniedError):
        tidy(house.admin, TidySessionsCommand())


def test_a_stranger_may_do_nothing_else(house: House) -> None:
    for ask in (house.identity.get_me, house.identity.get_company):
        with pytest.raises(ErpError) as refusal:
            ask(STRANGER, None)
        assert refusal.value.code == "permission_denied"

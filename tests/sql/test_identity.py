"""Sessions over real databases: races, and what a stranger could read from the work done."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from erp_core.identity.entities import attempts_id
from erp_core.identity.use_cases import (
    CreateCompanyCommand,
    IdentityUseCases,
    RefreshSessionCommand,
    SignInCommand,
)
from erp_core.kernel.context import NO_COMPANY, Usage
from erp_core.kernel.errors import ContentionError, ErpError, UnauthenticatedError
from erp_core.testing import NOON, at_once, context
from erp_core.testing.identity import a_company, a_refresh_token, a_user
from erp_core.testing.identity.sessions import LATER
from erp_sql.unit_of_work import SqlStore
from erp_system.clock import SystemClock
from tests.databases import KINDS, SERVERS, database
from tests.identity.house import KEEPER, PASSWORD, STRANGER, a_command
from tests.wiring import an_erp

HOUSE = context(company=NO_COMPANY)


@pytest.fixture(params=SERVERS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStore]:
    with database(request.param, tmp_path) as engine:
        yield SqlStore(engine)


def started(pool: ThreadPoolExecutor, job: Callable[[], Any]) -> Future[Any]:
    """Start *job*, and return when it had the time to join the queue for the lock."""
    waiting = pool.submit(job)
    wait([waiting], timeout=0.3)
    assert not waiting.done()
    return waiting


def test_a_token_that_was_dropped_while_one_waited_is_unknown(store: SqlStore) -> None:
    with store(context()) as uow:
        user = uow.users.add(context(), a_user())
        token = replace(a_refresh_token(user), expires_at=NOON)
        uow.refresh_tokens.add(context(), token)

    def locks() -> object:
        with store(context()) as uow:
            return uow.refresh_tokens.lock(context(), token.secret_hash)

    with ThreadPoolExecutor(1) as pool:
        with store(context()) as uow:
            uow.refresh_tokens.lock(context(), token.secret_hash)
            waiting = started(pool, locks)
            assert uow.refresh_tokens.forget(context(), LATER, 1) == 1
        assert waiting.result(timeout=5) is None


def test_a_count_that_was_dropped_while_one_waited_is_made_anew_or_asked_for_again(
    store: SqlStore,
) -> None:
    who = attempts_id("ana")
    with store(HOUSE) as uow:
        uow.sign_in_attempts.lock(HOUSE, who, NOON)

    def locks() -> bool:
        try:
            with store(HOUSE) as uow:
                return uow.sign_in_attempts.lock(HOUSE, who, LATER).last_at == LATER
        except ContentionError:
            return True

    with ThreadPoolExecutor(1) as pool:
        with store(HOUSE) as uow:
            uow.sign_in_attempts.lock(HOUSE, who, NOON)
            waiting = started(pool, locks)
            assert uow.sign_in_attempts.forget(HOUSE, LATER, 1) == 1
        assert waiting.result(timeout=5)


@pytest.fixture(params=KINDS)
def identity(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[IdentityUseCases]:
    with database(request.param, tmp_path) as engine:
        identity = an_erp(SqlStore(engine), clock=SystemClock()).identity
        command = CreateCompanyCommand(company=a_company(), administrator=a_command())
        identity.create_company(KEEPER, command)
        yield identity


def test_of_several_who_refresh_at_once_one_wins_and_the_session_ends(
    identity: IdentityUseCases,
) -> None:
    signed_in = identity.sign_in(STRANGER, SignInCommand(login="ana", password=PASSWORD))
    token = signed_in.required().refresh_token

    def refreshes(secret: str = token) -> str:
        command = RefreshSessionCommand(refresh_token=secret)
        try:
            return identity.refresh_session(STRANGER, command).required().refresh_token
        except UnauthenticatedError as error:
            return error.code

    answers = at_once(*[refreshes] * 5)
    assert answers.count("identity.refresh_reused") == 4
    (won,) = set(answers) - {"identity.refresh_reused"}
    assert refreshes(won) == "identity.refresh"


def test_guesses_made_at_once_are_all_counted(identity: IdentityUseCases) -> None:
    def guesses() -> str:
        try:
            identity.sign_in(STRANGER, SignInCommand(login="ana", password="wrong"))
        except ErpError as error:
            return error.code
        return "opened"

    answers = at_once(*[guesses] * 8)
    assert sorted(answers) == ["identity.credentials"] * 5 + ["too_many_attempts"] * 3


def test_a_failure_costs_the_same_whether_or_not_there_is_such_a_user(
    identity: IdentityUseCases,
) -> None:
    costs = []
    for login in ("ana", "nobody"):
        ctx = replace(STRANGER, usage=Usage())
        with pytest.raises(UnauthenticatedError):
            identity.sign_in(ctx, SignInCommand(login=login, password="wrong"))
        costs.append(ctx.usage.statements)
    assert costs[0] == costs[1] > 0

"""Rows that are dropped while somebody waits for them: a race that only servers have."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from erp_core.identity.entities import attempts_id
from erp_core.kernel.context import NO_COMPANY
from erp_core.kernel.errors import ContentionError
from erp_core.testing import NOON, context
from erp_core.testing.identity import a_refresh_token, a_user
from erp_core.testing.identity.sessions import LATER
from erp_sql.unit_of_work import SqlStore
from tests.databases import SERVERS, database

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

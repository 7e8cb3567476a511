"""Forgetting old keys while somebody uses one of them anew."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.ports import IdempotencyKey
from erp_core.testing import NOON, context
from erp_sql.unit_of_work import SqlStore
from tests.databases import SERVERS, migrated

KEY = IdempotencyKey(key="k", fingerprint="f")


@pytest.fixture(params=SERVERS)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    yield from migrated(request.param, tmp_path)


def test_a_key_that_is_used_anew_while_old_ones_are_forgotten_stands(engine: Engine) -> None:
    store, later = SqlStore(engine), NOON + timedelta(days=2)
    with store(context()) as uow:
        uow.idempotency.claim(context(), KEY, NOON)
        uow.idempotency.answer(context(), KEY, "old")
    renewals = iter([True])

    @event.listens_for(engine, "after_cursor_execute")
    def renew(_connection, _cursor, statement: str, *_: object) -> None:
        if "idempotency.claimed_at <" in statement and next(renewals, False):
            with store(context()) as uow:
                assert uow.idempotency.claim(context(), KEY, later) is None
                uow.idempotency.answer(context(), KEY, "new")

    with store(context()) as uow:
        uow.idempotency.forget(context(), later - timedelta(days=1), 10)
    with store(context()) as uow:
        assert uow.idempotency.claim(context(), KEY, later) == "new"


def test_a_key_that_is_forgotten_while_it_is_claimed_is_claimed_again(engine: Engine) -> None:
    store, later = SqlStore(engine), NOON + timedelta(days=2)
    with store(context()) as uow:
        uow.idempotency.claim(context(), KEY, NOON)
    forgettings = iter([True])

    @event.listens_for(engine, "before_cursor_execute")
    def forget(_connection, _cursor, statement: str, *_: object) -> None:
        if "FOR UPDATE" in statement and engine.name == "postgresql" and next(forgettings, False):
            with store(context()) as uow:
                uow.idempotency.forget(context(), later, 10)

    claimed = []
    for _ in range(2):
        try:
            with store(context()) as uow:
                claimed.append(uow.idempotency.claim(context(), KEY, later))
        except StaleVersionError:  # which a use case answers by trying again
            continue
    assert None in claimed

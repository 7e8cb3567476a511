"""What those do with jobs who look after them, and what is swept away."""

from datetime import timedelta

import pytest

from erp_core.documents.entities import JobState
from erp_core.documents.ports import JobQuery
from erp_core.documents.use_cases import TidyHouseCommand
from erp_core.kernel.context import NO_COMPANY
from erp_core.kernel.errors import PermissionDeniedError
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import IdempotencyKey
from erp_core.testing import NOON, MovableClock, context
from erp_core.testing.documents import a_job
from erp_core.testing.kernel import KettleBoiled
from erp_memory.store import MemoryStore
from tests.wiring import an_erp

HOUSE = context("documents.*", company=NO_COMPANY)


def test_what_nobody_needs_is_dropped_each_in_its_time() -> None:
    store, clock = MemoryStore(), MovableClock()
    documents = an_erp(store, clock=clock).documents
    event = KettleBoiled(occurred_at=NOON)
    with store(context()) as uow:
        done, dead, _ = uow.jobs.add(context(), [a_job() for _ in range(3)])
        uow.jobs.save(context(), done.request_cancel(NOON))
        running = uow.jobs.save(context(), dead.claim("host:1", NOON, NOON))
        uow.jobs.save(context(), running.put_back(NOON).claim("a", NOON, NOON))
        uow.idempotency.claim(context(), IdempotencyKey(key="k", fingerprint="f"), NOON)
        uow.outbox.append(context(), [event])
        uow.outbox.postpone(context(), event.id, None, "no tea", NOON)

    def left() -> list[JobState]:
        query = JobQuery(page=PageRequest())
        found = documents.list_jobs(context("documents.*"), query).items
        return [each.state for each in found]

    def tidied(days: float) -> int:
        clock.move(timedelta(days=days).total_seconds())
        return documents.tidy_house(HOUSE, TidyHouseCommand())

    assert [tidied(1), tidied(0.5), tidied(0)] == [0, 1, 0]  # the key, a day old
    assert tidied(6) == 1  # the cancelled job, a week old
    assert left() == [JobState.RUNNING, JobState.QUEUED]
    assert tidied(85) == 1  # the event that could not be told
    assert left() == [JobState.RUNNING, JobState.QUEUED]


def test_a_company_does_not_tidy_the_house() -> None:
    with pytest.raises(PermissionDeniedError) as refused:
        an_erp().documents.tidy_house(context("documents.*"), TidyHouseCommand())
    assert refused.value.code == "documents.house_only"

"""Transactions, the outbox, the audit trail and answered requests, wherever they are kept."""

import pytest

from erp_app.demo.clock import YearClock
from erp_core.kernel.errors import ContentionError
from erp_core.testing import FixedClock, MovableClock, Witness, context
from erp_core.testing.kernel import (
    AuditLogContract,
    ClockContract,
    IdempotencyContract,
    ObserverContract,
    OutboxContract,
    SleepingClockContract,
    UnitOfWorkFactoryContract,
)
from erp_memory.store import MemoryStore
from erp_system.clock import SystemClock
from erp_telemetry import Metrics, TelemetryObserver
from tests.contracts.stores import InDatabase, InMemory


class TestSystemClock(SleepingClockContract):
    @pytest.fixture(autouse=True)
    def _clock(self) -> None:
        self.clock = SystemClock()


class TestYearClock(SleepingClockContract):
    @pytest.fixture(autouse=True)
    def _clock(self) -> None:
        self.clock = YearClock()


class TestFixedClock(ClockContract):
    @pytest.fixture(autouse=True)
    def _clock(self) -> None:
        self.clock = FixedClock()


class TestMovableClock(ClockContract):
    @pytest.fixture(autouse=True)
    def _clock(self) -> None:
        self.clock = MovableClock()


class TestWitness(ObserverContract):
    @pytest.fixture(autouse=True)
    def _observer(self) -> None:
        self.observer = Witness()


class TestTelemetryObserver(ObserverContract):
    @pytest.fixture(autouse=True)
    def _observer(self) -> None:
        self.metrics = Metrics()
        self.observer = TelemetryObserver(self.metrics)

    def test_what_it_was_told_can_be_shown(self) -> None:
        self.test_any_outcome_is_taken_note_of_without_complaint()
        assert b'outcome="insufficient_stock"' in self.metrics.render()[0]


class TestUnitOfWorkInMemory(InMemory, UnitOfWorkFactoryContract): ...


class TestUnitOfWork(InDatabase, UnitOfWorkFactoryContract): ...


class TestOutboxInMemory(InMemory, OutboxContract): ...


class TestOutbox(InDatabase, OutboxContract): ...


class TestAuditLogInMemory(InMemory, AuditLogContract): ...


class TestAuditLog(InDatabase, AuditLogContract): ...


class TestIdempotencyInMemory(InMemory, IdempotencyContract): ...


class TestIdempotency(InDatabase, IdempotencyContract): ...


def test_a_store_held_too_long_is_contention() -> None:
    store = MemoryStore(lock_wait_seconds=0)
    with store(context()), pytest.raises(ContentionError), store(context()):
        pass

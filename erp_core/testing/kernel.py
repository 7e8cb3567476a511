"""What every clock, every outbox and every opener of transactions must do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Timer
from time import monotonic
from typing import ClassVar
from uuid import UUID

from erp_core.kernel.audit import AuditRecord, Change
from erp_core.kernel.entity import Event, new_id
from erp_core.kernel.errors import (
    DeadlineExceededError,
    InvariantError,
    NotFoundError,
    OperationCancelledError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import (
    AuditQuery,
    Clock,
    IdempotencyKey,
    Observation,
    Observer,
    UnitOfWork,
    UnitOfWorkFactory,
)
from erp_core.testing import ACME, NOON, RIVAL, at_once, context, expect


@dataclass(frozen=True, slots=True, kw_only=True)
class KettleBoiled(Event):
    """Something to tell, of no area."""

    name: ClassVar[str] = "kernel.kettle_boiled"

    litres: int = 2


class ClockContract:
    """Set ``clock`` before each test."""

    clock: Clock

    def test_now_is_aware_and_in_utc(self) -> None:
        assert self.clock.now(context()).tzinfo is UTC

    def test_nobody_sleeps_for_a_caller_who_gave_up(self) -> None:
        ctx = context()
        ctx.cancellation.cancel("gone")
        with expect(OperationCancelledError):
            self.clock.sleep(ctx, 60)

    def test_nobody_sleeps_past_the_deadline(self) -> None:
        with expect(DeadlineExceededError):
            self.clock.sleep(context().with_timeout(0), 60)


class SleepingClockContract(ClockContract):
    """A clock whose sleep takes time must also be woken."""

    def test_a_sleeper_wakes_when_cancelled(self) -> None:
        ctx, started = context(), monotonic()
        Timer(0.05, ctx.cancellation.cancel, ["gone"]).start()
        with expect(OperationCancelledError):
            self.clock.sleep(ctx, 60)
        assert monotonic() - started < 30


class UnitOfWorkFactoryContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[UnitOfWork]

    def pending(self) -> int:
        with self.unit_of_work(context(), read_only=True) as uow:
            return len(uow.outbox.pending(context(), 10))

    def test_leaving_the_block_commits(self) -> None:
        with self.unit_of_work(context()) as uow:
            uow.outbox.append(context(), [KettleBoiled(occurred_at=NOON)])
        assert self.pending() == 1

    def test_leaving_by_an_error_leaves_no_trace(self) -> None:
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.outbox.append(context(), [KettleBoiled(occurred_at=NOON)])
            raise NotFoundError("no tea")
        assert self.pending() == 0

    def test_a_reader_cannot_change_anything(self) -> None:
        with self.unit_of_work(context(), read_only=True) as uow:
            uow.outbox.append(context(), [KettleBoiled(occurred_at=NOON)])
        assert self.pending() == 0

    def test_readers_do_not_wait_for_a_writer(self) -> None:
        with self.unit_of_work(context()) as uow:
            uow.outbox.append(context(), [KettleBoiled(occurred_at=NOON)])
            assert self.pending() == 0

    def test_a_writer_does_not_wait_for_readers(self) -> None:
        with self.unit_of_work(context(), read_only=True) as reader:
            assert not reader.outbox.pending(context(), 10)
            with self.unit_of_work(context()) as uow:
                uow.outbox.append(context(), [KettleBoiled(occurred_at=NOON)])
        assert self.pending() == 1

    def test_nothing_begins_for_a_caller_who_gave_up(self) -> None:
        ctx = context()
        ctx.cancellation.cancel("gone")
        with expect(OperationCancelledError), self.unit_of_work(ctx):
            pass

    def test_nothing_is_committed_for_a_caller_who_gave_up(self) -> None:
        ctx = context()
        with expect(OperationCancelledError), self.unit_of_work(ctx) as uow:
            uow.outbox.append(ctx, [KettleBoiled(occurred_at=NOON)])
            ctx.cancellation.cancel("gone")
        assert self.pending() == 0


class OutboxContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[UnitOfWork]

    def append(self, *events: Event) -> None:
        with self.unit_of_work(context()) as uow:
            uow.outbox.append(context(), events)

    def test_every_field_survives_the_round_trip(self) -> None:
        event = KettleBoiled(occurred_at=NOON)
        self.append(event)
        with self.unit_of_work(context()) as uow:
            (message,) = uow.outbox.pending(context(), 10)
        assert (message.id, message.company_id, message.name) == (event.id, ACME, event.name)
        assert message.payload == {
            "id": str(event.id),
            "occurred_at": "2024-02-29 12:00:00+00:00",
            "litres": "2",
        }

    def test_a_message_is_pending_until_settled(self) -> None:
        self.append(KettleBoiled(occurred_at=NOON), KettleBoiled(occurred_at=NOON))
        with self.unit_of_work(context()) as uow:
            (first,) = uow.outbox.pending(context(), 1)
            uow.outbox.settle(context(), [first.id])
        with self.unit_of_work(context()) as uow:
            (second,) = uow.outbox.pending(context(), 10)
        assert second.id > first.id

    def claimed(self, now: datetime = NOON) -> list[UUID]:
        with self.unit_of_work(context()) as uow:
            return [each.id for each in uow.outbox.claim(context(), now, 10)]

    def test_a_message_names_the_request_it_came_of(self) -> None:
        self.append(KettleBoiled(occurred_at=NOON))
        with self.unit_of_work(context()) as uow:
            (message,) = uow.outbox.claim(context(), NOON, 10)
        assert (message.by, message.request_id, message.trace_id) == ("tester", "test", "")

    def test_what_failed_waits_and_what_is_given_up_is_dropped_in_time(self) -> None:
        first, second = KettleBoiled(occurred_at=NOON), KettleBoiled(occurred_at=NOON)
        self.append(first, second)
        later = NOON + timedelta(seconds=10)
        with self.unit_of_work(context()) as uow:
            uow.outbox.postpone(context(), first.id, later, "no tea", NOON)
        assert self.claimed() == [second.id]
        assert self.claimed(later) == [first.id, second.id]
        with self.unit_of_work(context()) as uow:
            (again, _) = uow.outbox.claim(context(), later, 10)
            uow.outbox.postpone(context(), first.id, None, "never", NOON)
        assert again.attempts == 1
        assert self.claimed(later) == [second.id]
        with self.unit_of_work(context()) as uow:
            assert [each.id for each in uow.outbox.pending(context(), 10)] == [second.id]
            assert uow.outbox.forget(context(), NOON, 10) == 0
            assert uow.outbox.forget(context(), later, 10) == 1

    def test_a_relay_sees_the_messages_of_every_company(self) -> None:
        self.append(KettleBoiled(occurred_at=NOON))
        with self.unit_of_work(context(company=RIVAL)) as uow:
            (message,) = uow.outbox.pending(context(company=RIVAL), 10)
        assert message.company_id == ACME


class ObserverContract:
    """Set ``observer`` before each test."""

    observer: Observer

    def test_any_outcome_is_taken_note_of_without_complaint(self) -> None:
        for outcome in ("ok", "insufficient_stock", "error", "\x00\ud800"):
            seen = Observation(permission="a.b.c", outcome=outcome, seconds=0.1, attempts=2)
            self.observer.observe(context(), seen)


class AuditLogContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[UnitOfWork]

    def record(self, action: str = "a.thing.change", by: str = "ada") -> AuditRecord:
        record = AuditRecord(
            id=new_id(),
            at=NOON,
            by=by,
            request_id="r-1",
            action=action,
            changes=(
                Change(kind="a.thing", id="1", before={"name": "Á"}, after={"name": "煎茶 🍵"}),
                Change(kind="a.thing", id="2", before={}, after={}),
            ),
        )
        with self.unit_of_work(context()) as uow:
            uow.audit.append(context(), record)
        return record

    def found(self, query: AuditQuery) -> list[AuditRecord]:
        with self.unit_of_work(context(), read_only=True) as uow:
            return list(uow.audit.page(context(), query).items)

    def test_every_field_survives_the_round_trip(self) -> None:
        record = self.record()
        assert self.found(AuditQuery(page=PageRequest())) == [record]

    def test_records_are_found_by_action_and_by_principal(self) -> None:
        change, add = self.record("a.thing.change"), self.record("a.other.add", by="bob")
        everything = PageRequest(descending=True)
        assert self.found(AuditQuery(page=everything)) == [add, change]
        assert self.found(AuditQuery(page=everything, action="a.thing.")) == [change]
        assert self.found(AuditQuery(page=everything, by="bob")) == [add]
        assert self.found(AuditQuery(page=PageRequest(), action="a.thing", by="bob")) == []

    def test_another_companys_records_do_not_exist(self) -> None:
        self.record()
        rival = context(company=RIVAL)
        with self.unit_of_work(rival, read_only=True) as uow:
            assert uow.audit.page(rival, AuditQuery(page=PageRequest())).items == ()


class IdempotencyContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[UnitOfWork]

    key = IdempotencyKey(key="k-1", fingerprint="f-1")

    def claim(self, key: IdempotencyKey, now: datetime = NOON) -> str | None:
        with self.unit_of_work(context()) as uow:
            known = uow.idempotency.claim(context(), key, now)
            if known is None:
                uow.idempotency.answer(context(), key, "done 🍵")
        return known

    def test_a_key_is_answered_as_it_was_before(self) -> None:
        assert [self.claim(self.key) for _ in range(3)] == [None, "done 🍵", "done 🍵"]

    def test_a_key_is_not_for_another_request(self) -> None:
        self.claim(self.key)
        with expect(InvariantError, "idempotency.reused"):
            self.claim(IdempotencyKey(key="k-1", fingerprint="f-2"))

    def test_another_principal_and_another_company_have_keys_of_their_own(self) -> None:
        self.claim(self.key)
        rival = context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            assert uow.idempotency.claim(rival, self.key, NOON) is None

    def test_a_key_of_yesterday_is_free_again(self) -> None:
        self.claim(self.key)
        almost = NOON + timedelta(hours=23, minutes=59)
        assert self.claim(self.key, almost) == "done 🍵"
        assert (
            self.claim(IdempotencyKey(key="k-1", fingerprint="f-2"), NOON + timedelta(1)) is None
        )

    def test_a_failed_unit_of_work_frees_its_key(self) -> None:
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.idempotency.claim(context(), self.key, NOON)
            raise NotFoundError("no tea")
        assert self.claim(self.key) is None

    def test_a_long_answer_is_kept_whole(self) -> None:
        with self.unit_of_work(context()) as uow:
            uow.idempotency.claim(context(), self.key, NOON)
            uow.idempotency.answer(context(), self.key, "é" * 200_000)
        assert self.claim(self.key) == "é" * 200_000

    def test_of_many_who_ask_at_once_one_does_it(self) -> None:
        answers = at_once(*[partial(self.claim, self.key)] * 6)
        assert sorted(answers, key=str) == [None, *["done 🍵"] * 5]

    def test_old_keys_are_forgotten_a_few_at_a_time(self) -> None:
        for each in range(3):
            self.claim(IdempotencyKey(key=f"k-{each}", fingerprint="f"))
        with self.unit_of_work(context()) as uow:
            assert uow.idempotency.forget(context(), NOON, 10) == 0
            assert uow.idempotency.forget(context(), NOON + timedelta(1), 2) == 2
            assert uow.idempotency.forget(context(), NOON + timedelta(1), 2) == 1

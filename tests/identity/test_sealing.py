"""The sealed trail: what was changed, removed or inserted behind the program's back is found."""

from dataclasses import replace
from datetime import timedelta

import pytest

from erp_core.identity.ports import seal_trail, trail_waits
from erp_core.identity.use_cases import VerifyAuditQuery
from erp_core.kernel.audit import AuditRecord, Change
from erp_core.kernel.errors import InvariantError
from erp_core.kernel.sealing import (
    LATENESS_MAX,
    AuditSeal,
    Fault,
    SealedRecord,
    broken,
    chain,
    earliest_id,
    never_late,
)
from erp_core.testing import NOON, MovableClock, context, expect
from erp_core.testing.identity.audit_seals import a_record
from erp_memory.store import MemoryStore
from erp_workers import Sealer
from tests.wiring import an_erp

READER = context("identity.audit_seal.read")


def sealed(*records: AuditRecord) -> list[SealedRecord]:
    pairs = zip(chain(None, records), records, strict=True)
    return [SealedRecord(seal=seal, record=record) for seal, record in pairs]


def faults(found: list[SealedRecord]) -> list[tuple[Fault, int | None]]:
    return [(each.fault, each.position) for each in broken(None, found)]


def test_a_trail_that_nobody_touched_is_whole() -> None:
    assert faults(sealed(*(a_record() for _ in range(5)))) == []
    assert faults([]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"by": "eve"},
        {"action": "a.thing.add"},
        {"request_id": "r-2"},
        {"at": NOON},
        {"changes": ()},
        {"changes": (Change(kind="a.thing", id="1", before={}, after={"z": "x"}),)},
    ],
)
def test_whatever_is_changed_of_a_record_is_found_and_no_other_is_blamed(
    changes: dict[str, object],
) -> None:
    found = sealed(a_record(), a_record(), a_record())
    found[1] = replace(found[1], record=replace(found[1].record, **changes))
    assert faults(found) == [(Fault.CHANGED, 2)]


def test_what_is_removed_is_found_with_its_seal_or_without() -> None:
    found = sealed(*(a_record() for _ in range(4)))
    assert faults([found[0], replace(found[1], record=None), *found[2:]]) == [(Fault.REMOVED, 2)]
    assert faults([found[0], *found[2:]]) == [(Fault.UNSEALED, 2)]


def test_who_closes_the_gap_breaks_what_follows() -> None:
    one, two, three = sealed(*(a_record() for _ in range(3)))
    closed = replace(three, seal=replace(three.seal, position=2))
    assert faults([one, closed]) == [(Fault.CHANGED, 2)]
    swapped = [one, replace(two, record=three.record), replace(three, record=two.record)]
    assert faults(swapped) == [(Fault.CHANGED, 2), (Fault.CHANGED, 3)]


def test_one_meaning_has_one_spelling_whatever_the_order_of_its_fields() -> None:
    record = a_record()
    change = record.changes[0]
    turned = replace(change, before=dict(reversed(change.before.items())))
    other = replace(record, changes=(turned, *record.changes[1:]))
    assert chain(None, [record]) == chain(None, [other])
    assert chain(None, [record]) != chain(None, [replace(record, changes=record.changes[1:])])


def test_an_id_tells_its_moment() -> None:
    record = a_record()
    seal = AuditSeal(position=1, record_id=record.id, digest="")
    assert never_late(seal) < record.id
    assert never_late(None) < earliest_id(NOON) < earliest_id(NOON + timedelta(milliseconds=1))


class Archive:
    """A trail in memory, and a clock that is well ahead of the ids that are made."""

    def __init__(self) -> None:
        self.store, self.clock = MemoryStore(), MovableClock()
        self.clock.move(timedelta(days=36_500).total_seconds())
        self.erp = an_erp(self.store, clock=self.clock)

    def record(self, *records: AuditRecord) -> None:
        with self.store(context()) as uow:
            for each in records:
                uow.audit.append(context(), each)

    def seal(self) -> int:
        with self.store(context()) as uow:
            return seal_trail(context(), uow, self.clock.now(context()))

    def waits(self, now: object = None) -> bool:
        with self.store(context(), read_only=True) as uow:
            return trail_waits(context(), uow, now or self.clock.now(context()))


def test_what_is_new_waits_until_its_neighbours_are_there() -> None:
    archive = Archive()
    assert not archive.waits()
    archive.record(a_record())
    assert not archive.waits(NOON)  # of NOON's day nothing as young is sealed
    assert archive.waits()
    assert [archive.seal(), archive.seal()] == [1, 0]
    assert not archive.waits()


def test_the_trail_is_proved_by_parts_and_who_notes_the_last_seal_can_go_on() -> None:
    archive = Archive()
    archive.record(*(a_record() for _ in range(5)))
    archive.seal()
    verify = archive.erp.identity.verify_audit
    first = verify(READER, VerifyAuditQuery(most=3))
    assert (first.checked, first.more, first.differences, first.last.position) == (3, True, (), 3)
    rest = verify(READER, VerifyAuditQuery(after=3))
    assert (rest.checked, rest.more, rest.differences, rest.last.position) == (2, False, (), 5)
    nothing = verify(READER, VerifyAuditQuery(after=5))
    assert (nothing.checked, nothing.last) == (0, rest.last)
    for wrong in ({"after": -1}, {"most": 0}, {"most": 10_001}):
        with expect(InvariantError, "identity.audit.verify"):
            VerifyAuditQuery(**wrong)


def test_what_comes_a_little_late_is_sealed_and_what_comes_much_later_was_inserted() -> None:
    archive = Archive()
    forged, late, known = a_record(), a_record(), a_record()
    # Ids begin with their milliseconds: so much earlier are these two.
    minute = 60_000 << 80
    late = replace(late, id=type(late.id)(int=late.id.int - minute))
    forged = replace(forged, id=type(forged.id)(int=forged.id.int - 20 * minute))
    assert timedelta(minutes=1) < LATENESS_MAX < timedelta(minutes=20)
    archive.record(known)
    archive.seal()
    archive.record(late, forged)
    assert archive.seal() == 1
    found = archive.erp.identity.verify_audit(READER, VerifyAuditQuery())
    assert [(each.fault, each.record_id) for each in found.differences] == [
        (Fault.INSERTED, forged.id)
    ]


def test_a_program_seals_every_minute_and_several_seal_once() -> None:
    archive = Archive()
    archive.record(a_record(), a_record())
    one, other = (
        Sealer(unit_of_work=archive.store, clock=archive.clock, companies=lambda ctx: [READ])
        for _ in range(2)
    )
    assert [one.step(), one.step(), other.step()] == [2, 0, 0]
    archive.record(a_record())
    assert one.step() == 0  # its minute is not over
    archive.clock.move(60)
    assert [one.step(), other.step()] == [1, 0]


READ = (context().company_id, None)

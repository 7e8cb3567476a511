"""What every keeper of the audit trail's seals must do."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from erp_core.identity.ports import IdentityUnitOfWork
from erp_core.kernel.audit import AuditRecord, Change
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.kernel.sealing import SealedRecord, broken, chain
from erp_core.testing import NOON, RIVAL, at_once, context, expect

_FIRST = UUID(int=0)
_LAST = UUID(int=2**128 - 1)


def a_record(action: str = "a.thing.change") -> AuditRecord:
    """Make a record of which no field is left empty."""
    return AuditRecord(
        id=new_id(),
        at=NOON + timedelta(microseconds=123456),
        by="ada",
        request_id="r-1",
        action=action,
        changes=(
            Change(kind="a.thing", id="1", before={"b": "Á", "a": ""}, after={"z": "煎茶 🍵"}),
            Change(kind="a.thing", id="2", before={}, after={}),
        ),
    )


class AuditSealsContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[IdentityUnitOfWork]

    def recorded(self, many: int = 3) -> tuple[AuditRecord, ...]:
        records = tuple(a_record() for _ in range(many))
        with self.unit_of_work(context()) as uow:
            for each in reversed(records):
                uow.audit.append(context(), each)
        return records

    def unsealed(
        self, after: UUID = _FIRST, before: UUID = _LAST, limit: int = 10
    ) -> tuple[AuditRecord, ...]:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.audit_seals.unsealed(context(), after, before, limit)

    def seal(self) -> int:
        with self.unit_of_work(context()) as uow:
            head = uow.audit_seals.head(context())
            found = uow.audit_seals.unsealed(context(), _FIRST, _LAST, 10)
            uow.audit_seals.add(context(), chain(head, found))
            return len(found)

    def test_what_has_no_seal_is_found_in_order_and_within_its_bounds(self) -> None:
        one, two, three = self.recorded()
        assert self.unsealed() == (one, two, three)
        assert self.unsealed(limit=2) == (one, two)
        assert self.unsealed(after=one.id, before=three.id) == (two,)
        rival = context(company=RIVAL)
        with self.unit_of_work(rival, read_only=True) as uow:
            assert uow.audit_seals.unsealed(rival, _FIRST, _LAST, 10) == ()

    def test_seals_survive_the_round_trip_with_their_records(self) -> None:
        records = self.recorded()
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.audit_seals.head(context()) is None
            assert uow.audit_seals.at(context(), 1) is None
        assert self.seal() == 3
        assert self.unsealed() == ()
        seals = chain(None, records)
        pairs = tuple(
            SealedRecord(seal=seal, record=record)
            for seal, record in zip(seals, records, strict=True)
        )
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.audit_seals.head(context()) == seals[-1]
            assert uow.audit_seals.at(context(), 2) == seals[1]
            assert uow.audit_seals.sealed(context(), 0, 10) == pairs
            assert uow.audit_seals.sealed(context(), 1, 1) == pairs[1:2]
            assert broken(None, uow.audit_seals.sealed(context(), 0, 10)) == ()
        rival = context(company=RIVAL)
        with self.unit_of_work(rival, read_only=True) as uow:
            assert uow.audit_seals.sealed(rival, 0, 10) == ()

    def test_a_seal_outlives_its_record(self) -> None:
        (seal,) = chain(None, [a_record()])
        with self.unit_of_work(context()) as uow:
            uow.audit_seals.add(context(), [])
            uow.audit_seals.add(context(), [seal])
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.audit_seals.sealed(context(), 0, 10)
        assert found == (SealedRecord(seal=seal, record=None),)

    def test_a_place_and_a_record_are_sealed_once(self) -> None:
        one, two = self.recorded(2)
        first = chain(None, [one])
        with self.unit_of_work(context()) as uow:
            uow.audit_seals.add(context(), first)
        for again in (chain(None, [two]), chain(first[0], [one])):
            with expect(StaleVersionError), self.unit_of_work(context()) as uow:
                uow.audit_seals.add(context(), again)

    def test_of_many_who_seal_the_same_each_record_is_sealed_once(self) -> None:
        self.recorded(8)

        def seals() -> int:
            try:
                return self.seal()
            except StaleVersionError:
                return 0

        at_once(*[partial(seals)] * 6)
        self.seal()
        with self.unit_of_work(context(), read_only=True) as uow:
            found = uow.audit_seals.sealed(context(), 0, 100)
        assert [each.seal.position for each in found] == list(range(1, 9))
        assert broken(None, found) == ()

"""Who alters the audit trail in the database itself is found out, on every engine."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, update

from erp_core.identity.ports import seal_trail
from erp_core.identity.use_cases import AuditVerification, VerifyAuditQuery
from erp_core.kernel.entity import new_id
from erp_core.kernel.sealing import Fault
from erp_core.testing import MovableClock, context
from erp_sql.audit import AuditRow
from erp_sql.audit_seals import AuditSealRow
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.sales.shops import Shop, a_shop

AUDITOR = context("identity.audit_seal.read")


@dataclass
class Archive:
    """A shop whose trail is sealed."""

    engine: Engine
    shop: Shop

    def seal(self) -> int:
        clock = MovableClock()
        clock.move(timedelta(days=36_500).total_seconds())
        with self.shop.store(context()) as uow:
            return seal_trail(context(), uow, clock.now(context()))

    def verify(self, **said: int) -> AuditVerification:
        return self.shop.erp.identity.verify_audit(AUDITOR, VerifyAuditQuery(**said))

    def faults(self) -> list[tuple[Fault, int | None]]:
        return [(each.fault, each.position) for each in self.verify().differences]

    def does(self, statement: object) -> None:
        with self.engine.begin() as connection:
            connection.execute(statement)

    def ids(self) -> list:
        with self.engine.connect() as connection:
            return list(connection.execute(select(AuditRow.id).order_by(AuditRow.id)).scalars())


@pytest.fixture(params=KINDS)
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    with database(request.param, tmp_path) as engine:
        shop = a_shop(SqlStore(engine))
        for _ in range(4):
            shop.order(shop.line(None, description="conseil, São João ☕", unit_price=Decimal(3)))
        yield Archive(engine, shop)


def test_a_trail_of_real_work_is_proved_and_every_way_to_alter_it_is_found(
    archive: Archive,
) -> None:
    assert archive.seal() == 4
    assert archive.verify().checked == 4
    assert archive.faults() == []
    ids = archive.ids()

    archive.does(update(AuditRow).where(AuditRow.id == ids[1]).values(by="eve"))
    assert archive.faults() == [(Fault.CHANGED, 2)]
    archive.does(update(AuditRow).where(AuditRow.id == ids[1]).values(by="tester"))
    assert archive.faults() == []

    archive.does(delete(AuditRow).where(AuditRow.id == ids[2]))
    assert archive.faults() == [(Fault.REMOVED, 3)]
    archive.does(delete(AuditSealRow).where(AuditSealRow.record_id == ids[2]))
    assert archive.faults() == [(Fault.UNSEALED, 3)]

    forged = {"company_id": context().company_id, "at": None, "by": "eve", "request_id": ""}
    with archive.engine.connect() as connection:
        at = connection.execute(select(AuditRow.at)).scalars().first()
    forged |= {"action": "a.b.c", "changes": [], "at": at}
    long_ago = type(ids[0])(int=ids[0].int - (3_600_000 << 80))
    archive.does(insert(AuditRow).values(id=long_ago, **forged))
    assert (Fault.INSERTED, None) in archive.faults()


def test_sealing_and_selling_go_on_at_once_and_writers_wait_for_nobody(archive: Archive) -> None:
    shop = archive.shop
    with shop.store(context()) as slow:
        if archive.engine.dialect.name != "sqlite":  # where one writes at a time
            assert slow.audit_seals.head(context()) is None
            shop.order()
    assert archive.seal() >= 4
    shop.order()
    assert archive.seal() == 1
    assert archive.verify().differences == ()
    assert new_id() > archive.ids()[-1]

"""The seals of the audit trail as rows: one a record, written after it by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Connection,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from erp_core.identity.ports import AuditSeals
from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import Context
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.sealing import AuditSeal, SealedRecord
from erp_sql.audit import AuditRow, read_record
from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column

_DIGEST_LENGTH: Final = 64


class AuditSealRow(Base):
    """No foreign key: that a record is gone is what a seal is there to tell."""

    __tablename__ = "audit_seal"
    __table_args__ = (UniqueConstraint("company_id", "record_id"), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(text(_DIGEST_LENGTH))


_SEAL: Final = cast("Table", AuditSealRow.__table__).c
_RECORD: Final = cast("Table", AuditRow.__table__).c
_OURS: Final = _SEAL.company_id == bindparam("company")
_PAIR: Final = and_(_SEAL.company_id == _RECORD.company_id, _SEAL.record_id == _RECORD.id)
_HEAD: Final = select(*_SEAL).where(_OURS).order_by(_SEAL.position.desc()).limit(1)
_AT: Final = select(*_SEAL).where(_OURS, _SEAL.position == bindparam("place"))
_UNSEALED: Final = (
    select(*_RECORD)
    .outerjoin(AuditSealRow.__table__, _PAIR)
    .where(
        _RECORD.company_id == bindparam("company"),
        _RECORD.id > bindparam("after"),
        _RECORD.id < bindparam("before"),
        _SEAL.record_id.is_(None),
    )
    .order_by(_RECORD.id)
    .limit(bindparam("most"))
)
_SEALED: Final = (
    select(
        _SEAL.position,
        _SEAL.record_id,
        _SEAL.digest,
        *(each for each in _RECORD if each.name != "company_id"),
    )
    .select_from(AuditSealRow)
    .outerjoin(AuditRow, _PAIR)
    .where(_OURS, _SEAL.position > bindparam("after"))
    .order_by(_SEAL.position)
    .limit(bindparam("most"))
)
_INSERT: Final = insert(AuditSealRow)


class SqlAuditSeals(AuditSeals):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def head(self, ctx: Context) -> AuditSeal | None:
        row = self._connection.execute(_HEAD, {"company": ctx.company_id}).one_or_none()
        return None if row is None else _read(row)

    def at(self, ctx: Context, position: int) -> AuditSeal | None:
        asked = {"company": ctx.company_id, "place": position}
        row = self._connection.execute(_AT, asked).one_or_none()
        return None if row is None else _read(row)

    def unsealed(
        self, ctx: Context, after: UUID, before: UUID, limit: int
    ) -> tuple[AuditRecord, ...]:
        asked = {"company": ctx.company_id, "after": after, "before": before, "most": limit}
        return tuple(read_record(row) for row in self._connection.execute(_UNSEALED, asked))

    def add(self, ctx: Context, seals: Sequence[AuditSeal]) -> None:
        rows = [
            {
                "company_id": ctx.company_id,
                "position": each.position,
                "record_id": each.record_id,
                "digest": each.digest,
            }
            for each in seals
        ]
        if not rows:
            return
        try:
            self._connection.execute(_INSERT, rows)
        except IntegrityError as error:
            raise StaleVersionError("somebody else has sealed the trail meanwhile") from error

    def sealed(self, ctx: Context, after: int, limit: int) -> tuple[SealedRecord, ...]:
        asked = {"company": ctx.company_id, "after": after, "most": limit}
        return tuple(
            SealedRecord(seal=_read(row), record=None if row.id is None else read_record(row))
            for row in self._connection.execute(_SEALED, asked)
        )


def _read(row: Any) -> AuditSeal:
    return AuditSeal(position=row.position, record_id=row.record_id, digest=row.digest)

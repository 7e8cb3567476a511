"""Units over one connection."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from erp_core.catalog.entities import UNIT_SORTS, Unit, UnitId
from erp_core.catalog.ports import UnitQuery, UnitRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError
from erp_core.kernel.page import Page
from erp_sql.catalog.mappers import read_unit, write_unit
from erp_sql.catalog.models import UnitRow
from erp_sql.dialects import InsertAbsent, violates
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters
from erp_sql.prepared import Prepared

_MASTERS: Final = Masters(UnitRow, "unit")
_KEYSET: Final = Keyset(_MASTERS.table, {"code": _MASTERS.table.c.code}, UNIT_SORTS)
_INSERT_ABSENT: Final = InsertAbsent(_MASTERS.table)
_OF_COMPANY: Final = select(_MASTERS.table).where(
    _MASTERS.table.c.company_id == bindparam("company")
)
_BY_CODE: Final = Prepared(_OF_COMPANY.where(_MASTERS.table.c.code == bindparam("code")))
_BY_CODES: Final = Prepared(
    _OF_COMPANY.where(_MASTERS.table.c.code.in_(bindparam("codes", expanding=True)))
)
_BY_IDS: Final = _OF_COMPANY.where(_MASTERS.table.c.id.in_(bindparam("ids", expanding=True)))


class SqlUnits(UnitRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[UnitId, Unit] = {}  # as they were, for the journal

    def add(self, ctx: Context, unit: Unit) -> Unit:
        try:
            _MASTERS.add(self._connection, write_unit(ctx.company_id, unit))
        except IntegrityError as error:
            if violates(error, "code"):
                raise AlreadyExistsError(
                    f"there is a unit {unit.code} already",
                    code="catalog.unit.code_taken",
                    field="code",
                ) from error
            raise AlreadyExistsError("a unit of this id exists", field="id") from error
        return self._told(None, unit)

    def add_absent(self, ctx: Context, units: Sequence[Unit]) -> None:
        rows = [write_unit(ctx.company_id, unit) for unit in units]
        rows.sort(key=lambda row: str(row["code"]))  # rivals wait for each other in one order
        _INSERT_ABSENT(self._connection, rows)
        asked = {"company": ctx.company_id, "ids": [unit.id for unit in units]}
        for row in self._connection.execute(_BY_IDS, asked):
            self._journal.note_entity("catalog.unit", None, read_unit(row))

    def get(self, ctx: Context, unit_id: UnitId) -> Unit:
        found = read_unit(_MASTERS.get(self._connection, ctx, unit_id))
        self._seen[unit_id] = found
        return found

    def coded(self, ctx: Context, code: str) -> Unit | None:
        asked = {"company": ctx.company_id, "code": code}
        row = _BY_CODE.row(self._connection, asked)
        return None if row is None else read_unit(row)

    def some_coded(self, ctx: Context, codes: Collection[str]) -> dict[str, Unit]:
        if not codes:
            return {}
        asked = {"company": ctx.company_id, "codes": sorted(codes)}
        found = map(read_unit, _BY_CODES.rows(self._connection, asked))
        return {each.code: each for each in found}

    def save(self, ctx: Context, unit: Unit) -> Unit:
        before = self._seen.get(unit.id) or self.get(ctx, unit.id)
        _MASTERS.save(self._connection, write_unit(ctx.company_id, unit))
        return self._told(before, unit)

    def page(self, ctx: Context, query: UnitQuery) -> Page[Unit]:
        wanted = []
        if query.dimension is not None:
            wanted.append(_MASTERS.table.c.dimension == query.dimension.value)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_unit)

    def _told(self, before: Unit | None, unit: Unit) -> Unit:
        self._journal.note_entity("catalog.unit", before, unit)
        stored = unit.stored(unit.version + 1)
        self._seen[stored.id] = stored
        return stored

"""Units in a dictionary."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from erp_core.catalog.entities import UNIT_SORTS, Unit, UnitId
from erp_core.catalog.ports import UnitQuery, UnitRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryUnits(UnitRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._units = tables.units
        self._journal = journal

    def add(self, ctx: Context, unit: Unit) -> Unit:
        if (ctx.company_id, unit.id) in self._units:
            raise AlreadyExistsError("a unit of this id exists", field="id")
        if self.coded(ctx, unit.code) is not None:
            raise AlreadyExistsError(
                f"there is a unit {unit.code} already",
                code="catalog.unit.code_taken",
                field="code",
            )
        return self._write(ctx, None, unit)

    def add_absent(self, ctx: Context, units: Sequence[Unit]) -> None:
        for unit in units:
            if self.coded(ctx, unit.code) is None:
                self._write(ctx, None, unit)

    def get(self, ctx: Context, unit_id: UnitId) -> Unit:
        unit = self._units.get((ctx.company_id, unit_id))
        if unit is None:
            raise NotFoundError(f"no unit {unit_id}", kind="unit", id=unit_id)
        return unit

    def coded(self, ctx: Context, code: str) -> Unit | None:
        return next((each for each in self._of(ctx) if each.code == code), None)

    def some_coded(self, ctx: Context, codes: Collection[str]) -> dict[str, Unit]:
        return {each.code: each for each in self._of(ctx) if each.code in codes}

    def save(self, ctx: Context, unit: Unit) -> Unit:
        before = self.get(ctx, unit.id)
        if before.version != unit.version:
            raise StaleVersionError(f"unit {unit.code} has changed")
        return self._write(ctx, before, unit)

    def page(self, ctx: Context, query: UnitQuery) -> Page[Unit]:
        found = (each for each in self._of(ctx) if query.dimension in (None, each.dimension))
        return page_of(found, query.page, UNIT_SORTS)

    def _of(self, ctx: Context) -> list[Unit]:
        return [each for (owner, _), each in self._units.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Unit | None, unit: Unit) -> Unit:
        self._journal.note_entity("catalog.unit", before, unit)
        stored = unit.stored(unit.version + 1)
        self._units[ctx.company_id, unit.id] = stored
        return stored

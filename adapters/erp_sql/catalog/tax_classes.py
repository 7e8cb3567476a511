"""Tax classes over one connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from erp_core.catalog.entities import TAX_CLASS_SORTS, TaxClass, TaxClassId
from erp_core.catalog.ports import TaxClassQuery, TaxClassRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError
from erp_core.kernel.page import Page
from erp_sql.catalog.mappers import read_tax_class, write_tax_class
from erp_sql.catalog.models import TaxClassRow
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters
from erp_sql.prepared import Prepared

_MASTERS: Final = Masters(TaxClassRow, "tax class")
_KEYSET: Final = Keyset(_MASTERS.table, {"name": _MASTERS.table.c.name}, TAX_CLASS_SORTS)
_SOME: Final = Prepared(
    select(_MASTERS.table).where(
        _MASTERS.table.c.company_id == bindparam("company"),
        _MASTERS.table.c.id.in_(bindparam("ids", expanding=True)),
    )
)


class SqlTaxClasses(TaxClassRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[TaxClassId, TaxClass] = {}  # as they were, for the journal

    def add(self, ctx: Context, tax_class: TaxClass) -> TaxClass:
        try:
            _MASTERS.add(self._connection, write_tax_class(ctx.company_id, tax_class))
        except IntegrityError as error:
            raise AlreadyExistsError("a tax class of this id exists", field="id") from error
        return self._told(None, tax_class)

    def get(self, ctx: Context, tax_class_id: TaxClassId) -> TaxClass:
        found = read_tax_class(_MASTERS.get(self._connection, ctx, tax_class_id))
        self._seen[tax_class_id] = found
        return found

    def some(
        self, ctx: Context, tax_class_ids: Sequence[TaxClassId]
    ) -> dict[TaxClassId, TaxClass]:
        asked = {"company": ctx.company_id, "ids": list(tax_class_ids)}
        found = map(read_tax_class, _SOME.rows(self._connection, asked))
        return {each.id: each for each in found}

    def save(self, ctx: Context, tax_class: TaxClass) -> TaxClass:
        before = self._seen.get(tax_class.id) or self.get(ctx, tax_class.id)
        _MASTERS.save(self._connection, write_tax_class(ctx.company_id, tax_class))
        return self._told(before, tax_class)

    def page(self, ctx: Context, query: TaxClassQuery) -> Page[TaxClass]:
        archived_at = _MASTERS.table.c.archived_at
        wanted = []
        if query.archived is not None:
            wanted.append(archived_at.is_not(None) if query.archived else archived_at.is_(None))
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_tax_class)

    def _told(self, before: TaxClass | None, tax_class: TaxClass) -> TaxClass:
        self._journal.note_entity("catalog.tax_class", before, tax_class)
        stored = tax_class.stored(tax_class.version + 1)
        self._seen[stored.id] = stored
        return stored

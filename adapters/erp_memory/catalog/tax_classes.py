"""Tax classes in a dictionary."""

from __future__ import annotations

from collections.abc import Sequence

from erp_core.catalog.entities import TAX_CLASS_SORTS, TaxClass, TaxClassId
from erp_core.catalog.ports import TaxClassQuery, TaxClassRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryTaxClasses(TaxClassRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tax_classes = tables.tax_classes
        self._journal = journal

    def add(self, ctx: Context, tax_class: TaxClass) -> TaxClass:
        if (ctx.company_id, tax_class.id) in self._tax_classes:
            raise AlreadyExistsError("a tax class of this id exists", field="id")
        return self._write(ctx, None, tax_class)

    def get(self, ctx: Context, tax_class_id: TaxClassId) -> TaxClass:
        tax_class = self._tax_classes.get((ctx.company_id, tax_class_id))
        if tax_class is None:
            raise NotFoundError(f"no tax class {tax_class_id}", kind="tax class", id=tax_class_id)
        return tax_class

    def some(
        self, ctx: Context, tax_class_ids: Sequence[TaxClassId]
    ) -> dict[TaxClassId, TaxClass]:
        return {each.id: each for each in self._of(ctx) if each.id in tax_class_ids}

    def save(self, ctx: Context, tax_class: TaxClass) -> TaxClass:
        before = self.get(ctx, tax_class.id)
        if before.version != tax_class.version:
            raise StaleVersionError(f"tax class {tax_class.name} has changed")
        return self._write(ctx, before, tax_class)

    def page(self, ctx: Context, query: TaxClassQuery) -> Page[TaxClass]:
        found = (
            each
            for each in self._of(ctx)
            if query.archived in (None, each.archived_at is not None)
        )
        return page_of(found, query.page, TAX_CLASS_SORTS)

    def _of(self, ctx: Context) -> list[TaxClass]:
        return [each for (owner, _), each in self._tax_classes.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: TaxClass | None, tax_class: TaxClass) -> TaxClass:
        self._journal.note_entity("catalog.tax_class", before, tax_class)
        stored = tax_class.stored(tax_class.version + 1)
        self._tax_classes[ctx.company_id, tax_class.id] = stored
        return stored

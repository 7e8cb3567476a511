"""Companies in a dictionary."""

from __future__ import annotations

from erp_core.identity.entities import Company
from erp_core.identity.ports import CompanyRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.ports import Outbox
from erp_memory.tables import Tables


class MemoryCompanies(CompanyRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._companies = tables.companies
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, company: Company) -> Company:
        if company.id in self._companies:
            raise AlreadyExistsError("a company of this id exists", field="id")
        return self._write(ctx, None, company)

    def get(self, ctx: Context) -> Company:
        company = self._companies.get(ctx.company_id)
        if company is None:
            raise NotFoundError(f"no company {ctx.company_id}")
        return company

    def save(self, ctx: Context, company: Company) -> Company:
        before = self.get(ctx)
        if before.id == company.id and before.version != company.version:
            raise StaleVersionError("the company has changed")
        return self._write(ctx, before, company)

    def ids(self, ctx: Context, limit: int) -> tuple[CompanyId, ...]:
        return tuple(sorted(self._companies))[:limit]

    def _write(self, ctx: Context, before: Company | None, company: Company) -> Company:
        if company.id != ctx.company_id:
            raise NotFoundError(f"no company {company.id}")
        self._outbox.append(ctx, company.events)
        self._journal.note_entity("identity.company", before, company)
        stored = company.stored(company.version + 1)
        self._companies[company.id] = stored
        return stored

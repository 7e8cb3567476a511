"""Companies over one connection. A company's own id is the company of its row."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult, Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from erp_core.identity.entities import Company
from erp_core.identity.ports import CompanyRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.ports import Outbox
from erp_sql.identity.mappers import read_company, write_company
from erp_sql.identity.models import CompanyRow
from erp_sql.prepared import Prepared

_TABLE: Final = cast("Table", CompanyRow.__table__)
_OURS: Final = _TABLE.c.company_id == bindparam("_company")
_INSERT: Final = insert(_TABLE)
_SELECT: Final = Prepared(select(_TABLE).where(_OURS))
_UPDATE: Final = (
    update(_TABLE)
    .where(_OURS, _TABLE.c.version == bindparam("_version"))
    .values({each.name: bindparam(each.name) for each in _TABLE.c if not each.primary_key})
)
_IDS: Final = select(_TABLE.c.company_id).order_by(_TABLE.c.company_id).limit(bindparam("most"))


class SqlCompanies(CompanyRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, company: Company) -> Company:
        _require_own(ctx, company)
        try:
            self._connection.execute(_INSERT, write_company(ctx.company_id, company))
        except IntegrityError as error:
            raise AlreadyExistsError("a company of this id exists", field="id") from error
        return self._told(ctx, None, company)

    def get(self, ctx: Context) -> Company:
        row = _SELECT.row(self._connection, {"_company": ctx.company_id})
        if row is None:
            raise NotFoundError(f"no company {ctx.company_id}")
        return read_company(row)

    def save(self, ctx: Context, company: Company) -> Company:
        _require_own(ctx, company)
        before = self.get(ctx)
        row = write_company(ctx.company_id, company)
        values = row | {"_company": row.pop("company_id"), "_version": company.version}
        result: CursorResult[Any] = self._connection.execute(_UPDATE, values)
        if result.rowcount != 1:
            raise StaleVersionError("the company has changed meanwhile")
        return self._told(ctx, before, company)

    def ids(self, ctx: Context, limit: int) -> tuple[CompanyId, ...]:
        found = self._connection.execute(_IDS, {"most": limit}).scalars()
        return tuple(CompanyId(each) for each in found)

    def _told(self, ctx: Context, before: Company | None, company: Company) -> Company:
        self._outbox.append(ctx, company.events)
        self._journal.note_entity("identity.company", before, company)
        return company.stored(company.version + 1)


def _require_own(ctx: Context, company: Company) -> None:
    if company.id != ctx.company_id:
        raise NotFoundError(f"no company {company.id}")

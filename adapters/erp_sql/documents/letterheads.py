"""Letterheads over one connection."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import Connection, CursorResult, Table, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from erp_core.documents.entities import Letterhead
from erp_core.documents.ports import LetterheadRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import StaleVersionError
from erp_sql.documents.print_mappers import read_letterhead, write_letterhead
from erp_sql.documents.print_models import LetterheadRow

_TABLE: Final = cast("Table", LetterheadRow.__table__)
_OURS: Final = _TABLE.c.company_id == bindparam("_company")
_SELECT: Final = select(_TABLE).where(_OURS)
_INSERT: Final = insert(_TABLE)
_UPDATE: Final = (
    update(_TABLE)
    .where(_OURS, _TABLE.c.version == bindparam("_version"))
    .values({each.name: bindparam(each.name) for each in _TABLE.c if not each.primary_key})
)


class SqlLetterheads(LetterheadRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal

    def get(self, ctx: Context) -> Letterhead:
        row = self._connection.execute(_SELECT, {"_company": ctx.company_id}).one_or_none()
        return Letterhead(id=ctx.company_id) if row is None else read_letterhead(row)

    def save(self, ctx: Context, letterhead: Letterhead) -> Letterhead:
        before = self.get(ctx)
        if not self._written(write_letterhead(ctx.company_id, letterhead)):
            raise StaleVersionError("the letterhead has changed meanwhile")
        self._journal.note_entity("documents.letterhead", before, letterhead)
        return letterhead.stored(letterhead.version + 1)

    def _written(self, row: dict[str, Any]) -> bool:
        if row["version"] == 1:  # the company's first change of it: until now it had no row
            try:
                self._connection.execute(_INSERT, row)
            except IntegrityError:
                return False
            return True
        values = row | {"_company": row.pop("company_id"), "_version": row["version"] - 1}
        result: CursorResult[Any] = self._connection.execute(_UPDATE, values)
        return result.rowcount == 1

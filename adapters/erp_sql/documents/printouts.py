"""Printouts over one connection: the first to note a paper is the one that stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, cast

from sqlalchemy import Connection, Integer, Table, bindparam, select

from erp_core.documents.entities import Printout, PrintoutKey
from erp_core.documents.ports import PrintoutRepository
from erp_core.kernel.context import Context
from erp_sql.dialects import InsertAbsent
from erp_sql.documents.print_mappers import (
    read_printout,
    write_printout,
    write_printout_key,
)
from erp_sql.documents.print_models import PrintoutRow

_TABLE: Final = cast("Table", PrintoutRow.__table__)
_SELECT: Final = select(_TABLE).where(
    *(column == bindparam(column.name) for column in _TABLE.primary_key)
)
_DIGESTS: Final = (
    select(_TABLE.c.digest)
    .where(_TABLE.c.company_id == bindparam("company"), _TABLE.c.digest > bindparam("after"))
    .distinct()
    .order_by(_TABLE.c.digest)
    .limit(bindparam("most", type_=Integer))
)
_KEPT: Final = select(_TABLE.c.digest).where(
    _TABLE.c.company_id == bindparam("_company"),
    _TABLE.c.digest.in_(bindparam("digests", expanding=True)),
)
_INSERT: Final = InsertAbsent(_TABLE)


class SqlPrintouts(PrintoutRepository):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, ctx: Context, key: PrintoutKey) -> Printout | None:
        mine = write_printout_key(ctx.company_id, key)
        row = self._connection.execute(_SELECT, mine).one_or_none()
        return None if row is None else read_printout(row)

    def keep(self, ctx: Context, printout: Printout) -> Printout:
        _INSERT(self._connection, [write_printout(ctx.company_id, printout)])
        return self.find(ctx, printout.key) or printout

    def digests(self, ctx: Context, after: str, limit: int) -> tuple[str, ...]:
        asked = {"company": ctx.company_id, "after": after, "most": limit}
        return tuple(self._connection.execute(_DIGESTS, asked).scalars())

    def kept(self, ctx: Context, digests: Sequence[str]) -> frozenset[str]:
        asked = {"_company": ctx.company_id, "digests": list(digests)}
        return frozenset(self._connection.execute(_KEPT, asked).scalars())

"""Statements that every master needs: built once, checked against the version they change."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, insert, select, update

from erp_core.kernel.context import Context
from erp_core.kernel.errors import NotFoundError, StaleVersionError
from erp_sql.base import Base
from erp_sql.prepared import Prepared


class Masters:
    """Reads and writes the rows of one table by (company, id). Made once, at module level."""

    def __init__(self, model: type[Base], noun: str) -> None:
        self.table = cast("Table", model.__table__)
        self._noun = noun
        mine = (
            self.table.c.company_id == bindparam("_company"),
            self.table.c.id == bindparam("_id"),
        )
        self._insert = Prepared(insert(self.table))
        self._select = Prepared(select(self.table).where(*mine))
        changed = [each for each in self.table.c if not each.primary_key]
        self._update = Prepared(
            update(self.table)
            .where(*mine, self.table.c.version == bindparam("_version"))
            .values({each.name: bindparam(each.name) for each in changed})
        )

    def get(self, connection: Connection, ctx: Context, thing: UUID) -> Any:
        """Return the row.

        Raises:
            NotFoundError: this company has none.
        """
        mine = {"_company": ctx.company_id, "_id": thing}
        row = self._select.row(connection, mine)
        if row is None:
            raise NotFoundError(f"no {self._noun} {thing}", kind=self._noun, id=thing)
        return row

    def add(self, connection: Connection, row: dict[str, Any]) -> None:
        """Insert *row*."""
        self._insert.change(connection, row)

    def save(self, connection: Connection, row: dict[str, Any]) -> None:
        """Write *row* over the one that is a version behind.

        Raises:
            StaleVersionError: there is none at that version.
        """
        values = {key: value for key, value in row.items() if key not in {"company_id", "id"}}
        values |= {"_company": row["company_id"], "_id": row["id"], "_version": row["version"] - 1}
        if self._update.change(connection, values) != 1:
            raise StaleVersionError(f"{self._noun} {row['id']} has changed meanwhile")

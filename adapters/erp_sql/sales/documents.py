"""Statements that every document of head and lines needs: built once for each pair of tables.

However long a document is, each step takes the same number of statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    Connection,
    Table,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from erp_core.kernel.context import Context
from erp_core.kernel.errors import NotFoundError, StaleVersionError
from erp_sql.base import Base
from erp_sql.masters import Masters
from erp_sql.prepared import Prepared

Rows = Sequence[dict[str, Any]]


class Documents:
    """Reads and writes the heads and lines of one kind of document. Made at module level.

    *parent* is the line's column that names its document; *progress* those that still change
    when the document is settled.
    """

    def __init__(
        self,
        model: type[Base],
        line: type[Base],
        noun: str,
        *,
        parent: str,
        progress: Sequence[str],
    ) -> None:
        self._masters = Masters(model, noun)
        self._noun = noun
        self.table = self._masters.table
        self._line = cast("Table", line.__table__)
        ours = self._line.c.company_id == bindparam("_company")
        mine = (ours, self._line.c[parent] == bindparam("_document"))
        head = (
            self.table.c.company_id == bindparam("_company"),
            self.table.c.id == bindparam("_document"),
        )
        self._lock = Prepared(select(self.table).where(*head).with_for_update())
        self._lines = Prepared(select(self._line).where(*mine).order_by(self._line.c.position))
        self._add_lines = Prepared(insert(self._line))
        self._drop_lines = Prepared(delete(self._line).where(*mine))
        self._move_on = Prepared(
            update(self._line)
            .where(ours, self._line.c.id == bindparam("_id"))
            .values({each: bindparam(each) for each in progress})
        )
        self._drop = Prepared(
            delete(self.table).where(*head, self.table.c.version == bindparam("_version"))
        )
        theirs = (
            self.table.c.company_id == bindparam("_company"),
            self.table.c.party_id == bindparam("_absorbed"),
        )
        self._reassign = Prepared(
            update(self.table)
            .where(*theirs)
            .values(party_id=bindparam("_survivor"), version=self.table.c.version + 1)
        )

    def head(self, connection: Connection, ctx: Context, document_id: UUID) -> Any:
        """Return the row of a document; NotFoundError where this company has none."""
        return self._masters.get(connection, ctx, document_id)

    def lock(self, connection: Connection, ctx: Context, document_id: UUID) -> Any:
        """Return the row of a document, locked; NotFoundError where this company has none."""
        row = self._lock.row(connection, _asked(ctx, document_id))
        if row is None:
            raise NotFoundError(f"no {self._noun} {document_id}", kind=self._noun, id=document_id)
        return row

    def lines(self, connection: Connection, ctx: Context, document_id: UUID) -> Sequence[Any]:
        """Return the rows of a document's lines, in their order."""
        return self._lines.rows(connection, _asked(ctx, document_id))

    def add(self, connection: Connection, row: dict[str, Any], lines: Rows) -> None:
        """Insert a document."""
        self._masters.add(connection, row)
        self._add_lines.change(connection, *lines)

    def save(self, connection: Connection, row: dict[str, Any]) -> None:
        """Write a head over the one that is a version behind, or raise StaleVersionError."""
        self._masters.save(connection, row)

    def replace_lines(
        self, connection: Connection, ctx: Context, document_id: UUID, lines: Rows
    ) -> None:
        """Let a document have *lines* and no others."""
        self._drop_lines.change(connection, _asked(ctx, document_id))
        self._add_lines.change(connection, *lines)

    def move_on(self, connection: Connection, lines: Rows) -> None:
        """Write what has changed of the progress of *lines*."""
        self._move_on.change(connection, *lines)

    def delete(
        self, connection: Connection, ctx: Context, document_id: UUID, version: int
    ) -> None:
        """Remove a document, or raise StaleVersionError where it is not at that *version*."""
        mine = _asked(ctx, document_id)
        self._drop_lines.change(connection, mine)
        if self._drop.change(connection, mine | {"_version": version}) != 1:
            raise StaleVersionError(f"{self._noun} {document_id} has changed meanwhile")

    def reassign(
        self, connection: Connection, ctx: Context, absorbed: UUID, survivor: UUID
    ) -> int:
        """Let the documents of one party be another's; return how many they are."""
        asked = {"_company": ctx.company_id, "_absorbed": absorbed, "_survivor": survivor}
        return self._reassign.change(connection, asked)


def _asked(ctx: Context, document_id: UUID) -> dict[str, Any]:
    return {"_company": ctx.company_id, "_document": document_id}

"""The words a party is found by: the beginning of a word is a range of the table's key."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Table, bindparam, delete, insert, select

from erp_core.kernel.context import Context
from erp_core.kernel.text import words
from erp_core.parties.entities import Party
from erp_sql.keyset import starts_with
from erp_sql.parties.models import PartyWordRow
from erp_sql.prepared import Prepared

_TABLE: Final = cast("Table", PartyWordRow.__table__)
_INSERT: Final = Prepared(insert(_TABLE))
_DELETE: Final = Prepared(
    delete(_TABLE).where(
        _TABLE.c.company_id == bindparam("_company"),
        _TABLE.c.party_id == bindparam("_party"),
        _TABLE.c.word.in_(bindparam("gone", expanding=True)),
    )
)


def save(connection: Connection, ctx: Context, before: Party | None, party: Party) -> None:
    """Store by which words *party* is found from now on."""
    old, new = before.words if before else frozenset[str](), party.words
    if old - new:
        wanted = {"_company": ctx.company_id, "_party": party.id, "gone": sorted(old - new)}
        _DELETE.change(connection, wanted)
    if new - old:
        rows = [
            {"company_id": ctx.company_id, "word": each, "party_id": party.id}
            for each in sorted(new - old)
        ]
        _INSERT.change(connection, *rows)


def found(ctx: Context, party_id: ColumnElement[Any], text: str) -> list[ColumnElement[Any]]:
    """Return the conditions for a party every word of *text* begins a word of."""
    return [
        party_id.in_(
            select(_TABLE.c.party_id).where(
                _TABLE.c.company_id == ctx.company_id, *starts_with(_TABLE.c.word, word)
            )
        )
        for word in sorted(words(text))
    ]

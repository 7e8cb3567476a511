"""Whose a tax id is: rows that only one party can have."""

from __future__ import annotations

from typing import Final, cast

from sqlalchemy import Connection, Table, bindparam, delete, select

from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError
from erp_core.parties.entities import Party
from erp_sql.dialects import InsertAbsent
from erp_sql.parties.models import PartyTaxIdRow

_TABLE: Final = cast("Table", PartyTaxIdRow.__table__)
_CLAIM: Final = InsertAbsent(_TABLE)
_RELEASE: Final = delete(_TABLE).where(
    _TABLE.c.company_id == bindparam("_company"), _TABLE.c.party_id == bindparam("_party")
)
_OWNERS: Final = select(_TABLE).where(
    _TABLE.c.company_id == bindparam("company_id"),
    _TABLE.c.number.in_(bindparam("numbers", expanding=True)),
)


def save(connection: Connection, ctx: Context, before: Party | None, party: Party) -> None:
    """Make the tax ids of *party* its own.

    They are inserted where they are free, which waits for a rival who inserts the same; then one
    looks whose they are. A failed insert would not tell, and would end the transaction.

    Raises:
        AlreadyExistsError: another party has one of them.
    """
    if set(before.tax_ids if before else ()) == set(party.tax_ids):
        return
    if before and before.tax_ids:
        connection.execute(_RELEASE, {"_company": ctx.company_id, "_party": party.id})
    if not party.tax_ids:
        return
    rows = [
        {
            "company_id": ctx.company_id,
            "country": each.country,
            "kind": each.kind.value,
            "number": each.number,
            "party_id": party.id,
        }
        for each in sorted(party.tax_ids)  # in one order, so that no two wait for each other
    ]
    _CLAIM(connection, rows)
    numbers = [each.number for each in party.tax_ids]
    found = connection.execute(_OWNERS, {"company_id": ctx.company_id, "numbers": numbers})
    owners = {(row.country, row.kind, row.number): row.party_id for row in found}
    for each in party.tax_ids:
        owner = owners[each.country, each.kind.value, each.number]
        if owner != party.id:
            raise AlreadyExistsError(
                f"{each} belongs to party {owner}: use that one, or merge the two",
                code="parties.party.tax_id_taken",
                field="tax_ids",
                party_id=owner,
            )

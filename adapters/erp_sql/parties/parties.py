"""Parties over one connection: load, map and store, and decide nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select
from sqlalchemy.exc import IntegrityError

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PARTY_SORTS, Party, PartyId, PartyRole
from erp_core.parties.ports import PartyQuery, PartyRepository
from erp_sql.dialects import is_foreign_key, violates
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters
from erp_sql.parties import tax_ids, words
from erp_sql.parties.mappers import read_party, write_party
from erp_sql.parties.models import PartyRow
from erp_sql.prepared import Prepared

_MASTERS: Final = Masters(PartyRow, "party")
_TABLE: Final = _MASTERS.table
_COLUMNS: Final = {"name": _TABLE.c.name_key, "code": _TABLE.c.code}
_KEYSET: Final = Keyset(_TABLE, _COLUMNS, PARTY_SORTS)
_ROLES: Final = {
    PartyRole.CUSTOMER: _TABLE.c.is_customer,
    PartyRole.SUPPLIER: _TABLE.c.is_supplier,
    PartyRole.PROSPECT: _TABLE.c.is_prospect,
}
_CODES: Final = ("customer_code", "supplier_code", "prospect_code")

# As a foreign key locks the row it points to, only earlier: writers do not wait for each other.
_HOLD: Final = Prepared(
    select(_TABLE)
    .where(_TABLE.c.company_id == bindparam("company_id"), _TABLE.c.id == bindparam("id"))
    .with_for_update(read=True, key_share=True)
)
_LOCK: Final = Prepared(
    select(_TABLE)
    .where(
        _TABLE.c.company_id == bindparam("company_id"),
        _TABLE.c.id.in_(bindparam("ids", expanding=True)),
    )
    .order_by(_TABLE.c.id)
    .with_for_update()
)
_NAMESAKES: Final = Prepared(
    select(_TABLE)
    .where(
        _TABLE.c.company_id == bindparam("company_id"),
        _TABLE.c.name_key == bindparam("name_key"),
        _TABLE.c.id != bindparam("id"),
        _TABLE.c.merged_into_id.is_(None),
    )
    .order_by(_TABLE.c.id)
    .limit(bindparam("most"))
)


class SqlParties(PartyRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[PartyId, Party] = {}  # as they were, for the journal and the words

    def add(self, ctx: Context, party: Party) -> Party:
        with _in_our_words(party):
            _MASTERS.add(self._connection, write_party(ctx.company_id, party))
        return self._told(ctx, None, party)

    def get(self, ctx: Context, party_id: PartyId) -> Party:
        found = read_party(_MASTERS.get(self._connection, ctx, party_id))
        self._seen[party_id] = found
        return found

    def hold(self, ctx: Context, party_id: PartyId) -> Party:
        mine = {"company_id": ctx.company_id, "id": party_id}
        row = _HOLD.row(self._connection, mine)
        if row is None:
            raise NotFoundError(f"no party {party_id}", kind="party", id=party_id)
        found = read_party(row)
        self._seen[party_id] = found
        return found

    def lock(self, ctx: Context, party_ids: Sequence[PartyId]) -> tuple[Party, ...]:
        wanted = {"company_id": ctx.company_id, "ids": list(party_ids)}
        found = {row.id: read_party(row) for row in _LOCK.rows(self._connection, wanted)}
        for party_id in party_ids:
            if party_id not in found:
                raise NotFoundError(f"no party {party_id}", kind="party", id=party_id)
        self._seen.update(found)
        return tuple(found[each] for each in party_ids)

    def save(self, ctx: Context, party: Party) -> Party:
        before = self._seen.get(party.id)
        if before is None or before.version != party.version:
            before = self.get(ctx, party.id)
        with _in_our_words(party):
            _MASTERS.save(self._connection, write_party(ctx.company_id, party))
        return self._told(ctx, before, party)

    def namesakes(self, ctx: Context, party: Party, limit: int) -> tuple[Party, ...]:
        if not party.name_key:  # no letter and no digit: such names say nothing
            return ()
        wanted = {"company_id": ctx.company_id, "name_key": party.name_key, "id": party.id}
        rows = _NAMESAKES.rows(self._connection, wanted | {"most": limit})
        return tuple(read_party(row) for row in rows)

    def page(self, ctx: Context, query: PartyQuery) -> Page[Party]:
        wanted: list[ColumnElement[Any]] = words.found(ctx, _TABLE.c.id, query.text)
        if query.roles:
            wanted.append(or_(*(_ROLES[each].is_(True) for each in query.roles)))
        if query.states:
            wanted.append(_TABLE.c.state.in_([each.value for each in query.states]))
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_party)

    def _told(self, ctx: Context, before: Party | None, party: Party) -> Party:
        tax_ids.save(self._connection, ctx, before, party)
        words.save(self._connection, ctx, before, party)
        self._outbox.append(ctx, party.events)
        self._journal.note_entity("parties.party", before, party)
        stored = party.stored(party.version + 1)
        self._seen[stored.id] = stored
        return stored


@contextmanager
def _in_our_words(party: Party) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError(
                f"no payment term {party.payment_term_id}", field="payment_term_id"
            ) from error
        for name in _CODES:
            if violates(error, name):
                raise AlreadyExistsError(
                    f"the code {getattr(party, name)} is taken: choose another",
                    code="parties.party.code_taken",
                    field=name,
                ) from error
        raise AlreadyExistsError("a party of this id exists", field="id") from error

"""Price lists over one connection; however long, they take the same number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from erp_core.catalog.entities import PRICE_LIST_SORTS, PriceList, PriceListId
from erp_core.catalog.ports import PriceListQuery, PriceListRepository, PriceSearch
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.parties.entities import PartyId
from erp_sql.catalog.mappers import read_price_list, write_entries, write_price_list
from erp_sql.catalog.models import PriceEntryRow, PriceListRow
from erp_sql.dialects import is_foreign_key
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters
from erp_sql.prepared import Prepared

_MASTERS: Final = Masters(PriceListRow, "price list")
_LISTS: Final = _MASTERS.table.c
_KEYSET: Final = Keyset(_MASTERS.table, {"name": _LISTS.name}, PRICE_LIST_SORTS)
_SEARCH: Final = Prepared(
    select(_MASTERS.table)
    .where(
        _LISTS.company_id == bindparam("company"),
        or_(
            _LISTS.party_id == bindparam("party"),
            _LISTS.id == bindparam("list"),
            _LISTS.level == bindparam("level"),
        ),
    )
    .order_by(_LISTS.id)
)
_OF_LIST: Final = (
    PriceEntryRow.company_id == bindparam("company"),
    PriceEntryRow.price_list_id == bindparam("list"),
)
_COLUMNS: Final = PriceEntryRow.__table__.c
_ENTRIES: Final = Prepared(select(*_COLUMNS).where(*_OF_LIST))
_SOME_ENTRIES: Final = Prepared(
    select(*_COLUMNS).where(
        PriceEntryRow.company_id == bindparam("company"),
        PriceEntryRow.price_list_id.in_(bindparam("lists", expanding=True)),
        PriceEntryRow.product_id.in_(bindparam("products", expanding=True)),
    )
)
_AGREED: Final = Prepared(
    select(_MASTERS.table).where(
        _LISTS.company_id == bindparam("company"), _LISTS.party_id == bindparam("party")
    )
)
_REASSIGN: Final = (
    update(_MASTERS.table)
    .where(_LISTS.company_id == bindparam("company"), _LISTS.party_id == bindparam("party"))
    .values(party_id=bindparam("survivor"), version=_LISTS.version + 1)
)
_ADD_ENTRIES: Final = insert(PriceEntryRow)
_DROP_ENTRIES: Final = delete(PriceEntryRow).where(*_OF_LIST)


class SqlPriceLists(PriceListRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[PriceListId, PriceList] = {}  # as they were, for the journal

    def add(self, ctx: Context, price_list: PriceList) -> PriceList:
        with _in_our_words():
            _MASTERS.add(self._connection, write_price_list(ctx.company_id, price_list))
            self._add_entries(ctx, price_list)
        return self._told(None, price_list)

    def get(self, ctx: Context, price_list_id: PriceListId) -> PriceList:
        row = _MASTERS.get(self._connection, ctx, price_list_id)
        mine = {"company": ctx.company_id, "list": price_list_id}
        found = read_price_list(row, _ENTRIES.rows(self._connection, mine))
        self._seen[price_list_id] = found
        return found

    def search(self, ctx: Context, search: PriceSearch) -> tuple[PriceList, ...]:
        asked = {
            "company": ctx.company_id,
            "party": search.party_id,
            "list": search.price_list_id,
            "level": search.price_level,
        }
        lists = _SEARCH.rows(self._connection, asked)
        if not lists:
            return ()
        wanted = {
            "company": ctx.company_id,
            "lists": [row.id for row in lists],
            "products": list(search.product_ids),
        }
        entries = defaultdict(list)
        for entry in _SOME_ENTRIES.rows(self._connection, wanted):
            entries[entry.price_list_id].append(entry)
        return tuple(read_price_list(row, entries[row.id]) for row in lists)

    def save(self, ctx: Context, price_list: PriceList) -> PriceList:
        before = self._seen.get(price_list.id) or self.get(ctx, price_list.id)
        with _in_our_words():
            _MASTERS.save(self._connection, write_price_list(ctx.company_id, price_list))
            if price_list.entries != before.entries:
                mine = {"company": ctx.company_id, "list": price_list.id}
                self._connection.execute(_DROP_ENTRIES, mine)
                self._add_entries(ctx, price_list)
        return self._told(before, price_list)

    def page(self, ctx: Context, query: PriceListQuery) -> Page[PriceList]:
        wanted = [] if query.party_id is None else [_LISTS.party_id == query.party_id]
        if query.level is not None:
            wanted.append(_LISTS.level == query.level)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, _header)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        asked = {"company": ctx.company_id, "party": absorbed, "survivor": survivor}
        rows = _AGREED.rows(self._connection, asked)
        if not rows:
            return
        for row in rows:
            before = _header(row)
            self._journal.note_entity(
                "catalog.price_list", before, replace(before, party_id=survivor)
            )
        self._connection.execute(_REASSIGN, asked)
        self._seen.clear()

    def _add_entries(self, ctx: Context, price_list: PriceList) -> None:
        if price_list.entries:
            self._connection.execute(_ADD_ENTRIES, write_entries(ctx.company_id, price_list))

    def _told(self, before: PriceList | None, price_list: PriceList) -> PriceList:
        self._journal.note_entity("catalog.price_list", before, price_list)
        stored = price_list.stored(price_list.version + 1)
        self._seen[stored.id] = stored
        return stored


def _header(row: Any) -> PriceList:
    return read_price_list(row, ())


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError("a price is that of no product", field="entries") from error
        raise AlreadyExistsError("a price list of this id exists", field="id") from error

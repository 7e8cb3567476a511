"""Price lists in a dictionary."""

from __future__ import annotations

from dataclasses import replace

from erp_core.catalog.entities import PRICE_LIST_SORTS, PriceList, PriceListId
from erp_core.catalog.ports import PriceListQuery, PriceListRepository, PriceSearch
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.parties.entities import PartyId
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryPriceLists(PriceListRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._tables = tables
        self._price_lists = tables.price_lists
        self._journal = journal

    def add(self, ctx: Context, price_list: PriceList) -> PriceList:
        if (ctx.company_id, price_list.id) in self._price_lists:
            raise AlreadyExistsError("a price list of this id exists", field="id")
        return self._write(ctx, None, price_list)

    def get(self, ctx: Context, price_list_id: PriceListId) -> PriceList:
        price_list = self._price_lists.get((ctx.company_id, price_list_id))
        if price_list is None:
            raise NotFoundError(
                f"no price list {price_list_id}", kind="price list", id=price_list_id
            )
        return price_list

    def search(self, ctx: Context, search: PriceSearch) -> tuple[PriceList, ...]:
        found = (
            each
            for each in self._of(ctx)
            if each.id == search.price_list_id
            or (each.party_id is not None and each.party_id == search.party_id)
            or (each.level is not None and each.level == search.price_level)
        )
        return tuple(
            replace(
                each,
                entries=tuple(
                    entry for entry in each.entries if entry.product_id in search.product_ids
                ),
            )
            for each in sorted(found, key=lambda price_list: price_list.id)
        )

    def save(self, ctx: Context, price_list: PriceList) -> PriceList:
        before = self.get(ctx, price_list.id)
        if before.version != price_list.version:
            raise StaleVersionError(f"price list {price_list.name} has changed")
        return self._write(ctx, before, price_list)

    def page(self, ctx: Context, query: PriceListQuery) -> Page[PriceList]:
        found = (
            replace(each, entries=())
            for each in self._of(ctx)
            if query.party_id in (None, each.party_id) and query.level in (None, each.level)
        )
        return page_of(found, query.page, PRICE_LIST_SORTS)

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        for each in self._of(ctx):
            if each.party_id == absorbed:
                self._write(ctx, each, replace(each, party_id=survivor))

    def _of(self, ctx: Context) -> list[PriceList]:
        return [each for (owner, _), each in self._price_lists.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: PriceList | None, price_list: PriceList) -> PriceList:
        for entry in price_list.entries:
            if (ctx.company_id, entry.product_id) not in self._tables.products:
                raise NotFoundError("a price is that of no product", field="entries")
        self._journal.note_entity("catalog.price_list", before, price_list)
        stored = price_list.stored(price_list.version + 1)
        self._price_lists[ctx.company_id, price_list.id] = stored
        return stored

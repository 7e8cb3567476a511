"""How price lists are kept and asked."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.catalog.entities import (
    PriceList,
    PriceListId,
    ProductId,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.parties.entities import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceListQuery:
    """Which price lists: all, those agreed with one customer, or those of a level."""

    page: PageRequest
    party_id: PartyId | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSearch:
    """Whose prices of which products are wanted."""

    product_ids: tuple[ProductId, ...]
    party_id: PartyId | None = None
    price_list_id: PriceListId | None = None
    price_level: int | None = None


class PriceListRepository(Protocol):
    """Keeps price lists. Proved by ``erp_core.testing.catalog.PriceListRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, price_list: PriceList) -> PriceList:
        """Store a new price list; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id is taken in this company.
            NotFoundError: this company has not all of its products.
        """

    @abstractmethod
    def get(self, ctx: Context, price_list_id: PriceListId) -> PriceList:
        """Return the price list, with all its entries.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def search(self, ctx: Context, search: PriceSearch) -> tuple[PriceList, ...]:
        """Return every list agreed with the party or of the level, and the named one, by id.

        They come with the entries of the products asked for, and with no others: a list of
        thousands is not read for the sake of one price. So they are not for saving.
        """

    @abstractmethod
    def save(self, ctx: Context, price_list: PriceList) -> PriceList:
        """Store a changed price list; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none, or not all of its products.
            StaleVersionError: ``price_list.version`` is not the stored one.
        """

    @abstractmethod
    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        """Let every list agreed with *absorbed* be agreed with *survivor*, one version on."""

    @abstractmethod
    def page(self, ctx: Context, query: PriceListQuery) -> Page[PriceList]:
        """Return one page of the company's price lists, without their entries.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """

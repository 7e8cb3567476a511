"""What the catalog asks of the outside."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from erp_core.catalog.entities import (
    Dimension,
    PriceList,
    PriceListId,
    Product,
    ProductId,
    ProductKind,
    ProductState,
    TaxClass,
    TaxClassId,
    Unit,
    UnitId,
)
from erp_core.kernel.context import Context
from erp_core.kernel.page import Page, PageRequest
from erp_core.parties.entities import PartyId
from erp_core.parties.ports import PartiesUnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductQuery:
    """Which products: those in certain states, of a kind, found by the beginnings of words."""

    page: PageRequest
    states: tuple[ProductState, ...] = ()  # none: all
    kind: ProductKind | None = None
    text: str = ""  # every word in it begins a word of the SKU, the barcode or the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Of what was asked about, what products have already."""

    skus: frozenset[str]
    barcodes: frozenset[str]


class ProductRepository(Protocol):
    """Keeps products. Proved by ``erp_core.testing.catalog.ProductRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, product: Product) -> Product:
        """Store a new product and its events; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id, its SKU or its barcode is taken in this company.
            NotFoundError: this company has no such unit or no such tax class.
        """

    @abstractmethod
    def add_many(self, ctx: Context, products: Sequence[Product]) -> None:
        """Store new products with nothing to tell, in a number of statements that does not grow.

        The journal is told how many.

        Raises:
            AlreadyExistsError: an id, a SKU or a barcode is taken in this company, or there twice.
            NotFoundError: this company has no such unit or no such tax class.
        """

    @abstractmethod
    def taken(self, ctx: Context, skus: Collection[str], barcodes: Collection[str]) -> Taken:
        """Return which of these a product of this company has."""

    @abstractmethod
    def get(self, ctx: Context, product_id: ProductId) -> Product:
        """Return the product.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def some(self, ctx: Context, product_ids: Sequence[ProductId]) -> dict[ProductId, Product]:
        """Return those of *product_ids* that this company has, read at once."""

    @abstractmethod
    def save(self, ctx: Context, product: Product) -> Product:
        """Store a changed product and its events; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none, or no such unit or tax class.
            StaleVersionError: ``product.version`` is not the stored one.
            AlreadyExistsError: its new SKU or barcode is taken.
        """

    @abstractmethod
    def page(self, ctx: Context, query: ProductQuery) -> Page[Product]:
        """Return one page of the company's products.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitQuery:
    """Which units: all, or those that measure one thing."""

    page: PageRequest
    dimension: Dimension | None = None


class UnitRepository(Protocol):
    """Keeps units. Proved by ``erp_core.testing.catalog.UnitRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, unit: Unit) -> Unit:
        """Store a new unit; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id or its code is taken in this company.
        """

    @abstractmethod
    def add_absent(self, ctx: Context, units: Sequence[Unit]) -> None:
        """Store those of *units* whose code is free, waiting for rivals who store the same."""

    @abstractmethod
    def get(self, ctx: Context, unit_id: UnitId) -> Unit:
        """Return the unit.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def coded(self, ctx: Context, code: str) -> Unit | None:
        """Return the unit of that code, if this company has one."""

    @abstractmethod
    def save(self, ctx: Context, unit: Unit) -> Unit:
        """Store a changed unit; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``unit.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: UnitQuery) -> Page[Unit]:
        """Return one page of the company's units.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxClassQuery:
    """Which tax classes: those in use, those archived, or all."""

    page: PageRequest
    archived: bool | None = None  # None: all


class TaxClassRepository(Protocol):
    """Keeps tax classes. Proved by ``erp_core.testing.catalog.TaxClassRepositoryContract``."""

    @abstractmethod
    def add(self, ctx: Context, tax_class: TaxClass) -> TaxClass:
        """Store a new tax class; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id is taken in this company.
        """

    @abstractmethod
    def get(self, ctx: Context, tax_class_id: TaxClassId) -> TaxClass:
        """Return the tax class.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def some(
        self, ctx: Context, tax_class_ids: Sequence[TaxClassId]
    ) -> dict[TaxClassId, TaxClass]:
        """Return those of *tax_class_ids* that this company has, read at once."""

    @abstractmethod
    def save(self, ctx: Context, tax_class: TaxClass) -> TaxClass:
        """Store a changed tax class; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``tax_class.version`` is not the stored one.
        """

    @abstractmethod
    def page(self, ctx: Context, query: TaxClassQuery) -> Page[TaxClass]:
        """Return one page of the company's tax classes.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceListQuery:
    """Which price lists: all, or those agreed with one customer."""

    page: PageRequest
    party_id: PartyId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceSearch:
    """Whose prices of which products are wanted."""

    product_ids: tuple[ProductId, ...]
    party_id: PartyId | None = None
    price_list_id: PriceListId | None = None


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
        """Return every list agreed with the party, and the named one, in order of id.

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


class CatalogUnitOfWork(PartiesUnitOfWork, Protocol):
    """The transaction as the catalog sees it."""

    @property
    @abstractmethod
    def products(self) -> ProductRepository: ...

    @property
    @abstractmethod
    def units(self) -> UnitRepository: ...

    @property
    @abstractmethod
    def tax_classes(self) -> TaxClassRepository: ...

    @property
    @abstractmethod
    def price_lists(self) -> PriceListRepository: ...

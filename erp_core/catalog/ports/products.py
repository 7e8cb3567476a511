"""How products are kept and found."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import Protocol

from erp_core.catalog.entities import (
    Product,
    ProductId,
    ProductKind,
    ProductState,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest


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

        The journal is told how many. Where it raises, nothing is stored of any of them, and the
        unit of work can be asked which it was.

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

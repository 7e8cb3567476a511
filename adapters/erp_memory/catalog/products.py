"""Products in a dictionary."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from erp_core.catalog.entities import PRODUCT_SORTS, Product, ProductId
from erp_core.catalog.ports import ProductQuery, ProductRepository, Taken
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.kernel.text import words
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryProducts(ProductRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._tables = tables
        self._products = tables.products
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, product: Product) -> Product:
        if (ctx.company_id, product.id) in self._products:
            raise AlreadyExistsError("a product of this id exists", field="id")
        return self._write(ctx, None, product)

    def add_many(self, ctx: Context, products: Sequence[Product]) -> None:
        skus, barcodes = set[str](), set[str]()
        for product in products:
            if (ctx.company_id, product.id) in self._products:
                raise AlreadyExistsError("a product of this id exists", field="id")
            self._require_known(ctx, product)
            if product.sku in skus or (product.barcode and product.barcode in barcodes):
                raise AlreadyExistsError("a product is there twice")
            skus.add(product.sku)
            barcodes.add(product.barcode)
        taken = self.taken(ctx, skus, barcodes - {""})
        if taken.skus or taken.barcodes:
            raise AlreadyExistsError("there is a product like it already")
        for product in products:
            self._products[ctx.company_id, product.id] = product.stored(product.version + 1)
        if products:
            self._journal.note("catalog.product", "many", {}, {"count": str(len(products))})

    def taken(self, ctx: Context, skus: Collection[str], barcodes: Collection[str]) -> Taken:
        known = self._of(ctx)
        return Taken(
            skus=frozenset(skus) & {each.sku for each in known},
            barcodes=frozenset(barcodes) & {each.barcode for each in known},
        )

    def get(self, ctx: Context, product_id: ProductId) -> Product:
        product = self._products.get((ctx.company_id, product_id))
        if product is None:
            raise NotFoundError(f"no product {product_id}", kind="product", id=product_id)
        return product

    def some(self, ctx: Context, product_ids: Sequence[ProductId]) -> dict[ProductId, Product]:
        return {each.id: each for each in self._of(ctx) if each.id in product_ids}

    def save(self, ctx: Context, product: Product) -> Product:
        before = self.get(ctx, product.id)
        if before.version != product.version:
            raise StaleVersionError(f"product {product.sku} has changed")
        return self._write(ctx, before, product)

    def page(self, ctx: Context, query: ProductQuery) -> Page[Product]:
        wanted = words(query.text)
        found = (
            each
            for each in self._of(ctx)
            if (not query.states or each.state in query.states)
            and query.kind in (None, each.kind)
            and all(_begins_one_of(each.search_words, word) for word in wanted)
        )
        return page_of(found, query.page, PRODUCT_SORTS)

    def _of(self, ctx: Context) -> list[Product]:
        return [each for (owner, _), each in self._products.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Product | None, product: Product) -> Product:
        self._require_known(ctx, product)
        for other in self._of(ctx):
            if other.id != product.id:
                _require_distinct(product, other)
        self._outbox.append(ctx, product.events)
        self._journal.note_entity("catalog.product", before, product)
        stored = product.stored(product.version + 1)
        self._products[ctx.company_id, product.id] = stored
        return stored

    def _require_known(self, ctx: Context, product: Product) -> None:
        units = (
            each.code for (owner, _), each in self._tables.units.items() if owner == ctx.company_id
        )
        key = product.tax_class_id
        taxed = key is None or (ctx.company_id, key) in self._tables.tax_classes
        if product.unit not in units or not taxed:
            raise NotFoundError(f"no unit {product.unit}, or no such tax class")


def _require_distinct(product: Product, other: Product) -> None:
    if product.sku == other.sku:
        raise AlreadyExistsError(
            f"there is a product {product.sku} already",
            code="catalog.product.sku_taken",
            field="sku",
        )
    if product.barcode and product.barcode == other.barcode:
        raise AlreadyExistsError(
            f"another product has the barcode {product.barcode}",
            code="catalog.product.barcode_taken",
            field="barcode",
        )


def _begins_one_of(found: frozenset[str], word: str) -> bool:
    return any(each.startswith(word) for each in found)

"""Products over one connection: load, map and store, and decide nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import IntegrityError

from erp_core.catalog.entities import PRODUCT_SORTS, Product, ProductId
from erp_core.catalog.ports import ProductQuery, ProductRepository, Taken
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.kernel.text import words
from erp_sql.bulk import InsertMany, batched
from erp_sql.catalog.mappers import (
    read_product,
    write_many_products,
    write_many_words,
    write_product,
    write_words,
)
from erp_sql.catalog.models import ProductRow, ProductWordRow
from erp_sql.dialects import is_foreign_key, violates
from erp_sql.keyset import Keyset, starts_with
from erp_sql.masters import Masters
from erp_sql.prepared import Prepared

_MASTERS: Final = Masters(ProductRow, "product")
_COLUMNS: Final = {"sku": _MASTERS.table.c.sku, "name": _MASTERS.table.c.name}
_KEYSET: Final = Keyset(_MASTERS.table, _COLUMNS, PRODUCT_SORTS)
_SOME: Final = Prepared(
    select(_MASTERS.table).where(
        _MASTERS.table.c.company_id == bindparam("company"),
        _MASTERS.table.c.id.in_(bindparam("ids", expanding=True)),
    )
)
_ASKED_AT_ONCE: Final = 10_000  # parameters of one statement: SQLite takes 32,766
_TAKEN_SKUS, _TAKEN_BARCODES = (
    select(column).where(
        _MASTERS.table.c.company_id == bindparam("company"),
        column.in_(bindparam("wanted", expanding=True)),
    )
    for column in (_MASTERS.table.c.sku, _MASTERS.table.c.barcode)
)
_ADD_MANY: Final = InsertMany(_MASTERS.table)
_ADD_MANY_WORDS: Final = InsertMany(cast("Table", ProductWordRow.__table__))
_ADD_WORDS: Final = Prepared(insert(ProductWordRow))
_DROP_WORDS: Final = Prepared(
    delete(ProductWordRow).where(
        ProductWordRow.company_id == bindparam("company"),
        ProductWordRow.word.in_(bindparam("gone", expanding=True)),
        ProductWordRow.product_id == bindparam("product"),
    )
)


class SqlProducts(ProductRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[ProductId, Product] = {}  # as they were, for the journal

    def add(self, ctx: Context, product: Product) -> Product:
        with _in_our_words(product):
            _MASTERS.add(self._connection, write_product(ctx.company_id, product))
        self._add_words(ctx, product, product.search_words)
        return self._told(ctx, None, product)

    def add_many(self, ctx: Context, products: Sequence[Product]) -> None:
        if not products:
            return
        # Back to here where one is refused: PostgreSQL answers nothing more otherwise.
        with (
            _in_our_words(products[0] if len(products) == 1 else None),
            self._connection.begin_nested(),
        ):
            _ADD_MANY(self._connection, write_many_products(ctx.company_id, products))
        _ADD_MANY_WORDS(self._connection, write_many_words(ctx.company_id, products))
        self._journal.note("catalog.product", "many", {}, {"count": str(len(products))})

    def taken(self, ctx: Context, skus: Collection[str], barcodes: Collection[str]) -> Taken:
        return Taken(
            skus=self._among(ctx, _TAKEN_SKUS, skus),
            barcodes=self._among(ctx, _TAKEN_BARCODES, barcodes),
        )

    def _among(
        self, ctx: Context, statement: Select[Any], wanted: Collection[str]
    ) -> frozenset[str]:
        found: set[str] = set()
        for some in batched(sorted(wanted), _ASKED_AT_ONCE):
            asked = {"company": ctx.company_id, "wanted": some}
            found.update(self._connection.execute(statement, asked).scalars())
        return frozenset(found)

    def get(self, ctx: Context, product_id: ProductId) -> Product:
        found = read_product(_MASTERS.get(self._connection, ctx, product_id))
        self._seen[product_id] = found
        return found

    def some(self, ctx: Context, product_ids: Sequence[ProductId]) -> dict[ProductId, Product]:
        asked = {"company": ctx.company_id, "ids": list(product_ids)}
        found = map(read_product, _SOME.rows(self._connection, asked))
        return {each.id: each for each in found}

    def save(self, ctx: Context, product: Product) -> Product:
        before = self._seen.get(product.id) or self.get(ctx, product.id)
        with _in_our_words(product):
            _MASTERS.save(self._connection, write_product(ctx.company_id, product))
        old, new = before.search_words, product.search_words
        if old - new:
            gone = {"company": ctx.company_id, "product": product.id, "gone": sorted(old - new)}
            _DROP_WORDS.change(self._connection, gone)
        self._add_words(ctx, product, new - old)
        return self._told(ctx, before, product)

    def page(self, ctx: Context, query: ProductQuery) -> Page[Product]:
        wanted = [_has_word(ctx, word) for word in sorted(words(query.text))]
        if query.states:
            wanted.append(_MASTERS.table.c.state.in_([each.value for each in query.states]))
        if query.kind is not None:
            wanted.append(_MASTERS.table.c.kind == query.kind.value)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_product)

    def _add_words(self, ctx: Context, product: Product, new: Collection[str]) -> None:
        rows = write_words(ctx.company_id, product.id, new)
        _ADD_WORDS.change(self._connection, *rows)

    def _told(self, ctx: Context, before: Product | None, product: Product) -> Product:
        self._outbox.append(ctx, product.events)
        self._journal.note_entity("catalog.product", before, product)
        stored = product.stored(product.version + 1)
        self._seen[stored.id] = stored
        return stored


def _has_word(ctx: Context, prefix: str) -> ColumnElement[bool]:
    """Return the condition for a product that has a word which begins with *prefix*."""
    found = select(ProductWordRow.product_id).where(
        ProductWordRow.company_id == ctx.company_id, *starts_with(ProductWordRow.word, prefix)
    )
    return _MASTERS.table.c.id.in_(found)


@contextmanager
def _in_our_words(product: Product | None) -> Iterator[None]:
    """Say what was wrong with *product*, or with one of many."""
    try:
        yield
    except IntegrityError as error:
        if product is None:
            if is_foreign_key(error):
                raise NotFoundError("no such unit, or no such tax class") from error
            raise AlreadyExistsError("there is a product like one of these already") from error
        if is_foreign_key(error):
            raise NotFoundError(f"no unit {product.unit}, or no such tax class") from error
        if violates(error, "sku"):
            raise AlreadyExistsError(
                f"there is a product {product.sku} already",
                code="catalog.product.sku_taken",
                field="sku",
            ) from error
        if violates(error, "barcode"):
            raise AlreadyExistsError(
                f"another product has the barcode {product.barcode}",
                code="catalog.product.barcode_taken",
                field="barcode",
            ) from error
        raise AlreadyExistsError("a product of this id exists", field="id") from error

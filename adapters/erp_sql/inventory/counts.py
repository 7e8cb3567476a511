"""Stock counts over one connection. The count's row says who may enter lines, and who may end it.

Who enters holds it shared, so that nobody waits for another's lines; who starts, closes or cancels
holds it alone. The locks come in one order: the count, then its warehouse (to start) or its lines
(to enter) or the stock (to close).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Connection, Table, bindparam, insert, or_, select
from sqlalchemy.exc import IntegrityError

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    CountId,
    CountLine,
    CountState,
    CountTotals,
    OpenLine,
    StockCount,
    StockKey,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery, StockCountRepository
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import (
    AlreadyExistsError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.page import Page
from erp_sql.dialects import is_foreign_key
from erp_sql.inventory import count_lines
from erp_sql.inventory.count_mappers import read_count, write_count, write_products
from erp_sql.inventory.count_models import CountProductRow, StockCountRow
from erp_sql.inventory.models import WarehouseRow
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters

_MASTERS: Final = Masters(StockCountRow, "stock count")
_COUNT: Final = _MASTERS.table
_PRODUCT: Final = cast("Table", CountProductRow.__table__)
_KEYSET: Final = Keyset(_COUNT, {})

_MINE: Final = (_COUNT.c.company_id == bindparam("company"), _COUNT.c.id == bindparam("count"))
_LOCK: Final = select(_COUNT).where(*_MINE).with_for_update()
_SHARE: Final = select(_COUNT).where(*_MINE).with_for_update(read=True)
_PRODUCTS: Final = select(_PRODUCT).where(
    _PRODUCT.c.company_id == bindparam("company"),
    _PRODUCT.c.count_id.in_(bindparam("counts", expanding=True)),
)
_ADD_PRODUCTS: Final = insert(_PRODUCT)

# Whoever starts a count locks the warehouse, and so sees all that were started there before.
# On PostgreSQL new stock rows, which refer to it, need not wait for that.
_LOCK_WAREHOUSE: Final = (
    select(WarehouseRow.id)
    .where(
        WarehouseRow.company_id == bindparam("company"),
        WarehouseRow.id == bindparam("warehouse"),
    )
    .with_for_update(key_share=True)
)
_THEIRS: Final = _PRODUCT.alias("theirs")
_THEIR_PRODUCTS: Final = select(_THEIRS.c.product_id).where(
    _THEIRS.c.company_id == _COUNT.c.company_id, _THEIRS.c.count_id == _COUNT.c.id
)
_SHARED_PRODUCTS: Final = _THEIR_PRODUCTS.where(
    _THEIRS.c.product_id.in_(bindparam("products", expanding=True))
)
_RIVAL_OF_ALL: Final = (
    select(_COUNT.c.id)
    .where(
        _COUNT.c.company_id == bindparam("company"),
        _COUNT.c.warehouse_id == bindparam("warehouse"),
        _COUNT.c.state == CountState.COUNTING.value,
        _COUNT.c.id != bindparam("count"),
    )
    .order_by(_COUNT.c.id)
    .limit(1)
)
_RIVAL_OF_SOME: Final = _RIVAL_OF_ALL.where(
    or_(~_THEIR_PRODUCTS.exists(), _SHARED_PRODUCTS.exists())
)


class SqlStockCounts(StockCountRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[CountId, StockCount] = {}  # as they were, for the journal
        self._lines: dict[tuple[CountId, StockKey], CountLine] = {}  # that may be saved

    def add(self, ctx: Context, count: StockCount) -> StockCount:
        with _in_our_words("warehouse_id"):
            _MASTERS.add(self._connection, write_count(ctx.company_id, count))
        products = write_products(ctx.company_id, count)
        if products:
            with _in_our_words("product_ids"):
                self._connection.execute(_ADD_PRODUCTS, products)
        return self._told(None, count)

    def get(self, ctx: Context, count_id: CountId) -> StockCount:
        return self._read(ctx, count_id, _MASTERS.get(self._connection, ctx, count_id))

    def lock(self, ctx: Context, count_id: CountId, *, shared: bool = False) -> StockCount:
        asked = {"company": ctx.company_id, "count": count_id}
        row = self._connection.execute(_SHARE if shared else _LOCK, asked).one_or_none()
        if row is None:
            raise NotFoundError(f"no stock count {count_id}", kind="stock count", id=count_id)
        return self._read(ctx, count_id, row)

    def save(self, ctx: Context, count: StockCount) -> StockCount:
        before = self._seen.get(count.id) or self.get(ctx, count.id)
        _MASTERS.save(self._connection, write_count(ctx.company_id, count))
        return self._told(before, count)

    def page(self, ctx: Context, query: CountQuery) -> Page[StockCount]:
        wanted: list[ColumnElement[bool]] = []
        if query.states:
            wanted.append(_COUNT.c.state.in_([each.value for each in query.states]))
        if query.warehouse_id is not None:
            wanted.append(_COUNT.c.warehouse_id == query.warehouse_id)
        page = _KEYSET.page(self._connection, ctx, query.page, wanted, _header)
        products = self._products(ctx, [each.id for each in page.items])
        items = (replace(each, product_ids=tuple(products[each.id])) for each in page.items)
        return replace(page, items=tuple(items))

    def rival(self, ctx: Context, count: StockCount) -> CountId | None:
        asked: dict[str, Any] = {
            "company": ctx.company_id,
            "warehouse": count.warehouse_id,
            "count": count.id,
        }
        self._connection.execute(_LOCK_WAREHOUSE, asked)
        if not count.product_ids:
            return self._connection.execute(_RIVAL_OF_ALL, asked).scalar_one_or_none()
        asked["products"] = list(count.product_ids)
        return self._connection.execute(_RIVAL_OF_SOME, asked).scalar_one_or_none()

    def freeze(self, ctx: Context, count: StockCount) -> None:
        count_lines.freeze(self._connection, ctx, count)

    def lock_lines(
        self, ctx: Context, count: StockCount, keys: Sequence[StockKey]
    ) -> tuple[OpenLine, ...]:
        found = count_lines.lock(self._connection, ctx, count, keys)
        self._lines |= {(count.id, each.line.key): each.line for each in found}
        return found

    def save_lines(self, ctx: Context, lines: Sequence[CountLine]) -> tuple[CountLine, ...]:
        for line in lines:
            before = self._lines.get((line.count_id, line.key))
            if before is None or before.version != line.version:
                raise StaleVersionError(f"line {line.name} was not read to be saved")
            self._journal.note("inventory.stock_count_line", line.name, before.told(), line.told())
        count_lines.save(self._connection, ctx, lines)
        stored = tuple(replace(line, version=line.version + 1) for line in lines)
        self._lines |= {(line.count_id, line.key): line for line in stored}
        return stored

    def unsettled(self, ctx: Context, count_id: CountId) -> tuple[CountLine, ...]:
        found = count_lines.unsettled(self._connection, ctx, count_id)
        self._lines |= {(count_id, line.key): line for line in found}
        return found

    def totals(self, ctx: Context, count_id: CountId) -> CountTotals:
        return count_lines.totals(self._connection, ctx, count_id)

    def lines(self, ctx: Context, query: CountLineQuery) -> Page[CountLine]:
        return count_lines.page(self._connection, ctx, query)

    def _read(self, ctx: Context, count_id: CountId, row: Any) -> StockCount:
        found = replace(_header(row), product_ids=tuple(self._products(ctx, [count_id])[count_id]))
        self._seen[count_id] = found
        return found

    def _products(
        self, ctx: Context, count_ids: Sequence[CountId]
    ) -> defaultdict[CountId, list[ProductId]]:
        found: defaultdict[CountId, list[ProductId]] = defaultdict(list)
        if count_ids:
            asked = {"company": ctx.company_id, "counts": list(count_ids)}
            for row in self._connection.execute(_PRODUCTS, asked):
                found[CountId(row.count_id)].append(ProductId(row.product_id))
        return found

    def _told(self, before: StockCount | None, count: StockCount) -> StockCount:
        self._journal.note_entity("inventory.stock_count", before, count)
        stored = count.stored(count.version + 1)
        self._seen[stored.id] = stored
        return stored


def _header(row: Any) -> StockCount:
    return read_count(row, ())


@contextmanager
def _in_our_words(field: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            noun = "warehouse" if field == "warehouse_id" else "product"
            raise NotFoundError(f"no such {noun}", field=field, kind=noun) from error
        raise AlreadyExistsError("a stock count of this id exists", field="id") from error

"""The lines of stock counts: frozen, locked, saved, added up and read in a few statements each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    or_,
    select,
)

from erp_core.inventory.entities import (
    COUNT_LINES_MAX,
    CountId,
    CountLine,
    CountTotals,
    OpenLine,
    StockCount,
    StockKey,
    WarehouseId,
)
from erp_core.inventory.ports import CountLineQuery
from erp_core.kernel.context import Context
from erp_core.kernel.errors import NotFoundError
from erp_core.kernel.page import Cursor, Page
from erp_sql.catalog.models import ProductRow
from erp_sql.dialects import InsertAbsent, Upsert
from erp_sql.inventory.count_mappers import read_line, read_totals, write_line
from erp_sql.inventory.count_models import CountLineRow, StockCountRow
from erp_sql.inventory.mappers import read_item, read_stocked_product
from erp_sql.inventory.models import StockItemRow, WarehouseRow

_LINE: Final = cast("Table", CountLineRow.__table__)
_COUNT: Final = cast("Table", StockCountRow.__table__)
_ITEM: Final = cast("Table", StockItemRow.__table__)
_PRODUCT: Final = cast("Table", ProductRow.__table__)
_WAREHOUSE: Final = cast("Table", WarehouseRow.__table__)

_KEYS: Final = (_LINE.c.product_id, _LINE.c.lot)
_MINE: Final = (
    _LINE.c.company_id == bindparam("company"),
    _LINE.c.count_id == bindparam("count"),
)
_SOME: Final = (
    *_MINE,
    _LINE.c.product_id.in_(bindparam("products", expanding=True)),
    _LINE.c.lot.in_(bindparam("lots", expanding=True)),
)

# One statement sees one moment: a document that moves several rows is in all of them, or in none.
_STOCK: Final = (
    select(
        _ITEM.c.company_id,
        bindparam("count", type_=Uuid()).label("count_id"),
        _ITEM.c.product_id,
        _ITEM.c.lot,
        literal(1).label("version"),
        _ITEM.c.on_hand,
    )
    .where(
        _ITEM.c.company_id == bindparam("company"),
        _ITEM.c.warehouse_id == bindparam("warehouse"),
    )
    .limit(COUNT_LINES_MAX + 1)
)
_SOME_STOCK: Final = _STOCK.where(_ITEM.c.product_id.in_(bindparam("products", expanding=True)))
_FROZEN: Final = ["company_id", "count_id", "product_id", "lot", "version", "expected"]
_FREEZE: Final = insert(_LINE).from_select(_FROZEN, _STOCK)
_FREEZE_SOME: Final = insert(_LINE).from_select(_FROZEN, _SOME_STOCK)

_SUBJECTS: Final = (
    select(
        _PRODUCT.c.id.label("product_id"),
        _PRODUCT.c.sku,
        _PRODUCT.c.state.label("product_state"),
        _PRODUCT.c.stock_managed,
        _PRODUCT.c.tracking,
        _WAREHOUSE.c.state.label("warehouse_state"),
        _WAREHOUSE.c.may_go_negative.label("warehouse_may_go_negative"),
        _WAREHOUSE.c.kind.label("warehouse_kind"),
    )
    .join_from(_PRODUCT, _WAREHOUSE, _WAREHOUSE.c.company_id == _PRODUCT.c.company_id)
    .where(
        _PRODUCT.c.company_id == bindparam("company"),
        _PRODUCT.c.id.in_(bindparam("products", expanding=True)),
        _WAREHOUSE.c.id == bindparam("warehouse"),
    )
)
_KNOWN: Final = select(*_KEYS).where(*_SOME)
_MAKE: Final = InsertAbsent(_LINE)
_LOCK: Final = (
    select(_LINE)
    .where(*_SOME)
    .order_by(*_KEYS)
    .with_for_update()
    # MariaDB locks rows as it finds them and sorts afterwards: by another index in another order.
    .with_hint(_LINE, "FORCE INDEX (PRIMARY)", "mysql")
)
# Read after the lines are locked: of two who enter one line at once, the later reads the later.
_ITEMS: Final = select(_ITEM).where(
    _ITEM.c.company_id == bindparam("company"),
    _ITEM.c.warehouse_id == bindparam("warehouse"),
    _ITEM.c.product_id.in_(bindparam("products", expanding=True)),
    _ITEM.c.lot.in_(bindparam("lots", expanding=True)),
)
_SAVE: Final = Upsert(
    _LINE, ["version", "counted", "on_hand_when_counted", "counted_at", "counted_by"]
)

_DIFFERS: Final = and_(
    _LINE.c.counted.is_not(None), _LINE.c.counted != _LINE.c.on_hand_when_counted
)
_AGREES: Final = or_(_LINE.c.counted.is_(None), _LINE.c.counted == _LINE.c.on_hand_when_counted)
_TOTALS: Final = select(
    func.count().label("all_lines"),
    func.count(_LINE.c.counted).label("counted_lines"),
    func.sum(case((_DIFFERS, 1), else_=0)).label("differing"),
).where(*_MINE)
# No join: a planner that knows nothing of fresh tables yet would go through all of them for each
# line. The warehouse is asked for once, the SKUs by the ids of their products.
_WHERE: Final = (
    select(_COUNT.c.warehouse_id)
    .where(_COUNT.c.company_id == bindparam("company"), _COUNT.c.id == bindparam("count"))
    .scalar_subquery()
)
_LINES: Final = select(_LINE, _WHERE.label("warehouse_id")).where(*_MINE).order_by(*_KEYS)
_SKUS: Final = select(_PRODUCT.c.id, _PRODUCT.c.sku).where(
    _PRODUCT.c.company_id == bindparam("company"),
    _PRODUCT.c.id.in_(bindparam("products", expanding=True)),
)
_UNSETTLED: Final = _LINES.where(or_(_LINE.c.counted.is_(None), _DIFFERS))


def freeze(connection: Connection, ctx: Context, count: StockCount) -> None:
    """Make a line of every stock row in the scope of *count*."""
    asked: dict[str, Any] = {
        "company": ctx.company_id,
        "count": count.id,
        "warehouse": count.warehouse_id,
    }
    if count.product_ids:
        connection.execute(_FREEZE_SOME, asked | {"products": list(count.product_ids)})
    else:
        connection.execute(_FREEZE, asked)


def lock(
    connection: Connection, ctx: Context, count: StockCount, keys: Sequence[StockKey]
) -> tuple[OpenLine, ...]:
    """Make the lines that are missing, lock them all, and read the stock rows beside them."""
    asked: dict[str, Any] = {
        "company": ctx.company_id,
        "count": count.id,
        "warehouse": count.warehouse_id,
        "products": sorted({key.product_id for key in keys}),
        "lots": sorted({key.lot for key in keys}),
    }
    subjects = {row.product_id: row for row in connection.execute(_SUBJECTS, asked)}
    _require_known(asked, subjects)
    known = {(row.product_id, row.lot) for row in connection.execute(_KNOWN, asked)}
    if any((key.product_id, key.lot) not in known for key in keys):
        # All of them: MySQL locks those that are there as well, and so in the order of all.
        new = [CountLine(count_id=count.id, key=key, sku="", version=-1) for key in sorted(keys)]
        _MAKE(connection, [write_line(ctx.company_id, line) for line in new])
    lines = {(row.product_id, row.lot): row for row in connection.execute(_LOCK, asked)}
    items = {(row.product_id, row.lot): row for row in connection.execute(_ITEMS, asked)}
    return tuple(
        _open(lines[key.product_id, key.lot], items, subjects[key.product_id], key) for key in keys
    )


def save(connection: Connection, ctx: Context, lines: Sequence[CountLine]) -> None:
    """Write what was entered, over rows that are ours."""
    _SAVE(connection, [write_line(ctx.company_id, line) for line in lines])


def unsettled(connection: Connection, ctx: Context, count_id: CountId) -> tuple[CountLine, ...]:
    """Return the lines that differ or were not counted."""
    asked = {"company": ctx.company_id, "count": count_id}
    return _read(connection, ctx, connection.execute(_UNSETTLED, asked).all())


def totals(connection: Connection, ctx: Context, count_id: CountId) -> CountTotals:
    """Count the lines."""
    asked = {"company": ctx.company_id, "count": count_id}
    return read_totals(connection.execute(_TOTALS, asked).one())


def page(connection: Connection, ctx: Context, query: CountLineQuery) -> Page[CountLine]:
    """Return one page of lines, in the order of their keys."""
    wanted: list[ColumnElement[bool]] = []
    if query.counted is not None:
        counted = _LINE.c.counted
        wanted.append(counted.is_not(None) if query.counted else counted.is_(None))
    if query.differing is not None:
        wanted.append(_DIFFERS if query.differing else _AGREES)
    asked = {"company": ctx.company_id, "count": query.count_id}
    total = None
    if query.page.count:
        counted_rows = select(func.count()).select_from(_LINE).where(*_MINE, *wanted)
        total = connection.execute(counted_rows, asked).scalar_one()
    some = _LINES.where(*wanted, *_after(query.page.after)).limit(query.page.limit + 1)
    rows = connection.execute(some, asked).all()
    found = _read(connection, ctx, rows[: query.page.limit])
    more = len(rows) > query.page.limit
    return Page(items=found, next=found[-1].cursor if more else None, total=total)


def _require_known(asked: dict[str, Any], subjects: dict[Any, Any]) -> None:
    for each in asked["products"]:
        if each not in subjects:
            raise NotFoundError(f"no product {each}", field="entries", kind="product", id=each)


def _open(row: Any, items: dict[Any, Any], subject: Any, key: StockKey) -> OpenLine:
    item = items.get((key.product_id, key.lot))
    return OpenLine(
        line=read_line(row, subject.sku, key.warehouse_id),
        item=read_item(item, key, read_stocked_product(subject), subject),
    )


def _read(connection: Connection, ctx: Context, rows: Sequence[Any]) -> tuple[CountLine, ...]:
    """Make lines of rows, and give them the SKUs of today."""
    if not rows:
        return ()
    asked = {"company": ctx.company_id, "products": sorted({row.product_id for row in rows})}
    skus = {row.id: row.sku for row in connection.execute(_SKUS, asked)}
    return tuple(
        read_line(row, skus[row.product_id], WarehouseId(row.warehouse_id)) for row in rows
    )


def _after(place: Cursor | None) -> list[ColumnElement[bool]]:
    if place is None:
        return []
    return [
        _LINE.c.product_id >= place.id,
        or_(_LINE.c.product_id > place.id, _LINE.c.lot > place.value),
    ]

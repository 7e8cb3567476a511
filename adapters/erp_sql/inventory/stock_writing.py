"""What is written of stock: one statement a kind of row, however many rows there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from erp_core.inventory.entities import (
    LockedStock,
    Lot,
    Reservation,
    StockItem,
    StockKey,
    StockMovement,
    Valuation,
)
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.quantity import ZERO
from erp_sql.bulk import columns_of
from erp_sql.dialects import is_foreign_key
from erp_sql.inventory import stock_statements as sql
from erp_sql.inventory.mappers import (
    write_first_items,
    write_first_valuations,
    write_item,
    write_lot,
    write_movement,
    write_movements,
    write_reservation,
    write_valuation,
)
from erp_sql.prepared import Prepared

_MANY: Final = 2500  # movements: more than a document has, and fewer than a large count
_KEYS: Final = {
    "company_id": "_company",
    "product_id": "_product",
    "warehouse_id": "_warehouse",
    "lot": "_lot",
    "id": "_id",
}


def save_items(
    connection: Connection, ctx: Context, changed: Sequence[tuple[StockItem, StockItem]]
) -> None:
    """Write rows, each as it was before and as it is now."""
    rows = [write_item(ctx.company_id, before, item) for before, item in changed]
    sql.ADD_ITEMS.change(connection, *[row for row in rows if row["version"] == 1])
    known = [row for row in rows if row["version"] > 1]
    if len(known) == 1:
        _change(connection, sql.SAVE_ITEMS, known)
    else:  # the locks that are held are the warrant; an UPDATE is sent row by row
        sql.SAVE_MANY_ITEMS(connection, known)


def append(connection: Connection, ctx: Context, movements: Sequence[StockMovement]) -> None:
    """Add movements of rows that are there."""
    company = ctx.company_id
    try:
        if len(movements) < _MANY:
            rows = [write_movement(company, each) for each in movements]
            sql.ADD_MOVEMENTS.change(connection, *rows)
        else:
            sql.ADD_MANY_MOVEMENTS(connection, write_movements(company, movements))
    except IntegrityError as error:  # the item is ours: only the id can be taken
        raise AlreadyExistsError("a movement of this id exists", field="id") from error


def save_valuations(connection: Connection, ctx: Context, changed: Sequence[Valuation]) -> None:
    """Write valuations whose average has changed."""
    rows = [write_valuation(ctx.company_id, each) for each in changed]
    _change(connection, sql.SAVE_VALUATIONS, rows)


def save_lots(connection: Connection, ctx: Context, changed: Sequence[Lot]) -> None:
    """Write lots that are new, or of which more is known."""
    rows = [write_lot(ctx.company_id, each) for each in changed]
    sql.ADD_LOTS.change(connection, *[row for row in rows if row["version"] == 1])
    kept = ("company_id", "id", "version", "made_on", "expires_on")
    known = [{name: row[name] for name in kept} for row in rows if row["version"] > 1]
    _change(connection, sql.SAVE_LOTS, known)


def save_reservations(
    connection: Connection,
    ctx: Context,
    changed: Sequence[Reservation],
    known: Collection[tuple[StockKey, str]],
) -> None:
    """Write reservations; those of nothing go."""
    new, kept, gone = [], [], []
    for each in changed:
        row = write_reservation(ctx.company_id, each)
        if (each.key, each.origin) not in known:
            new += [row] if each.quantity > ZERO else []
        elif each.quantity > ZERO:
            kept.append(_named(row) | {"quantity": row["quantity"]})
        else:
            gone.append(_named(row))
    sql.ADD_RESERVATIONS.change(connection, *new)
    sql.SAVE_RESERVATIONS.change(connection, *kept)
    sql.DROP_RESERVATIONS.change(connection, *gone)


def add_many(connection: Connection, ctx: Context, stocks: Sequence[LockedStock]) -> None:
    """Write the first stock of products that nobody else can know of yet."""
    company = ctx.company_id
    valuations = [each for stock in stocks for each in stock.valuations.values()]
    items = [each for stock in stocks for each in stock.items.values()]
    lots = [write_lot(company, each) for stock in stocks for each in stock.lots.values()]
    movements = [each for stock in stocks for each in stock.movements]
    try:
        sql.ADD_MANY_VALUATIONS(connection, write_first_valuations(company, valuations))
        sql.ADD_MANY_ITEMS(connection, write_first_items(company, items))
        sql.ADD_MANY_LOTS(connection, columns_of(lots))
        sql.ADD_MANY_MOVEMENTS(connection, write_movements(company, movements))
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError("no such product, or no such warehouse") from error
        raise AlreadyExistsError("there is stock or a movement of it already") from error


def _keyed(row: dict[str, Any]) -> dict[str, Any]:
    """Tell the key of a row from what is written into it."""
    return {_KEYS.get(name, name): value for name, value in row.items()}


def _named(row: dict[str, Any]) -> dict[str, Any]:
    return {"_company": row["company_id"], "_id": row["id"]}


def _change(connection: Connection, statement: Prepared, rows: list[dict[str, Any]]) -> None:
    """Write over rows that are a version behind."""
    keyed = [_keyed(row) | {"_version": row["version"] - 1} for row in rows]
    count = statement.change(connection, *keyed)
    # A batch reports the count of its last statement alone on some drivers, so that one row is
    # checked exactly, and of many the locks that are held are the warrant.
    if len(rows) == 1 and count != 1:
        raise StaleVersionError("the stock has changed meanwhile")

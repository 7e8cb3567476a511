"""What is read of stock: rows, movements, and whether the one explains the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NoReturn

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy import null as sql_null

from erp_core.inventory.entities import (
    MovementId,
    Reservation,
    StockDifference,
    StockKey,
    StockMovement,
    StockRule,
)
from erp_core.inventory.ports import (
    MovementQuery,
    ReservationQuery,
    StockQuery,
    ValuedItem,
)
from erp_core.kernel.context import Context
from erp_core.kernel.errors import MalformedError, NotFoundError
from erp_core.kernel.page import Cursor, Page
from erp_core.kernel.totals import Total
from erp_sql.inventory.mappers import (
    read_item,
    read_key,
    read_movement,
    read_reservation,
    read_stocked_product,
)
from erp_sql.inventory.stock_statements import (
    ITEM,
    MOVEMENT,
    PRODUCT,
    RESERVATION,
    VALUATION,
    WAREHOUSE,
)
from erp_sql.inventory.warehouse_tree import parts_of
from erp_sql.keyset import Keyset, starts_with
from erp_sql.sums import compared_sum, exact_sum
from erp_sql.values import read_price

_IN_ORDER: Final = select(ITEM).order_by(ITEM.c.product_id, ITEM.c.warehouse_id, ITEM.c.lot)


def _valued(chosen: Select[Any]) -> Select[Any]:
    """Add to the rows of a page what they are rows of.

    They are chosen by nothing but themselves, so that no engine gathers and sorts all there are.
    """
    row = chosen.subquery()
    return (
        select(
            row,
            PRODUCT.c.sku,
            PRODUCT.c.state.label("product_state"),
            PRODUCT.c.stock_managed,
            PRODUCT.c.tracking,
            WAREHOUSE.c.state.label("warehouse_state"),
            WAREHOUSE.c.may_go_negative.label("warehouse_may_go_negative"),
            WAREHOUSE.c.kind.label("warehouse_kind"),
            VALUATION.c.average_cost,
            VALUATION.c.currency,
        )
        .join_from(
            row,
            PRODUCT,
            and_(PRODUCT.c.company_id == row.c.company_id, PRODUCT.c.id == row.c.product_id),
        )
        .join(
            WAREHOUSE,
            and_(WAREHOUSE.c.company_id == row.c.company_id, WAREHOUSE.c.id == row.c.warehouse_id),
        )
        .join(
            VALUATION,
            and_(
                VALUATION.c.company_id == row.c.company_id,
                VALUATION.c.product_id == row.c.product_id,
            ),
        )
        .order_by(row.c.product_id, row.c.warehouse_id, row.c.lot)
    )


_ONE_MOVEMENT: Final = select(MOVEMENT).where(
    MOVEMENT.c.company_id == bindparam("company"), MOVEMENT.c.id == bindparam("id")
)
_MOVEMENTS: Final = Keyset(MOVEMENT, {})
_MOVED: Final = MOVEMENT.alias("moved")
_SHORT: Final = timedelta(days=31)
_RESERVATIONS: Final = Keyset(RESERVATION, {})
_REFERRING: Final = (
    select(MOVEMENT)
    .where(
        MOVEMENT.c.company_id == bindparam("company"),
        MOVEMENT.c.reference_id == bindparam("reference"),
    )
    .order_by(MOVEMENT.c.id)
    .limit(1000)
)

_NOTHING: Final = Decimal(0)
_MINE: Final = ITEM.c.company_id == bindparam("company")
_KEY: Final = (ITEM.c.product_id, ITEM.c.warehouse_id, ITEM.c.lot)


def _sum_of(parts: Table, added_up: Callable[..., ColumnElement[Any]]) -> Any:
    """Add up the parts of a row, in a range of an index that holds all of it."""
    same = and_(*(parts.c[each.name] == each for each in (ITEM.c.company_id, *_KEY)))
    return select(added_up(parts.c.quantity)).where(same).correlate(ITEM).scalar_subquery()


def _unlike(column: ColumnElement[Any], parts: Table, *those: ColumnElement[bool]) -> Select[Any]:
    """Build the question which rows' *column* is not the sum of their *parts*.

    The parts are added up row by row: a join has more to sort, and adding all of them up first
    more to keep.
    """
    told, compared = (_sum_of(parts, added_up) for added_up in (exact_sum, compared_sum))
    return select(*_KEY, column.label("found"), told.label("expected")).where(
        _MINE, *those, column != compared
    )


def _unlike_promised() -> Select[Any]:
    """Build the question which rows' reserved is not the sum of their reservations.

    Few rows have any: those that say so are added up, and the others are looked for by their
    reservations, of which a row that says it has none must have none.
    """
    says = _unlike(ITEM.c.reserved, RESERVATION, ITEM.c.reserved != _NOTHING)
    told = exact_sum(RESERVATION.c.quantity)
    silent = (
        select(*_KEY, ITEM.c.reserved.label("found"), told.label("expected"))
        .join_from(
            RESERVATION,
            ITEM,
            and_(*(RESERVATION.c[each.name] == each for each in (ITEM.c.company_id, *_KEY))),
        )
        .where(
            RESERVATION.c.company_id == bindparam("company"),
            ITEM.c.reserved == _NOTHING,
        )
        .group_by(*_KEY, ITEM.c.reserved)
    )
    found = union_all(says, silent).subquery("unlike")
    return select(found)


_BROKEN: Final = {
    StockRule.ON_HAND: _unlike(ITEM.c.on_hand, MOVEMENT),
    StockRule.RESERVED: _unlike_promised(),
    StockRule.NEGATIVE: (
        select(*_KEY, ITEM.c.on_hand.label("found"), sql_null().label("expected"))
        .join(
            WAREHOUSE,
            and_(
                WAREHOUSE.c.company_id == ITEM.c.company_id, WAREHOUSE.c.id == ITEM.c.warehouse_id
            ),
        )
        .where(_MINE, ITEM.c.on_hand < _NOTHING, WAREHOUSE.c.may_go_negative.is_(False))
    ),
}
_FIRST: Final = {
    rule: each.order_by(*each.selected_columns[: len(_KEY)]).limit(bindparam("most"))
    for rule, each in _BROKEN.items()
}
_HOW_MANY: Final = tuple(
    select(func.count()).select_from(
        each.with_only_columns(*each.selected_columns[: len(_KEY)]).subquery()
    )
    for each in _BROKEN.values()
)

_KNOWN_PRODUCTS: Final = select(PRODUCT.c.id).where(
    PRODUCT.c.company_id == bindparam("company"),
    PRODUCT.c.id.in_(bindparam("products", expanding=True)),
)
_KNOWN_WAREHOUSES: Final = select(WAREHOUSE.c.id).where(
    WAREHOUSE.c.company_id == bindparam("company"),
    WAREHOUSE.c.id.in_(bindparam("warehouses", expanding=True)),
)


def items(connection: Connection, ctx: Context, query: StockQuery) -> Page[ValuedItem]:
    """Return one page of stock rows, in the order of their keys."""
    if query.page.sort != "id" or query.page.descending:
        raise MalformedError(
            "stock is read in the order of product and warehouse only",
            code="page.sort",
            field="sort",
            known="id",
        )
    wanted = [ITEM.c.company_id == ctx.company_id]
    if query.product_id is not None:
        wanted.append(ITEM.c.product_id == query.product_id)
    if query.warehouse_id is not None and query.include_below:
        parts = parts_of(ctx.company_id, query.warehouse_id)
        wanted.append(ITEM.c.warehouse_id.in_(select(parts.c.id)))
    elif query.warehouse_id is not None:
        wanted.append(ITEM.c.warehouse_id == query.warehouse_id)
    total = None
    if query.page.count:
        counted = select(func.count()).select_from(ITEM).where(*wanted)
        total = connection.execute(counted).scalar_one()
    chosen = _IN_ORDER.where(*wanted, *_after(query.page.after)).limit(query.page.limit + 1)
    rows = connection.execute(_valued(chosen)).all()
    found = tuple(_read(row) for row in rows[: query.page.limit])
    more = len(rows) > query.page.limit
    return Page(items=found, next=found[-1].item.key.cursor if more else None, total=total)


def movement(connection: Connection, ctx: Context, movement_id: MovementId) -> StockMovement:
    """Return one movement, or raise NotFoundError."""
    asked = {"company": ctx.company_id, "id": movement_id}
    row = connection.execute(_ONE_MOVEMENT, asked).one_or_none()
    if row is None:
        raise NotFoundError(f"no movement {movement_id}", kind="movement", id=movement_id)
    return read_movement(row)


def movements(connection: Connection, ctx: Context, query: MovementQuery) -> Page[StockMovement]:
    """Return one page of movements, in order of id."""
    wanted: list[ColumnElement[bool]] = []
    if query.product_id is not None:
        wanted.append(MOVEMENT.c.product_id == query.product_id)
    if query.warehouse_id is not None:
        wanted.append(MOVEMENT.c.warehouse_id == query.warehouse_id)
    if query.lot:
        wanted.append(MOVEMENT.c.lot == query.lot)
    wanted += _moved_in(ctx, query.since, query.until)
    return _MOVEMENTS.page(connection, ctx, query.page, wanted, read_movement)


def referring(
    connection: Connection, ctx: Context, movement_id: MovementId
) -> tuple[StockMovement, ...]:
    """Return the movements that refer to this one."""
    asked = {"company": ctx.company_id, "reference": movement_id}
    return tuple(read_movement(row) for row in connection.execute(_REFERRING, asked))


def reservations(
    connection: Connection, ctx: Context, query: ReservationQuery
) -> Page[Reservation]:
    """Return one page of reservations, in order of id."""
    wanted: list[ColumnElement[bool]] = []
    if query.product_id is not None:
        wanted.append(RESERVATION.c.product_id == query.product_id)
    if query.warehouse_id is not None:
        wanted.append(RESERVATION.c.warehouse_id == query.warehouse_id)
    if query.origin:
        wanted += starts_with(RESERVATION.c.origin, query.origin)
    return _RESERVATIONS.page(connection, ctx, query.page, wanted, read_reservation)


def differences(connection: Connection, ctx: Context, limit: int) -> tuple[StockDifference, ...]:
    """Return the rows that break a rule, at most *limit* of each."""
    asked = {"company": ctx.company_id, "most": limit}
    return tuple(
        StockDifference(
            key=read_key(row),
            rule=rule,
            found=Total(row.found),
            expected=Total() if row.expected is None else Total(row.expected),
        )
        for rule, question in _FIRST.items()
        for row in connection.execute(question, asked)
    )


def count_differences(connection: Connection, ctx: Context) -> int:
    """Return how many rows break a rule, once for each that they break."""
    asked = {"company": ctx.company_id}
    return sum(connection.execute(each, asked).scalar_one() for each in _HOW_MANY)


def name_missing(connection: Connection, asked: dict[str, Any]) -> NoReturn:
    """Say which product or warehouse it is that the company does not have."""
    for kind, known in (("product", _KNOWN_PRODUCTS), ("warehouse", _KNOWN_WAREHOUSES)):
        there = {row.id for row in connection.execute(known, asked)}
        for each in asked[f"{kind}s"]:
            if each not in there:
                raise NotFoundError(f"no {kind} {each}", field=f"{kind}_id", kind=kind, id=each)
    raise NotFoundError("no such product, or no such warehouse")


def _moved_in(
    ctx: Context, since: datetime | None, until: datetime | None
) -> list[ColumnElement[bool]]:
    if since is not None and until is not None and until - since <= _SHORT:
        # Left to themselves, some engines look through all movements there are for those of a day.
        moved = (_MOVED.c.moved_at >= since, _MOVED.c.moved_at < until)
        found = select(_MOVED.c.id).where(_MOVED.c.company_id == ctx.company_id, *moved)
        return [MOVEMENT.c.id.in_(found)]
    period = []
    if since is not None:
        period.append(MOVEMENT.c.moved_at >= since)
    if until is not None:
        period.append(MOVEMENT.c.moved_at < until)
    return period


def _read(row: Any) -> ValuedItem:
    item = read_item(row, read_key(row), read_stocked_product(row), row)
    return ValuedItem(item=item, average_cost=read_price(row.average_cost, row.currency))


def _after(place: Cursor | None) -> list[ColumnElement[bool]]:
    if place is None:
        return []
    key = StockKey.at(place)
    beyond_lot = and_(ITEM.c.warehouse_id == key.warehouse_id, ITEM.c.lot > key.lot)
    return [
        ITEM.c.product_id >= key.product_id,
        or_(
            ITEM.c.product_id > key.product_id,
            ITEM.c.warehouse_id > key.warehouse_id,
            beyond_lot,
        ),
    ]

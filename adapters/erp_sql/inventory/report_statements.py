"""Every statement of the reports, built once; the limits of a page are added when it is asked.

What a row needs of many others (its sum, the last of its movements) is asked for row by row, in
subqueries each of which is one range of an index: a page then costs what its rows cost, and not
what the whole table does.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    case,
    func,
    select,
)

from erp_core.catalog.entities import ProductState
from erp_core.inventory.ports.reports import CONSUMING
from erp_core.kernel.quantity import ZERO
from erp_sql.inventory.stock_statements import ITEM, LOT, MOVEMENT, PRODUCT, VALUATION, WAREHOUSE
from erp_sql.minor_units import minor_units
from erp_sql.sums import compared_sum, exact_sum
from erp_sql.types import UtcDateTime

_NOTHING: Final = ZERO.value
_COMPANY: Final[BindParameter[Any]] = bindparam("company")
_UNTIL: Final[BindParameter[Any]] = bindparam("until", type_=UtcDateTime())
_SINCE: Final[BindParameter[Any]] = bindparam("since", type_=UtcDateTime())
_NAMED: Final = (PRODUCT.c.id.label("product_id"), PRODUCT.c.sku, PRODUCT.c.name)


def _of_product(table: Table, product: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(table.c.company_id == PRODUCT.c.company_id, product == PRODUCT.c.id)


_ITS_WAREHOUSE: Final = and_(
    WAREHOUSE.c.company_id == ITEM.c.company_id, WAREHOUSE.c.id == ITEM.c.warehouse_id
)

# What lies where. The moment's stock is that of now without what has moved since: the nearer
# the moment, the less there is to read.
_LATER: Final = (
    select(compared_sum(MOVEMENT.c.quantity))
    .where(
        MOVEMENT.c.company_id == ITEM.c.company_id,
        MOVEMENT.c.product_id == ITEM.c.product_id,
        MOVEMENT.c.warehouse_id == ITEM.c.warehouse_id,
        MOVEMENT.c.lot == ITEM.c.lot,
        MOVEMENT.c.moved_at >= _UNTIL,
    )
    .correlate(ITEM)
    .scalar_subquery()
)
_THEN: Final = ITEM.c.on_hand - _LATER


def _rows(on_hand: ColumnElement[Any]) -> Select[Any]:
    """Choose rows in the order of their keys, by nothing but themselves: so no engine sorts."""
    return (
        select(
            ITEM.c.company_id,
            ITEM.c.product_id,
            ITEM.c.warehouse_id,
            ITEM.c.lot,
            on_hand.label("on_hand"),
        )
        .where(ITEM.c.company_id == _COMPANY, on_hand != _NOTHING)
        .order_by(ITEM.c.product_id, ITEM.c.warehouse_id, ITEM.c.lot)
    )


STOCK_NOW: Final = _rows(ITEM.c.on_hand)
STOCK_AT: Final = _rows(_THEN)
# To count them all, one index that holds all of it is read from end to end, in the order of the
# rows: that costs less than to look every row up in it. The day is no condition: PostgreSQL would
# take those before it from the table, and sort them.
_BY_ROW: Final = (MOVEMENT, "FORCE INDEX (ix_inventory_stock_movement_of_row)", "mysql")
_BEFORE: Final = case((MOVEMENT.c.moved_at < _UNTIL, MOVEMENT.c.quantity), else_=_NOTHING)
STOCK_AT_COUNTED: Final = (
    select(MOVEMENT.c.product_id)
    .where(MOVEMENT.c.company_id == _COMPANY)
    .with_hint(*_BY_ROW)
    .group_by(MOVEMENT.c.product_id, MOVEMENT.c.warehouse_id, MOVEMENT.c.lot)
    .having(compared_sum(_BEFORE) != _NOTHING)
)


def _cost_then(row: FromClause) -> ColumnElement[Any]:
    return (
        select(MOVEMENT.c.average_cost_after)
        .where(
            MOVEMENT.c.company_id == row.c.company_id,
            MOVEMENT.c.product_id == row.c.product_id,
            MOVEMENT.c.moved_at < _UNTIL,
        )
        .order_by(MOVEMENT.c.moved_at.desc(), MOVEMENT.c.id.desc())
        .limit(1)
        .correlate(row)
        .scalar_subquery()
    )


def with_names(chosen: Select[Any], *, now: bool) -> Select[Any]:
    """Add to the rows of a page what they are called, and what one of each costs."""
    row = chosen.subquery()
    cost = VALUATION.c.average_cost if now else _cost_then(row)
    return (
        select(
            *_NAMED,
            row.c.warehouse_id,
            WAREHOUSE.c.code.label("warehouse"),
            row.c.lot,
            row.c.on_hand,
            cost.label("average_cost"),
            VALUATION.c.currency,
        )
        .select_from(row)
        .join(
            PRODUCT,
            and_(PRODUCT.c.company_id == row.c.company_id, PRODUCT.c.id == row.c.product_id),
        )
        .join(
            WAREHOUSE,
            and_(WAREHOUSE.c.company_id == row.c.company_id, WAREHOUSE.c.id == row.c.warehouse_id),
        )
        .join(VALUATION, _of_product(VALUATION, VALUATION.c.product_id))
        .order_by(row.c.product_id, row.c.warehouse_id, row.c.lot)
    )


def _over_warehouses(added_up: ColumnElement[Any]) -> Any:
    return (
        select(added_up)
        .where(_of_product(ITEM, ITEM.c.product_id))
        .correlate(PRODUCT)
        .scalar_subquery()
    )


# What documents promise is added here, as further sums, once there are documents that do.
_ON_HAND: Final = _over_warehouses(exact_sum(ITEM.c.on_hand))
FORECAST: Final = (
    select(
        *_NAMED,
        _ON_HAND.label("on_hand"),
        _over_warehouses(exact_sum(ITEM.c.reserved)).label("reserved"),
    )
    .where(PRODUCT.c.company_id == _COMPANY, PRODUCT.c.stock_managed.is_(True))
    .order_by(PRODUCT.c.id)
)
REORDER: Final = FORECAST.add_columns(
    PRODUCT.c.reorder_point, PRODUCT.c.desired_level, PRODUCT.c.lead_time_days
).where(
    PRODUCT.c.state == ProductState.ACTIVE.value,
    PRODUCT.c.reorder_point.is_not(None),
    PRODUCT.c.reorder_point > _over_warehouses(compared_sum(ITEM.c.on_hand - ITEM.c.reserved)),
)

EXPIRING: Final = (
    select(
        *_NAMED,
        LOT.c.id.label("lot_id"),
        ITEM.c.lot,
        LOT.c.expires_on,
        ITEM.c.warehouse_id,
        WAREHOUSE.c.code.label("warehouse"),
        ITEM.c.on_hand,
    )
    .select_from(LOT)
    .join(
        ITEM,
        and_(
            ITEM.c.company_id == LOT.c.company_id,
            ITEM.c.product_id == LOT.c.product_id,
            ITEM.c.lot == LOT.c.number,
        ),
    )
    .join(PRODUCT, _of_product(ITEM, ITEM.c.product_id))
    .join(WAREHOUSE, _ITS_WAREHOUSE)
    .where(
        LOT.c.company_id == _COMPANY,
        LOT.c.expires_on <= bindparam("until"),
        ITEM.c.on_hand != _NOTHING,
    )
    .order_by(LOT.c.expires_on, LOT.c.id, ITEM.c.warehouse_id)
)

_CONSUMED: Final = and_(
    MOVEMENT.c.reason.in_([each.value for each in CONSUMING]), MOVEMENT.c.quantity < _NOTHING
)
_ISSUES_OF_PRODUCT: Final = and_(_of_product(MOVEMENT, MOVEMENT.c.product_id), _CONSUMED)
_LAST_ISSUE: Final = (
    select(MOVEMENT.c.moved_at)
    .where(_ISSUES_OF_PRODUCT)
    .order_by(MOVEMENT.c.moved_at.desc())
    .limit(1)
    .correlate(PRODUCT)
    .scalar_subquery()
)
# Three short ranges of an index are taken for more than the whole table, or the whole of another.
_OF_REASON: Final = "ix_inventory_stock_movement_of_reason"
_BY_REASON: Final = (MOVEMENT, f"FORCE INDEX ({_OF_REASON})", "mysql")
_BY_REASON_TOO: Final = (MOVEMENT, f"INDEXED BY {_OF_REASON}", "sqlite")
_RECENT: Final = (
    select(MOVEMENT.c.product_id)
    .where(MOVEMENT.c.company_id == _COMPANY, MOVEMENT.c.moved_at >= _SINCE, _CONSUMED)
    .with_hint(*_BY_REASON)
    .with_hint(*_BY_REASON_TOO)
    .group_by(MOVEMENT.c.product_id)
    .subquery("recent")
)
SLOW_MOVERS: Final = (
    select(
        *_NAMED,
        _ON_HAND.label("on_hand"),
        VALUATION.c.average_cost,
        VALUATION.c.currency,
        _LAST_ISSUE.label("last_issued_at"),
    )
    .select_from(PRODUCT)
    .join(VALUATION, _of_product(VALUATION, VALUATION.c.product_id))
    .outerjoin(_RECENT, _RECENT.c.product_id == PRODUCT.c.id)
    .where(
        PRODUCT.c.company_id == _COMPANY,
        _RECENT.c.product_id.is_(None),
        _over_warehouses(compared_sum(ITEM.c.on_hand)) != _NOTHING,
    )
    .order_by(PRODUCT.c.id)
)

_VALUE: Final = minor_units(-MOVEMENT.c.quantity, MOVEMENT.c.unit_cost, MOVEMENT.c.currency)
_ISSUED: Final = (
    select(
        MOVEMENT.c.product_id,
        MOVEMENT.c.currency,
        exact_sum(-MOVEMENT.c.quantity).label("issued"),
        func.sum(_VALUE).label("value"),
    )
    .where(
        MOVEMENT.c.company_id == _COMPANY,
        MOVEMENT.c.moved_at >= _SINCE,
        MOVEMENT.c.moved_at < _UNTIL,
        MOVEMENT.c.unit_cost.is_not(None),
        _CONSUMED,
    )
    .with_hint(*_BY_REASON)
    .with_hint(*_BY_REASON_TOO)
    .group_by(MOVEMENT.c.product_id, MOVEMENT.c.currency)
    .subquery()
)
_DEAREST_FIRST: Final = (_ISSUED.c.value.desc(), _ISSUED.c.product_id)
RANKED: Final = select(
    _ISSUED,
    func.sum(_ISSUED.c.value)
    .over(partition_by=_ISSUED.c.currency, order_by=_DEAREST_FIRST, rows=(None, 0))
    .label("reached"),
    func.sum(_ISSUED.c.value).over(partition_by=_ISSUED.c.currency).label("total"),
    func.count().over().label("all_ranks"),
).subquery()
ABC: Final = (
    select(
        *_NAMED,
        RANKED.c.currency,
        RANKED.c.issued,
        RANKED.c.value,
        RANKED.c.reached,
        RANKED.c.total,
        RANKED.c.all_ranks,
    )
    .join_from(
        RANKED,
        PRODUCT,
        and_(PRODUCT.c.company_id == _COMPANY, PRODUCT.c.id == RANKED.c.product_id),
    )
    .order_by(RANKED.c.currency, RANKED.c.value.desc(), RANKED.c.product_id)
)

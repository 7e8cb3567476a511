"""Every statement that moves stock, built once."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import (
    BindParameter,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from erp_sql.bulk import InsertMany
from erp_sql.catalog.models import ProductRow
from erp_sql.dialects import InsertAbsent, Upsert
from erp_sql.inventory.models import (
    LotRow,
    ReservationRow,
    StockItemRow,
    StockMovementRow,
    ValuationRow,
    WarehouseRow,
)
from erp_sql.prepared import Prepared
from erp_sql.sums import compared_sum

PRODUCT: Final = cast("Table", ProductRow.__table__)
WAREHOUSE: Final = cast("Table", WarehouseRow.__table__)
ITEM: Final = cast("Table", StockItemRow.__table__)
VALUATION: Final = cast("Table", ValuationRow.__table__)
MOVEMENT: Final = cast("Table", StockMovementRow.__table__)
LOT: Final = cast("Table", LotRow.__table__)
RESERVATION: Final = cast("Table", ReservationRow.__table__)

_COMPANY: Final[BindParameter[Any]] = bindparam("company")
_PRODUCTS: Final[BindParameter[Any]] = bindparam("products", expanding=True)
_WAREHOUSES: Final[BindParameter[Any]] = bindparam("warehouses", expanding=True)
_LOTS: Final[BindParameter[Any]] = bindparam("lots", expanding=True)

# Every product with every warehouse of the document: one row where a document has one line.
SUBJECTS: Final = Prepared(
    select(
        PRODUCT.c.id.label("product_id"),
        PRODUCT.c.sku,
        PRODUCT.c.state.label("product_state"),
        PRODUCT.c.stock_managed,
        PRODUCT.c.tracking,
        WAREHOUSE.c.id.label("warehouse_id"),
        WAREHOUSE.c.state.label("warehouse_state"),
        WAREHOUSE.c.may_go_negative.label("warehouse_may_go_negative"),
        WAREHOUSE.c.kind.label("warehouse_kind"),
        VALUATION.c.product_id.label("valued"),
    )
    .join_from(PRODUCT, WAREHOUSE, WAREHOUSE.c.company_id == PRODUCT.c.company_id)
    .outerjoin(
        VALUATION,
        and_(
            VALUATION.c.company_id == PRODUCT.c.company_id,
            VALUATION.c.product_id == PRODUCT.c.id,
        ),
    )
    .where(
        PRODUCT.c.company_id == _COMPANY,
        PRODUCT.c.id.in_(_PRODUCTS),
        WAREHOUSE.c.id.in_(_WAREHOUSES),
    )
)
MAKE_VALUATIONS: Final = InsertAbsent(VALUATION)
LOCK_VALUATIONS: Final = Prepared(
    select(VALUATION)
    .where(VALUATION.c.company_id == _COMPANY, VALUATION.c.product_id.in_(_PRODUCTS))
    .order_by(VALUATION.c.product_id)
    .with_for_update()
)
# Not the keys asked for, but all that their parts could be combined to: MariaDB finds no index
# for tuples, and every row it locks is one of products that are ours already.
LOCK_ITEMS: Final = Prepared(
    select(ITEM)
    .where(
        ITEM.c.company_id == _COMPANY,
        ITEM.c.product_id.in_(_PRODUCTS),
        ITEM.c.warehouse_id.in_(_WAREHOUSES),
        ITEM.c.lot.in_(_LOTS),
    )
    .order_by(ITEM.c.product_id, ITEM.c.warehouse_id, ITEM.c.lot)
    .with_for_update()
)
TOTALS: Final = Prepared(
    select(ITEM.c.product_id, compared_sum(ITEM.c.on_hand).label("total"))
    .where(ITEM.c.company_id == _COMPANY, ITEM.c.product_id.in_(_PRODUCTS))
    .group_by(ITEM.c.product_id)
)
LOT_TOTALS: Final = Prepared(
    select(ITEM.c.product_id, ITEM.c.lot, func.sum(ITEM.c.on_hand).label("total"))
    .where(ITEM.c.company_id == _COMPANY, ITEM.c.product_id.in_(_PRODUCTS), ITEM.c.lot.in_(_LOTS))
    .group_by(ITEM.c.product_id, ITEM.c.lot)
)
KNOWN_LOTS: Final = Prepared(
    select(LOT).where(
        LOT.c.company_id == _COMPANY, LOT.c.product_id.in_(_PRODUCTS), LOT.c.number.in_(_LOTS)
    )
)
# Not by their rows as well: SQLite would look for every row with every origin.
RESERVATIONS: Final = Prepared(
    select(RESERVATION).where(
        RESERVATION.c.company_id == _COMPANY,
        RESERVATION.c.origin.in_(bindparam("origins", expanding=True)),
    )
)

ADD_ITEMS: Final = Prepared(insert(ITEM))
SAVE_ITEMS: Final = Prepared(
    update(ITEM)
    .where(
        ITEM.c.company_id == bindparam("_company"),
        ITEM.c.product_id == bindparam("_product"),
        ITEM.c.warehouse_id == bindparam("_warehouse"),
        ITEM.c.lot == bindparam("_lot"),
        ITEM.c.version == bindparam("_version"),
    )
    .values(
        version=bindparam("version"),
        on_hand=bindparam("on_hand"),
        reserved=bindparam("reserved"),
        may_go_negative=bindparam("may_go_negative"),
    )
)
SAVE_MANY_ITEMS: Final = Upsert(ITEM, ["version", "on_hand", "reserved", "may_go_negative"])
SAVE_VALUATIONS: Final = Prepared(
    update(VALUATION)
    .where(
        VALUATION.c.company_id == bindparam("_company"),
        VALUATION.c.product_id == bindparam("_product"),
        VALUATION.c.version == bindparam("_version"),
    )
    .values(
        version=bindparam("version"),
        average_cost=bindparam("average_cost"),
        currency=bindparam("currency"),
    )
)
ADD_MOVEMENTS: Final = Prepared(insert(MOVEMENT))
ADD_MANY_VALUATIONS: Final = InsertMany(VALUATION)
ADD_MANY_ITEMS: Final = InsertMany(ITEM)
ADD_MANY_LOTS: Final = InsertMany(LOT)
ADD_MANY_MOVEMENTS: Final = InsertMany(MOVEMENT)
ADD_LOTS: Final = Prepared(insert(LOT))
SAVE_LOTS: Final = Prepared(
    update(LOT)
    .where(
        LOT.c.company_id == bindparam("_company"),
        LOT.c.id == bindparam("_id"),
        LOT.c.version == bindparam("_version"),
    )
    .values(
        version=bindparam("version"),
        made_on=bindparam("made_on"),
        expires_on=bindparam("expires_on"),
    )
)
_MY_RESERVATION: Final = (
    RESERVATION.c.company_id == bindparam("_company"),
    RESERVATION.c.id == bindparam("_id"),
)
ADD_RESERVATIONS: Final = Prepared(insert(RESERVATION))
SAVE_RESERVATIONS: Final = Prepared(
    update(RESERVATION).where(*_MY_RESERVATION).values(quantity=bindparam("quantity"))
)
DROP_RESERVATIONS: Final = Prepared(delete(RESERVATION).where(*_MY_RESERVATION))

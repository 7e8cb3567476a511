"""What documents look for before they lock: one statement for each question."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    CANDIDATES_MAX,
    Candidate,
    Place,
    Reservation,
    StillOut,
)
from erp_core.inventory.ports import Picking
from erp_core.kernel.context import Context
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import ZERO, Quantity
from erp_sql.inventory.mappers import read_key, read_movement, read_reservation
from erp_sql.inventory.stock_statements import ITEM, LOT, MOVEMENT, RESERVATION, VALUATION
from erp_sql.prepared import Prepared
from erp_sql.values import read_price

_COMPANY: Final[BindParameter[Any]] = bindparam("company")
_AVAILABLE: Final = (
    select(
        ITEM.c.product_id,
        ITEM.c.warehouse_id,
        ITEM.c.lot,
        (ITEM.c.on_hand - ITEM.c.reserved).label("available"),
        LOT.c.expires_on,
        func.row_number()
        .over(
            partition_by=(ITEM.c.product_id, ITEM.c.warehouse_id),
            # What never expires goes last; the databases do not agree where NULL stands.
            order_by=(LOT.c.expires_on.is_(None), LOT.c.expires_on, ITEM.c.lot),
        )
        .label("turn"),
    )
    .outerjoin(
        LOT,
        and_(
            LOT.c.company_id == ITEM.c.company_id,
            LOT.c.product_id == ITEM.c.product_id,
            LOT.c.number == ITEM.c.lot,
        ),
    )
    .where(
        ITEM.c.company_id == _COMPANY,
        ITEM.c.product_id.in_(bindparam("products", expanding=True)),
        ITEM.c.warehouse_id.in_(bindparam("warehouses", expanding=True)),
        ITEM.c.on_hand > ITEM.c.reserved,
    )
    .subquery("available")
)
_CANDIDATES: Final = Prepared(
    select(_AVAILABLE)
    .where(_AVAILABLE.c.turn <= CANDIDATES_MAX)
    .order_by(_AVAILABLE.c.product_id, _AVAILABLE.c.warehouse_id, _AVAILABLE.c.turn)
)
_RESERVED: Final = Prepared(
    select(RESERVATION)
    .where(
        RESERVATION.c.company_id == _COMPANY,
        RESERVATION.c.origin.in_(bindparam("origins", expanding=True)),
    )
    .order_by(
        RESERVATION.c.product_id,
        RESERVATION.c.warehouse_id,
        RESERVATION.c.lot,
        RESERVATION.c.origin,
    )
)
_COSTS: Final = Prepared(
    select(VALUATION).where(
        VALUATION.c.company_id == _COMPANY,
        VALUATION.c.product_id.in_(bindparam("products", expanding=True)),
    )
)
_BACK: Final = MOVEMENT.alias("back")
_RETURNED: Final = (
    select(func.coalesce(func.sum(_BACK.c.quantity), ZERO.value))
    .where(_BACK.c.company_id == MOVEMENT.c.company_id, _BACK.c.reference_id == MOVEMENT.c.id)
    .scalar_subquery()
    .label("returned")
)
_OUT: Final = Prepared(
    select(MOVEMENT, _RETURNED)
    .where(
        MOVEMENT.c.company_id == _COMPANY,
        MOVEMENT.c.origin == bindparam("origin"),
        MOVEMENT.c.quantity < ZERO.value,
    )
    .order_by(MOVEMENT.c.id)
)


class SqlPicking(Picking):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def candidates(self, ctx: Context, places: Collection[Place]) -> tuple[Candidate, ...]:
        if not places:
            return ()
        asked = {
            "company": ctx.company_id,
            "products": sorted({product_id for product_id, _ in places}),
            "warehouses": sorted({warehouse_id for _, warehouse_id in places}),
        }
        return tuple(_read_candidate(row) for row in _CANDIDATES.rows(self._connection, asked))

    def reserved(self, ctx: Context, origins: Sequence[str]) -> tuple[Reservation, ...]:
        if not origins:
            return ()
        asked = {"company": ctx.company_id, "origins": list(origins)}
        return tuple(read_reservation(row) for row in _RESERVED.rows(self._connection, asked))

    def average_costs(
        self, ctx: Context, product_ids: Collection[ProductId]
    ) -> Mapping[ProductId, UnitPrice]:
        if not product_ids:
            return {}
        asked = {"company": ctx.company_id, "products": list(product_ids)}
        rows = _COSTS.rows(self._connection, asked)
        costs = {ProductId(row.product_id): _read_cost(row) for row in rows}
        return {each: cost for each, cost in costs.items() if cost is not None}

    def still_out(self, ctx: Context, origin: str) -> tuple[StillOut, ...]:
        asked = {"company": ctx.company_id, "origin": origin}
        out = (
            StillOut(movement=read_movement(row), returned=Quantity(row.returned))
            for row in _OUT.rows(self._connection, asked)
        )
        return tuple(each for each in out if each.rest > ZERO)


def _read_candidate(row: Any) -> Candidate:
    return Candidate(
        key=read_key(row), available=Quantity(row.available), expires_on=row.expires_on
    )


def _read_cost(row: Any) -> UnitPrice | None:
    return read_price(row.average_cost, row.currency)

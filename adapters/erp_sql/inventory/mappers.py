"""Warehouses and stock to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from erp_core.catalog.entities import ProductId, ProductState, Tracking
from erp_core.inventory.entities import (
    Lot,
    LotId,
    MovementId,
    Posting,
    Reason,
    Reservation,
    ReservationId,
    StockedProduct,
    StockItem,
    StockKey,
    StockMovement,
    Valuation,
    Warehouse,
    WarehouseId,
    WarehouseKind,
    WarehouseState,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_sql.bulk import Columns
from erp_sql.values import read_price, write_prices

# Asked a member for its value, an enumeration takes longer than all the rest of a column.
_REASONS: Final = {each: each.value for each in Reason}


def write_warehouse(company_id: CompanyId, warehouse: Warehouse) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": warehouse.id,
        "version": warehouse.version + 1,
        "code": warehouse.code,
        "name": warehouse.name,
        "address": warehouse.address,
        "parent_id": warehouse.parent_id,
        "may_go_negative": warehouse.may_go_negative,
        "kind": warehouse.kind.value,
        "state": warehouse.state.value,
    }


def read_warehouse(row: Any) -> Warehouse:
    return Warehouse(
        id=WarehouseId(row.id),
        version=row.version,
        code=row.code,
        name=row.name,
        address=row.address,
        parent_id=None if row.parent_id is None else WarehouseId(row.parent_id),
        may_go_negative=row.may_go_negative,
        kind=WarehouseKind(row.kind),
        state=WarehouseState(row.state),
    )


def write_item(company_id: CompanyId, before: StockItem, item: StockItem) -> dict[str, Any]:
    # A row below zero in a warehouse that has become strict may still be filled up, step by step.
    shrinking = before.on_hand < item.on_hand and before.on_hand.value < 0
    return {
        "company_id": company_id,
        "product_id": item.key.product_id,
        "warehouse_id": item.key.warehouse_id,
        "lot": item.key.lot,
        "version": item.version + 1,
        "on_hand": item.on_hand.value,
        "reserved": item.reserved.value,
        "may_go_negative": item.may_go_negative or shrinking,
    }


def write_first_items(company_id: CompanyId, items: Sequence[StockItem]) -> Columns:
    """Return what ``write_item`` makes of rows that are new, column by column."""
    keys = [each.key for each in items]
    return {
        "company_id": [company_id] * len(items),
        "product_id": [each.product_id for each in keys],
        "warehouse_id": [each.warehouse_id for each in keys],
        "lot": [each.lot for each in keys],
        "version": [each.version + 1 for each in items],
        "on_hand": [each.on_hand.value for each in items],
        "reserved": [each.reserved.value for each in items],
        "may_go_negative": [each.may_go_negative for each in items],
    }


def read_item(row: Any, key: StockKey, product: StockedProduct, warehouse: Any) -> StockItem:
    """Make an item of its row, or a new one where there is none yet."""
    return StockItem(
        key=key,
        product=product,
        warehouse_active=warehouse.warehouse_state == WarehouseState.ACTIVE.value,
        may_go_negative=warehouse.warehouse_may_go_negative,
        in_transit=warehouse.warehouse_kind == WarehouseKind.TRANSIT.value,
        on_hand=Quantity(row.on_hand) if row else Quantity(),
        reserved=Quantity(row.reserved) if row else Quantity(),
        version=row.version if row else 0,
    )


def read_key(row: Any) -> StockKey:
    return StockKey(ProductId(row.product_id), WarehouseId(row.warehouse_id), row.lot)


def read_stocked_product(row: Any) -> StockedProduct:
    return StockedProduct(
        sku=row.sku,
        active=row.product_state == ProductState.ACTIVE.value,
        stock_managed=row.stock_managed,
        tracking=Tracking(row.tracking),
    )


def write_valuation(company_id: CompanyId, valuation: Valuation) -> dict[str, Any]:
    cost = valuation.average_cost
    return {
        "company_id": company_id,
        "product_id": valuation.product_id,
        "version": valuation.version + 1,
        "average_cost": None if cost is None else cost.amount,
        "currency": None if cost is None else cost.currency,
    }


def read_valuation(row: Any, on_hand: Quantity | None) -> Valuation:
    return Valuation(
        product_id=ProductId(row.product_id),
        average_cost=read_price(row.average_cost, row.currency),
        on_hand=on_hand,
        version=row.version,
    )


def write_first_valuations(company_id: CompanyId, valuations: Sequence[Valuation]) -> Columns:
    """Return what ``write_valuation`` makes of the first of each product, column by column."""
    costs, currencies = write_prices([each.average_cost for each in valuations])
    return {
        "company_id": [company_id] * len(valuations),
        "product_id": [each.product_id for each in valuations],
        "version": [1] * len(valuations),
        "average_cost": costs,
        "currency": currencies,
    }


def write_movement(company_id: CompanyId, movement: StockMovement) -> dict[str, Any]:
    cost, average = movement.unit_cost, movement.average_cost_after
    return {
        "company_id": company_id,
        "id": movement.id,
        "product_id": movement.key.product_id,
        "warehouse_id": movement.key.warehouse_id,
        "lot": movement.key.lot,
        "reason": movement.posting.reason.value,
        "quantity": movement.quantity.value,
        "unit_cost": None if cost is None else cost.amount,
        "on_hand_after": movement.on_hand_after.value,
        "average_cost_after": None if average is None else average.amount,
        "currency": _currency(cost, average),
        "label": movement.posting.label,
        "origin": movement.posting.origin,
        "moved_at": movement.posting.at,
        "moved_by": movement.posting.by,
        "reference_id": movement.posting.reference_id,
    }


def write_movements(company_id: CompanyId, movements: Sequence[StockMovement]) -> Columns:
    """Return what ``write_movement`` makes of each, column by column."""
    keys = [each.key for each in movements]
    postings = [each.posting for each in movements]
    costs, currencies = write_prices([each.unit_cost for each in movements])
    averages, others = write_prices([each.average_cost_after for each in movements])
    return {
        "company_id": [company_id] * len(movements),
        "id": [each.id for each in movements],
        "product_id": [each.product_id for each in keys],
        "warehouse_id": [each.warehouse_id for each in keys],
        "lot": [each.lot for each in keys],
        "reason": [_REASONS[each.reason] for each in postings],
        "quantity": [each.quantity.value for each in movements],
        "unit_cost": costs,
        "on_hand_after": [each.on_hand_after.value for each in movements],
        "average_cost_after": averages,
        "currency": [one or other for one, other in zip(currencies, others, strict=True)],
        "label": [each.label for each in postings],
        "origin": [each.origin for each in postings],
        "moved_at": [each.at for each in postings],
        "moved_by": [each.by for each in postings],
        "reference_id": [each.reference_id for each in postings],
    }


def read_movement(row: Any) -> StockMovement:
    return StockMovement(
        id=MovementId(row.id),
        key=read_key(row),
        quantity=Quantity(row.quantity),
        unit_cost=read_price(row.unit_cost, row.currency),
        on_hand_after=Quantity(row.on_hand_after),
        average_cost_after=read_price(row.average_cost_after, row.currency),
        posting=Posting(
            reason=Reason(row.reason),
            at=row.moved_at,
            by=row.moved_by,
            label=row.label,
            origin=row.origin,
            reference_id=None if row.reference_id is None else MovementId(row.reference_id),
        ),
    )


def write_lot(company_id: CompanyId, lot: Lot) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": lot.id,
        "version": lot.version + 1,
        "product_id": lot.product_id,
        "number": lot.number,
        "made_on": lot.made_on,
        "expires_on": lot.expires_on,
        "note": lot.note,
    }


def read_lot(row: Any) -> Lot:
    return Lot(
        id=LotId(row.id),
        version=row.version,
        product_id=ProductId(row.product_id),
        number=row.number,
        made_on=row.made_on,
        expires_on=row.expires_on,
        note=row.note,
    )


def write_reservation(company_id: CompanyId, reservation: Reservation) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": reservation.id,
        "product_id": reservation.key.product_id,
        "warehouse_id": reservation.key.warehouse_id,
        "lot": reservation.key.lot,
        "origin": reservation.origin,
        "quantity": reservation.quantity.value,
    }


def read_reservation(row: Any) -> Reservation:
    return Reservation(
        id=ReservationId(row.id),
        key=read_key(row),
        origin=row.origin,
        quantity=Quantity(row.quantity),
    )


def _currency(*costs: UnitPrice | None) -> str | None:
    """Return the one currency of a movement: a cost and its average never differ in it."""
    return next((each.currency for each in costs if each is not None), None)

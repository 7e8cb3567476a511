"""Shipments to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from erp_core.catalog.entities import LineId, ProductId
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.context import CompanyId
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId
from erp_core.sales.entities import (
    LotPart,
    OrderId,
    Shipment,
    ShipmentId,
    ShipmentLine,
    ShipmentState,
    ShipmentSummary,
)
from erp_sql.parties.snapshots import read_snapshot, write_snapshot


def write_shipment(company_id: CompanyId, shipment: Shipment) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": shipment.id,
        "version": shipment.version + 1,
        "number": shipment.number or None,
        "number_key": shipment.number,
        "order_id": shipment.order_id,
        "party_id": shipment.party_id,
        "warehouse_id": shipment.warehouse_id,
        "day": shipment.on,
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "note": shipment.note,
        "state": shipment.state.value,
        "customer": write_snapshot(shipment.customer),
        "validated_at": shipment.validated_at,
        "delivered_at": shipment.delivered_at,
        "cancelled_at": shipment.cancelled_at,
        "reason": shipment.reason,
    }


def read_shipment(row: Any, lines: Iterable[Any], lots: Iterable[Any]) -> Shipment:
    taken: dict[UUID, list[LotPart]] = defaultdict(list)
    for each in lots:
        taken[each.line_id].append(LotPart(lot=each.lot, quantity=Quantity(each.quantity)))
    return Shipment(
        id=ShipmentId(row.id),
        version=row.version,
        number=row.number_key,
        order_id=OrderId(row.order_id),
        party_id=PartyId(row.party_id),
        warehouse_id=WarehouseId(row.warehouse_id),
        on=row.day,
        lines=tuple(_read_line(line, tuple(taken[line.id])) for line in lines),
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        note=row.note,
        state=ShipmentState(row.state),
        customer=read_snapshot(row.customer),
        validated_at=row.validated_at,
        delivered_at=row.delivered_at,
        cancelled_at=row.cancelled_at,
        reason=row.reason,
    )


def read_shipment_summary(row: Any) -> ShipmentSummary:
    return ShipmentSummary(
        id=ShipmentId(row.id),
        version=row.version,
        number=row.number_key,
        order_id=OrderId(row.order_id),
        party_id=PartyId(row.party_id),
        warehouse_id=WarehouseId(row.warehouse_id),
        state=ShipmentState(row.state),
        on=row.day,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        delivered_at=row.delivered_at,
    )


def write_shipment_lines(company_id: CompanyId, shipment: Shipment) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            "id": line.id,
            "shipment_id": shipment.id,
            "position": position,
            "order_line_id": line.order_line_id,
            "product_id": line.product_id,
            "description": line.description,
            "unit": line.unit,
            "quantity": line.quantity.value,
        }
        for position, line in enumerate(shipment.lines)
    ]


def write_shipment_lots(company_id: CompanyId, shipment: Shipment) -> list[dict[str, Any]]:
    taken = ((line.id, each) for line in shipment.lines for each in line.lots)
    return [
        {
            "company_id": company_id,
            "shipment_id": shipment.id,
            "line_id": line_id,
            "lot": each.lot,
            "position": position,
            "quantity": each.quantity.value,
        }
        for position, (line_id, each) in enumerate(taken)
    ]


def _read_line(row: Any, lots: tuple[LotPart, ...]) -> ShipmentLine:
    return ShipmentLine(
        id=LineId(row.id),
        order_line_id=LineId(row.order_line_id),
        product_id=ProductId(row.product_id),
        description=row.description,
        unit=row.unit,
        quantity=Quantity(row.quantity),
        lots=lots,
    )

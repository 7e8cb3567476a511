"""Transfers to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    StockTransfer,
    StockTransferId,
    StockTransferState,
    TransferLine,
    TransferLineId,
    TransferSummary,
    WarehouseId,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.quantity import Quantity


def write_transfer(company_id: CompanyId, transfer: StockTransfer) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": transfer.id,
        "version": transfer.version + 1,
        "from_warehouse_id": transfer.from_warehouse_id,
        "to_warehouse_id": transfer.to_warehouse_id,
        "label": transfer.label,
        "state": transfer.state.value,
        "dispatched_at": transfer.dispatched_at,
        "ended_at": transfer.ended_at,
        "reason": transfer.reason,
    }


def read_transfer(row: Any, lines: Iterable[Any]) -> StockTransfer:
    return StockTransfer(
        id=StockTransferId(row.id),
        version=row.version,
        from_warehouse_id=WarehouseId(row.from_warehouse_id),
        to_warehouse_id=WarehouseId(row.to_warehouse_id),
        lines=tuple(read_line(line) for line in lines),
        label=row.label,
        state=StockTransferState(row.state),
        dispatched_at=row.dispatched_at,
        ended_at=row.ended_at,
        reason=row.reason,
    )


def read_summary(row: Any) -> TransferSummary:
    return TransferSummary(
        id=StockTransferId(row.id),
        version=row.version,
        from_warehouse_id=WarehouseId(row.from_warehouse_id),
        to_warehouse_id=WarehouseId(row.to_warehouse_id),
        label=row.label,
        state=StockTransferState(row.state),
        dispatched_at=row.dispatched_at,
        ended_at=row.ended_at,
        reason=row.reason,
    )


def write_lines(company_id: CompanyId, transfer: StockTransfer) -> list[dict[str, Any]]:
    return [
        {
            "company_id": company_id,
            "id": line.id,
            "transfer_id": transfer.id,
            "position": position,
            "product_id": line.product_id,
            "lot": line.lot,
            "quantity": line.quantity.value,
            "arrived": line.arrived.value,
        }
        for position, line in enumerate(transfer.lines)
    ]


def read_line(row: Any) -> TransferLine:
    return TransferLine(
        id=TransferLineId(row.id),
        product_id=ProductId(row.product_id),
        lot=row.lot,
        quantity=Quantity(row.quantity),
        arrived=Quantity(row.arrived),
    )

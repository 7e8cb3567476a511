"""Stock counts to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from erp_core.catalog.entities import ProductId
from erp_core.inventory.entities import (
    CountEntry,
    CountId,
    CountLine,
    CountState,
    CountTotals,
    StockCount,
    StockKey,
    WarehouseId,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.quantity import Quantity


def write_count(company_id: CompanyId, count: StockCount) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": count.id,
        "version": count.version + 1,
        "warehouse_id": count.warehouse_id,
        "label": count.label,
        "state": count.state.value,
        "started_at": count.started_at,
        "started_by": count.started_by,
        "ended_at": count.ended_at,
        "ended_by": count.ended_by,
    }


def read_count(row: Any, products: Iterable[Any]) -> StockCount:
    return StockCount(
        id=CountId(row.id),
        version=row.version,
        warehouse_id=WarehouseId(row.warehouse_id),
        product_ids=tuple(ProductId(each.product_id) for each in products),
        label=row.label,
        state=CountState(row.state),
        started_at=row.started_at,
        started_by=row.started_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def write_products(company_id: CompanyId, count: StockCount) -> list[dict[str, Any]]:
    return [
        {"company_id": company_id, "count_id": count.id, "product_id": each}
        for each in count.product_ids
    ]


def write_line(company_id: CompanyId, line: CountLine) -> dict[str, Any]:
    entry = line.entry
    return {
        "company_id": company_id,
        "count_id": line.count_id,
        "product_id": line.key.product_id,
        "lot": line.key.lot,
        "version": line.version + 1,
        "expected": line.expected.value,
        "counted": None if entry is None else entry.counted.value,
        "on_hand_when_counted": None if entry is None else entry.on_hand_when_counted.value,
        "counted_at": None if entry is None else entry.at,
        "counted_by": None if entry is None else entry.by,
    }


def read_line(row: Any, sku: str, warehouse_id: WarehouseId) -> CountLine:
    return CountLine(
        count_id=CountId(row.count_id),
        key=StockKey(ProductId(row.product_id), warehouse_id, row.lot),
        sku=sku,
        expected=Quantity(row.expected),
        entry=_read_entry(row),
        version=row.version,
    )


def read_totals(row: Any) -> CountTotals:
    return CountTotals(
        lines=int(row.all_lines), counted=int(row.counted_lines), differing=int(row.differing or 0)
    )


def _read_entry(row: Any) -> CountEntry | None:
    if row.counted is None:
        return None
    return CountEntry(
        counted=Quantity(row.counted),
        on_hand_when_counted=Quantity(row.on_hand_when_counted),
        at=row.counted_at,
        by=row.counted_by,
    )

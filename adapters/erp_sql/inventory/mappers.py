"""Warehouses and stock to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from typing import Any

from erp_core.inventory.entities import Warehouse, WarehouseId, WarehouseState
from erp_core.kernel.context import CompanyId


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
        state=WarehouseState(row.state),
    )

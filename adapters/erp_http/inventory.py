"""Warehouses, stock and stock counts over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from erp_core.inventory.entities import (
    WAREHOUSE_SORTS,
    Warehouse,
    WarehouseChanges,
    WarehouseId,
    WarehouseKind,
    WarehouseState,
)
from erp_core.inventory.ports import WarehouseQuery
from erp_core.inventory.use_cases import (
    ChangeWarehouseCommand,
    InventoryUseCases,
    WarehouseCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_http import counts, goods, importing, reports, show, stock, transfers
from erp_http.dto import ListDto, NothingDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Choices, Flag, Id, Text, Whole
from erp_http.routing import Route


class AddWarehouseDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    code = Text(required=True, length=32)
    name = Text(required=True)
    address = Text(load_default="", length=500)
    parent_id = Id(load_default=None, allow_none=True)
    may_go_negative = Flag(load_default=False)

    def make(self, ctx: Context, given: dict[str, Any]) -> Warehouse:
        return Warehouse(
            id=WarehouseId(given["id"] or new_id()),
            code=given["code"],
            name=given["name"],
            address=given["address"],
            parent_id=given["parent_id"],
            may_go_negative=given["may_go_negative"],
        )


class ChangeWarehouseDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays, null clears."""

    code = Text(length=32)
    name = Text()
    address = Text(length=500)
    parent_id = Id(allow_none=True)
    may_go_negative = Flag()

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeWarehouseCommand:
        changes: WarehouseChanges = {}
        if "code" in given:
            changes["code"] = given["code"]
        if "name" in given:
            changes["name"] = given["name"]
        if "address" in given:
            changes["address"] = given["address"]
        if "parent_id" in given:
            changes["parent_id"] = given["parent_id"]
        if "may_go_negative" in given:
            changes["may_go_negative"] = given["may_go_negative"]
        return ChangeWarehouseCommand(
            id=WarehouseId(given["id"]), version=given["if_match"], changes=changes
        )


class ListWarehousesDto(ListDto):
    sorts = tuple(WAREHOUSE_SORTS)

    state = Choices(WarehouseState, load_default=())
    code = Text(load_default="", length=32)
    parent_id = Id(load_default=None, metadata={"description": "its direct parts"})

    def make(self, ctx: Context, given: dict[str, Any]) -> WarehouseQuery:
        return WarehouseQuery(
            page=self.page(given),
            states=given["state"],
            code=given["code"],
            parent_id=given["parent_id"],
        )


class WarehouseDto(ResponseDto[Warehouse]):
    id = Id(required=True)
    version = Whole(required=True)
    code = Text(required=True)
    name = Text(required=True)
    address = Text(required=True)
    parent_id = Id(required=True, allow_none=True)
    may_go_negative = Flag(required=True)
    kind = Choice(WarehouseKind, required=True)
    state = Choice(WarehouseState, required=True)

    def show(self, thing: Warehouse) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "code": thing.code,
            "name": thing.name,
            "address": thing.address,
            "parent_id": show.key(thing.parent_id),
            "may_go_negative": thing.may_go_negative,
            "kind": thing.kind.value,
            "state": thing.state.value,
        }


def routes(inventory: InventoryUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: WarehouseCommand(id=WarehouseId(key), version=version))
    return (
        Route(
            on="POST /v1/warehouses",
            call=inventory.add_warehouse,
            accepts=AddWarehouseDto(),
            returns=WarehouseDto(),
            status=HTTPStatus.CREATED,
            location="/v1/warehouses/{id}",
        ),
        Route(
            on="GET /v1/warehouses",
            call=inventory.list_warehouses,
            accepts=ListWarehousesDto(),
            returns=PageDto(WarehouseDto()),
        ),
        Route(
            on="GET /v1/warehouses/<uuid:id>",
            call=inventory.get_warehouse,
            accepts=one,
            returns=WarehouseDto(),
        ),
        Route(
            on="PATCH /v1/warehouses/<uuid:id>",
            call=inventory.change_warehouse,
            accepts=ChangeWarehouseDto(),
            returns=WarehouseDto(),
        ),
        Route(
            on="POST /v1/warehouses/<uuid:id>/archive",
            call=inventory.archive_warehouse,
            accepts=one,
            returns=WarehouseDto(),
        ),
        Route(
            on="POST /v1/warehouses/<uuid:id>/restore",
            call=inventory.restore_warehouse,
            accepts=one,
            returns=WarehouseDto(),
        ),
        *stock.routes(inventory),
        *goods.routes(inventory),
        *transfers.routes(inventory),
        *counts.routes(inventory),
        *reports.routes(inventory),
        *importing.routes(inventory),
    )

"""Units over HTTP."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import Any

from erp_core.catalog.entities import UNIT_SORTS, Dimension, Unit, UnitChanges, UnitId
from erp_core.catalog.ports import UnitQuery
from erp_core.catalog.use_cases import CatalogUseCases, ChangeUnitCommand, UnitCommand
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_http import show
from erp_http.dto import ListDto, NothingDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Exact, Id, Text, Whole
from erp_http.routing import Route


class AddUnitDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    code = Text(required=True, length=16)
    name = Text(required=True, length=60)
    dimension = Choice(Dimension, required=True)
    factor = Exact(load_default=Decimal(1))
    decimals = Whole(load_default=0)

    def make(self, ctx: Context, given: dict[str, Any]) -> Unit:
        return Unit(
            id=UnitId(given["id"] or new_id()),
            code=given["code"],
            name=given["name"],
            dimension=given["dimension"],
            factor=given["factor"],
            decimals=given["decimals"],
        )


class ChangeUnitDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays."""

    name = Text(length=60)
    dimension = Choice(Dimension)
    factor = Exact()
    decimals = Whole()

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeUnitCommand:
        changes: UnitChanges = {}
        if "name" in given:
            changes["name"] = given["name"]
        if "dimension" in given:
            changes["dimension"] = given["dimension"]
        if "factor" in given:
            changes["factor"] = given["factor"]
        if "decimals" in given:
            changes["decimals"] = given["decimals"]
        return ChangeUnitCommand(
            id=UnitId(given["id"]), version=given["if_match"], changes=changes
        )


class ListUnitsDto(ListDto):
    sorts = tuple(UNIT_SORTS)

    dimension = Choice(Dimension, load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> UnitQuery:
        return UnitQuery(page=self.page(given), dimension=given["dimension"])


class UnitDto(ResponseDto[Unit]):
    id = Id(required=True)
    version = Whole(required=True)
    code = Text(required=True)
    name = Text(required=True)
    dimension = Choice(Dimension, required=True)
    factor = Exact(required=True)
    decimals = Whole(required=True)

    def show(self, thing: Unit) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "code": thing.code,
            "name": thing.name,
            "dimension": thing.dimension.value,
            "factor": show.exact(thing.factor),
            "decimals": thing.decimals,
        }


def routes(catalog: CatalogUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, _: UnitCommand(id=UnitId(key)))
    return (
        Route(
            on="POST /v1/units",
            call=catalog.add_unit,
            accepts=AddUnitDto(),
            returns=UnitDto(),
            status=HTTPStatus.CREATED,
            location="/v1/units/{id}",
        ),
        Route(
            on="GET /v1/units",
            call=catalog.list_units,
            accepts=ListUnitsDto(),
            returns=PageDto(UnitDto()),
        ),
        Route(
            on="GET /v1/units/<uuid:id>",
            call=catalog.get_unit,
            accepts=one,
            returns=UnitDto(),
        ),
        Route(
            on="PATCH /v1/units/<uuid:id>",
            call=catalog.change_unit,
            accepts=ChangeUnitDto(),
            returns=UnitDto(),
        ),
    )

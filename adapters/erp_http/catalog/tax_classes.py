"""Tax classes over HTTP."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from marshmallow import Schema

from erp_core.catalog.entities import (
    TAX_CLASS_SORTS,
    TaxClass,
    TaxClassChanges,
    TaxClassId,
    TaxComponent,
)
from erp_core.catalog.ports import TaxClassQuery
from erp_core.catalog.use_cases import (
    CatalogUseCases,
    ChangeTaxClassCommand,
    TaxClassCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.money import Rate
from erp_http import show
from erp_http.dto import ListDto, NothingDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Exact, Flag, Id, List, Moment, Nested, Text, Whole
from erp_http.routing import Route


class ComponentDto(Schema):
    name = Text(required=True, length=60)
    rate = Exact(required=True, metadata={"description": "percent"})
    included = Flag(load_default=False)
    compound = Flag(load_default=False)
    withheld = Flag(load_default=False)


class AddTaxClassDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    name = Text(required=True, length=120)
    components = List(Nested(ComponentDto), load_default=tuple)

    def make(self, ctx: Context, given: dict[str, Any]) -> TaxClass:
        return TaxClass(
            id=TaxClassId(given["id"] or new_id()),
            name=given["name"],
            components=components_of(given["components"]),
        )


class ChangeTaxClassDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays; components are replaced as a whole."""

    name = Text(length=120)
    components = List(Nested(ComponentDto))

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeTaxClassCommand:
        changes: TaxClassChanges = {}
        if "name" in given:
            changes["name"] = given["name"]
        if "components" in given:
            changes["components"] = components_of(given["components"])
        return ChangeTaxClassCommand(
            id=TaxClassId(given["id"]), version=given["if_match"], changes=changes
        )


def components_of(
    given: list[dict[str, Any]], field: str = "components"
) -> tuple[TaxComponent, ...]:
    """Make the components of a list of ComponentDto, called *field* in the request."""
    return tuple(_component(f"{field}/{index}", each) for index, each in enumerate(given))


def _component(place: str, given: dict[str, Any]) -> TaxComponent:
    with at(f"{place}/rate"):
        rate = Rate(given["rate"])
    with at(place):
        return TaxComponent(
            name=given["name"],
            rate=rate,
            included=given["included"],
            compound=given["compound"],
            withheld=given["withheld"],
        )


class ListTaxClassesDto(ListDto):
    sorts = tuple(TAX_CLASS_SORTS)

    archived = Flag(load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> TaxClassQuery:
        return TaxClassQuery(page=self.page(given), archived=given["archived"])


class TaxClassDto(ResponseDto[TaxClass]):
    id = Id(required=True)
    version = Whole(required=True)
    name = Text(required=True)
    components = List(Nested(ComponentDto), required=True)
    archived_at = Moment(required=True, allow_none=True)

    def show(self, thing: TaxClass) -> dict[str, Any]:
        return {
            "id": str(thing.id),
            "version": thing.version,
            "name": thing.name,
            "components": [
                {
                    "name": each.name,
                    "rate": show.exact(each.rate.percent),
                    "included": each.included,
                    "compound": each.compound,
                    "withheld": each.withheld,
                }
                for each in thing.components
            ],
            "archived_at": show.moment(thing.archived_at),
        }


def routes(catalog: CatalogUseCases) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: TaxClassCommand(id=TaxClassId(key), version=version))
    return (
        Route(
            on="POST /v1/tax-classes",
            call=catalog.add_tax_class,
            accepts=AddTaxClassDto(),
            returns=TaxClassDto(),
            status=HTTPStatus.CREATED,
            location="/v1/tax-classes/{id}",
        ),
        Route(
            on="GET /v1/tax-classes",
            call=catalog.list_tax_classes,
            accepts=ListTaxClassesDto(),
            returns=PageDto(TaxClassDto()),
        ),
        Route(
            on="GET /v1/tax-classes/<uuid:id>",
            call=catalog.get_tax_class,
            accepts=one,
            returns=TaxClassDto(),
        ),
        Route(
            on="PATCH /v1/tax-classes/<uuid:id>",
            call=catalog.change_tax_class,
            accepts=ChangeTaxClassDto(),
            returns=TaxClassDto(),
        ),
        Route(
            on="POST /v1/tax-classes/<uuid:id>/archive",
            call=catalog.archive_tax_class,
            accepts=one,
            returns=TaxClassDto(),
        ),
    )

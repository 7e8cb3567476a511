"""The series by which documents are numbered, over HTTP."""

from __future__ import annotations

from typing import Any

from erp_core.documents.entities import (
    MASK_LENGTH_MAX,
    NumberMask,
    NumberSeries,
    NumberSeriesChanges,
    Reset,
)
from erp_core.documents.use_cases import (
    ChangeNumberSeriesCommand,
    DocumentsUseCases,
    NumberSeriesCommand,
    NumberSeriesQuery,
)
from erp_core.kernel.context import Context
from erp_http.dto import ListDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Flag, Text, Whole
from erp_http.routing import Route


class GetNumberSeriesDto(RequestDto):
    """A request whose path says it all."""

    def make(self, ctx: Context, given: dict[str, Any]) -> NumberSeriesCommand:
        return NumberSeriesCommand(document_type=given["document_type"])


class ChangeNumberSeriesDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays, null is the mask of the house again."""

    mask = Text(
        length=MASK_LENGTH_MAX,
        allow_none=True,
        metadata={
            "description": "{yy}, {yyyy}, {mm}, {dd}, {customer}, and one counter: {00000}, which "
            "may begin anew, {00000@year} or {00000@month}, and go on from a number, {00000+100}"
        },
    )
    chronological = Flag()

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangeNumberSeriesCommand:
        changes: NumberSeriesChanges = {}
        if "mask" in given:
            changes["mask"] = None if given["mask"] is None else NumberMask(given["mask"])
        if "chronological" in given:
            changes["chronological"] = given["chronological"]
        return ChangeNumberSeriesCommand(
            document_type=given["document_type"], version=given["if_match"], changes=changes
        )


class ListNumberSeriesDto(ListDto):
    def make(self, ctx: Context, given: dict[str, Any]) -> NumberSeriesQuery:
        return NumberSeriesQuery(page=self.page(given))


class NumberSeriesDto(ResponseDto[NumberSeries]):
    document_type = Text(required=True, metadata={"examples": ["sales.order"]})
    version = Whole(required=True, metadata={"description": "0: as the house gives it"})
    mask = Text(required=True, metadata={"examples": ["ORD{yyyy}-{00000@year}"]})
    reset = Choice(Reset, required=True)
    chronological = Flag(required=True)

    def show(self, thing: NumberSeries) -> dict[str, Any]:
        return {
            "document_type": thing.document_type,
            "version": thing.version,
            "mask": thing.mask.text,
            "reset": thing.mask.reset.value,
            "chronological": thing.chronological,
        }


def routes(area: DocumentsUseCases) -> tuple[Route, ...]:
    one = "/v1/number-series/<document_type>"
    return (
        Route(
            on="GET /v1/number-series",
            call=area.list_number_series,
            accepts=ListNumberSeriesDto(),
            returns=PageDto(NumberSeriesDto()),
        ),
        Route(
            on=f"GET {one}",
            call=area.get_number_series,
            accepts=GetNumberSeriesDto(),
            returns=NumberSeriesDto(),
        ),
        Route(
            on=f"PATCH {one}",
            call=area.change_number_series,
            accepts=ChangeNumberSeriesDto(),
            returns=NumberSeriesDto(),
        ),
    )

"""Payment terms over HTTP."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import Any

from marshmallow import Schema

from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.money import Rate
from erp_core.parties.entities import (
    PAYMENT_TERM_SORTS,
    Instalment,
    PaymentTerm,
    PaymentTermChanges,
    PaymentTermId,
    PaymentTermState,
)
from erp_core.parties.ports import PaymentTermQuery
from erp_core.parties.use_cases import (
    ChangePaymentTermCommand,
    PartiesUseCases,
    PaymentTermCommand,
)
from erp_http import show
from erp_http.dto import ListDto, NothingDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Choices, Exact, Flag, Id, List, Nested, Text, Whole
from erp_http.routing import Route


class InstalmentDto(Schema):
    percent = Exact(required=True)
    days = Whole(load_default=0)
    end_of_month = Flag(load_default=False)
    day_of_month = Whole(
        load_default=None,
        allow_none=True,
        metadata={
            "description": "1 to 31: the next such day; where a month is too short, 29 to 31 fall "
            "into the following one. For the last day of a month choose end_of_month."
        },
    )
    extra_days = Whole(load_default=0)


class CreatePaymentTermDto(RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    name = Text(required=True, length=100)
    instalments = List(Nested(InstalmentDto), required=True, most=60)
    deposit_percent = Exact(load_default=None, allow_none=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> PaymentTerm:
        return PaymentTerm(
            id=PaymentTermId(given["id"] or new_id()),
            name=given["name"],
            instalments=_instalments(given["instalments"]),
            deposit_percent=_deposit(given["deposit_percent"]),
        )


class ChangePaymentTermDto(RequestDto):
    """A merge patch (RFC 7396): what is absent stays, null clears, lists are replaced whole."""

    name = Text(length=100)
    instalments = List(Nested(InstalmentDto), most=60)
    deposit_percent = Exact(allow_none=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangePaymentTermCommand:
        changes: PaymentTermChanges = {}
        if "name" in given:
            changes["name"] = given["name"]
        if "instalments" in given:
            changes["instalments"] = _instalments(given["instalments"])
        if "deposit_percent" in given:
            changes["deposit_percent"] = _deposit(given["deposit_percent"])
        return ChangePaymentTermCommand(
            id=PaymentTermId(given["id"]), version=given["if_match"], changes=changes
        )


class ListPaymentTermsDto(ListDto):
    sorts = tuple(PAYMENT_TERM_SORTS)

    state = Choices(PaymentTermState, load_default=())

    def make(self, ctx: Context, given: dict[str, Any]) -> PaymentTermQuery:
        return PaymentTermQuery(page=self.page(given), states=given["state"])


class ShownInstalmentDto(Schema):
    percent = Text(required=True, metadata={"format": "decimal"})
    days = Whole(required=True)
    end_of_month = Flag(required=True)
    day_of_month = Whole(required=True, allow_none=True)
    extra_days = Whole(required=True)


class PaymentTermDto(ResponseDto[PaymentTerm]):
    id = Id(required=True)
    version = Whole(required=True)
    name = Text(required=True)
    instalments = List(Nested(ShownInstalmentDto), required=True)
    deposit_percent = Text(required=True, allow_none=True, metadata={"format": "decimal"})
    state = Choice(PaymentTermState, required=True)

    def show(self, thing: PaymentTerm) -> dict[str, Any]:
        deposit = thing.deposit_percent
        return {
            "id": str(thing.id),
            "version": thing.version,
            "name": thing.name,
            "instalments": [_shown(each) for each in thing.instalments],
            "deposit_percent": None if deposit is None else show.exact(deposit.percent),
            "state": thing.state.value,
        }


def routes(area: PartiesUseCases[Any]) -> tuple[Route, ...]:
    one = NothingDto(
        lambda key, version: PaymentTermCommand(id=PaymentTermId(key), version=version)
    )
    return (
        Route(
            on="POST /v1/payment-terms",
            call=area.create_payment_term,
            accepts=CreatePaymentTermDto(),
            returns=PaymentTermDto(),
            status=HTTPStatus.CREATED,
            location="/v1/payment-terms/{id}",
        ),
        Route(
            on="GET /v1/payment-terms",
            call=area.list_payment_terms,
            accepts=ListPaymentTermsDto(),
            returns=PageDto(PaymentTermDto()),
        ),
        Route(
            on="GET /v1/payment-terms/<uuid:id>",
            call=area.get_payment_term,
            accepts=one,
            returns=PaymentTermDto(),
        ),
        Route(
            on="PATCH /v1/payment-terms/<uuid:id>",
            call=area.change_payment_term,
            accepts=ChangePaymentTermDto(),
            returns=PaymentTermDto(),
        ),
        Route(
            on="POST /v1/payment-terms/<uuid:id>/archive",
            call=area.archive_payment_term,
            accepts=one,
            returns=PaymentTermDto(),
        ),
    )


def _instalments(given: list[dict[str, Any]]) -> tuple[Instalment, ...]:
    return tuple(_instalment(index, each) for index, each in enumerate(given))


def _instalment(index: int, given: dict[str, Any]) -> Instalment:
    with at(f"instalments/{index}/percent"):
        percent = Rate(given["percent"])
    with at(f"instalments/{index}"):
        return Instalment(
            percent=percent,
            days=given["days"],
            end_of_month=given["end_of_month"],
            day_of_month=given["day_of_month"],
            extra_days=given["extra_days"],
        )


def _deposit(given: Decimal | None) -> Rate | None:
    with at("deposit_percent"):
        return None if given is None else Rate(given)


def _shown(instalment: Instalment) -> dict[str, Any]:
    return {
        "percent": show.exact(instalment.percent.percent),
        "days": instalment.days,
        "end_of_month": instalment.end_of_month,
        "day_of_month": instalment.day_of_month,
        "extra_days": instalment.extra_days,
    }

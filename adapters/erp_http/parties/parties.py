"""Parties over HTTP: how they are shown, and where they are."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from marshmallow import Schema

from erp_core.parties.entities import Party, PartyId, PartyKind, PartyRole, PartyState
from erp_core.parties.use_cases import EnteredParty, PartiesUseCases, PartyCommand
from erp_http import show
from erp_http.dto import MoneyDto, NothingDto, PageDto, ResponseDto
from erp_http.fields import Choice, Id, List, Map, Nested, Text, Whole
from erp_http.parties.parts import (
    AddressDto,
    BankAccountDto,
    ContactDto,
    TaxIdDto,
    show_address,
    show_bank_account,
    show_contact,
    show_tax_id,
)
from erp_http.parties.requests import (
    ChangePartyDto,
    CreatePartyDto,
    ListPartiesDto,
    MergePartiesDto,
)
from erp_http.routing import Route


class PartyFields(Schema):
    """A party as it is shown."""

    id = Id(required=True)
    version = Whole(required=True)
    code = Text(required=True)
    kind = Choice(PartyKind, required=True)
    name = Text(required=True)
    trade_name = Text(required=True)
    roles = List(Choice(PartyRole), required=True)
    customer_code = Text(required=True, allow_none=True)
    supplier_code = Text(required=True, allow_none=True)
    prospect_code = Text(required=True, allow_none=True)
    tax_ids = List(Nested(TaxIdDto), required=True)
    addresses = List(Nested(AddressDto), required=True)
    contacts = List(Nested(ContactDto), required=True)
    emails = List(Text(), required=True)
    phones = List(Text(), required=True)
    site = Text(required=True)
    language = Text(required=True, allow_none=True)
    currency = Text(required=True, allow_none=True)
    payment_term_id = Id(required=True, allow_none=True)
    price_level = Whole(required=True, allow_none=True)
    discount_percent = Text(required=True, metadata={"format": "decimal"})
    credit_limit = Nested(MoneyDto, required=True, allow_none=True)
    representative_id = Id(required=True, allow_none=True)
    bank_accounts = List(Nested(BankAccountDto), required=True)
    tags = List(Text(), required=True)
    notes = Text(required=True)
    custom_fields = Map(Text(), required=True)
    state = Choice(PartyState, required=True)
    merged_into_id = Id(required=True, allow_none=True)


def show_party(thing: Party) -> dict[str, Any]:
    return {
        "id": str(thing.id),
        "version": thing.version,
        "code": thing.code,
        "kind": thing.kind.value,
        "name": thing.name,
        "trade_name": thing.trade_name,
        "roles": [each.value for each in thing.roles],
        "customer_code": thing.customer_code,
        "supplier_code": thing.supplier_code,
        "prospect_code": thing.prospect_code,
        "tax_ids": [show_tax_id(each) for each in thing.tax_ids],
        "addresses": [show_address(each) for each in thing.addresses],
        "contacts": [show_contact(each) for each in thing.contacts],
        "emails": list(thing.emails),
        "phones": list(thing.phones),
        "site": thing.site,
        "language": thing.language,
        "currency": thing.currency,
        "payment_term_id": show.key(thing.payment_term_id),
        "price_level": thing.price_level,
        "discount_percent": show.exact(thing.discount_percent.percent),
        "credit_limit": show.money(thing.credit_limit),
        "representative_id": show.key(thing.representative_id),
        "bank_accounts": [show_bank_account(each) for each in thing.bank_accounts],
        "tags": list(thing.tags),
        "notes": thing.notes,
        "custom_fields": dict(thing.custom_fields),
        "state": thing.state.value,
        "merged_into_id": show.key(thing.merged_into_id),
    }


class PartyDto(PartyFields, ResponseDto[Party]):
    def show(self, thing: Party) -> dict[str, Any]:
        return show_party(thing)


class WarningDto(Schema):
    code = Text(required=True)
    detail = Text(required=True)
    party_id = Id(required=True)


class EnteredPartyDto(PartyFields, ResponseDto[EnteredParty]):
    """The party as it is shown everywhere, and what the one who entered it should look at."""

    warnings = List(Nested(WarningDto), required=True)

    def show(self, thing: EnteredParty) -> dict[str, Any]:
        warnings = [
            {
                "code": "parties.party.likely_duplicate",
                "detail": f"{each.code} bears the same name: if it is the same, merge the two",
                "party_id": str(each.id),
            }
            for each in thing.namesakes
        ]
        return {**show_party(thing.party), "warnings": warnings}


def routes(area: PartiesUseCases[Any]) -> tuple[Route, ...]:
    one = NothingDto(lambda key, version: PartyCommand(id=PartyId(key), version=version))
    return (
        Route(
            on="POST /v1/parties",
            call=area.create_party,
            accepts=CreatePartyDto(),
            returns=EnteredPartyDto(),
            status=HTTPStatus.CREATED,
            location="/v1/parties/{id}",
        ),
        Route(
            on="GET /v1/parties",
            call=area.list_parties,
            accepts=ListPartiesDto(),
            returns=PageDto(PartyDto()),
        ),
        Route(
            on="GET /v1/parties/<uuid:id>",
            call=area.get_party,
            accepts=one,
            returns=PartyDto(),
        ),
        Route(
            on="PATCH /v1/parties/<uuid:id>",
            call=area.change_party,
            accepts=ChangePartyDto(),
            returns=PartyDto(),
        ),
        Route(
            on="POST /v1/parties/<uuid:id>/archive",
            call=area.archive_party,
            accepts=one,
            returns=PartyDto(),
        ),
        Route(
            on="POST /v1/parties/<uuid:id>/restore",
            call=area.restore_party,
            accepts=one,
            returns=PartyDto(),
        ),
        Route(
            on="POST /v1/parties/<uuid:id>/merge",
            call=area.merge_parties,
            accepts=MergePartiesDto(),
            returns=PartyDto(),
        ),
    )

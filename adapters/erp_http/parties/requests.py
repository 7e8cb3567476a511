"""What is asked about parties, and the commands it becomes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import Schema

from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.money import Rate
from erp_core.parties.entities import (
    NOTES_LENGTH_MAX,
    PARTY_SORTS,
    Party,
    PartyChanges,
    PartyId,
    PartyKind,
    PartyRole,
    PartyState,
)
from erp_core.parties.ports import PartyQuery
from erp_core.parties.use_cases import ChangePartyCommand, MergePartiesCommand
from erp_http.dto import ListDto, RequestDto, money
from erp_http.fields import Choice, Choices, Exact, Id, List, Map, Nested, Price, Text, Whole
from erp_http.parties.parts import (
    AddressDto,
    BankAccountDto,
    ContactDto,
    TaxIdDto,
    make_addresses,
    make_bank_accounts,
    make_contacts,
    make_tax_ids,
)


class PartyFieldsDto(Schema):
    """What may be said of a party, when it is entered and later: null is as good as nothing."""

    kind = Choice(PartyKind)
    name = Text()
    trade_name = Text(allow_none=True)
    roles = List(Choice(PartyRole), most=3)
    customer_code = Text(allow_none=True, length=32)
    supplier_code = Text(allow_none=True, length=32)
    tax_ids = List(Nested(TaxIdDto), allow_none=True, most=10)
    addresses = List(Nested(AddressDto), allow_none=True, most=20)
    contacts = List(Nested(ContactDto), allow_none=True, most=50)
    emails = List(Text(length=254), allow_none=True, most=20)
    phones = List(Text(length=40), allow_none=True, most=20)
    site = Text(allow_none=True)
    language = Text(allow_none=True, length=35)
    currency = Text(allow_none=True, length=3)
    payment_term_id = Id(allow_none=True)
    price_level = Whole(allow_none=True)
    discount_percent = Exact(allow_none=True)
    credit_limit = Price(allow_none=True)
    representative_id = Id(allow_none=True)
    bank_accounts = List(Nested(BankAccountDto), allow_none=True, most=10)
    tags = List(Text(length=50), allow_none=True, most=50)
    notes = Text(allow_none=True, length=NOTES_LENGTH_MAX)
    custom_fields = Map(Text(allow_none=True, length=1000), allow_none=True, most=100)


class CreatePartyDto(PartyFieldsDto, RequestDto):
    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    kind = Choice(PartyKind, required=True)
    name = Text(required=True)
    roles = List(Choice(PartyRole), required=True, most=3)

    def make(self, ctx: Context, given: dict[str, Any]) -> Party:
        party = Party(
            id=PartyId(given["id"] or new_id()),
            kind=given["kind"],
            name=given["name"],
            roles=tuple(given["roles"]),
        )
        party = party.change(_changes(ctx, given))
        return party.with_custom_fields(given.get("custom_fields"))


class ChangePartyDto(PartyFieldsDto, RequestDto):
    """A merge patch (RFC 7396): what is absent stays, null clears, lists are replaced whole."""

    def make(self, ctx: Context, given: dict[str, Any]) -> ChangePartyCommand:
        return ChangePartyCommand(
            id=PartyId(given["id"]),
            version=given["if_match"],
            changes=_changes(ctx, given),
            custom_fields=given.get("custom_fields", {}),
        )


class MergePartiesDto(RequestDto):
    from_id = Id(required=True)

    def make(self, ctx: Context, given: dict[str, Any]) -> MergePartiesCommand:
        return MergePartiesCommand(
            id=PartyId(given["id"]), version=given["if_match"], from_id=PartyId(given["from_id"])
        )


class ListPartiesDto(ListDto):
    sorts = tuple(PARTY_SORTS)

    q = Text(load_default="", metadata={"description": "words of name, code, tax id, e-mail"})
    role = Choices(PartyRole, load_default=())
    state = Choices(PartyState, load_default=())

    def make(self, ctx: Context, given: dict[str, Any]) -> PartyQuery:
        return PartyQuery(
            page=self.page(given), text=given["q"], roles=given["role"], states=given["state"]
        )


def _changes(ctx: Context, given: dict[str, Any]) -> PartyChanges:
    """Return what *given* says, and nothing of what it does not."""
    changes: PartyChanges = {}
    _name(given, changes)
    _reach(given, changes)
    _trade(ctx, given, changes)
    _remark(given, changes)
    return changes


def _name(given: dict[str, Any], changes: PartyChanges) -> None:
    if "kind" in given:
        changes["kind"] = given["kind"]
    if "name" in given:
        changes["name"] = given["name"]
    if "trade_name" in given:
        changes["trade_name"] = given["trade_name"] or ""
    if "roles" in given:
        changes["roles"] = tuple(given["roles"])
    if "customer_code" in given:
        changes["customer_code"] = given["customer_code"]
    if "supplier_code" in given:
        changes["supplier_code"] = given["supplier_code"]
    if "tax_ids" in given:
        changes["tax_ids"] = make_tax_ids(given["tax_ids"])


def _reach(given: dict[str, Any], changes: PartyChanges) -> None:
    if "addresses" in given:
        changes["addresses"] = make_addresses(given["addresses"])
    if "contacts" in given:
        changes["contacts"] = make_contacts(given["contacts"])
    if "emails" in given:
        changes["emails"] = tuple(given["emails"] or ())
    if "phones" in given:
        changes["phones"] = tuple(given["phones"] or ())
    if "site" in given:
        changes["site"] = given["site"] or ""
    if "language" in given:
        changes["language"] = given["language"]


def _trade(ctx: Context, given: dict[str, Any], changes: PartyChanges) -> None:
    if "currency" in given:
        changes["currency"] = given["currency"]
    if "payment_term_id" in given:
        changes["payment_term_id"] = given["payment_term_id"]
    if "price_level" in given:
        changes["price_level"] = given["price_level"]
    if "discount_percent" in given:
        with at("discount_percent"):
            changes["discount_percent"] = Rate(given["discount_percent"] or Decimal(0))
    if "credit_limit" in given:
        with at("credit_limit"):
            changes["credit_limit"] = money(ctx, given["credit_limit"])
    if "representative_id" in given:
        changes["representative_id"] = given["representative_id"]
    if "bank_accounts" in given:
        changes["bank_accounts"] = make_bank_accounts(given["bank_accounts"])


def _remark(given: dict[str, Any], changes: PartyChanges) -> None:
    if "tags" in given:
        changes["tags"] = tuple(given["tags"] or ())
    if "notes" in given:
        changes["notes"] = given["notes"] or ""

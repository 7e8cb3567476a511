"""The parts of a party on the wire: each DTO beside what makes of it a value, and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from marshmallow import Schema

from erp_core.kernel.errors import at
from erp_core.parties.entities import (
    Address,
    AddressKind,
    BankAccount,
    Contact,
    DocumentKind,
    TaxId,
    TaxIdKind,
)
from erp_http.fields import Choice, List, Text

T = TypeVar("T")


class TaxIdDto(Schema):
    country = Text(required=True, length=2)
    kind = Choice(TaxIdKind, required=True)
    number = Text(required=True, length=64)


def _make_tax_id(given: dict[str, Any]) -> TaxId:
    return TaxId(given["country"], given["kind"], given["number"])


def make_tax_ids(given: list[dict[str, Any]] | None) -> tuple[TaxId, ...]:
    return _each("tax_ids", given, _make_tax_id)


def show_tax_id(tax_id: TaxId) -> dict[str, Any]:
    return {"country": tax_id.country, "kind": tax_id.kind.value, "number": tax_id.number}


class AddressDto(Schema):
    kind = Choice(AddressKind, required=True)
    street = Text(required=True)
    number = Text(load_default="", length=20)
    complement = Text(load_default="", length=100)
    district = Text(load_default="", length=100)
    city = Text(required=True, length=100)
    state = Text(load_default="", length=100)
    postal_code = Text(load_default="", length=20)
    country = Text(required=True, length=2)
    ibge = Text(load_default="", length=7)


def _make_address(given: dict[str, Any]) -> Address:
    return Address(
        kind=given["kind"],
        street=given["street"],
        number=given["number"],
        complement=given["complement"],
        district=given["district"],
        city=given["city"],
        state=given["state"],
        postal_code=given["postal_code"],
        country=given["country"],
        ibge=given["ibge"],
    )


def make_addresses(given: list[dict[str, Any]] | None) -> tuple[Address, ...]:
    return _each("addresses", given, _make_address)


def show_address(address: Address) -> dict[str, Any]:
    return {
        "kind": address.kind.value,
        "street": address.street,
        "number": address.number,
        "complement": address.complement,
        "district": address.district,
        "city": address.city,
        "state": address.state,
        "postal_code": address.postal_code,
        "country": address.country,
        "ibge": address.ibge,
    }


class ContactDto(Schema):
    name = Text(required=True)
    function = Text(load_default="", length=100)
    emails = List(Text(length=254), most=20, load_default=list)
    phones = List(Text(length=40), most=20, load_default=list)
    documents = List(Choice(DocumentKind), most=20, load_default=list)


def _make_contact(given: dict[str, Any]) -> Contact:
    return Contact(
        name=given["name"],
        function=given["function"],
        emails=tuple(given["emails"]),
        phones=tuple(given["phones"]),
        documents=tuple(given["documents"]),
    )


def make_contacts(given: list[dict[str, Any]] | None) -> tuple[Contact, ...]:
    return _each("contacts", given, _make_contact)


def show_contact(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "function": contact.function,
        "emails": list(contact.emails),
        "phones": list(contact.phones),
        "documents": [each.value for each in contact.documents],
    }


class BankAccountDto(Schema):
    name = Text(load_default="")
    iban = Text(load_default="", length=50)
    bank = Text(load_default="", length=100)
    agency = Text(load_default="", length=20)
    account = Text(load_default="", length=40)


def _make_bank_account(given: dict[str, Any]) -> BankAccount:
    return BankAccount(
        name=given["name"],
        iban=given["iban"],
        bank=given["bank"],
        agency=given["agency"],
        account=given["account"],
    )


def make_bank_accounts(given: list[dict[str, Any]] | None) -> tuple[BankAccount, ...]:
    return _each("bank_accounts", given, _make_bank_account)


def show_bank_account(account: BankAccount) -> dict[str, Any]:
    return {
        "name": account.name,
        "iban": account.iban,
        "bank": account.bank,
        "agency": account.agency,
        "account": account.account,
    }


def _each(
    name: str, given: list[dict[str, Any]] | None, make: Callable[[dict[str, Any]], T]
) -> tuple[T, ...]:
    """Make a value of each member of a list; null is as good as an empty one."""
    made = []
    for index, each in enumerate(given or ()):
        with at(f"{name}/{index}"):
            made.append(make(each))
    return tuple(made)

"""The parts of a party that lie in JSON columns, to JSON and back, side by side."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from erp_core.kernel.money import Rate
from erp_core.parties.entities import (
    Address,
    AddressKind,
    BankAccount,
    Contact,
    DocumentKind,
    Instalment,
    TaxId,
    TaxIdKind,
)


def write_tax_id(tax_id: TaxId) -> dict[str, Any]:
    return {"country": tax_id.country, "kind": tax_id.kind.value, "number": tax_id.number}


def read_tax_id(said: dict[str, Any]) -> TaxId:
    return TaxId(said["country"], TaxIdKind(said["kind"]), said["number"])


def write_address(address: Address) -> dict[str, Any]:
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


def read_address(said: dict[str, Any]) -> Address:
    return Address(
        kind=AddressKind(said["kind"]),
        street=said["street"],
        number=said["number"],
        complement=said["complement"],
        district=said["district"],
        city=said["city"],
        state=said["state"],
        postal_code=said["postal_code"],
        country=said["country"],
        ibge=said["ibge"],
    )


def write_contact(contact: Contact) -> dict[str, Any]:
    return {
        "name": contact.name,
        "function": contact.function,
        "emails": list(contact.emails),
        "phones": list(contact.phones),
        "documents": [each.value for each in contact.documents],
    }


def read_contact(said: dict[str, Any]) -> Contact:
    return Contact(
        name=said["name"],
        function=said["function"],
        emails=tuple(said["emails"]),
        phones=tuple(said["phones"]),
        documents=tuple(DocumentKind(each) for each in said["documents"]),
    )


def write_bank_account(account: BankAccount) -> dict[str, Any]:
    return {
        "name": account.name,
        "iban": account.iban,
        "bank": account.bank,
        "agency": account.agency,
        "account": account.account,
    }


def read_bank_account(said: dict[str, Any]) -> BankAccount:
    return BankAccount(
        name=said["name"],
        iban=said["iban"],
        bank=said["bank"],
        agency=said["agency"],
        account=said["account"],
    )


def write_instalment(instalment: Instalment) -> dict[str, Any]:
    return {
        "percent": str(instalment.percent),  # digits: JSON has no exact number
        "days": instalment.days,
        "end_of_month": instalment.end_of_month,
        "day_of_month": instalment.day_of_month,
        "extra_days": instalment.extra_days,
    }


def read_instalment(said: dict[str, Any]) -> Instalment:
    return Instalment(
        percent=Rate(Decimal(said["percent"])),
        days=said["days"],
        end_of_month=said["end_of_month"],
        day_of_month=said["day_of_month"],
        extra_days=said["extra_days"],
    )

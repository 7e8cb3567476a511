"""Parties and payment terms of which no field that a store keeps is left at its default."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money, Rate
from erp_core.parties.entities import (
    Address,
    AddressKind,
    BankAccount,
    Contact,
    DocumentKind,
    Instalment,
    Party,
    PartyId,
    PartyKind,
    PartyRole,
    PaymentTerm,
    PaymentTermId,
    TaxId,
    TaxIdKind,
)


def a_party() -> Party:
    """Make a party; only the payment term, the state and what merging sets are at defaults."""
    party_id = PartyId(new_id())
    tail = party_id.hex[-12:].upper()
    return Party(
        id=party_id,
        kind=PartyKind.COMPANY,
        name="Comércio de Chás São João, 茶 🍵",
        trade_name="Chá & Cia.",
        roles=(PartyRole.CUSTOMER, PartyRole.SUPPLIER, PartyRole.PROSPECT),
        customer_code=f"CX{tail}",
        supplier_code=f"SX{tail}",
        prospect_code=f"PX{tail}",
        tax_ids=(
            TaxId("US", TaxIdKind.OTHER, f"9{tail}"),
            TaxId("AR", TaxIdKind.OTHER, f"3{tail}"),
        ),
        addresses=(_registered(), replace(_registered(), kind=AddressKind.SHIPPING, ibge="")),
        contacts=(
            Contact(
                name="María Muñoz",
                function="Compras",
                emails=("maria@example.com", "compras@example.com"),
                phones=("+34 600 000 000",),
                documents=(DocumentKind.INVOICE, DocumentKind.QUOTE),
            ),
        ),
        emails=("Chá@example.com", "nota@example.com"),
        phones=("+55 11 3333-4444", "(11) 99999-0000"),
        site="https://example.com/chá?x=1",
        language="pt-BR",
        currency="JPY",
        price_level=2,
        discount_percent=Rate(Decimal("7.1255")),
        credit_limit=Money(Decimal("123456789012.34"), "BRL"),
        representative_id=UUID(int=7),
        bank_accounts=(
            BankAccount(name="Filial", iban="GB33BUKB20201555555555"),
            BankAccount(bank="001", agency="1234-5", account="67890-1"),
        ),
        tags=("gold", "chá"),
        notes="Liga só à tarde.\nÀs vezes não.",
        custom_fields={"region": "Sul", "abc_class": "Á"},
    )


def another_party(name: str) -> Party:
    """Make a bare customer of that name."""
    party_id = PartyId(new_id())
    return Party(
        id=party_id,
        kind=PartyKind.PERSON,
        name=name,
        roles=(PartyRole.CUSTOMER,),
        customer_code=f"CX{party_id.hex[-12:].upper()}",
    )


def a_payment_term() -> PaymentTerm:
    """Make a payment term; only its state is at its default."""
    term_id = PaymentTermId(new_id())
    return PaymentTerm(
        id=term_id,
        name=f"Três vezes, às 5ªs {term_id.hex[-12:]}",
        instalments=(
            Instalment(percent=Rate(Decimal("33.3333")), days=30, extra_days=2),
            Instalment(percent=Rate(Decimal("33.3333")), days=60, end_of_month=True),
            Instalment(percent=Rate(Decimal("33.3334")), days=90, day_of_month=15),
        ),
        deposit_percent=Rate(Decimal("12.5")),
    )


def _registered() -> Address:
    return Address(
        kind=AddressKind.REGISTERED,
        street="Rua da Praia",
        number="7-A",
        complement="2º andar",
        district="Centro",
        city="São João d'Aliança",
        state="GO",
        postal_code="73760-000",
        country="BR",
        ibge="5220009",
    )

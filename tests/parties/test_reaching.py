"""Addresses, contacts and bank accounts: what is plausible, and what is a slip of the pen."""

import pytest
from stdnum import iban as other_iban

from erp_core.kernel.errors import InvariantError
from erp_core.parties.entities import Address, AddressKind, BankAccount, Contact, DocumentKind
from erp_core.parties.entities.iban import is_iban

GOOD_IBANS = [
    "GB33BUKB20201555555555",
    "NO9386011117947",
    "DE89370400440532013000",
    "BR1800360305000010009795493C1",
    "MT31MALT01100000000000000000123",
]


@pytest.mark.parametrize(
    "email",
    [
        "ana@example.com",
        "ana.lima+nf-e@mail.example.com.br",
        "ção@é.example",
        "o'neil/x@a-b.example",
        f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 57}.eu",
    ],
)
def test_a_plausible_email_is_taken(email: str) -> None:
    assert Contact(name="Ana", emails=(email,)).emails == (email,)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "ana@@example.com",
        "ana@exa@mple.com",
        "ana lima@example.com",
        "ana@example.com ",
        "ana@example.com\nBcc: all@example.com",
        ".ana@example.com",
        "ana.@example.com",
        "a..b@example.com",
        "ana@-example.com",
        "ana@example..com",
        "ana@ex_ample.com",
        "<ana@example.com>",
        "ana;bia@example.com",
        f"{'a' * 65}@example.com",
        f"a@{'b' * 64}.com",
        f"a@{'b.' * 126}com",
        "\0@example.com",
    ],
)
def test_what_no_mail_server_would_take_is_refused(email: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        Contact(name="Ana", emails=(email,))

    assert refusal.value.field == "emails/0"


@pytest.mark.parametrize(
    "phone",
    [
        "190",
        "+55 11 99999-0000",
        "+5511999990000",
        "(11) 3333.4444",
        "11/33334444",
        "3333-4444 ramal 12",
        "+1 (555) 010-9999 x77",
        "3333-4444 Ext. 5",
    ],
)
def test_a_plausible_telephone_number_is_taken(phone: str) -> None:
    assert Contact(name="Ana", phones=(phone,)).phones == (phone,)


@pytest.mark.parametrize(
    "phone", ["", "12", "+", "()", "ask Ana", "++5511999990000", "1" * 22, "+55\n11", "\u0661" * 8]
)
def test_what_cannot_be_dialled_is_refused(phone: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        Contact(name="Ana", phones=(phone,))

    assert refusal.value.code.startswith("parties.phone")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"function": "x" * 101},
        {"emails": ("a@example.com",) * 21},
        {"phones": ("190",) * 21},
        {"documents": (DocumentKind.INVOICE, DocumentKind.INVOICE)},
    ],
)
def test_a_contact_keeps_within_bounds(wrong: dict) -> None:
    with pytest.raises(InvariantError) as refusal:
        Contact(**{"name": "Ana"} | wrong)

    assert refusal.value.field == next(iter(wrong))


def test_an_iban_is_kept_without_spaces_and_checked() -> None:
    account = BankAccount(iban="gb33 BUKB 2020 1555 5555 55")

    assert account.iban == "GB33BUKB20201555555555"
    for good in GOOD_IBANS:
        assert is_iban(good)
        assert other_iban.is_valid(good)  # a second opinion
        assert not is_iban(good[:-1] + ("1" if good[-1] != "1" else "2"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"iban": "GB33BUKB20201555555556"}, "iban"),
        ({"iban": "GB33"}, "iban"),
        ({"iban": "33GBBUKB20201555555555"}, "iban"),
        ({"iban": "GB33BUKB20201555555555", "bank": "001", "account": "1"}, ""),
        ({"iban": "GB33BUKB20201555555555", "agency": "1"}, ""),
        ({"bank": "001"}, ""),
        ({"account": "1"}, ""),
        ({}, ""),
        ({"bank": "001", "account": "1", "name": "x" * 201}, "name"),
        ({"bank": "001", "account": "x" * 41}, "account"),
    ],
)
def test_a_bank_account_is_an_iban_or_a_bank_with_an_account(wrong: dict, field: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        BankAccount(**wrong)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    "wrong",
    [
        {"street": ""},
        {"city": " "},
        {"country": "Brasil"},
        {"number": "x" * 21},
        {"state": "x" * 101},
        {"ibge": "522000"},
        {"ibge": "5220009", "country": "PT"},
    ],
)
def test_an_address_keeps_within_bounds(wrong: dict) -> None:
    right = {"kind": AddressKind.BILLING, "street": "Rua 1", "city": "Goiânia", "country": "BR"}
    assert Address(**right, ibge="5208707").ibge == "5208707"
    with pytest.raises(InvariantError) as refusal:
        Address(**right | wrong)

    assert refusal.value.field == next(iter(wrong))

"""Where a party is, and where its money goes."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.text import require_text
from erp_core.parties.entities.iban import bare_iban, is_iban
from erp_core.parties.entities.tax_id import require_country

_IBGE: Final = re.compile(r"[0-9]{7}", re.ASCII)  # IBGE, tabela de códigos de municípios


class AddressKind(StrEnum):
    REGISTERED = "registered"
    BILLING = "billing"
    SHIPPING = "shipping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address, in the parts that tax documents ask for."""

    kind: AddressKind
    street: str
    number: str = ""
    complement: str = ""
    district: str = ""
    city: str
    state: str = ""
    postal_code: str = ""
    country: str  # ISO 3166-1 alpha-2
    ibge: str = ""  # the municipality, Brazil: seven digits

    def __post_init__(self) -> None:
        _require(self.street, "parties.address.street", "street", longest=200, shortest=1)
        _require(self.number, "parties.address.number", "number", longest=20)
        _require(self.complement, "parties.address.complement", "complement", longest=100)
        _require(self.district, "parties.address.district", "district", longest=100)
        _require(self.city, "parties.address.city", "city", longest=100, shortest=1)
        _require(self.state, "parties.address.state", "state", longest=100)
        _require(self.postal_code, "parties.address.postal_code", "postal_code", longest=20)
        require_country(self.country, "country")
        ensure(
            not self.ibge or (self.country == "BR" and bool(_IBGE.fullmatch(self.ibge))),
            "parties.address.ibge",
            "the IBGE code is seven digits and belongs to an address in Brazil",
            field="ibge",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """Where to pay a party: an IBAN, or a bank with an account."""

    name: str = ""  # of the holder, where it is not the party's own
    iban: str = ""
    bank: str = ""  # its code or its name
    agency: str = ""
    account: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "iban", bare_iban(self.iban))
        _require(self.name, "parties.bank_account.name", "name", longest=200)
        _require(self.bank, "parties.bank_account.bank", "bank", longest=100)
        _require(self.agency, "parties.bank_account.agency", "agency", longest=20)
        _require(self.account, "parties.bank_account.account", "account", longest=40)
        ensure(
            not self.iban or is_iban(self.iban),
            "parties.bank_account.iban",
            "this is no IBAN, or a digit is wrong: compare it with the paper",
            field="iban",
        )
        ensure(
            bool(self.iban) != bool(self.bank and self.account)
            and not (self.iban and (self.bank or self.agency or self.account)),
            "parties.bank_account.incomplete",
            "give an IBAN, or a bank with an account, and not both",
        )


def _require(text: str, code: str, field: str, *, longest: int, shortest: int = 0) -> None:
    require_text(text, code, longest=longest, shortest=shortest, field=field)

"""The numbers by which authorities know a party."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.parties.entities.brazil import is_cnpj, is_cpf
from erp_core.parties.entities.vat import VAT_COUNTRIES, vat_number

_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_PUNCTUATION: Final = str.maketrans("", "", " .-/\u00a0\u2013")
_PLAUSIBLE: Final = re.compile(r"(?=.*[0-9])[0-9A-Z+*&]{2,32}", re.ASCII)
_LENGTH_MAX: Final = 64  # as written, with its punctuation

# CNPJ 12.345.678/0001-95, CPF 123.456.789-09: where the punctuation stands.
_WRITTEN: Final = {
    "cnpj": re.compile(r"(..)(...)(...)(....)(..)"),
    "cpf": re.compile(r"(...)(...)(...)(..)"),
}


class TaxIdKind(StrEnum):
    CPF = "cpf"  # a person, Brazil
    CNPJ = "cnpj"  # a company, Brazil
    VAT = "vat"  # the European Union's, and Northern Ireland's
    OTHER = "other"  # anything else: only seen to be plausible


@dataclass(frozen=True, slots=True, order=True)
class TaxId:
    """One number, canonical by construction: capitals, without punctuation or prefix."""

    country: str  # ISO 3166-1 alpha-2, upper case; XI is Northern Ireland
    kind: TaxIdKind
    number: str

    def __post_init__(self) -> None:
        ensure(
            len(self.number) <= _LENGTH_MAX,
            "parties.tax_id.length",
            f"a tax id has at most {_LENGTH_MAX} characters",
            field="number",
        )
        country = require_country(self.country, "country")
        country = "GR" if country == "EL" and self.kind is TaxIdKind.VAT else country
        bare = self.number.upper().translate(_PUNCTUATION)
        object.__setattr__(self, "country", country)
        object.__setattr__(self, "number", _checked(country, self.kind, bare))

    @property
    def words(self) -> str:
        """The number as people write and search it: whole, with its prefix, and in its parts."""
        written = _WRITTEN.get(self.kind)
        parts = written.fullmatch(self.number) if written else None
        pieces = parts.groups() if parts else (self.country + self.number,)
        return " ".join((self.number, *pieces))

    def __str__(self) -> str:
        return f"{self.country} {self.kind} {self.number}"


def require_country(code: str, field: str) -> str:
    """Return *code*; raise InvariantError unless it is spelled like ISO 3166-1 alpha-2."""
    ensure(
        bool(_COUNTRY.fullmatch(code)),
        "parties.country",
        "a country is two capital letters, such as BR",
        field=field,
    )
    return code


def _checked(country: str, kind: TaxIdKind, bare: str) -> str:
    if kind is TaxIdKind.VAT:
        ensure(
            country in VAT_COUNTRIES,
            "parties.tax_id.country",
            f"{country} is no member state of the European Union: use the kind other",
            field="country",
        )
        number = vat_number(country, bare)
        ensure(
            number is not None,
            "parties.tax_id.structure",
            f"{bare} is not built like a VAT number of {country}: compare it with the paper",
            field="number",
        )
        return number or ""
    if kind is TaxIdKind.OTHER:
        ensure(
            bool(_PLAUSIBLE.fullmatch(bare)),
            "parties.tax_id.number",
            f"{bare} is no tax id: it has 2 to 32 letters and digits, and a digit among them",
            field="number",
        )
        return bare
    ensure(
        country == "BR",
        "parties.tax_id.country",
        f"only Brazil knows a {kind.upper()}: the country is BR",
        field="country",
    )
    ensure(
        kind is not TaxIdKind.CPF or is_cpf(bare),
        "parties.tax_id.cpf",
        f"{bare} is no CPF: look for a typing error",
        field="number",
    )
    ensure(
        kind is not TaxIdKind.CNPJ or is_cnpj(bare),
        "parties.tax_id.cnpj",
        f"{bare} is no CNPJ: look for a typing error",
        field="number",
    )
    return bare

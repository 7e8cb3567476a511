"""How a VAT number of the European Union is built, member state by member state.

Structure only. The check digits, which most states have and each has its own way, are asked of
``erp_core.parties.ports.TaxIdChecker``.
"""

from __future__ import annotations

import re
from typing import Final

# European Commission, VIES, "VAT number structure" (frequently asked questions, Q11), without the
# prefix; XI is Northern Ireland. Greece is GR, as in ISO 3166-1, though its prefix is EL. Of the
# Netherlands, whose letters VIES leaves open, the form the Belastingdienst issues.
_STRUCTURES: Final = {
    country: re.compile(pattern, re.ASCII)
    for country, pattern in {
        "AT": r"U[0-9]{8}",
        "BE": r"[01][0-9]{9}",
        "BG": r"[0-9]{9,10}",
        "CY": r"[0-9]{8}[A-Z]",
        "CZ": r"[0-9]{8,10}",
        "DE": r"[0-9]{9}",
        "DK": r"[0-9]{8}",
        "EE": r"[0-9]{9}",
        "ES": r"[A-Z][0-9]{7}[0-9A-Z]|[0-9]{8}[A-Z]",
        "FI": r"[0-9]{8}",
        "FR": r"[0-9A-HJ-NP-Z]{2}[0-9]{9}",
        "GR": r"[0-9]{9}",
        "HR": r"[0-9]{11}",
        "HU": r"[0-9]{8}",
        "IE": r"[0-9][0-9A-Z+*][0-9]{5}[A-Z]|[0-9]{7}[A-Z]{1,2}",
        "IT": r"[0-9]{11}",
        "LT": r"[0-9]{9}|[0-9]{12}",
        "LU": r"[0-9]{8}",
        "LV": r"[0-9]{11}",
        "MT": r"[0-9]{8}",
        "NL": r"[0-9]{9}B[0-9]{2}",
        "PL": r"[0-9]{10}",
        "PT": r"[0-9]{9}",
        "RO": r"[0-9]{2,10}",
        "SE": r"[0-9]{12}",
        "SI": r"[0-9]{8}",
        "SK": r"[0-9]{10}",
        "XI": r"[0-9]{9}|[0-9]{12}|GD[0-4][0-9]{2}|HA[5-9][0-9]{2}",
    }.items()
}

VAT_COUNTRIES: Final = frozenset(_STRUCTURES)


def vat_prefix(country: str) -> str:
    """Return the letters a number of *country* is written with."""
    return "EL" if country == "GR" else country


def vat_number(country: str, number: str) -> str | None:
    """Return *number* without its prefix if it is built as *country* builds them, else None."""
    structure = _STRUCTURES[country]
    for each in (number, number.removeprefix(vat_prefix(country))):
        if structure.fullmatch(each):
            return each
    return None

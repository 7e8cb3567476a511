"""The international bank account number."""

from __future__ import annotations

import re
from typing import Final

# ISO 13616-1:2020: country, two check digits, up to thirty characters; the shortest is Norway's.
_IBAN: Final = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", re.ASCII)
_MODULUS: Final = 97  # ISO/IEC 7064, MOD 97-10


def bare_iban(iban: str) -> str:
    """Return *iban* as machines write it: in capitals, without spaces."""
    return "".join(iban.upper().split())


def is_iban(iban: str) -> bool:
    """Say whether *iban*, bare, has the form and the check digits of one."""
    if not _IBAN.fullmatch(iban):
        return False
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(each, 36)) for each in turned)) % _MODULUS == 1

"""What the squares on an invoice say: PIX in Brazil, the EPC code where one pays in euros."""

from __future__ import annotations

import binascii
import re
import unicodedata
from typing import Final

from erp_core.kernel.money import Money

# Banco Central do Brasil, Manual de Padrões para Iniciação do Pix 2.9, and EMV QRCPS-MPM 1.1.
_PIX_ARRANGEMENT: Final = "br.gov.bcb.pix"
_BRAZILIAN_REAL: Final = "986"  # ISO 4217, numeric
_PIX_NAME_MAX: Final = 25
_PIX_CITY_MAX: Final = 15
_PIX_REFERENCE_MAX: Final = 25
_PIX_NO_REFERENCE: Final = "***"
_CRC_START: Final = 0xFFFF  # ISO/IEC 13239, polynomial 1021
_NOT_PIX: Final = re.compile(r"[^A-Za-z0-9]")

# European Payments Council, EPC069-12 version 3.0: at most 331 bytes.
_EPC_NAME_MAX: Final = 70
_EPC_NAME_BYTES_MAX: Final = 120
_EPC_TEXT_MAX: Final = 140
_EPC_TEXT_BYTES_MAX: Final = 130


def pix_payload(
    *, key: str, payee: str, city: str, amount: Money | None = None, reference: str = ""
) -> str:
    """Return what pays *amount*, in reais, to the holder of a PIX *key*: "copia e cola".

    Without an amount the payer says how much. Of the *reference* letters and digits are kept.
    """
    account = _field("00", _PIX_ARRANGEMENT) + _field("01", key)
    mark = _NOT_PIX.sub("", reference)[-_PIX_REFERENCE_MAX:] or _PIX_NO_REFERENCE
    fields = (
        _field("00", "01"),
        _field("26", account),
        _field("52", "0000"),
        _field("53", _BRAZILIAN_REAL),
        "" if amount is None else _field("54", f"{amount.amount:f}"),
        _field("58", "BR"),
        _field("59", _ascii(payee)[:_PIX_NAME_MAX].strip()),
        _field("60", _ascii(city)[:_PIX_CITY_MAX].strip()),
        _field("62", _field("05", mark)),
        "6304",
    )
    said = "".join(fields)
    return f"{said}{binascii.crc_hqx(said.encode('ascii'), _CRC_START):04X}"


def epc_payload(*, iban: str, bic: str, payee: str, amount: Money, text: str) -> str:
    """Return what a European bank's application reads as a transfer of *amount*, in euros."""
    fields = (
        "BCD",
        "002",  # the version that does without a BIC
        "1",  # UTF-8
        "SCT",
        bic,
        _one_line(payee, _EPC_NAME_MAX, _EPC_NAME_BYTES_MAX),
        iban,
        f"EUR{amount.amount:f}",
        "",  # purpose
        "",  # structured reference
        _one_line(text, _EPC_TEXT_MAX, _EPC_TEXT_BYTES_MAX),
    )
    return "\n".join(fields)


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _one_line(text: str, characters: int, size: int) -> str:
    """Return *text* without line breaks, cut to so many characters, and bytes in UTF-8."""
    cut = " ".join(text.split())[:characters]
    return cut.encode()[:size].decode(errors="ignore").strip()


def _ascii(text: str) -> str:
    """Return *text* in letters that every reader of the code knows, without accents."""
    apart = unicodedata.normalize("NFKD", text)
    return apart.encode("ascii", "ignore").decode("ascii").strip()

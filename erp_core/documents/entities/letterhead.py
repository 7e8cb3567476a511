"""What a company's paper says of the company, and where it wants to be paid."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final, Self, TypedDict

from erp_core.documents.entities.printed import Paper
from erp_core.kernel.context import CompanyId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import ensure
from erp_core.kernel.text import require_text
from erp_core.parties.entities import bare_iban, is_iban

LOGO_BYTES_MAX: Final = 256 * 1024
LOGO_PIXELS_MAX: Final = 4096  # on either side
TEMPLATE_LENGTH_MAX: Final = 64 * 1024
FOOTER_LENGTH_MAX: Final = 300
CONTACT_LENGTH_MAX: Final = 100
PAYEE_LENGTH_MAX: Final = 70  # EPC069-12, name of the beneficiary
CITY_LENGTH_MAX: Final = 100
PIX_KEY_LENGTH_MAX: Final = 77  # Manual de Padrões para Iniciação do Pix 2.9, 1.6.6

_COLOUR: Final = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)  # ISO 9362:2022
# A CPF or CNPJ, a telephone, an address of e-mail, a random key: DICT, section 1.
_PIX_KEY: Final = re.compile(
    r"[0-9]{11}|[0-9A-Z]{12}[0-9]{2}|\+[1-9][0-9]{4,14}"
    r"|[a-z0-9.!#$&'*+/=?^_`{|}~-]+@[a-z0-9.-]+"
    r"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    re.ASCII,
)
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_JPEG_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # ITU-T T.81, table B.1
_SIZE_BYTES: Final = 24  # of a PNG, until its size is said (ISO/IEC 15948, 11.2.2)


class LetterheadChanges(TypedDict, total=False):
    """What of it may be changed; what is absent stays."""

    paper: Paper
    accent: str
    phone: str
    email: str
    website: str
    footer: str
    payee: str
    city: str
    pix_key: str
    iban: str
    bic: str
    template: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead(Aggregate):
    """One for each company. At version 0 it is as the house gives it: plain, and no way to pay."""

    id: CompanyId
    paper: Paper = Paper.A4
    accent: str = "#1f4e79"  # sRGB
    phone: str = ""
    email: str = ""
    website: str = ""
    footer: str = ""
    payee: str = ""  # who is paid; empty: the company, by its name
    city: str = ""  # of the payee: PIX asks for it
    pix_key: str = ""
    iban: str = ""
    bic: str = ""  # of the account's bank, which most countries do without
    template: str = ""  # HTML; empty: the house's look
    logo: str = ""  # what the file is called where files are kept; empty: none

    def __post_init__(self) -> None:
        object.__setattr__(self, "iban", bare_iban(self.iban))
        object.__setattr__(self, "bic", bare_iban(self.bic))
        object.__setattr__(self, "accent", self.accent.lower())
        self._require_texts()
        ensure(
            bool(_COLOUR.fullmatch(self.accent)),
            "documents.letterhead.accent",
            "a colour is # and six hexadecimal digits, such as #1f4e79",
            field="accent",
        )
        ensure(
            not self.iban or is_iban(self.iban),
            "documents.letterhead.iban",
            "this is no IBAN, or a digit is wrong: compare it with the paper",
            field="iban",
        )
        ensure(
            not self.bic or (bool(self.iban) and bool(_BIC.fullmatch(self.bic))),
            "documents.letterhead.bic",
            "a BIC has 8 or 11 characters, and stands beside an IBAN",
            field="bic",
        )
        ensure(
            not self.pix_key
            or (
                len(self.pix_key) <= PIX_KEY_LENGTH_MAX and bool(_PIX_KEY.fullmatch(self.pix_key))
            ),
            "documents.letterhead.pix_key",
            "a PIX key is a CPF or CNPJ in digits, a telephone such as +5511987654321, an e-mail"
            " address in small letters, or a random key",
            field="pix_key",
        )
        ensure(
            not self.pix_key or bool(self.city),
            "documents.letterhead.city",
            "PIX asks for the payee's city: give it with the key",
            field="city",
        )

    def _require_texts(self) -> None:
        for field, longest in (
            ("phone", CONTACT_LENGTH_MAX),
            ("email", CONTACT_LENGTH_MAX),
            ("website", CONTACT_LENGTH_MAX),
            ("footer", FOOTER_LENGTH_MAX),
            ("payee", PAYEE_LENGTH_MAX),
            ("city", CITY_LENGTH_MAX),
            ("template", TEMPLATE_LENGTH_MAX),
        ):
            text: str = getattr(self, field)
            require_text(text, "documents.letterhead.text", longest=longest, field=field)

    def change(self, changes: LetterheadChanges) -> Self:
        """Return the letterhead with *changes* made.

        Raises:
            InvariantError: what would come of it is no letterhead.
        """
        return replace(self, **changes)

    def with_logo(self, digest: str) -> Self:
        """Return the letterhead with the logo kept under *digest*; with none where it is empty."""
        return replace(self, logo=digest)


def require_logo(image: bytes) -> None:
    """Raise InvariantError unless *image* begins as a PNG or JPEG of bearable size does."""
    ensure(
        len(image) <= LOGO_BYTES_MAX,
        "documents.logo.size",
        f"a logo has at most {LOGO_BYTES_MAX} bytes",
        field="logo",
        most=LOGO_BYTES_MAX,
    )
    size = _png_size(image) or _jpeg_size(image)
    ensure(size is not None, "documents.logo.kind", "a logo is a PNG or a JPEG", field="logo")
    ensure(
        size is not None and 0 < min(size) <= max(size) <= LOGO_PIXELS_MAX,
        "documents.logo.pixels",
        f"a logo has at most {LOGO_PIXELS_MAX} pixels on either side",
        field="logo",
        most=LOGO_PIXELS_MAX,
    )


def _png_size(image: bytes) -> tuple[int, int] | None:
    if not image.startswith(_PNG) or image[12:16] != b"IHDR" or len(image) < _SIZE_BYTES:
        return None
    return int.from_bytes(image[16:20]), int.from_bytes(image[20:24])


def _jpeg_size(image: bytes) -> tuple[int, int] | None:
    """Return width and height as the frame's header says them (ITU-T T.81, B.2.2)."""
    if not image.startswith(_JPEG):
        return None
    place = 2
    while image[place : place + 1] == b"\xff" and place + 9 <= len(image):
        if image[place + 1] in _JPEG_FRAMES:
            height = int.from_bytes(image[place + 5 : place + 7])
            return int.from_bytes(image[place + 7 : place + 9]), height
        place += 2 + max(2, int.from_bytes(image[place + 2 : place + 4]))
    return None

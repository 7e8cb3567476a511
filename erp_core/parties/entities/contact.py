"""How a party is reached: by mail, by telephone, and whom one asks for."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import ensure
from erp_core.kernel.text import require_text

EMAILS_MAX: Final = 20
PHONES_MAX: Final = 20
_EMAIL_LENGTH_MAX: Final = 254  # RFC 5321, 4.5.3.1.3: a path of 256 less its angle brackets
_LOCAL_LENGTH_MAX: Final = 64  # RFC 5321, 4.5.3.1.1
_PHONE_LENGTH_MAX: Final = 40

# Plausible rather than legal: what RFC 5322 would quote is a typing error wherever it is met.
_LOCAL: Final = r"[^\s\x00-\x1f\x7f@<>()\[\]\\,;:\".]+"
_LABEL: Final = r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?"
_EMAIL: Final = re.compile(rf"{_LOCAL}(?:\.{_LOCAL})*@{_LABEL}(?:\.{_LABEL})+")

# E.164 has at most 15 digits; people add punctuation, and an extension.
_PHONE: Final = re.compile(
    r"\+?[0-9(][0-9 ()./-]*(?:(?:x|ext\.?|ramal) ?[0-9]{1,6})?", re.ASCII | re.IGNORECASE
)
_PHONE_DIGITS: Final = range(3, 22)  # an emergency number to E.164 with an extension


class DocumentKind(StrEnum):
    """What a contact is written to about."""

    QUOTE = "quote"
    ORDER = "order"
    SHIPMENT = "shipment"
    INVOICE = "invoice"
    REMINDER = "reminder"
    PURCHASE_ORDER = "purchase_order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person at a party."""

    name: str
    function: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    documents: tuple[DocumentKind, ...] = ()  # what this person receives

    def __post_init__(self) -> None:
        require_text(self.name, "parties.contact.name", shortest=1, longest=200, field="name")
        require_text(self.function, "parties.contact.function", longest=100, field="function")
        require_emails(self.emails)
        require_phones(self.phones)
        ensure(
            len(set(self.documents)) == len(self.documents),
            "parties.contact.documents",
            "each kind of document is named once",
            field="documents",
        )


def require_emails(emails: tuple[str, ...]) -> None:
    """Raise InvariantError unless each is a plausible e-mail address, and they are few."""
    ensure(
        len(emails) <= EMAILS_MAX,
        "parties.emails.number",
        f"at most {EMAILS_MAX} e-mail addresses",
        field="emails",
    )
    for index, email in enumerate(emails):
        field = f"emails/{index}"
        require_text(email, "parties.email.length", longest=_EMAIL_LENGTH_MAX, field=field)
        local = email.partition("@")[0]
        ensure(
            bool(_EMAIL.fullmatch(email)) and len(local) <= _LOCAL_LENGTH_MAX,
            "parties.email",
            f"{email!r} is no e-mail address: write one such as name@example.com",
            field=field,
        )


def require_phones(phones: tuple[str, ...]) -> None:
    """Raise InvariantError unless each is a plausible telephone number, and not too many."""
    ensure(
        len(phones) <= PHONES_MAX,
        "parties.phones.number",
        f"at most {PHONES_MAX} telephone numbers",
        field="phones",
    )
    for index, phone in enumerate(phones):
        field = f"phones/{index}"
        require_text(phone, "parties.phone.length", longest=_PHONE_LENGTH_MAX, field=field)
        digits = sum(each in "0123456789" for each in phone)
        ensure(
            bool(_PHONE.fullmatch(phone)) and digits in _PHONE_DIGITS,
            "parties.phone",
            f"{phone!r} is no telephone number: write one such as +55 11 99999-0000",
            field=field,
        )

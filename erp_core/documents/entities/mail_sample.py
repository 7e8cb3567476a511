"""An invented document, so that a template can be looked at before anything is sent by it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from erp_core.documents.entities.form import Values
from erp_core.documents.entities.mail_logo import logo_address
from erp_core.documents.entities.mail_template import MailKind, mail_names
from erp_core.documents.entities.wording import Wording
from erp_core.kernel.money import Money

_TITLES: Final = {MailKind.REMINDER: "title_invoice"}
_DAY: Final = date(2026, 11, 23)
_DUE: Final = date(2026, 12, 23)
_TOTAL: Final = Money(Decimal("1234.50"), "EUR")


def sample_values(kind: MailKind, locale: str, logo: str = "") -> Values:
    """Return what each name of a template of *kind* stands for, as its reader writes it.

    The *logo* is the company's own, by its digest.
    """
    wording = Wording(locale)
    formats = wording.formats
    total = formats.money(_TOTAL)
    values = {
        "accent": "#1f4e79",
        "balance": total,
        "carrier": "Correios",
        "company_name": "Casa de Chá & Cia.",
        "customer_name": "Müller <Söhne>",
        "date": formats.day(_DAY),
        "days_overdue": "7",
        "deliver_on": formats.day(_DUE),
        "due_date": formats.day(_DUE),
        "footer": "",
        "logo": logo_address(logo),
        "message": "",
        "number": "2026-00042",
        "open_amount": total,
        "order_number": "ORD2026-00007",
        "reference": "PO-7",
        "since": formats.day(date(_DAY.year, 1, 1)),
        "title": wording(_TITLES.get(kind, f"title_{kind.value}")),
        "total": total,
        "tracking_number": "LX123456789BR",
        "until": formats.day(_DAY),
        "valid_until": formats.day(_DUE),
    }
    facts = [(wording("number"), values["number"]), (wording("date"), values["date"])]
    lists = {
        "company_lines": tuple({"line": each} for each in ("Rua do Chá, 1", "tea@example.com")),
        "facts": tuple({"label": label, "text": text} for label, text in facts),
    }
    return {name: lists.get(name) or values[name] for name in mail_names(kind)}

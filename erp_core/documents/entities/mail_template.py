"""What the mails of a company say: the house's words, or the company's own."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Final, NewType, Self

from erp_core.documents.entities.form import Form, Names, Values
from erp_core.documents.entities.mail import SUBJECT_LENGTH, TEXT_LENGTH
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import NotFoundError, ensure
from erp_core.kernel.text import require_text
from erp_core.kernel.translations import LOCALES, catalogue

MailTemplateId = NewType("MailTemplateId", str)  # "invoice/pt-BR"

MAIL_SUBJECT_MAX: Final = 300  # of a template: its places are longer than what goes there
MAIL_TEXT_MAX: Final = 20_000
MAIL_HTML_MAX: Final = 60_000


class MailKind(StrEnum):
    """What a mail is about."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    QUOTE = "quote"
    ORDER = "order"
    SHIPMENT = "shipment"
    STATEMENT = "statement"
    REMINDER = "reminder"


_COMMON: Final[Names] = {
    "accent": None,
    "company_lines": frozenset({"line"}),
    "company_name": None,
    "customer_name": None,
    "facts": frozenset({"label", "text"}),
    "footer": None,
    "logo": None,
    "message": None,
    "title": None,
}
_OWN: Final[Mapping[MailKind, tuple[str, ...]]] = {
    MailKind.INVOICE: ("date", "due_date", "number", "open_amount", "reference", "total"),
    MailKind.CREDIT_NOTE: ("date", "number", "reference", "total"),
    MailKind.QUOTE: ("date", "number", "reference", "total", "valid_until"),
    MailKind.ORDER: ("date", "deliver_on", "number", "reference", "total"),
    MailKind.SHIPMENT: ("carrier", "date", "number", "order_number", "tracking_number"),
    MailKind.STATEMENT: ("balance", "since", "until"),
    MailKind.REMINDER: (
        "date",
        "days_overdue",
        "due_date",
        "number",
        "open_amount",
        "reference",
        "total",
    ),
}
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f]+")  # what would end a header or upset a server
_BLOCKS: Final = ("greeting", "opening", "closing", "regards")
_SHARED: Final = frozenset({"greeting", "regards"})  # the same words in every kind


def mail_names(kind: MailKind) -> Names:
    """Return what a template of *kind* may name."""
    return {**_COMMON, **dict.fromkeys(_OWN[kind])}


@dataclass(frozen=True, slots=True)
class MailWords:
    """A subject and two bodies: with places to fill, or filled."""

    subject: str
    text: str
    html: str  # empty: there is only text


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTemplate(Aggregate):
    """One kind of mail in one language. At version 0 it is as the house gives it."""

    kind: MailKind
    locale: str  # one of those we speak
    own: MailWords | None = None  # None: the words of the house

    def __post_init__(self) -> None:
        ensure(
            self.locale in LOCALES,
            "documents.mail_template.locale",
            f"mails are written in {', '.join(LOCALES)}",
            field="locale",
            known=", ".join(LOCALES),
        )
        if self.own is not None:
            _require_words(self.own)
            self._forms(self.own)

    @property
    def id(self) -> MailTemplateId:
        """What it is known by."""
        return MailTemplateId(f"{self.kind.value}/{self.locale}")

    @property
    def words(self) -> MailWords:
        """The words in force."""
        return house_words(self.kind, self.locale) if self.own is None else self.own

    def reword(self, own: MailWords | None) -> Self:
        """Return it in the company's *own* words; None: in those of the house again.

        Raises:
            InvariantError: a text is too long, or names what there is not.
        """
        return replace(self, own=own)

    def fill(self, values: Values) -> MailWords:
        """Return the mail: *values* in the text as they are, and in the HTML escaped.

        Raises:
            InvariantError: it would be longer than a mail may be.
        """
        subject, text, page = self._forms(self.words)
        line = " ".join(_BREAKS.sub(" ", subject.fill(values, str, 10 * SUBJECT_LENGTH)).split())
        return MailWords(
            subject=line[:SUBJECT_LENGTH].rstrip() or self.kind.value,
            text=text.fill(values, str, TEXT_LENGTH).strip() + "\n",
            html=page.fill(values, _escaped, 2 * TEXT_LENGTH),
        )

    def _forms(self, words: MailWords) -> tuple[Form, Form, Form]:
        names = mail_names(self.kind)
        return (
            Form.read(words.subject, names, "subject"),
            Form.read(words.text, names, "text"),
            Form.read(words.html, names, "html"),
        )


MAIL_TEMPLATES: Final = tuple(
    MailTemplate(kind=kind, locale=locale) for kind in MailKind for locale in sorted(LOCALES)
)


def mail_template(kind: str, locale: str) -> MailTemplate:
    """Return the house's template of a *kind* in a language.

    Raises:
        NotFoundError: there is no such kind, or we do not speak the language.
    """
    found = {each.id: each for each in MAIL_TEMPLATES}.get(MailTemplateId(f"{kind}/{locale}"))
    if found is None:
        kinds, locales = ", ".join(MailKind), ", ".join(LOCALES)
        raise NotFoundError(
            f"no mails are called {kind} in {locale}: there are {kinds}, each in {locales}",
            kind="mail_template",
            id=f"{kind}/{locale}",
        )
    return found


@lru_cache(maxsize=len(LOCALES) * len(MailKind))
def house_words(kind: MailKind, locale: str) -> MailWords:
    """Return the house's words, of the package's layout and the catalogue's section ``mail``."""
    texts = catalogue(locale)["mail"]
    said = {
        each: texts[each if each in _SHARED else f"{kind.value}_{each}"]
        for each in ("subject", *_BLOCKS)
    }
    plain, page = _packaged("layout.txt"), _packaged("layout.html").replace("[[locale]]", locale)
    for name in _BLOCKS:
        plain = plain.replace(f"[[{name}]]", said[name])
        page = page.replace(f"[[{name}]]", html.escape(said[name], quote=False))
    return MailWords(subject=said["subject"], text=plain, html=page)


def _packaged(name: str) -> str:
    found = resources.files("erp_core.documents").joinpath("mail_templates", name)
    return found.read_text(encoding="utf-8")


def _escaped(value: str) -> str:
    """Return *value* as HTML shows it: its lines stay lines, and nothing in it is a tag."""
    return html.escape(value).replace("\n", "<br>\n")


def _require_words(words: MailWords) -> None:
    require_text(
        words.subject,
        "documents.mail_template.length",
        shortest=1,
        longest=MAIL_SUBJECT_MAX,
        field="subject",
    )
    require_text(
        words.text,
        "documents.mail_template.length",
        shortest=1,
        longest=MAIL_TEXT_MAX,
        field="text",
    )
    require_text(words.html, "documents.mail_template.length", longest=MAIL_HTML_MAX, field="html")

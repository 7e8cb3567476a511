"""What a mail about a document is made of, and what whoever sends it says himself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from typing import Final

from erp_core.documents.entities.form import Values
from erp_core.documents.entities.mail import MailCause, MailMessageId, MailPaper, is_address
from erp_core.documents.entities.mail_logo import logo_address
from erp_core.documents.entities.mail_template import MailKind
from erp_core.documents.entities.printed import Fact
from erp_core.documents.entities.stationery import Stationery
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.kernel.text import require_text
from erp_core.parties.entities import DocumentKind, Party

MESSAGE_LENGTH_MAX: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class MailWish:
    """How somebody wants a document sent; what he does not say is the party's and ours."""

    mail_id: MailMessageId = field(default_factory=lambda: MailMessageId(new_id()))
    to: tuple[str, ...] = ()  # none: the party's contacts for such documents, else its addresses
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    locale: str | None = None  # BCP 47; None: the party's language, else the company's
    message: str = ""  # a few words of one's own

    def __post_init__(self) -> None:
        require_text(
            self.message,
            "documents.mail.message",
            longest=MESSAGE_LENGTH_MAX,
            field="message",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MailMatter:
    """What a mail is about, in the words of its reader."""

    kind: MailKind
    receives: tuple[DocumentKind, ...]  # by which a party's contacts are chosen
    paper: MailPaper
    title: str  # "Invoice"
    facts: tuple[Fact, ...]
    values: Mapping[str, str] = field(hash=False)  # of the names that are the kind's own

    @property
    def cause(self) -> MailCause:
        """The document it is about."""
        return self.paper.document

    def filling(self, stationery: Stationery, party: Party, message: str) -> Values:
        """Return what the names in a template of its kind stand for."""
        sender, letterhead = stationery.sender, stationery.letterhead
        return {
            **self.values,
            "accent": letterhead.accent,
            "company_lines": tuple({"line": each} for each in sender.lines),
            "company_name": stationery.company.trade_name or sender.name,
            "customer_name": party.trade_name or party.name,
            "facts": tuple({"label": each.label, "text": each.text} for each in self.facts),
            "footer": letterhead.footer,
            "logo": logo_address(letterhead.logo),
            "message": message.strip(),
            "title": self.title,
        }


def addresses_of(party: Party, receives: Sequence[DocumentKind]) -> tuple[str, ...]:
    """Return where *party* wants such documents: its contacts for them, else its own addresses.

    Of several kinds the first that a contact receives counts. An address that no mail server
    would take is passed over.

    Raises:
        InvariantError: there is none.
    """
    for kind in receives:
        contacts = (each for each in party.contacts if kind in each.documents)
        if named := _usable(email for contact in contacts for email in contact.emails):
            return named
    if own := _usable(party.emails):
        return own
    raise InvariantError(
        f"no address is known for {party.name}: name one in `to`, or give the party an e-mail or "
        f"a contact who receives documents of the kind {receives[0].value}",
        code="documents.mail.no_address",
        field="to",
        party=party.name,
        kind=receives[0].value,
    )


def require_settled(state: str, *, settled: bool) -> None:
    """Raise TransitionError unless the document is *settled*, and still stands."""
    if not settled:
        raise TransitionError(
            f"it is {state}: only a document that is settled, and still stands, is sent",
            code="documents.mail.unsettled",
            state=state,
        )


def _usable(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in addresses if is_address(each)))

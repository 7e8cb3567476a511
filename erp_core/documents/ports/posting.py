"""From a document to the mail about it: all but the paper, which is set when the mail is sent."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from erp_core.documents.entities import (
    MailContent,
    MailMatter,
    MailMessage,
    MailWish,
    PaperRequest,
    Stationery,
    addresses_of,
    is_address,
    new_mail,
)
from erp_core.documents.ports.mail import MailUnitOfWork, queue_mail
from erp_core.documents.ports.press import PrintingUnitOfWork, read_stationery
from erp_core.documents.ports.printing import FileStore
from erp_core.kernel.context import Context
from erp_core.kernel.errors import NotFoundError, UnavailableError
from erp_core.parties.entities import Party, PartySnapshot


class PostingUnitOfWork(PrintingUnitOfWork, MailUnitOfWork, Protocol):
    """The transaction as whoever sends documents sees it."""


def found_logo(ctx: Context, files: FileStore, digest: str) -> bytes:
    """Return the picture kept under *digest*; nothing where it is gone: no mail waits for it."""
    if not digest:
        return b""
    try:
        return files.get(ctx, digest)
    except (NotFoundError, UnavailableError):
        return b""


def mail_stationery(
    ctx: Context,
    uow: PrintingUnitOfWork,
    wish: MailWish,
    party: Party,
    settled: PartySnapshot | None = None,
) -> Stationery:
    """Return the company's paper for who is written to.

    Its language is the party's as it was *settled* with the document, whose PDF was made in it.
    """
    request = PaperRequest(id=party.id, locale=wish.locale)
    language = "" if settled is None else settled.language
    return read_stationery(ctx, uow, request, language or party.language)


def post(  # noqa: PLR0913, PLR0917  # what a mail is made of, and for whom
    ctx: Context,
    uow: PostingUnitOfWork,
    now: datetime,
    wish: MailWish,
    matter: MailMatter,
    stationery: Stationery,
    party: Party,
) -> MailMessage:
    """Write the mail about a document, and queue it in the transaction it is asked for in.

    Raises:
        AlreadyExistsError: the mail of this id was queued before.
        InvariantError: nobody knows where to, or a template or an address cannot be used.
    """
    to = wish.to or addresses_of(party, matter.receives)
    template = uow.mail_templates.get(ctx, matter.kind, stationery.wording.locale)
    words = template.fill(matter.filling(stationery, party, wish.message))
    answers = stationery.letterhead.email
    message = new_mail(
        now,
        key=wish.mail_id,
        to=to,
        cc=wish.cc,
        bcc=wish.bcc,
        reply_to=answers if is_address(answers) else "",
        subject=words.subject,
        locale=stationery.wording.locale,
        cause=matter.cause,
    )
    content = MailContent(text=words.text, html=words.html, paper=matter.paper)
    return queue_mail(ctx, uow, now, message, content)

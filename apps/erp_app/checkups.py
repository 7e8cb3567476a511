"""Whether letters are printed and mails are taken: what an examination has to try out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from pypdf import PdfReader

from erp_app.composition import pdf_pool
from erp_app.errands import errand
from erp_app.settings import Settings
from erp_core.documents.entities import (
    AddressBlock,
    Column,
    DocumentType,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    Style,
)
from erp_core.documents.ports import MailDeferredError
from erp_core.kernel.errors import ErpError
from erp_smtp import SmtpSender, SmtpServer
from erp_system.clock import SystemClock
from erp_telemetry import Metrics

_LETTERS: Final = "ç ã € ñ ß"
_SECONDS: Final = 20.0  # that a trial may take


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str
    advice: str = ""  # what to do; empty where all is well


def good(name: str, found: str) -> Check:
    return Check(name=name, ok=True, found=found)


def bad(name: str, found: str, advice: str) -> Check:
    return Check(name=name, ok=False, found=found, advice=advice)


def letters(settings: Settings) -> Check:
    """Set a document as those of customers are set, and read in it what was to be read."""
    advice = "install the program anew: its fonts or what sets documents are not whole"
    try:
        with pdf_pool(settings, Metrics()) as pool:
            made = pool.render(errand().with_timeout(_SECONDS), _a_letter())
    except ErpError as error:
        return bad("print", str(error), advice)
    said = "".join(each.extract_text() for each in PdfReader(io.BytesIO(made)).pages)
    missing = [each for each in _LETTERS.split() if each not in said]
    if missing or b"/FontFile2" not in made:
        return bad("print", f"not printed: {' '.join(missing) or 'the font'}", advice)
    return good("print", f"{_LETTERS} are printed, in {len(made):,} bytes")


def mail_server(settings: Settings) -> Check:
    """Greet the mail server, sign in as for a mail, and send none."""
    if not settings.smtp_url:
        return good("mail", "ERP_SMTP_URL is not set: no mail is sent")
    server = SmtpServer.read(settings.smtp_url)
    place = f"{server.host}:{server.port}"
    sender = SmtpSender(
        server, sender=settings.mail_from, clock=SystemClock(), seconds=_SECONDS / 2
    )
    try:
        sender.greet(errand())
    except MailDeferredError as error:
        return bad(
            "mail",
            f"{place}: {error}",
            "see that ERP_SMTP_URL names it, that it runs, and that it takes this login",
        )
    return good("mail", f"{place} takes our mails")


def _a_letter() -> PrintedDocument:
    """Return the least document on which the letters stand."""
    column = Column(heading=_LETTERS, share=1)
    return PrintedDocument(
        document_type=DocumentType("sales.quote"),
        language="en",
        style=Style(),
        dated=datetime.now(UTC).date(),
        title=_LETTERS,
        sender=AddressBlock(name=_LETTERS),
        lines=PrintedTable(columns=(column,), rows=(PrintedRow(cells=(_LETTERS,)),)),
        page="{page}/{pages}",
    )

"""A mail as it goes over the wire: RFC 5322 with MIME."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from erp_core.documents.entities import MailContent, MailMessage

# Eight-bit letters are encoded: not every server on the way takes them as they are.
_POLICY: Final = SMTP.clone(cte_type="7bit", raise_on_defect=False)


def wire_format(
    message: MailMessage, content: MailContent, *, sender: str, now: datetime
) -> bytes:
    """Return the bytes of the mail; who gets a blind copy is named nowhere in them."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = sender
    mail["To"] = ", ".join(message.to)
    if message.cc:
        mail["Cc"] = ", ".join(message.cc)
    if message.reply_to:
        mail["Reply-To"] = message.reply_to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message.message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no robot shall answer it
    mail.set_content(content.text)
    if content.html:
        mail.add_alternative(content.html, subtype="html")
    page = mail.get_body(preferencelist=("html",))
    for each in content.attachments:
        main, _, sub = each.content_type.partition("/")
        if each.content_id and page is not None:  # RFC 2387: a part of the page, not of the mail
            page.add_related(
                each.data,
                maintype=main,
                subtype=sub,
                filename=each.name,
                disposition="inline",
                cid=f"<{each.content_id}>",
            )
        else:
            mail.add_attachment(each.data, maintype=main, subtype=sub, filename=each.name)
    # Last: whoever gives a mail its content takes every Content- header away from it before.
    mail["Content-Language"] = message.locale
    return mail.as_bytes()

"""The company's logo in its mails: named where it is shown, and brought along when they go."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace
from typing import Final

from erp_core.documents.entities.mail import MailAttachment, MailContent

_HOST: Final = "logo.invalid"  # RFC 2606: nobody's
# A SHA-256 in base64: in hexadecimal the header that names it would be longer than a line may be.
_ID: Final = rf"([\w-]{{43}})@{re.escape(_HOST)}"
_NAMED: Final = re.compile(rf"cid:{_ID}", re.ASCII)
_SHOWN: Final = re.compile(rf"<img\b[^<>]*cid:{_ID}[^<>]*>", re.ASCII)
_INSTEAD: Final = re.compile(r'\balt="([^"<>]*)"')


def logo_address(digest: str) -> str:
    """Return where a mail shows the logo that is kept under *digest*; nothing if there is none."""
    return f"cid:{_content_id(digest)}" if digest else ""  # RFC 2392


def logo_of(html: str) -> str:
    """Return the digest of the logo that *html* shows, or nothing."""
    found = _NAMED.search(html)
    return "" if found is None else urlsafe_b64decode(f"{found.group(1)}=").hex()


def with_logo(content: MailContent, image: bytes) -> MailContent:
    """Return a mail that brings the *image* of the logo it shows; where it is empty, its text."""
    digest = logo_of(content.html)
    if not digest:
        return content
    if not image:
        return replace(content, html=_SHOWN.sub(_alternative, content.html))
    kind = _kind(image)
    logo = MailAttachment(
        name=f"logo.{kind}",
        content_type=f"image/{kind}",
        data=image,
        content_id=_content_id(digest),
    )
    return replace(content, attachments=(*content.attachments, logo))


def with_logo_written(html: str, image: bytes) -> str:
    """Return *html* with the *image* of the logo in it, as a browser shows it without a mail."""
    if not image:
        return _SHOWN.sub(_alternative, html)
    written = f"data:image/{_kind(image)};base64,{b64encode(image).decode('ascii')}"
    return _NAMED.sub(written, html)


def _content_id(digest: str) -> str:
    named = urlsafe_b64encode(bytes.fromhex(digest)).decode("ascii").rstrip("=")
    return f"{named}@{_HOST}"


def _kind(image: bytes) -> str:
    return "png" if image.startswith(b"\x89PNG") else "jpeg"


def _alternative(shown: re.Match[str]) -> str:
    said = _INSTEAD.search(shown.group())
    return "" if said is None else said.group(1)

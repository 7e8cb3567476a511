"""A printed document as a file, and what it is kept under."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from erp_core.documents.entities.number_series import DocumentType
from erp_core.documents.entities.printed import Paper, PrintedDocument
from erp_core.kernel.dataclass import dataclass

EDITION_LENGTH_MAX: Final = 16
LOCALE_LENGTH_MAX: Final = 16
DIGEST_LENGTH: Final = 64  # SHA-256, in hexadecimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRequest:
    """Which document somebody wants on paper; what he does not say is the reader's and ours."""

    id: UUID
    locale: str | None = None  # BCP 47; None: the customer's language, else the company's
    paper: Paper | None = None  # None: what the company prints on


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintoutKey:
    """Which paper: of one document, in one language, on one sheet.

    A document that is cancelled is printed anew, with a mark across it: that is another edition.
    """

    document_type: DocumentType
    document_id: UUID
    edition: str = ""  # "cancelled"; empty: as it was validated
    locale: str  # one of those we speak
    paper: Paper


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPlace:
    """What a paper is called, and what it is kept under: a draft's is not kept."""

    name: str
    key: PrintoutKey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Printout:
    """That a paper was made, and which file it is: the same one ever after."""

    key: PrintoutKey
    digest: str  # of the bytes: SHA-256, in hexadecimal
    made_at: datetime  # aware, UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What was asked for, from the moment it was found to the one at which it can be handed out.

    Without a document it was made before. A draft's has no key: it is made each time, and never
    kept. In the end there is always a content.
    """

    language: str  # BCP 47
    place: PaperPlace
    document: PrintedDocument | None = None
    logo: str = ""  # the digest of a picture that belongs on it
    digest: str = ""
    content: bytes = b""

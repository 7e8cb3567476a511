"""How documents become files, and where the files are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from erp_core.documents.entities import Letterhead, PrintedDocument, Printout, PrintoutKey
from erp_core.kernel.context import Context
from erp_core.kernel.errors import InvariantError


def broken_template(reason: str) -> InvariantError:
    """Return what is raised where a company's template cannot be set, and why."""
    return InvariantError(
        f"the company's template cannot be set: {reason}",
        code="documents.template.broken",
        field="template",
        reason=reason,
    )


class PdfRenderer(Protocol):
    """Sets documents. Proved by ``erp_core.testing.documents.PdfRendererContract``."""

    @abstractmethod
    def render(self, ctx: Context, document: PrintedDocument) -> bytes:
        """Return *document* as PDF; the same document gives the same bytes.

        It takes a processor, and no connection: call it outside a unit of work. When the caller
        gives up, so does the work.

        Raises:
            OperationCancelledError: the caller gave up.
            DeadlineExceededError: it was not done in time.
            InvariantError: the company's template cannot be set (``documents.template.broken``),
                or the document takes more memory than there is (``documents.pdf.too_large``).
            UnavailableError: too many wait already, or what does the work came to an end.
        """


class FileStore(Protocol):
    """Keeps files by what they are: the same bytes are kept once, and never change.

    Each company's are its own. Proved by ``erp_core.testing.documents.FileStoreContract``.
    """

    @abstractmethod
    def put(self, ctx: Context, content: bytes) -> str:
        """Keep *content*; return its name, which is its SHA-256 in hexadecimal.

        When it returns, the file is whole and stays, and is as new as if it had not been there.

        Raises:
            UnavailableError: it cannot be kept: no room, no right, no device.
        """

    @abstractmethod
    def get(self, ctx: Context, digest: str) -> bytes:
        """Return the file, as it was put.

        Raises:
            NotFoundError: this company has none of that name.
            UnavailableError: it cannot be read, or is not what was put (``files.damaged``).
        """

    @abstractmethod
    def exists(self, ctx: Context, digest: str) -> bool:
        """Say whether this company has the file.

        Raises:
            UnavailableError: nobody can tell.
        """

    @abstractmethod
    def old(self, ctx: Context, before: datetime, after: str, limit: int) -> tuple[str, ...]:
        """Return the names past *after*, in order, of files that nobody has put since *before*.

        Raises:
            UnavailableError: nobody can tell.
        """

    @abstractmethod
    def drop(self, ctx: Context, digest: str, before: datetime) -> bool:
        """Let go of a file, unless somebody has put it since *before*; say whether it is gone.

        Raises:
            UnavailableError: it cannot be removed.
        """


class PrintoutRepository(Protocol):
    """Knows which papers were made.

    Proved by ``erp_core.testing.documents.PrintoutRepositoryContract``.
    """

    @abstractmethod
    def find(self, ctx: Context, key: PrintoutKey) -> Printout | None:
        """Return what was made, or None if nobody has asked for it yet."""

    @abstractmethod
    def keep(self, ctx: Context, printout: Printout) -> Printout:
        """Note that a paper was made; return what is noted: of two the first one.

        Raises:
            ContentionError: another is noting the same paper, and takes long.
        """

    @abstractmethod
    def digests(self, ctx: Context, after: str, limit: int) -> tuple[str, ...]:
        """Return at most *limit* files that papers are, behind *after*, in order, each once."""

    @abstractmethod
    def kept(self, ctx: Context, digests: Sequence[str]) -> frozenset[str]:
        """Return those of *digests* that some paper of the company is kept under."""


class LetterheadRepository(Protocol):
    """Keeps letterheads. Proved by ``erp_core.testing.documents.LetterheadRepositoryContract``."""

    @abstractmethod
    def get(self, ctx: Context) -> Letterhead:
        """Return the company's, or the house's at version 0 where it has none."""

    @abstractmethod
    def save(self, ctx: Context, letterhead: Letterhead) -> Letterhead:
        """Store a changed one; return it as stored, one version on.

        Raises:
            StaleVersionError: ``letterhead.version`` is not the stored one.
        """

"""From what stands on a paper to the paper: outside every transaction, once for each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from erp_core.documents.entities import (
    PaperPlace,
    PaperRequest,
    Printed,
    PrintedDocument,
    Printout,
    Stationery,
    Wording,
)
from erp_core.documents.ports.printing import FileStore, PdfRenderer
from erp_core.documents.ports.unit_of_work import DocumentsUnitOfWork
from erp_core.identity.ports import IdentityUnitOfWork
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import NotFoundError, UnavailableError
from erp_core.kernel.ports import Clock, UnitOfWorkFactory


class PrintingUnitOfWork(DocumentsUnitOfWork, IdentityUnitOfWork, Protocol):
    """The transaction as whoever prints sees it."""


def read_stationery(
    ctx: Context, uow: PrintingUnitOfWork, request: PaperRequest, language: str | None
) -> Stationery:
    """Return the company's paper for a reader of *language*, unless the *request* says another."""
    company, letterhead = uow.companies.get(ctx), uow.letterheads.get(ctx)
    return Stationery(
        company=company,
        letterhead=letterhead,
        wording=Wording.of(request.locale, language, company.locale),
        paper=request.paper or letterhead.paper,
    )


def kept_or_new(
    ctx: Context,
    uow: DocumentsUnitOfWork,
    stationery: Stationery,
    place: PaperPlace,
    make: Callable[[], PrintedDocument],
) -> Printed:
    """Return the paper of *place* if it was made before, else what *make* says stands on it."""
    language = stationery.wording.locale
    kept = None if place.key is None else uow.printouts.find(ctx, place.key)
    if kept is not None:
        return Printed(language=language, place=place, digest=kept.digest)
    logo = stationery.letterhead.logo
    return Printed(language=language, place=place, document=make(), logo=logo)


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a use case that prints holds beside its own ports."""

    renderer: PdfRenderer
    files: FileStore
    clock: Clock

    def finish(
        self, ctx: Context, printed: Printed, store: UnitOfWorkFactory[DocumentsUnitOfWork]
    ) -> Printed:
        """Return *printed* with its content: fetched where it was made before, else made and kept.

        No transaction is open while it is made. Of two who make the same paper at once the first
        one's is kept, and handed to both. A file without a note of it is nobody's, and harmless.

        Raises:
            UnavailableError: the file that was kept is gone, or cannot be read or written.
            ErpError: as ``PdfRenderer.render`` does.
        """
        if printed.document is None:
            return self._fetched(ctx, printed)
        document = printed.document
        if printed.logo:
            style = replace(document.style, logo=self._file(ctx, printed.logo))
            document = replace(document, style=style)
        content = self.renderer.render(ctx, document)
        key = printed.place.key
        if key is None:
            return replace(printed, content=content, digest=hashlib.sha256(content).hexdigest())
        digest = self.files.put(ctx, content)
        note = Printout(key=key, digest=digest, made_at=self.clock.now(ctx))
        with store(ctx) as uow:
            kept = uow.printouts.keep(ctx, note)
        made = replace(printed, content=content, digest=kept.digest)
        return made if kept.digest == digest else self._fetched(ctx, made)

    def _fetched(self, ctx: Context, printed: Printed) -> Printed:
        return replace(printed, content=self._file(ctx, printed.digest))

    def _file(self, ctx: Context, digest: str) -> bytes:
        try:
            return self.files.get(ctx, digest)
        except NotFoundError as error:
            raise UnavailableError(
                f"the file {digest} is not where files are kept: bring it back from a backup",
                code="files.missing",
                digest=digest,
            ) from error

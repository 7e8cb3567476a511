"""Letterheads, printouts and files in dictionaries; and papers that need no printer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from threading import Lock

from erp_core.documents.entities import Letterhead, PrintedDocument, Printout, PrintoutKey
from erp_core.documents.ports import (
    FileStore,
    LetterheadRepository,
    PdfRenderer,
    PrintoutRepository,
)
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.errors import NotFoundError, StaleVersionError
from erp_core.kernel.ports import Clock
from erp_memory.tables import Tables


class MemoryLetterheads(LetterheadRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._letterheads = tables.letterheads
        self._journal = journal

    def get(self, ctx: Context) -> Letterhead:
        return self._letterheads.get(ctx.company_id) or Letterhead(id=ctx.company_id)

    def save(self, ctx: Context, letterhead: Letterhead) -> Letterhead:
        before = self.get(ctx)
        if before.version != letterhead.version:
            raise StaleVersionError("the letterhead has changed meanwhile")
        self._journal.note_entity("documents.letterhead", before, letterhead)
        stored = letterhead.stored(letterhead.version + 1)
        self._letterheads[ctx.company_id] = stored
        return stored


class MemoryPrintouts(PrintoutRepository):
    def __init__(self, tables: Tables) -> None:
        self._printouts = tables.printouts

    def find(self, ctx: Context, key: PrintoutKey) -> Printout | None:
        return self._printouts.get((ctx.company_id, key))

    def keep(self, ctx: Context, printout: Printout) -> Printout:
        return self._printouts.setdefault((ctx.company_id, printout.key), printout)

    def digests(self, ctx: Context, after: str, limit: int) -> tuple[str, ...]:
        mine = {
            each.digest
            for (owner, _), each in self._printouts.items()
            if owner == ctx.company_id and each.digest > after
        }
        return tuple(sorted(mine)[:limit])

    def kept(self, ctx: Context, digests: Sequence[str]) -> frozenset[str]:
        ours = (each for (owner, _), each in self._printouts.items() if owner == ctx.company_id)
        return frozenset(each.digest for each in ours) & frozenset(digests)


class MemoryFiles(FileStore):
    """Files for as long as the program runs; without a *clock* none of them is ever old."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock
        self._lock = Lock()
        self._files: dict[tuple[CompanyId, str], bytes] = {}
        self._put_at: dict[tuple[CompanyId, str], datetime] = {}

    def put(self, ctx: Context, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        with self._lock:
            self._files[ctx.company_id, digest] = content
            if self._clock is not None:
                self._put_at[ctx.company_id, digest] = self._clock.now(ctx)
        return digest

    def get(self, ctx: Context, digest: str) -> bytes:
        with self._lock:
            found = self._files.get((ctx.company_id, digest))
        if found is None:
            raise NotFoundError(f"no file {digest}", kind="file", id=digest)
        return found

    def exists(self, ctx: Context, digest: str) -> bool:
        with self._lock:
            return (ctx.company_id, digest) in self._files

    def old(self, ctx: Context, before: datetime, after: str, limit: int) -> tuple[str, ...]:
        with self._lock:
            found = sorted(
                digest
                for (owner, digest), put_at in self._put_at.items()
                if owner == ctx.company_id and put_at < before and digest > after
            )
        return tuple(found[:limit])

    def drop(self, ctx: Context, digest: str, before: datetime) -> bool:
        place = (ctx.company_id, digest)
        with self._lock:
            put_at = self._put_at.get(place)
            if put_at is None or put_at >= before:
                return place not in self._files
            del self._files[place], self._put_at[place]
        return True


class PlainPaper(PdfRenderer):
    """Sets one empty sheet, and says in a comment what should stand on it: for tests and trials.

    The comment is PDF's own (ISO 32000-1, 7.2.3), so that a reader opens the file all the same.
    """

    def __init__(self) -> None:
        self.rendered: list[PrintedDocument] = []

    def render(self, ctx: Context, document: PrintedDocument) -> bytes:
        ctx.check()
        self.rendered.append(document)
        return b"%PDF-1.4\n%" + ascii(document).encode("ascii") + _SHEET


_SHEET = (
    b"\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj"
    b"\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj"
    b"\n3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj"
    b"\ntrailer <</Root 1 0 R>>\n%%EOF\n"
)

"""Letting go of files that nothing refers to any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from erp_core.documents.ports import DocumentsUnitOfWork, FileStore
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.use_case import UseCase

# Between the moment a file is put and the one at which it is noted lies a job's time at most.
FILES_KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TidyFilesCommand:
    after: str = ""  # the file that the last look ended with
    limit: int = 500
    found: tuple[str, ...] = ()  # old files, by their digests
    before: datetime | None = None  # how old


@dataclass(frozen=True, slots=True, kw_only=True)
class TidiedFiles:
    """What one look found: *after* says where the next one begins, None that it was the last."""

    after: str | None
    before: datetime
    gone: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TidyFiles(UseCase[DocumentsUnitOfWork, TidyFilesCommand, TidiedFiles]):
    """Drop the company's files that are older than a day, and that no paper or letterhead names.

    Such are logos that were replaced, and papers that two made at once. For a scheduler.

    Raises:
        UnavailableError: the files cannot be listed or removed.
    """

    permission = "documents.file.tidy"

    files: FileStore

    def prepare(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: TidyFilesCommand
    ) -> TidyFilesCommand:
        before = self.clock.now(ctx) - FILES_KEPT
        found = self.files.old(ctx, before, command.after, command.limit)
        return replace(command, found=found, before=before)

    def execute(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: TidyFilesCommand
    ) -> TidiedFiles:
        found = command.found
        named = uow.printouts.kept(ctx, found) | {uow.letterheads.get(ctx).logo}
        return TidiedFiles(
            after=found[-1] if len(found) == command.limit else None,
            before=command.before or self.clock.now(ctx) - FILES_KEPT,
            gone=tuple(each for each in found if each not in named),
        )

    def conclude(self, ctx: Context, result: TidiedFiles) -> TidiedFiles:
        """Remove them; one that somebody has put meanwhile stays."""
        gone = tuple(each for each in result.gone if self.files.drop(ctx, each, result.before))
        return replace(result, gone=gone)

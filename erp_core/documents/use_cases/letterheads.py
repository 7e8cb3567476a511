"""What a person can do with the company's paper."""

from __future__ import annotations

from dataclasses import replace

from erp_core.documents.entities import Letterhead, LetterheadChanges, require_logo
from erp_core.documents.ports import DocumentsUnitOfWork, FileStore
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.use_case import UseCase


@dataclass(frozen=True, kw_only=True)
class GetLetterhead(UseCase[DocumentsUnitOfWork, None, Letterhead]):
    """Read what the company's paper says of it, and where it wants to be paid."""

    permission = "documents.letterhead.read"
    read_only = True

    def execute(self, ctx: Context, uow: DocumentsUnitOfWork, command: None) -> Letterhead:
        return uow.letterheads.get(ctx)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLetterheadCommand:
    version: int | None  # that the caller has seen; None: any
    changes: LetterheadChanges


@dataclass(frozen=True, kw_only=True)
class ChangeLetterhead(UseCase[DocumentsUnitOfWork, ChangeLetterheadCommand, Letterhead]):
    """Write on other paper from now on; what was printed stays as it is.

    Raises:
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: what would come of it is no letterhead.
    """

    permission = "documents.letterhead.change"

    def execute(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: ChangeLetterheadCommand
    ) -> Letterhead:
        letterhead = uow.letterheads.get(ctx).expect(command.version)
        return uow.letterheads.save(ctx, letterhead.change(command.changes))


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLogoCommand:
    version: int | None  # that the caller has seen; None: any
    image: bytes  # PNG or JPEG; empty: no logo any more
    digest: str = ""  # what it is kept under


@dataclass(frozen=True, kw_only=True)
class SetLogo(UseCase[DocumentsUnitOfWork, SetLogoCommand, Letterhead]):
    """Put another picture on the company's paper, or none.

    Raises:
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: it is no PNG and no JPEG, or too large.
        UnavailableError: it cannot be kept.
    """

    permission = "documents.letterhead.change"

    files: FileStore

    def prepare(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: SetLogoCommand
    ) -> SetLogoCommand:
        if not command.image:
            return command
        require_logo(command.image)
        return replace(command, digest=self.files.put(ctx, command.image))

    def execute(
        self, ctx: Context, uow: DocumentsUnitOfWork, command: SetLogoCommand
    ) -> Letterhead:
        letterhead = uow.letterheads.get(ctx).expect(command.version)
        return uow.letterheads.save(ctx, letterhead.with_logo(command.digest))

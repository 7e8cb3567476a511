"""What a person can do with the company's paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from erp_core.documents.entities import (
    Letterhead,
    LetterheadChanges,
    a_bare_document,
    a_full_document,
    require_logo,
)
from erp_core.documents.ports import (
    DocumentsUnitOfWork,
    FileStore,
    PdfRenderer,
    broken_template,
)
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import DeadlineExceededError
from erp_core.kernel.use_case import UseCase

_TRIAL_SECONDS: Final = 10.0  # for both documents: what takes longer is no template to work with


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

    A template is tried first, with an invented document that has all there may be on one, and
    another that has next to nothing: what cannot be set would be found out by customers.

    Raises:
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: what would come of it is no letterhead, or the template cannot be set, or
            not within the time of its trial (``documents.template.broken``).
        DeadlineExceededError: the caller's own time was over before.
        UnavailableError: nobody sets documents now.
    """

    permission = "documents.letterhead.change"

    renderer: PdfRenderer
    trial_seconds: float = _TRIAL_SECONDS

    def rehearse(self, ctx: Context, command: ChangeLetterheadCommand) -> None:
        template = command.changes.get("template", "")
        if not template:
            return
        limited = ctx.with_timeout(self.trial_seconds)
        for document in (a_full_document(), a_bare_document()):
            style = replace(document.style, template=template)
            try:
                self.renderer.render(limited, replace(document, style=style))
            except DeadlineExceededError as error:
                ctx.check()
                seconds = f"{self.trial_seconds:g} s"
                raise broken_template(f"{seconds} are not enough for a short document") from error

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

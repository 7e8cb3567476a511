"""What a person can do with what the company's mails say."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from uuid import UUID

from erp_core.documents.entities import (
    MailTemplate,
    MailWords,
    logo_of,
    mail_template,
    sample_values,
    with_logo_written,
)
from erp_core.documents.ports import FileStore, MailUnitOfWork, PostingUnitOfWork, found_logo
from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Cursor, Page, PageRequest, require_own_order
from erp_core.kernel.use_case import UseCase

_NO_ID: Final = UUID(int=0)  # kind and language alone say where a page ended


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTemplateCommand:
    """Names the template of a kind of mail in a language: ``invoice``, ``pt-BR``."""

    kind: str
    locale: str
    version: int | None = None  # that the caller has seen; None: any


@dataclass(frozen=True, kw_only=True)
class GetMailTemplate(UseCase[MailUnitOfWork, MailTemplateCommand, MailTemplate]):
    """Read what one kind of mail says.

    Raises:
        NotFoundError: no such kind, or no such language.
    """

    permission = "documents.mail_template.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: MailUnitOfWork, command: MailTemplateCommand
    ) -> MailTemplate:
        return _found(ctx, uow, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailTemplateQuery:
    """All of them, in the order of kinds and languages."""

    page: PageRequest


@dataclass(frozen=True, kw_only=True)
class ListMailTemplates(UseCase[MailUnitOfWork, MailTemplateQuery, Page[MailTemplate]]):
    """Read what every kind of mail says, in each language.

    Raises:
        MalformedError: another order is asked for.
    """

    permission = "documents.mail_template.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: MailUnitOfWork, command: MailTemplateQuery
    ) -> Page[MailTemplate]:
        request = command.page
        require_own_order(request)
        every = sorted(uow.mail_templates.all(ctx), key=lambda each: each.id)
        past = "" if request.after is None else request.after.value
        left = [each for each in every if each.id > past]
        items = tuple(left[: request.limit])
        ended = None if len(left) <= request.limit else Cursor(items[-1].id, _NO_ID)
        return Page(items=items, next=ended, total=len(every) if request.count else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RewordMailTemplateCommand:
    template: MailTemplateCommand
    own: MailWords | None  # None: those of the house again


@dataclass(frozen=True, kw_only=True)
class RewordMailTemplate(UseCase[MailUnitOfWork, RewordMailTemplateCommand, MailTemplate]):
    """Say it in the company's own words from now on, or in those of the house again.

    Raises:
        NotFoundError: no such kind, or no such language.
        PreconditionFailedError: it is not at the version the caller saw.
        InvariantError: a text is too long, or names what there is not.
    """

    permission = "documents.mail_template.change"

    def execute(
        self, ctx: Context, uow: MailUnitOfWork, command: RewordMailTemplateCommand
    ) -> MailTemplate:
        template = _found(ctx, uow, command.template).expect(command.template.version)
        return uow.mail_templates.save(ctx, template.reword(command.own))


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewMailTemplateCommand:
    template: MailTemplateCommand
    words: MailWords | None = None  # None: those in force


@dataclass(frozen=True, kw_only=True)
class PreviewMailTemplate(UseCase[PostingUnitOfWork, PreviewMailTemplateCommand, MailWords]):
    """Read a mail about an invented document, as it would be sent; nothing is stored.

    The company's logo is written into the HTML, for a browser to show it.

    Raises:
        NotFoundError: no such kind, or no such language.
        InvariantError: a text is too long, or names what there is not.
    """

    permission = "documents.mail_template.read"
    read_only = True

    files: FileStore

    def execute(
        self, ctx: Context, uow: PostingUnitOfWork, command: PreviewMailTemplateCommand
    ) -> MailWords:
        template = _found(ctx, uow, command.template)
        if command.words is not None:
            template = template.reword(command.words)
        logo = uow.letterheads.get(ctx).logo
        return template.fill(sample_values(template.kind, template.locale, logo))

    def conclude(self, ctx: Context, result: MailWords) -> MailWords:
        image = found_logo(ctx, self.files, logo_of(result.html))
        return replace(result, html=with_logo_written(result.html, image))


def _found(ctx: Context, uow: MailUnitOfWork, command: MailTemplateCommand) -> MailTemplate:
    given = mail_template(command.kind, command.locale)
    return uow.mail_templates.get(ctx, given.kind, given.locale)

"""What the company's mails say, over HTTP."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema

from erp_core.documents.entities import (
    MAIL_HTML_MAX,
    MAIL_SUBJECT_MAX,
    MAIL_TEXT_MAX,
    MailKind,
    MailTemplate,
    MailWords,
    mail_names,
)
from erp_core.documents.use_cases import (
    DocumentsUseCases,
    MailTemplateCommand,
    MailTemplateQuery,
    PreviewMailTemplateCommand,
    RewordMailTemplateCommand,
)
from erp_core.kernel.context import Context
from erp_http.dto import ListDto, PageDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Flag, List, Text, Whole
from erp_http.routing import Route

_NAMES_MAX: int = 40


class GetMailTemplateDto(RequestDto):
    """A request whose path says it all."""

    def make(self, ctx: Context, given: dict[str, Any]) -> MailTemplateCommand:
        return _named(given)


class ListMailTemplatesDto(ListDto):
    def make(self, ctx: Context, given: dict[str, Any]) -> MailTemplateQuery:
        return MailTemplateQuery(page=self.page(given))


class MailWordsFields(Schema):
    """The words of a mail, with places to fill."""

    subject = Text(required=True, length=MAIL_SUBJECT_MAX)
    text = Text(required=True, length=MAIL_TEXT_MAX)
    html = Text(
        required=True,
        length=MAIL_HTML_MAX,
        allow_none=True,
        metadata={"description": "null: the mail is text alone"},
    )


class RewordMailTemplateDto(MailWordsFields, RequestDto):
    """All of the words: what is not said is not kept."""

    def make(self, ctx: Context, given: dict[str, Any]) -> RewordMailTemplateCommand:
        return RewordMailTemplateCommand(
            template=_named(given),
            own=MailWords(given["subject"], given["text"], given["html"] or ""),
        )


class ResetMailTemplateDto(RequestDto):
    """A request whose path says it all."""

    def make(self, ctx: Context, given: dict[str, Any]) -> RewordMailTemplateCommand:
        return RewordMailTemplateCommand(template=_named(given), own=None)


class PreviewMailTemplateDto(MailWordsFields, RequestDto):
    """The words to be tried; a preview changes nothing."""

    def make(self, ctx: Context, given: dict[str, Any]) -> PreviewMailTemplateCommand:
        return PreviewMailTemplateCommand(
            template=_named(given),
            words=MailWords(given["subject"], given["text"], given["html"] or ""),
        )


class MailWordsDto(ResponseDto[MailWords]):
    subject = Text(required=True)
    text = Text(required=True, length=100_000)
    html = Text(required=True, length=200_000, allow_none=True)

    def show(self, thing: MailWords) -> dict[str, Any]:
        return {"subject": thing.subject, "text": thing.text, "html": thing.html or None}


class MailTemplateDto(ResponseDto[MailTemplate]):
    kind = Choice(MailKind, required=True)
    locale = Text(required=True, metadata={"examples": ["pt-BR"]})
    version = Whole(required=True, metadata={"description": "0: as the house gives it"})
    own = Flag(required=True, metadata={"description": "false: the words are the house's"})
    subject = Text(required=True, length=MAIL_SUBJECT_MAX)
    text = Text(required=True, length=MAIL_TEXT_MAX)
    html = Text(required=True, length=MAIL_HTML_MAX, allow_none=True)
    names = List(
        Text(length=40),
        most=_NAMES_MAX,
        required=True,
        metadata={"description": "what may be named in it"},
    )

    def show(self, thing: MailTemplate) -> dict[str, Any]:
        words = thing.words
        return {
            "kind": thing.kind.value,
            "locale": thing.locale,
            "version": thing.version,
            "own": thing.own is not None,
            "subject": words.subject,
            "text": words.text,
            "html": words.html or None,
            "names": sorted(mail_names(thing.kind)),
        }


def routes(area: DocumentsUseCases) -> tuple[Route, ...]:
    one, shown = "/v1/mail-templates/<kind>/<locale>", MailTemplateDto()
    return (
        Route(
            on="GET /v1/mail-templates",
            call=area.list_mail_templates,
            accepts=ListMailTemplatesDto(),
            returns=PageDto(shown),
        ),
        Route(
            on=f"GET {one}",
            call=area.get_mail_template,
            accepts=GetMailTemplateDto(),
            returns=shown,
        ),
        Route(
            on=f"PUT {one}",
            call=area.reword_mail_template,
            accepts=RewordMailTemplateDto(),
            returns=shown,
        ),
        Route(
            on=f"DELETE {one}",
            call=area.reword_mail_template,
            accepts=ResetMailTemplateDto(),
            operation="reset_mail_template",
        ),
        Route(
            on=f"POST {one}/preview",
            call=area.preview_mail_template,
            accepts=PreviewMailTemplateDto(),
            returns=MailWordsDto(),
        ),
    )


def _named(given: dict[str, Any]) -> MailTemplateCommand:
    return MailTemplateCommand(
        kind=given["kind"], locale=given["locale"], version=given["if_match"]
    )

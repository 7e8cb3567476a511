"""Mails over HTTP: what became of each, and how to have a dead one tried again."""

from __future__ import annotations

from typing import Any

from erp_core.documents.entities import MailAttempt, MailMessage, MailMessageId, MailState
from erp_core.documents.ports import MailQuery
from erp_core.documents.use_cases import DocumentsUseCases, MailMessageCommand
from erp_core.kernel.context import Context
from erp_http import show
from erp_http.dto import ListDto, NothingDto, PageDto, ResponseDto
from erp_http.fields import Choice, Choices, Id, List, Moment, Nested, Text, Whole
from erp_http.messages import Dto
from erp_http.routing import Route

_ATTEMPTS_SHOWN: int = 40
_ADDRESSES: int = 50


class ListMailMessagesDto(ListDto):
    state = Choices(MailState, load_default=())
    about_kind = Text(
        load_default="", length=64, metadata={"description": "such as invoicing.invoice"}
    )
    about_id = Id(load_default=None)

    def make(self, ctx: Context, given: dict[str, Any]) -> MailQuery:
        return MailQuery(
            page=self.page(given),
            states=given["state"],
            cause_kind=given["about_kind"],
            cause_id=given["about_id"],
        )


class MailAttemptDto(Dto):
    at = Moment(required=True)
    code = Text(required=True, allow_none=True, metadata={"description": "null: it was taken"})
    detail = Text(
        required=True,
        allow_none=True,
        length=1000,
        metadata={"description": "in the server's words"},
    )


class MailAboutDto(Dto):
    kind = Text(required=True, metadata={"examples": ["invoicing.invoice"]})
    id = Id(required=True)


class MailMessageDto(ResponseDto[MailMessage]):
    id = Id(required=True)
    version = Whole(required=True)
    state = Choice(MailState, required=True)
    to = List(Text(length=254), most=_ADDRESSES, required=True)
    cc = List(Text(length=254), most=_ADDRESSES, required=True)
    bcc = List(Text(length=254), most=_ADDRESSES, required=True)
    reply_to = Text(required=True, allow_none=True, length=254)
    subject = Text(required=True)
    locale = Text(required=True)
    message_id = Text(
        required=True, length=300, metadata={"description": "RFC 5322: of every attempt"}
    )
    about = Nested(MailAboutDto, required=True, allow_none=True)
    attempts = List(
        Nested(MailAttemptDto),
        most=_ATTEMPTS_SHOWN,
        required=True,
        metadata={"description": "the last ones, oldest first"},
    )
    created_at = Moment(required=True)
    next_attempt_at = Moment(
        required=True, allow_none=True, metadata={"description": "null once it is over"}
    )

    def show(self, thing: MailMessage) -> dict[str, Any]:
        about = thing.cause
        return {
            "id": str(thing.id),
            "version": thing.version,
            "state": thing.state.value,
            "to": list(thing.to),
            "cc": list(thing.cc),
            "bcc": list(thing.bcc),
            "reply_to": thing.reply_to or None,
            "subject": thing.subject,
            "locale": thing.locale,
            "message_id": thing.message_id,
            "about": None if about is None else {"kind": about.kind, "id": str(about.id)},
            "attempts": [_attempt(each) for each in thing.attempts],
            "created_at": show.moment(thing.created_at),
            "next_attempt_at": show.moment(thing.next_attempt_at),
        }


def routes(area: DocumentsUseCases) -> tuple[Route, ...]:
    one = NothingDto(
        lambda key, version: MailMessageCommand(id=MailMessageId(key), version=version)
    )
    return (
        Route(
            on="GET /v1/mail-messages",
            call=area.list_mail_messages,
            accepts=ListMailMessagesDto(),
            returns=PageDto(MailMessageDto()),
        ),
        Route(
            on="GET /v1/mail-messages/<uuid:id>",
            call=area.get_mail_message,
            accepts=one,
            returns=MailMessageDto(),
        ),
        Route(
            on="POST /v1/mail-messages/<uuid:id>/retry",
            call=area.retry_mail_message,
            accepts=one,
            returns=MailMessageDto(),
        ),
    )


def _attempt(attempt: MailAttempt) -> dict[str, Any]:
    problem = attempt.problem
    return {
        "at": show.moment(attempt.at),
        "code": None if problem is None else problem.code,
        "detail": None if problem is None else problem.text,
    }

"""Mails to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from erp_core.documents.entities import (
    MailAttachment,
    MailAttempt,
    MailCause,
    MailContent,
    MailKind,
    MailMessage,
    MailMessageId,
    MailPaper,
    MailState,
    MailTemplate,
    MailWords,
    Problem,
)
from erp_core.kernel.context import CompanyId

_NO_WORDS: Final = MailWords(subject="", text="", html="")


def write_mail(company_id: CompanyId, message: MailMessage) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": message.id,
        "message_id": message.message_id,
        "to_addresses": list(message.to),
        "cc_addresses": list(message.cc),
        "bcc_addresses": list(message.bcc),
        "reply_to": message.reply_to,
        "subject": message.subject,
        "locale": message.locale,
        "cause_kind": None if message.cause is None else message.cause.kind,
        "cause_id": None if message.cause is None else message.cause.id,
        "created_at": message.created_at,
        **write_mail_course(message),
    }


def write_mail_course(message: MailMessage) -> dict[str, Any]:
    """Return what of a mail changes in its life."""
    return {
        "version": message.version + 1,
        "state": message.state.value,
        "round": message.round,
        "tries": message.tries,
        "attempts": [_write_attempt(each) for each in message.attempts],
        "next_attempt_at": message.next_attempt_at,
    }


def read_mail(row: Any) -> MailMessage:
    caused = row.cause_kind is not None
    return MailMessage(
        id=MailMessageId(row.id),
        version=row.version,
        message_id=row.message_id,
        to=tuple(row.to_addresses),
        cc=tuple(row.cc_addresses),
        bcc=tuple(row.bcc_addresses),
        reply_to=row.reply_to,
        subject=row.subject,
        locale=row.locale,
        cause=MailCause(kind=row.cause_kind, id=row.cause_id) if caused else None,
        created_at=row.created_at,
        state=MailState(row.state),
        round=row.round,
        tries=row.tries,
        attempts=tuple(_read_attempt(each) for each in row.attempts),
        next_attempt_at=row.next_attempt_at,
    )


def write_content(
    company_id: CompanyId, message: MailMessage, content: MailContent
) -> dict[str, Any]:
    paper = content.paper
    return {
        "company_id": company_id,
        "id": message.id,
        "text": content.text,
        "html": content.html,
        "attachments": [
            {
                "name": each.name,
                "content_type": each.content_type,
                "data": b64encode(each.data).decode(),
                "content_id": each.content_id,
            }
            for each in content.attachments
        ],
        "paper": None if paper is None else _write_paper(paper),
        "created_at": message.created_at,
    }


def read_content(row: Any) -> MailContent:
    return MailContent(
        text=row.text,
        html=row.html,
        attachments=tuple(
            MailAttachment(
                name=each["name"],
                content_type=each["content_type"],
                data=b64decode(each["data"]),
                content_id=each.get("content_id", ""),
            )
            for each in row.attachments
        ),
        paper=None if row.paper is None else _read_paper(row.paper),
    )


def write_template(company_id: CompanyId, template: MailTemplate) -> dict[str, Any]:
    words = template.own or _NO_WORDS
    return {
        "company_id": company_id,
        "kind": template.kind.value,
        "locale": template.locale,
        "version": template.version + 1,
        "own": template.own is not None,
        "subject": words.subject,
        "text": words.text,
        "html": words.html,
    }


def read_template(row: Any) -> MailTemplate:
    own = MailWords(subject=row.subject, text=row.text, html=row.html) if row.own else None
    return MailTemplate(version=row.version, kind=MailKind(row.kind), locale=row.locale, own=own)


def _write_paper(paper: MailPaper) -> dict[str, str]:
    said = {
        "kind": paper.document.kind,
        "id": str(paper.document.id),
        "locale": paper.locale,
        "currency": paper.currency,
    }
    for name, day in (("since", paper.since), ("until", paper.until)):
        if day is not None:
            said[name] = day.isoformat()
    return said


def _read_paper(said: dict[str, str]) -> MailPaper:
    return MailPaper(
        document=MailCause(kind=said["kind"], id=UUID(said["id"])),
        locale=said["locale"],
        currency=said["currency"],
        since=date.fromisoformat(said["since"]) if "since" in said else None,
        until=date.fromisoformat(said["until"]) if "until" in said else None,
    )


def _write_attempt(attempt: MailAttempt) -> dict[str, str]:
    said = {"at": attempt.at.isoformat()}
    if attempt.problem is not None:
        said |= {"code": attempt.problem.code, "text": attempt.problem.text}
    return said


def _read_attempt(said: dict[str, str]) -> MailAttempt:
    problem = Problem(code=said["code"], text=said["text"]) if "code" in said else None
    return MailAttempt(at=datetime.fromisoformat(said["at"]), problem=problem)

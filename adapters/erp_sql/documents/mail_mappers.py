"""Mails to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any

from erp_core.documents.entities import (
    MailAttachment,
    MailAttempt,
    MailCause,
    MailContent,
    MailMessage,
    MailMessageId,
    MailState,
    Problem,
)
from erp_core.kernel.context import CompanyId


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
    company_id: CompanyId, message_id: MailMessageId, content: MailContent
) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": message_id,
        "text": content.text,
        "html": content.html,
        "attachments": [
            {
                "name": each.name,
                "content_type": each.content_type,
                "data": b64encode(each.data).decode(),
            }
            for each in content.attachments
        ],
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
            )
            for each in row.attachments
        ),
    )


def _write_attempt(attempt: MailAttempt) -> dict[str, str]:
    said = {"at": attempt.at.isoformat()}
    if attempt.problem is not None:
        said |= {"code": attempt.problem.code, "text": attempt.problem.text}
    return said


def _read_attempt(said: dict[str, str]) -> MailAttempt:
    problem = Problem(code=said["code"], text=said["text"]) if "code" in said else None
    return MailAttempt(at=datetime.fromisoformat(said["at"]), problem=problem)

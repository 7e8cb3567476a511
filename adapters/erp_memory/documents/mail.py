"""Mails in dictionaries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from erp_core.documents.entities import (
    MAIL_TEMPLATES,
    MailContent,
    MailKind,
    MailMessage,
    MailMessageId,
    MailState,
    MailTemplate,
)
from erp_core.documents.ports import (
    MailMessageRepository,
    MailQuery,
    MailTemplateRepository,
)
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryMailMessages(MailMessageRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._messages = tables.mail_messages
        self._contents = tables.mail_contents
        self._journal = journal

    def add(self, ctx: Context, message: MailMessage, content: MailContent) -> MailMessage:
        place = (ctx.company_id, message.id)
        if place in self._messages:
            raise AlreadyExistsError("a mail of this id exists", field="id")
        self._contents[place] = content
        self._journal.note(
            "documents.mail_message", str(message.id), {}, {"to": "; ".join(message.to)}
        )
        return self._write(ctx, message)

    def get(self, ctx: Context, message_id: MailMessageId) -> MailMessage:
        found = self._messages.get((ctx.company_id, message_id))
        if found is None:
            raise NotFoundError(f"no mail {message_id}", kind="mail_message", id=message_id)
        return found

    def content(self, ctx: Context, message_id: MailMessageId) -> MailContent:
        found = self._contents.get((ctx.company_id, self.get(ctx, message_id).id))
        if found is None:
            raise NotFoundError(
                f"what the mail {message_id} said was kept long enough: send the document again",
                code="documents.mail.forgotten",
                id=message_id,
            )
        return found

    def lock(self, ctx: Context, message_id: MailMessageId) -> MailMessage:
        return self.get(ctx, message_id)

    def save(self, ctx: Context, message: MailMessage) -> MailMessage:
        before = self.get(ctx, message.id)
        if before.version != message.version:
            raise StaleVersionError(f"mail {message.id} has changed meanwhile")
        self._journal.note(
            "documents.mail_message",
            str(message.id),
            {"state": before.state},
            {"state": message.state},
        )
        return self._write(ctx, message)

    def page(self, ctx: Context, query: MailQuery) -> Page[MailMessage]:
        found = (
            each
            for (owner, _), each in self._messages.items()
            if owner == ctx.company_id and _meets(query, each)
        )
        return page_of(found, query.page)

    def forget(
        self, ctx: Context, states: Sequence[MailState], before: datetime, limit: int
    ) -> int:
        old = [
            place
            for place in self._contents
            if self._messages[place].state in states and self._messages[place].created_at < before
        ]
        for place in old[:limit]:
            del self._contents[place]
        return len(old[:limit])

    def _write(self, ctx: Context, message: MailMessage) -> MailMessage:
        stored = message.stored(message.version + 1)
        self._messages[ctx.company_id, message.id] = stored
        return stored


class MemoryMailTemplates(MailTemplateRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._templates = tables.mail_templates
        self._journal = journal

    def get(self, ctx: Context, kind: MailKind, locale: str) -> MailTemplate:
        given = MailTemplate(kind=kind, locale=locale)
        return self._templates.get((ctx.company_id, given.id), given)

    def all(self, ctx: Context) -> tuple[MailTemplate, ...]:
        return tuple(self.get(ctx, each.kind, each.locale) for each in MAIL_TEMPLATES)

    def save(self, ctx: Context, template: MailTemplate) -> MailTemplate:
        before = self.get(ctx, template.kind, template.locale)
        if before.version != template.version:
            raise StaleVersionError(f"the template {template.id} has changed meanwhile")
        self._journal.note_entity("documents.mail_template", before, template)
        stored = template.stored(template.version + 1)
        self._templates[ctx.company_id, template.id] = stored
        return stored


def _meets(query: MailQuery, message: MailMessage) -> bool:
    if query.states and message.state not in query.states:
        return False
    cause = message.cause
    if query.cause_kind and (cause is None or cause.kind != query.cause_kind):
        return False
    return query.cause_id is None or (cause is not None and cause.id == query.cause_id)

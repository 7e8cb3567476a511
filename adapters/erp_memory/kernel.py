"""Events, audit records and answered requests that wait in dictionaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from erp_core.kernel.audit import AuditRecord
from erp_core.kernel.context import CompanyId, Context
from erp_core.kernel.entity import Event
from erp_core.kernel.errors import ensure
from erp_core.kernel.page import Page
from erp_core.kernel.ports import (
    AuditLog,
    AuditQuery,
    IdempotencyKey,
    IdempotencyStore,
    Message,
    Outbox,
)
from erp_memory.pages import page_of
from erp_memory.tables import Answered, Tables

KEPT: Final = timedelta(hours=24)


class MemoryOutbox(Outbox):
    def __init__(self, tables: Tables) -> None:
        self._messages = tables.messages

    def append(self, ctx: Context, events: Iterable[Event]) -> None:
        for event in events:
            payload = {each.name: str(getattr(event, each.name)) for each in fields(event)}
            self._messages[event.id] = Message(
                id=event.id, company_id=ctx.company_id, name=event.name, payload=payload
            )

    def pending(self, ctx: Context, limit: int) -> Sequence[Message]:
        return [self._messages[key] for key in islice(sorted(self._messages), limit)]

    def settle(self, ctx: Context, message_ids: Iterable[UUID]) -> None:
        for message_id in message_ids:
            self._messages.pop(message_id, None)


class MemoryAuditLog(AuditLog):
    def __init__(self, tables: Tables) -> None:
        self._records = tables.audit

    def append(self, ctx: Context, record: AuditRecord) -> None:
        self._records[ctx.company_id, record.id] = record

    def page(self, ctx: Context, query: AuditQuery) -> Page[AuditRecord]:
        found = (
            record
            for (owner, _), record in self._records.items()
            if owner == ctx.company_id
            and record.action.startswith(query.action)
            and query.by in ("", record.by)
        )
        return page_of(found, query.page)


class MemoryIdempotency(IdempotencyStore):
    """One writer at a time: a rival is never met here, only his answer."""

    def __init__(self, tables: Tables) -> None:
        self._answered = tables.answered

    def claim(self, ctx: Context, key: IdempotencyKey, now: datetime) -> str | None:
        known = self._answered.get(_place(ctx, key))
        if known is None or known.claimed_at <= now - KEPT:
            claimed = Answered(fingerprint=key.fingerprint, claimed_at=now)
            self._answered[_place(ctx, key)] = claimed
            return None
        ensure(
            known.fingerprint == key.fingerprint,
            "idempotency.reused",
            "this Idempotency-Key was used for another request: choose a new one",
        )
        return known.answer

    def answer(self, ctx: Context, key: IdempotencyKey, text: str) -> None:
        place = _place(ctx, key)
        self._answered[place] = replace(self._answered[place], answer=text)

    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        old = [place for place, each in self._answered.items() if each.claimed_at < before]
        for place in old[:limit]:
            del self._answered[place]
        return len(old[:limit])


def _place(ctx: Context, key: IdempotencyKey) -> tuple[CompanyId, str, str]:
    return ctx.company_id, ctx.principal.id, key.key

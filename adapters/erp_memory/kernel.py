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
from erp_memory.tables import Answered, Tables, Told

KEPT: Final = timedelta(hours=24)


class MemoryOutbox(Outbox):
    def __init__(self, tables: Tables) -> None:
        self._messages = tables.messages

    def append(self, ctx: Context, events: Iterable[Event]) -> None:
        for event in events:
            payload = {each.name: str(getattr(event, each.name)) for each in fields(event)}
            message = Message(
                id=event.id,
                company_id=ctx.company_id,
                name=event.name,
                payload=payload,
                by=ctx.principal.id,
                request_id=ctx.request_id,
                trace_id=ctx.trace_id,
            )
            self._messages[event.id] = Told(message)

    def pending(self, ctx: Context, limit: int) -> Sequence[Message]:
        alive = (each for _, each in sorted(self._messages.items()) if each.given_up_at is None)
        return [each.message for each in islice(alive, limit)]

    def claim(self, ctx: Context, now: datetime, limit: int) -> Sequence[Message]:
        alive = (each for _, each in sorted(self._messages.items()) if each.given_up_at is None)
        due = (each for each in alive if each.until is None or each.until <= now)
        return [each.message for each in islice(due, limit)]

    def settle(self, ctx: Context, message_ids: Iterable[UUID]) -> None:
        for message_id in message_ids:
            self._messages.pop(message_id, None)

    def postpone(
        self, ctx: Context, message_id: UUID, until: datetime | None, problem: str, now: datetime
    ) -> None:
        known = self._messages[message_id].message
        told = replace(known, attempts=known.attempts + 1)
        self._messages[message_id] = Told(told, until, now if until is None else None)

    def forget(self, ctx: Context, before: datetime, limit: int) -> int:
        old = [
            key
            for key, each in self._messages.items()
            if each.given_up_at is not None and each.given_up_at < before
        ]
        self.settle(ctx, old[:limit])
        return len(old[:limit])


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

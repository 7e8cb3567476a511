"""Mails over one connection: the envelope in one row, what it says in another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    CursorResult,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from erp_core.documents.entities import MailContent, MailMessage, MailMessageId, MailState
from erp_core.documents.ports import MailMessageRepository, MailQuery
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_sql.documents.mail_mappers import (
    read_content,
    read_mail,
    write_content,
    write_mail,
    write_mail_course,
)
from erp_sql.documents.mail_models import MailContentRow, MailMessageRow
from erp_sql.keyset import Keyset

_TABLE: Final = cast("Table", MailMessageRow.__table__)
_CONTENTS: Final = cast("Table", MailContentRow.__table__)
_KEYSET: Final = Keyset(_TABLE, {})
_COURSE: Final = ("version", "state", "round", "tries", "attempts", "next_attempt_at")
_MINE: Final = (_TABLE.c.company_id == bindparam("_company"), _TABLE.c.id == bindparam("_id"))

_INSERT: Final = insert(_TABLE)
_INSERT_CONTENT: Final = insert(_CONTENTS)
_GET: Final = select(_TABLE).where(*_MINE)
_LOCK: Final = _GET.with_for_update()
_SAID: Final = (
    _CONTENTS.c.company_id == bindparam("_company"),
    _CONTENTS.c.id == bindparam("_id"),
)
_GET_CONTENT: Final = select(_CONTENTS).where(*_SAID)
_DROP_CONTENT: Final = delete(_CONTENTS).where(*_SAID)
_OLD: Final = (
    select(_CONTENTS.c.company_id, _CONTENTS.c.id)
    .join(
        _TABLE,
        and_(_TABLE.c.company_id == _CONTENTS.c.company_id, _TABLE.c.id == _CONTENTS.c.id),
    )
    .where(
        _CONTENTS.c.created_at < bindparam("moment"),
        _TABLE.c.state.in_(bindparam("states", expanding=True)),
    )
    .limit(bindparam("most"))
)
_SAVE: Final = (
    update(_TABLE)
    .where(*_MINE, _TABLE.c.version == bindparam("_version"))
    .values({name: bindparam(name) for name in _COURSE})
)


class SqlMailMessages(MailMessageRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[MailMessageId, MailState] = {}  # as they were, for the journal

    def add(self, ctx: Context, message: MailMessage, content: MailContent) -> MailMessage:
        try:
            self._connection.execute(_INSERT, write_mail(ctx.company_id, message))
        except IntegrityError as error:
            raise AlreadyExistsError("a mail of this id exists", field="id") from error
        row = write_content(ctx.company_id, message, content)
        self._connection.execute(_INSERT_CONTENT, row)
        self._journal.note(
            "documents.mail_message", str(message.id), {}, {"to": "; ".join(message.to)}
        )
        self._seen[message.id] = message.state
        return message.stored(1)

    def get(self, ctx: Context, message_id: MailMessageId) -> MailMessage:
        return self._get(ctx, message_id, locked=False)

    def content(self, ctx: Context, message_id: MailMessageId) -> MailContent:
        row = self._connection.execute(_GET_CONTENT, _named(ctx, message_id)).one_or_none()
        if row is None:
            self.get(ctx, message_id)
            raise NotFoundError(
                f"what the mail {message_id} said was kept long enough: send the document again",
                code="documents.mail.forgotten",
                id=message_id,
            )
        return read_content(row)

    def lock(self, ctx: Context, message_id: MailMessageId) -> MailMessage:
        return self._get(ctx, message_id, locked=True)

    def save(self, ctx: Context, message: MailMessage) -> MailMessage:
        before = self._seen.get(message.id) or self.get(ctx, message.id).state
        values = write_mail_course(message) | _named(ctx, message.id)
        result: CursorResult[Any] = self._connection.execute(
            _SAVE, values | {"_version": message.version}
        )
        if result.rowcount != 1:
            raise StaleVersionError(f"mail {message.id} has changed meanwhile")
        self._journal.note(
            "documents.mail_message",
            str(message.id),
            {"state": before},
            {"state": message.state},
        )
        self._seen[message.id] = message.state
        return message.stored(message.version + 1)

    def page(self, ctx: Context, query: MailQuery) -> Page[MailMessage]:
        wanted: list[ColumnElement[bool]] = []
        if query.states:
            wanted.append(_TABLE.c.state.in_([each.value for each in query.states]))
        if query.cause_kind:
            wanted.append(_TABLE.c.cause_kind == query.cause_kind)
        if query.cause_id is not None:
            wanted.append(_TABLE.c.cause_id == query.cause_id)
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_mail)

    def forget(
        self, ctx: Context, states: Sequence[MailState], before: datetime, limit: int
    ) -> int:
        asked = {"states": [each.value for each in states], "moment": before, "most": limit}
        rows = self._connection.execute(_OLD, asked).all()
        if rows:
            gone = [{"_company": row.company_id, "_id": row.id} for row in rows]
            self._connection.execute(_DROP_CONTENT, gone)
        return len(rows)

    def _get(self, ctx: Context, message_id: MailMessageId, *, locked: bool) -> MailMessage:
        statement = _LOCK if locked else _GET
        row = self._connection.execute(statement, _named(ctx, message_id)).one_or_none()
        if row is None:
            raise _missing(message_id)
        message = read_mail(row)
        self._seen[message.id] = message.state
        return message


def _named(ctx: Context, message_id: MailMessageId) -> dict[str, Any]:
    return {"_company": ctx.company_id, "_id": message_id}


def _missing(message_id: MailMessageId) -> NotFoundError:
    return NotFoundError(f"no mail {message_id}", kind="mail_message", id=message_id)

"""Mails as the database knows them. Only ``erp_sql`` may import this."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Index, Text
from sqlalchemy.dialects import mysql

from erp_core.documents.entities import MAIL_SUBJECT_MAX
from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column

LONG_TEXT: Final = Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")

# 65,535 bytes are not enough for as many characters.
MEDIUM_TEXT: Final = Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")


class MailMessageRow(Base):
    """The envelope, and what became of it."""

    __tablename__ = "documents_mail_message"
    __table_args__ = (
        Index(None, "company_id", "state", "id"),
        Index(None, "company_id", "cause_id", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    message_id: Mapped[str] = mapped_column(text(300))
    to_addresses: Mapped[list[str]] = mapped_column(JSON)
    cc_addresses: Mapped[list[str]] = mapped_column(JSON)
    bcc_addresses: Mapped[list[str]] = mapped_column(JSON)
    reply_to: Mapped[str] = mapped_column(text(254))
    subject: Mapped[str] = mapped_column(text(200))
    locale: Mapped[str] = mapped_column(text(35))
    cause_kind: Mapped[str | None] = mapped_column(text(64))
    cause_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(text(16))
    round: Mapped[int]
    tries: Mapped[int]
    attempts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    next_attempt_at: Mapped[datetime | None]


class MailContentRow(Base):
    """What it says: apart, so that lists of mails do not read ten megabytes a row."""

    __tablename__ = "documents_mail_content"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "id"],
            ["documents_mail_message.company_id", "documents_mail_message.id"],
        ),
        Index(None, "created_at"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(LONG_TEXT)
    html: Mapped[str] = mapped_column(LONG_TEXT)
    attachments: Mapped[list[dict[str, str]]] = mapped_column(JSON)  # data in base64
    paper: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime]  # the mail's: by its age it is forgotten


class MailTemplateRow(Base):
    """What a company says in one kind of mail; without a row it is as the house gives it."""

    __tablename__ = "documents_mail_template"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(text(32), primary_key=True)
    locale: Mapped[str] = mapped_column(text(16), primary_key=True)
    version: Mapped[int]
    own: Mapped[bool]
    subject: Mapped[str] = mapped_column(text(MAIL_SUBJECT_MAX))
    text: Mapped[str] = mapped_column(MEDIUM_TEXT)
    html: Mapped[str] = mapped_column(MEDIUM_TEXT)

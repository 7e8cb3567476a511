"""Letterheads and printouts as the database knows them. Only ``erp_sql`` may import this."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.dialects import mysql

from erp_core.documents.entities import (
    CITY_LENGTH_MAX,
    CONTACT_LENGTH_MAX,
    DIGEST_LENGTH,
    DOCUMENT_TYPE_LENGTH_MAX,
    EDITION_LENGTH_MAX,
    FOOTER_LENGTH_MAX,
    LOCALE_LENGTH_MAX,
    PAYEE_LENGTH_MAX,
    PIX_KEY_LENGTH_MAX,
)
from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column


class LetterheadRow(Base):
    """What a company's paper says of it; without a row it is as the house gives it."""

    __tablename__ = "documents_letterhead"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    paper: Mapped[str] = mapped_column(text(8))
    accent: Mapped[str] = mapped_column(text(7))
    phone: Mapped[str] = mapped_column(text(CONTACT_LENGTH_MAX))
    email: Mapped[str] = mapped_column(text(CONTACT_LENGTH_MAX))
    website: Mapped[str] = mapped_column(text(CONTACT_LENGTH_MAX))
    footer: Mapped[str] = mapped_column(text(FOOTER_LENGTH_MAX))
    payee: Mapped[str] = mapped_column(text(PAYEE_LENGTH_MAX))
    city: Mapped[str] = mapped_column(text(CITY_LENGTH_MAX))
    pix_key: Mapped[str] = mapped_column(text(PIX_KEY_LENGTH_MAX))
    iban: Mapped[str] = mapped_column(text(34))
    bic: Mapped[str] = mapped_column(text(11))
    template: Mapped[str] = mapped_column(Text().with_variant(mysql.MEDIUMTEXT(), "mysql"))
    logo: Mapped[str] = mapped_column(text(DIGEST_LENGTH))


class PrintoutRow(Base):
    """That a paper was made, and which file it is."""

    __tablename__ = "documents_printout"
    __table_args__ = (Index(None, "company_id", "digest"), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    document_type: Mapped[str] = mapped_column(text(DOCUMENT_TYPE_LENGTH_MAX), primary_key=True)
    document_id: Mapped[UUID] = mapped_column(primary_key=True)
    edition: Mapped[str] = mapped_column(text(EDITION_LENGTH_MAX), primary_key=True)
    locale: Mapped[str] = mapped_column(text(LOCALE_LENGTH_MAX), primary_key=True)
    paper: Mapped[str] = mapped_column(text(8), primary_key=True)
    digest: Mapped[str] = mapped_column(text(DIGEST_LENGTH))
    made_at: Mapped[datetime]
